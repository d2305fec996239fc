"""An outcome as one HTML file that needs nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.report.html_page import Page, pieces, starts, to_text
from pipeline.report.schema_text import one_line, summary
from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome
from pipeline.verdict import Verdict

TABS = ("objects", "overview", "order", "script", "undo")
SCRIPTS = ("objects", "detail", "order", "script", "overview", "main")
"""Parts of the page's script, behind those that every page has, in their order."""
VERDICTS = (
    Verdict.DIFFERENT,
    Verdict.SOURCE_ONLY,
    Verdict.TARGET_ONLY,
    Verdict.CANNOT_TELL,
    Verdict.SAME,
)
HINT = 110


def to_html(outcome: Outcome) -> str:
    """Give the page: the same text for the same outcome."""
    source, target = one_line(outcome.source), one_line(outcome.target)
    return to_text(
        Page(
            made_by="farmhand schema.diff",
            title=f"{source} → {target}",
            summary=summary(outcome),
            header="schema_header.html",
            words={"source": source, "target": target, "dialect": outcome.dialect},
            tabs=TABS,
            scripts=SCRIPTS,
            styles=("page",),
            data=_data(outcome),
        )
    )


def _data(outcome: Outcome) -> dict[str, object]:
    details = pieces(_details(outcome), _length)
    sql = pieces((step.sql for step in outcome.steps), len)
    return {
        "index": {
            **_index(outcome),
            "detailStarts": starts(details),
            "sqlStarts": starts(sql),
        },
        "steps": [_step(step) for step in outcome.steps],
        "script": outcome.script,
        "undo": outcome.undo,
        **{f"details-{number}": piece for number, piece in enumerate(details)},
        **{f"sql-{number}": piece for number, piece in enumerate(sql)},
    }


def _index(outcome: Outcome) -> dict[str, Any]:
    """What the list needs: read at once, so it is kept short."""
    types = sorted({each.type for each in outcome.objects})
    hazards = sorted({h.name for each in outcome.objects for h in each.hazards})
    used = {step.phase for step in outcome.steps} | {each.phase for each in outcome.objects}
    phases = [phase for phase in Phase if phase in used]
    return {
        "dialect": outcome.dialect,
        "source": one_line(outcome.source),
        "target": one_line(outcome.target),
        "differs": outcome.differs,
        "same": outcome.same,
        "steps": len(outcome.steps),
        "lost": outcome.lost,
        "notes": outcome.notes,
        "options": outcome.options,
        "skipped": dict(outcome.skipped),
        "types": types,
        "hazards": hazards,
        "phases": phases,
        "objects": [
            (
                types.index(each.type),
                each.schema,
                each.name,
                VERDICTS.index(each.verdict),
                phases.index(each.phase) if each.phase else -1,
                [hazards.index(name) for name in sorted({h.name for h in each.hazards})],
                _hint(each),
            )
            for each in outcome.objects
        ],
    }


def _hint(each: ObjectOutcome) -> str:
    """The first reason, short enough for a line of the list."""
    said = [*each.because, *(f"ignored: {word}" for word in each.ignored)]
    first = one_line(said[0]) if said else ""
    more = f" (+{len(said) - 1})" if len(said) > 1 else ""
    return (first if len(first) <= HINT else f"{first[: HINT - 1]}…") + more


def _details(outcome: Outcome) -> Iterator[dict[str, Any]]:
    steps: dict[tuple[str, str], list[StepOutcome]] = defaultdict(list)
    for step in outcome.steps:
        steps[step.type, step.object].append(step)
    for each in outcome.objects:
        own = steps.get((each.type, each.full_name), [])
        yield {
            "because": each.because,
            "ignored": each.ignored,
            "hazards": list(map(_hazard, each.hazards)),
            "guards": tuple(dict.fromkeys(guard for step in own for guard in step.guards)),
            "advice": each.advice,
            "place": each.place,
            "steps": [step.number for step in own],
            "source": each.source,
            "target": each.target,
        }


def _step(step: StepOutcome) -> dict[str, Any]:
    return {
        "title": one_line(step.title),
        "type": step.type,
        "object": step.object,
        "phase": step.phase,
        "because": step.because,
        "hazards": list(map(_hazard, step.hazards)),
        "guards": step.guards,
        "needs": step.needs,
        "transactional": step.transactional,
    }


def _hazard(hazard: Hazard) -> tuple[str, str, str]:
    return (hazard.name, hazard.object, hazard.reason)


def _length(detail: dict[str, Any]) -> int:
    return len(detail["source"]) + len(detail["target"]) + 200
