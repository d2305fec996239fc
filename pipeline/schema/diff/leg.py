"""The changes from one schema to another, in one go and within one phase."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.schema.change import (
    Change,
    CreateIndex,
    CreateTable,
    CreateTrigger,
    CreateView,
    DropIndex,
    DropTable,
    DropTrigger,
    DropView,
    RebuildTable,
    TableChange,
    key_of,
)
from pipeline.schema.diff.pair import TablePair
from pipeline.schema.diff.program_hazards import (
    create_hazards,
    drop_hazards,
    drop_table_hazards,
)
from pipeline.schema.diff.side import Side
from pipeline.schema.diff.tables import alter
from pipeline.schema.model.names import Key, fold
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import SchemaObject
from pipeline.schema.model.tables import Table

Program = Index | View | Trigger


@dataclass(frozen=True, slots=True)
class Leg:
    """From `old` to `new`, but only as far as the objects of `keys` go."""

    old: Side
    new: Side
    keys: frozenset[Key]
    phase: Phase

    def changes(self) -> tuple[Change, ...]:
        """Give the changes; their order is not that of running them."""
        tables = tuple(self._tables())
        gone = {key_of(c).name for c in tables if isinstance(c, DropTable | RebuildTable)}
        return (*tables, *self._programs(frozenset(gone)))

    def now(self, key: Key) -> SchemaObject | None:
        """Give an object as it will be."""
        return (self.new if key in self.keys else self.old).objects.get(key)

    def _tables(self) -> Iterator[TableChange]:
        for key in sorted(self.keys):
            was, now = self.old.objects.get(key), self.now(key)
            if isinstance(was, Table) and isinstance(now, Table):
                yield from alter(TablePair(was, now, self.new.spelling), self.phase)
            elif isinstance(was, Table):
                yield DropTable(was, self.phase, drop_table_hazards(was))
            elif isinstance(now, Table):
                yield CreateTable(now, self.phase)

    def _programs(self, gone: frozenset[str]) -> Iterator[Change]:
        """Give the changes of indexes, views and triggers: the wanted ones, and those around.

        Views and triggers that speak of a table which goes for a moment must go before it: SQLite
        refuses to rename a table while any of them speaks of nothing. Indexes go with the table.
        """
        disturbed = set(gone)
        todo = {key for key in self.keys if key.kind != "Table"} | self._around(gone)
        seen: set[Key] = set()
        while todo:
            key = todo.pop()
            seen.add(key)
            if key.kind == "View" and key in self.old.objects and key.name not in disturbed:
                disturbed.add(key.name)
                todo |= self._around(frozenset({key.name})) - seen
        for key in sorted(seen):
            yield from self._program(key, gone)

    def _around(self, names: frozenset[str]) -> set[Key]:
        found: set[Key] = set()
        for name in names:
            found |= self.old.hanging.get(name, frozenset())
            found |= self.old.mentioning.get(name, frozenset())
        return found

    def _program(self, key: Key, gone: frozenset[str]) -> Iterator[Change]:
        was, now = self.old.objects.get(key), self.now(key)
        if isinstance(was, Table) or isinstance(now, Table):
            return
        if was is not None and not _goes_along(was, now, gone):
            yield _drop(was, self.phase, () if now else drop_hazards(was))
        if now is not None:
            known = self.old.objects
            hazards = create_hazards(was, now, known) if key in self.keys else ()
            yield _create(now, self.phase, hazards)


def _goes_along(was: Program, now: Program | None, gone: frozenset[str]) -> bool:
    """Whether it is an index that goes with its table, and does not come back on another."""
    if not isinstance(was, Index) or fold(was.table) not in gone:
        return False
    return not isinstance(now, Index) or fold(now.table) == fold(was.table)


def _drop(program: Program, phase: Phase, hazards: tuple[Hazard, ...]) -> Change:
    match program:
        case Index():
            return DropIndex(program, phase, hazards)
        case View():
            return DropView(program, phase, hazards)
        case Trigger():
            return DropTrigger(program, phase, hazards)


def _create(program: Program, phase: Phase, hazards: tuple[Hazard, ...]) -> Change:
    match program:
        case Index():
            return CreateIndex(program, phase, hazards)
        case View():
            return CreateView(program, phase, hazards)
        case Trigger():
            return CreateTrigger(program, phase, hazards)
