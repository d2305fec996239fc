"""Steps in order become operations: with their objects, reasons, hazards, guards and phases."""

from dataclasses import replace
from typing import NamedTuple

from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.schema.diff.mssql.fate import describe
from pipeline.schema.diff.mssql.hazards import Costs
from pipeline.schema.diff.mssql.moves import Move, Moves
from pipeline.schema.diff.mssql.operation import Operation, Part, PartKind, Value, Verb
from pipeline.schema.diff.mssql.order import Edges
from pipeline.schema.diff.mssql.parts import explode, object_part
from pipeline.schema.diff.mssql.steps import Step, Steps
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.tables import Column
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.modules import mentions
from pipeline.schema.writers.mssql.transactions import is_transactional

_BECAUSE = {
    Verb.CREATE: "only the source has it",
    Verb.DROP: "only the target has it",
    Verb.ALTER: "it differs",
    Verb.RENAME: "it is called otherwise in the source",
    Verb.TRANSFER: "it stands in another schema in the source",
}


_READING = frozenset(
    {PartKind.OBJECT, PartKind.PERIOD, PartKind.TRIGGER, PartKind.VERSIONING, PartKind.FULL_TEXT}
)
"""What reads a table without naming each column that it depends on."""


class _Written(NamedTuple):
    """A rename that stands in the plan: whose it is, the column's names before and after."""

    key: Key
    columns: frozenset[Part]
    place: int


def _notices(step: Step, parts: set[Part], rename: _Written) -> bool:
    """Whether a step, which needs these parts, has to come after a rename.

    Of a column's, that is what names the column, and whatever reads the whole table.
    """
    if not rename.columns:
        return any(part.key == rename.key for part in parts)
    if not rename.columns.isdisjoint(parts):
        return True
    reads = step.part.kind in _READING and object_part(rename.key) in parts
    return reads and _may_say(step, rename.columns)


def _may_say(step: Step, columns: frozenset[Part]) -> bool:
    """Whether a step may speak of columns: all do but a module whose text has not their names."""
    names = {column.name for column in columns}
    values = [value for value in (step.old, step.new) if value is not None]
    texts = [str(getattr(value, "definition", "")) or "*" for value in values]
    return any("*" in text or not names.isdisjoint(mentions(text)) for text in texts)


class Writing:
    """Writes one operation after the other."""

    def __init__(self, steps: Steps, edges: Edges, moved: Moves, target: Database) -> None:
        self._steps, self._fates, self._edges, self._moved = steps, steps.fates, edges, moved
        self._target = target
        self._costs = Costs(steps)
        self._places: dict[int, int] = {}
        self._moves: list[_Written] = []
        self._both = {s.part for s in steps.all if s.verb is Verb.CREATE} & {
            s.part for s in steps.all if s.verb is Verb.DROP
        }
        self.operations: list[Operation] = []
        self.needs: list[tuple[int, ...]] = []
        self.causes: list[Part | None] = []

    def early(self, step: Step) -> None:
        """Write a DROP that runs before the renames: by the names from before."""
        key = self._moved.origin.get(step.part.key, step.part.key)
        before = self._target.objects.get(key)
        part, old = step.part, step.old
        if before is not None:
            part, old = self._as_it_was(step, before)
        self._write(step, part, old, before)

    def _as_it_was(self, step: Step, before: Object) -> tuple[Part, Value | None]:
        if step.part.kind is PartKind.OBJECT:
            return step.part._replace(key=before.key), before
        now = self._fates.old.pieces(step.part.key)
        for piece, was in zip(now, explode(before), strict=True):
            if piece.part == step.part:
                return was.part, was.value
        return step.part, step.old

    def move(self, move: Move) -> None:
        """Write a rename."""
        new = self._fates.new.objects.get(move.part.key)
        column = isinstance(move.old, Column)
        part = move.part._replace(name=move.old.name.lower()) if column else move.part
        if not column and not isinstance(move.old, Column):
            part = move.part._replace(key=move.old.key)
        waits = [
            place
            for place, operation in enumerate(self.operations)
            if operation.verb is Verb.DROP and not self._moves
        ]
        waits += [each.place for each in self._moves if each.key == move.part.key]
        hazards = self._costs.of_move(move)
        operation = Operation(
            verb=move.verb,
            part=part,
            old=move.old,
            new=move.new,
            before=move.owner,
            after=new if column else move.new if isinstance(move.new, Object) else None,
            because=_BECAUSE[move.verb],
            phase=Phase.LOCKSTEP if hazards else Phase.EXPAND,
            hazards=hazards,
        )
        names = frozenset({part, move.part} if column else ())
        self._moves.append(_Written(move.part.key, names, len(self.operations)))
        self.operations.append(operation)
        self.needs.append(tuple(sorted(set(waits))))
        self.causes.append(None)

    def late(self, step: Step) -> None:
        """Write a step that runs after the renames."""
        self._write(step, step.part, step.old, self._fates.old.objects.get(step.part.key))

    def _write(self, step: Step, part: Part, old: Value | None, before: Object | None) -> None:
        fate = step.fate
        in_the_way = fate.way_of is not None
        cost = self._costs.of(step)
        self._places[step.number] = len(self.operations)
        self.needs.append(self._needed(step))
        self.causes.append(fate.way_of)
        self.operations.append(
            _told(
                Operation(
                    verb=step.verb,
                    part=part,
                    old=old,
                    new=step.new,
                    before=before,
                    after=self._fates.new.objects.get(step.part.key),
                    because=self._because(step),
                    in_the_way=in_the_way,
                    phase=cost.phase,
                    hazards=tuple(sorted(set(cost.hazards))),
                    guards=tuple(cost.guards),
                ),
                cost.name,
            )
        )

    def together(self) -> tuple[tuple[int, ...], ...]:
        """Give the places of what takes a part away and what brings it back."""
        found = []
        for part, makes in self._steps.makes.items():
            steps = (*self._steps.takes.get(part, ()), *makes)
            places = {self._places[s.number] for s in steps if s.number in self._places}
            if len(places) > 1 and part in self._steps.takes:
                found.append(tuple(sorted(places)))
        return tuple(found)

    def _needed(self, step: Step) -> tuple[int, ...]:
        found = {self._places[n] for n in self._edges.needs[step.number] if n in self._places}
        if self._moves:
            parts = self._parts_of(step)
            found.update(each.place for each in self._moves if _notices(step, parts, each))
        return tuple(sorted(found))

    def _parts_of(self, step: Step) -> set[Part]:
        """Give a step's own part, what it is in, and what it needs."""
        parts = {step.part}
        for state, graph in (
            (self._fates.old, self._fates.dependents),
            (self._fates.new, self._fates.arriving),
        ):
            piece = state.piece(step.part)
            if piece is not None:
                parts.update(piece.within)
                parts.update(need.part for need in graph.needs(piece))
        return parts

    def _because(self, step: Step) -> str:
        fate = step.fate
        if step.because:
            return step.because
        if step.verb is Verb.REFRESH and fate.way_of is not None:
            return f"{self._named(fate.way_of)}, which it reads, has changed"
        if fate.way_of is not None:
            return f"it is in the way of {self._named(fate.way_of)}"
        if step.verb is Verb.REBUILD:
            return fate.because
        if step.verb in {Verb.CREATE, Verb.DROP} and step.part in self._both:
            return "it differs, and cannot be altered"
        return _BECAUSE[step.verb]

    def _named(self, part: Part) -> str:
        return describe(part, self._fates.old if self._fates.old.has(part) else self._fates.new)


def _told(operation: Operation, name: str) -> Operation:
    """Say of what cannot be in a transaction that a failure does not take it back."""
    if is_transactional(operation):
        return operation
    hazard = Hazard(HazardName.NOT_TRANSACTIONAL, name, "a failure does not take it back")
    return replace(operation, hazards=tuple(sorted({*operation.hazards, hazard})))
