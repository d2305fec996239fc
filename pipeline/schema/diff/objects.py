"""The outcome for each object: one line of the report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.schema.change import Change, key_of
from pipeline.schema.diff.reasons import ignored, reasons
from pipeline.schema.diff.side import Side
from pipeline.schema.drops import Wanted
from pipeline.schema.model.names import Key
from pipeline.schema.model.programs import Index
from pipeline.schema.model.schema import SchemaObject
from pipeline.schema.model.tables import Column, Table
from pipeline.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ObjectVerdict:
    """One object on both sides. `phase` is the last one that touches it; None: nothing is done."""

    type: str
    schema: str
    name: str
    verdict: Verdict
    because: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    phase: Phase | None = None
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """What an object is on its way: as wanted by the source, and in the target step by step."""

    source: Side
    target: Side
    middle: Side
    end: Side
    goal: Wanted


def verdicts(way: Way, changes: Iterable[Change]) -> tuple[ObjectVerdict, ...]:
    """Give the outcome for every object of either side, sorted by type and name."""
    done: dict[Key, list[Change]] = {}
    for change in changes:
        done.setdefault(key_of(change), []).append(change)
    keys = sorted(way.source.objects.keys() | way.target.objects.keys())
    return tuple(_verdict(key, way, done.get(key, [])) for key in keys)


def _verdict(key: Key, way: Way, changes: list[Change]) -> ObjectVerdict:
    each = way.source.objects.get(key) or way.target.objects[key]
    outcome = _outcome(key, way)
    same = outcome is Verdict.SAME
    hazards = {hazard for change in changes for hazard in change.hazards}
    return ObjectVerdict(
        type=key.kind,
        schema=each.schema,
        name=each.name,
        verdict=outcome,
        because=() if same else tuple(_because(key, way)),
        ignored=tuple(_ignored(key, way)),
        phase=None if same else _phase(key, way),
        hazards=() if same else tuple(sorted(hazards)),
    )


def _outcome(key: Key, way: Way) -> Verdict:
    new, old = way.source.normal.get(key), way.target.normal.get(key)
    if key in way.goal.foreign or new == old:
        return Verdict.SAME
    if new is None:
        return Verdict.TARGET_ONLY
    return Verdict.SOURCE_ONLY if old is None else Verdict.DIFFERENT


def _phase(key: Key, way: Way) -> Phase | None:
    """Give the phase that is the last to change it; to be made anew as it was is no change."""
    if way.middle.normal.get(key) != way.end.normal.get(key):
        return Phase.CONTRACT
    return Phase.EXPAND if way.target.normal.get(key) != way.middle.normal.get(key) else None


def _because(key: Key, way: Way) -> Iterator[str]:
    new, old = way.source.objects.get(key), way.target.objects.get(key)
    if new is None:
        yield from _because_target_only(key, old, way.goal)
    elif old is not None:
        yield from reasons(old, new, way.source.spelling)
        yield from _because_kept(key, old, new, way.goal)


def _because_target_only(key: Key, old: SchemaObject | None, goal: Wanted) -> Iterator[str]:
    if key in goal.kept and old is not None:
        yield f"only in the target, and kept: no script says `-- @dropped {old.name}`"
        if isinstance(old, Index) and old.unique:
            yield "it is unique: new code may write rows that it refuses"


def _because_kept(key: Key, old: SchemaObject, new: SchemaObject, goal: Wanted) -> Iterator[str]:
    if not isinstance(old, Table) or not isinstance(new, Table):
        return
    for name in goal.kept_columns.get(key, ()):
        yield f"column {name} is kept: no script says `-- @dropped {old.name}.{name}`"
        column = old.column(name)
        if column is not None and _blocks(column):
            yield f"column {name} is NOT NULL without a default: inserts of new code will fail"


def _blocks(column: Column) -> bool:
    return not column.fills_itself


def _ignored(key: Key, way: Way) -> Iterator[str]:
    new, old = way.source.objects.get(key), way.target.objects.get(key)
    if key in way.goal.foreign:
        yield "its name fits none of the manage filters: it is not ours"
    elif old is not None and new is not None:
        yield from ignored(old, new, same=_outcome(key, way) is Verdict.SAME)
