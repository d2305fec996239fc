"""Circles of steps are cut: what is made or dropped with something else gets a step of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.schema.diff.mssql.fate import How
from pipeline.schema.diff.mssql.operation import Part, PartKind, Verb
from pipeline.schema.diff.mssql.steps import Step, Steps

_SEPARABLE = frozenset({PartKind.CHECK, PartKind.COLUMN, PartKind.DEFAULT, PartKind.FOREIGN_KEY})


@dataclass(frozen=True, slots=True)
class Loosened:
    """What is not made with its table, not dropped with it, and not renamed."""

    apart: frozenset[Part] = frozenset()
    alone: frozenset[Part] = frozenset()
    unrenamed: frozenset[Part] = frozenset()


def loosen(circle: Iterable[Step], steps: Steps, before: Loosened) -> Loosened:
    """Give what has to have a step of its own besides what has one; the same if nothing can."""
    found = list(circle)
    numbers = {step.number for step in found}
    apart = set(before.apart)
    alone = set(before.alone)
    for step in found:
        apart.update(_made_with(step, steps, numbers))
        alone.update(_gone_with(step, steps, numbers))
    more = Loosened(frozenset(apart), frozenset(alone), before.unrenamed)
    if more != before:
        return more
    renames = {step.part for step in found if step.verb is Verb.RENAME}
    return Loosened(before.apart, before.alone, before.unrenamed | renames)


def _made_with(step: Step, steps: Steps, numbers: set[int]) -> Iterator[Part]:
    """Give what is made with a table and needs what another step of the circle provides."""
    if step.verb not in {Verb.CREATE, Verb.REBUILD}:
        return
    fates = steps.fates
    for piece in fates.new.pieces(step.part.key):
        fate = fates.of.get(piece.part)
        if fate is None or fate.comes is not How.WITH or piece.part.kind not in _SEPARABLE:
            continue
        if step not in steps.makes.get(piece.part, ()):
            continue
        for need in fates.arriving.needs(piece):
            if any(s.number in numbers and s is not step for s in steps.provides(need.part)):
                yield piece.part
                break


def _gone_with(step: Step, steps: Steps, numbers: set[int]) -> Iterator[Part]:
    """Give what goes with a table and stands on what another step of the circle takes."""
    if step.verb not in {Verb.DROP, Verb.REBUILD}:
        return
    fates = steps.fates
    for piece in fates.old.pieces(step.part.key):
        fate = fates.of.get(piece.part)
        if fate is None or fate.goes is not How.WITH or piece.part.kind not in _SEPARABLE:
            continue
        if step not in steps.takes.get(piece.part, ()):
            continue
        for need in fates.dependents.needs(piece):
            if any(s.number in numbers and s is not step for s in steps.disturbs(need.part)):
                yield piece.part
                break
