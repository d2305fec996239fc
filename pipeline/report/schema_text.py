"""An outcome as text for a terminal or a log: grouped, counted, every cost by its name."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.report.schema_words import HEAVY, SAME, Section, counts, rows, sections
from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome
from pipeline.verdict import Verdict
from pipeline.wording import count

MOST_STEPS = 200
"""Steps that are listed; the script has them all."""
MOST_REASONS = 12
PHASES = {
    Phase.EXPAND: "expand: may run while old code still does",
    Phase.CONTRACT: "contract: when no old code is left",
    Phase.LOCKSTEP: "lockstep: neither order suits both old and new code",
}


class Line(NamedTuple):
    """One line, and what it is: `head`, `+`, `-`, `~`, `?`, `=`, `hazard`, `heavy`, `soft`, ''."""

    text: str
    style: str = ""


def lines(outcome: Outcome) -> Iterator[Line]:
    """Give the whole report."""
    return (line._replace(text=printable(line.text)) for line in _lines(outcome))


def _lines(outcome: Outcome) -> Iterator[Line]:
    yield Line(f"{outcome.source}  ->  {outcome.target}   ({outcome.dialect})", "head")
    yield Line(f"  {summary(outcome)}")
    for section in sections(outcome):
        yield Line("")
        yield Line(f"{section.title} ({len(section.objects)})", "head")
        yield from _section(section)
    yield from _steps(outcome)
    yield from _hazards(outcome)
    if outcome.lost:
        yield Line("")
        yield Line(f"What undo cannot bring back ({len(outcome.lost)})", "head")
        yield from (Line(f"  {each}", "heavy") for each in outcome.lost)
    yield from _notes(outcome)


def plain(outcome: Outcome) -> str:
    """Give the whole report without colours."""
    return "".join(f"{line.text.rstrip()}\n" for line in lines(outcome))


def summary(outcome: Outcome) -> str:
    """Give the outcome in one line."""
    found = counts(outcome)
    if not outcome.differs:
        return f"No difference. {count(found[Verdict.SAME], 'object')} on both sides."
    words = {
        Verdict.DIFFERENT: "different",
        Verdict.SOURCE_ONLY: "only in the source",
        Verdict.TARGET_ONLY: "only in the target",
        Verdict.CANNOT_TELL: "cannot be told",
        Verdict.SAME: "the same",
    }
    parts = [f"{found[verdict]} {said}" for verdict, said in words.items() if found[verdict]]
    return f"{', '.join(parts)}; {count(len(outcome.steps), 'step')} to go"


def _section(section: Section) -> Iterator[Line]:
    if section.title == SAME:
        yield from (Line(f"  = {each.type} {each.full_name}", "soft") for each in section.objects)
        return
    for each in section.objects:
        yield from _object(each, section.mark)


def _object(each: ObjectOutcome, mark: str) -> Iterator[Line]:
    phase = f"  [{each.phase}]" if each.phase else ""
    yield Line(f"  {mark} {each.type} {each.full_name}{phase}", mark)
    shown = each.because[:MOST_REASONS]
    yield from (Line(f"      {one_line(reason)}") for reason in shown)
    if len(each.because) > len(shown):
        yield Line(f"      and {len(each.because) - len(shown)} more: --show {each.full_name}")
    yield from (Line(f"      ignored: {one_line(reason)}", "soft") for reason in each.ignored)
    yield from (_hazard(hazard, "      ") for hazard in each.hazards)
    yield from (Line(f"      advice: {one_line(word)}", "soft") for word in each.advice)


def _hazard(hazard: Hazard, indent: str) -> Line:
    reason = f": {one_line(hazard.reason)}" if hazard.reason else ""
    return Line(f"{indent}! {hazard}{reason}", "heavy" if hazard.name in HEAVY else "hazard")


def _steps(outcome: Outcome) -> Iterator[Line]:
    if not outcome.steps:
        return
    yield Line("")
    yield Line(f"Steps, in the order of running ({len(outcome.steps)})", "head")
    used = {step.phase for step in outcome.steps}
    yield from (Line(f"  {word}", "soft") for phase, word in PHASES.items() if phase in used)
    for step in outcome.steps[:MOST_STEPS]:
        yield from _step(step)
    if len(outcome.steps) > MOST_STEPS:
        more = len(outcome.steps) - MOST_STEPS
        yield Line(f"  and {count(more, 'step')} more: --out FILE.sql, or --report FILE.html")


def _step(step: StepOutcome) -> Iterator[Line]:
    outside = "" if step.transactional else "  [not in a transaction]"
    yield Line(f"  {step.number:>4}. {step.phase:<8}  {one_line(step.title)}{outside}")
    yield from (
        Line(f"                  asks first: {one_line(guard)}", "soft") for guard in step.guards
    )


def _hazards(outcome: Outcome) -> Iterator[Line]:
    if not outcome.hazards:
        return
    kinds = Counter(hazard.name for hazard in outcome.hazards)
    yield Line("")
    yield Line(f"Hazards ({len(outcome.hazards)})", "head")
    for name, number in sorted(kinds.items()):
        objects = list(dict.fromkeys(h.object for h in outcome.hazards if h.name is name))
        more = f" and {len(objects) - 6} more" if len(objects) > 6 else ""
        text = f"  ! {name} ({number}): {', '.join(objects[:6])}{more}"
        yield Line(text, "heavy" if name in HEAVY else "hazard")


def _notes(outcome: Outcome) -> Iterator[Line]:
    skipped = rows(outcome.skipped.items())
    said = [*outcome.notes]
    if skipped:
        said.append(f"statements about rows were not read: {skipped}")
    if outcome.options:
        said.append(f"options: {', '.join(outcome.options)}")
    if said:
        yield Line("")
        yield Line("Notes", "head")
        yield from (Line(f"  {one_line(each)}", "soft") for each in said)


def printable(text: str) -> str:
    """Give a text without what a terminal might obey, as long as it is."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def one_line(text: str) -> str:
    """Give a text on one line, with single spaces."""
    return " ".join(printable(text).split())
