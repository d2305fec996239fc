"""The closed list of things that a schema change does, each with its phase and hazards."""

from dataclasses import dataclass
from typing import assert_never

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.schema.model.names import Key
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.tables import Check, Column, ForeignKey, Table


@dataclass(frozen=True, slots=True)
class CreateTable:
    """Make a table that is not there."""

    table: Table
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class DropTable:
    """Remove a table with its rows, indexes and triggers."""

    table: Table
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class AddColumn:
    """Add a column in place, with the constraints that speak of it alone."""

    table: Table
    column: Column
    phase: Phase
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class DropColumn:
    """Remove a column in place, with its values."""

    table: Table
    column: Column
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class RebuildTable:
    """Make the table anew and copy its rows: what cannot be altered in place."""

    old: Table
    new: Table
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """Make an index."""

    index: Index
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class DropIndex:
    """Remove an index."""

    index: Index
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateView:
    """Make a view."""

    view: View
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class DropView:
    """Remove a view with its triggers."""

    view: View
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateTrigger:
    """Make a trigger."""

    trigger: Trigger
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


@dataclass(frozen=True, slots=True)
class DropTrigger:
    """Remove a trigger."""

    trigger: Trigger
    phase: Phase
    hazards: tuple[Hazard, ...] = ()


TableChange = CreateTable | DropTable | AddColumn | DropColumn | RebuildTable
ProgramChange = CreateIndex | DropIndex | CreateView | DropView | CreateTrigger | DropTrigger
Change = TableChange | ProgramChange


def key_of(change: Change) -> Key:
    """Give the key of the object that a change belongs to."""
    match change:
        case CreateTable() | DropTable() | AddColumn() | DropColumn():
            return change.table.key
        case RebuildTable():
            return change.new.key
        case CreateIndex() | DropIndex():
            return change.index.key
        case CreateView() | DropView():
            return change.view.key
        case CreateTrigger() | DropTrigger():
            return change.trigger.key
        case _:
            assert_never(change)


def title(change: Change) -> str:
    """Give a change in a few words: unique among the changes of one phase."""
    name = key_of(change).name
    match change:
        case CreateTable():
            return f"create table {name}"
        case DropTable():
            return f"drop table {name}"
        case AddColumn():
            return f"add column {name}.{change.column.name}"
        case DropColumn():
            return f"drop column {name}.{change.column.name}"
        case RebuildTable():
            return f"rebuild table {name}"
        case CreateIndex():
            return f"create index {name}"
        case DropIndex():
            return f"drop index {name}"
        case CreateView():
            return f"create view {name}"
        case DropView():
            return f"drop view {name}"
        case CreateTrigger():
            return f"create trigger {name}"
        case DropTrigger():
            return f"drop trigger {name}"
        case _:
            assert_never(change)
