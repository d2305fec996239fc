"""All that is to be done to make one database into another, in the order of running. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import BadSchema
from pipeline.schema.diff.mssql.blockers import Blockers
from pipeline.schema.diff.mssql.circles import Loosened, loosen
from pipeline.schema.diff.mssql.fate import Fates, How, describe
from pipeline.schema.diff.mssql.following import follow_histories
from pipeline.schema.diff.mssql.histories import implied, mirrored
from pipeline.schema.diff.mssql.lost import lost_by
from pipeline.schema.diff.mssql.moves import Moves, moves
from pipeline.schema.diff.mssql.operation import Operation, Part
from pipeline.schema.diff.mssql.order import Circles, Edges, edges_of, in_order
from pipeline.schema.diff.mssql.own_changes import OwnChanges
from pipeline.schema.diff.mssql.phases import with_phases
from pipeline.schema.diff.mssql.places import placed
from pipeline.schema.diff.mssql.refreshing import refreshes
from pipeline.schema.diff.mssql.renames import Renames
from pipeline.schema.diff.mssql.state import State
from pipeline.schema.diff.mssql.steps import Step, Steps, steps_of
from pipeline.schema.diff.mssql.writing_down import Writing
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.options import Options

_LONGEST = 50
"""How often circles are cut before it is given up."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation, and the places of the earlier ones that it needs."""

    operation: Operation
    needs: tuple[int, ...] = ()


def plan(
    target: Database, goal: Database, renames: Renames, options: Options
) -> tuple[Planned, ...]:
    """Give what makes the target into the goal.

    CheckFailed names what cannot be done without losing rows that nobody wants to lose;
    BadSchema names a circle of objects that need each other.
    """
    moved = moves(target, goal, renames)
    old, new = _with_built_ins(moved.objects, goal.objects)
    made_by_server = implied(new)
    old = {**old, **implied(old)}
    new = placed(mirrored({**new, **made_by_server}, old), old)
    touched = tuple(key for key in _touched(old, new) if key in old or key not in made_by_server)
    if not touched and not moved.steps:
        return ()
    loosened = Loosened()
    for _ in range(_LONGEST):
        before = State(old, moved.origin, moved.columns)
        fates = _fates(before, State(new), options, moved, touched, loosened)
        steps = steps_of(fates)
        refreshes(steps, moved)
        edges = edges_of(steps)
        try:
            early, late = _two_runs(steps, edges)
        except Circles as circles:
            more, uncut = loosen(circles.rings, steps, loosened)
            if uncut or more == loosened:
                raise _refused(uncut or circles.rings[0], fates) from circles
            loosened = more
            continue
        return _planned(early, late, Writing(steps, edges, moved, target), moved)
    raise BadSchema("objects need each other in too many circles")


def lost(planned: tuple[Planned, ...]) -> tuple[str, ...]:
    """Say what an undo cannot bring back."""
    return tuple(dict.fromkeys(each for p in planned for each in lost_by(p.operation)))


def _with_built_ins(
    old: Mapping[Key, Object], new: Mapping[Key, Object]
) -> tuple[Mapping[Key, Object], Mapping[Key, Object]]:
    """What every database has is there on both sides."""
    return _and_built_in(old, new), _and_built_in(new, old)


def _and_built_in(
    mine: Mapping[Key, Object], others: Mapping[Key, Object]
) -> Mapping[Key, Object]:
    missing = {
        key: each._replace(facts=(), permissions=(), properties=(), authorization="")
        for key, each in others.items()
        if key not in mine and isinstance(each, Item) and each.built_in
    }
    return {**mine, **missing} if missing else mine


def _touched(old: Mapping[Key, Object], new: Mapping[Key, Object]) -> tuple[Key, ...]:
    found = []
    for key in sorted(old.keys() | new.keys()):
        one, other = old.get(key), new.get(key)
        if one is not other and one != other:
            found.append(key)
    return tuple(found)


def _fates(
    old: State,
    new: State,
    options: Options,
    moved: Moves,
    touched: tuple[Key, ...],
    loosened: Loosened,
) -> Fates:
    fates = Fates(old, new, options, loosened.apart)
    own = OwnChanges(fates, loosened.remade)
    for key in touched:
        own.add(key)
    blockers = Blockers(fates)
    follow_histories(fates, blockers)
    blockers.renamed(moved.renamed, moved.transferred)
    blockers.settle()
    for part in loosened.alone:
        fate = fates.of.get(part)
        if fate is not None and fate.goes is How.WITH:
            fate.goes = How.ALONE
    return fates


def _two_runs(steps: Steps, edges: Edges) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Give what runs before the renames, and what runs after them."""
    early = [step for step in steps.all if step.fate.early and step.new is None]
    numbers = {step.number for step in early}
    late = [step for step in steps.all if step.number not in numbers]
    return in_order(early, edges), in_order(late, edges)


def _planned(
    early: tuple[Step, ...], late: tuple[Step, ...], writing: Writing, moved: Moves
) -> tuple[Planned, ...]:
    for step in early:
        writing.early(step)
    for move in moved.steps:
        writing.move(move)
    for step in late:
        writing.late(step)
    found = with_phases(writing.operations, writing.needs, writing.causes, writing.together())
    return tuple(map(Planned, found, writing.needs))


def _refused(ring: tuple[Step, ...], fates: Fates) -> BadSchema:
    names = [_named(step.part, fates) for step in ring]
    way = " -> ".join((*names, names[0]))
    return BadSchema(
        f"each of these would have to come before the next: {way}",
        advice="take one of them apart, so that it does not need the others",
    )


def _named(part: Part, fates: Fates) -> str:
    return describe(part, fates.new if fates.new.has(part) else fates.old)
