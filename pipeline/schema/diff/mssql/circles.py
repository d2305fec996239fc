"""Circles of steps are cut: what is made or dropped with something else gets a step of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.schema.diff.mssql.fate import How
from pipeline.schema.diff.mssql.operation import Part, PartKind, Verb
from pipeline.schema.diff.mssql.steps import Step, Steps
from pipeline.schema.model.mssql.names import Kind

_SEPARABLE = frozenset({PartKind.CHECK, PartKind.COLUMN, PartKind.DEFAULT, PartKind.FOREIGN_KEY})

_MODULES = frozenset({Kind.FUNCTION.value, Kind.STORED_PROCEDURE.value, Kind.VIEW.value})
_ON_ROWS = frozenset({PartKind.CHECK, PartKind.FOREIGN_KEY, PartKind.INDEX, PartKind.UNIQUE_KEY})


@dataclass(frozen=True, slots=True)
class Loosened:
    """What is not made with its table, not dropped with it, and not changed in place."""

    apart: frozenset[Part] = frozenset()
    alone: frozenset[Part] = frozenset()
    remade: frozenset[Part] = frozenset()


def loosen(
    rings: Iterable[tuple[Step, ...]], steps: Steps, before: Loosened
) -> tuple[Loosened, tuple[Step, ...]]:
    """Cut each ring once. Give also the first that cannot be cut, or ()."""
    apart, alone, remade = set(before.apart), set(before.alone), set(before.remade)
    for ring in rings:
        numbers = {step.number for step in ring}
        mine = next((p for step in ring for p in _made_with(step, steps, numbers)), None)
        theirs = next((p for step in ring for p in _gone_with(step, steps, numbers)), None)
        again = next((step.part for step in ring if _can_be_remade(step)), None)
        if mine is not None:
            apart.add(mine)
        elif theirs is not None:
            alone.add(theirs)
        elif again is not None:
            remade.add(again)
        else:
            return before, ring
    return Loosened(frozenset(apart), frozenset(alone), frozenset(remade)), ()


def _can_be_remade(step: Step) -> bool:
    """Whether a part can be dropped and created though it could be changed in place."""
    if step.verb is Verb.RENAME:
        return True
    kind, key = step.part.kind, step.part.key.kind
    module = kind is PartKind.OBJECT and key in _MODULES
    return step.verb is Verb.ALTER and (module or kind in _ON_ROWS)


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
