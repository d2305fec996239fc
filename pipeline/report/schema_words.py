"""How an outcome is put into groups and words, the same in every report."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.hazard import HazardName
from pipeline.schema.outcome import ObjectOutcome, Outcome
from pipeline.verdict import Verdict

FOREWORDS = {
    Verdict.DIFFERENT: "Different",
    Verdict.SOURCE_ONLY: "Only in the source",
    Verdict.TARGET_ONLY: "Only in the target",
    Verdict.CANNOT_TELL: "Cannot be told",
}
MARKS = {
    Verdict.DIFFERENT: "~",
    Verdict.SOURCE_ONLY: "+",
    Verdict.TARGET_ONLY: "-",
    Verdict.CANNOT_TELL: "?",
    Verdict.SAME: "=",
}
TOUCHED, HIDDEN, SAME = "The same, but touched", "Ignored differences only", "The same"
HEAVY = frozenset(
    {HazardName.LOSES_DATA, HazardName.REBUILDS_TABLE, HazardName.DROPS_OBJECT, HazardName.NO_UNDO}
)
"""Hazards that people want to see first."""


class Section(NamedTuple):
    """Objects that one thing is said of."""

    title: str
    mark: str
    objects: tuple[ObjectOutcome, ...]


def sections(outcome: Outcome) -> tuple[Section, ...]:
    """Give all listed objects, parted by verdict, without empty parts."""
    found = [
        Section(title, MARKS[verdict], _of(outcome, verdict))
        for verdict, title in FOREWORDS.items()
    ]
    same = _of(outcome, Verdict.SAME)
    touched = tuple(each for each in same if each.phase or each.because)
    hidden = tuple(each for each in same if each.ignored and each not in touched)
    rest = tuple(each for each in same if each not in touched and not each.ignored)
    found += [Section(TOUCHED, "=", touched), Section(HIDDEN, "=", hidden)]
    found += [Section(SAME, "=", rest)]
    return tuple(section for section in found if section.objects)


def _of(outcome: Outcome, verdict: Verdict) -> tuple[ObjectOutcome, ...]:
    return tuple(each for each in outcome.objects if each.verdict is verdict)


def counts(outcome: Outcome) -> dict[Verdict, int]:
    """Give how many objects have each verdict, those that are not listed too."""
    found = Counter(each.verdict for each in outcome.objects)
    return {verdict: found[verdict] for verdict in FOREWORDS} | {Verdict.SAME: outcome.same}


def rows(skipped: Iterable[tuple[str, int]]) -> str:
    """Give the statements about rows that were not read, in words; '' for none."""
    return ", ".join(f"{number} {word}" for word, number in skipped)
