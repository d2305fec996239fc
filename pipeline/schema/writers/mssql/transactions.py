"""Which operations SQL Server refuses in a transaction, and how a script is cut around them."""

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pipeline.schema.diff.mssql.operation import Operation, PartKind
from pipeline.schema.model.mssql.items import TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.tables import Table, Trigger

_APART = frozenset(
    {
        Kind.FULL_TEXT_CATALOG.value,
        Kind.FULL_TEXT_STOPLIST.value,
        Kind.SEARCH_PROPERTY_LIST.value,
    }
)
_NATIVE = re.compile(r"(?i)\bNATIVE_COMPILATION\b")


class Step(Protocol):
    """An operation and the places of those that have to run before it."""

    @property
    def operation(self) -> Operation: ...
    @property
    def needs(self) -> tuple[int, ...]: ...


class Section(NamedTuple):
    """Places of operations that run one after the other, in one transaction or in none."""

    transactional: bool
    places: tuple[int, ...]


def is_transactional(operation: Operation) -> bool:
    """Whether an operation may stand in a transaction.

    Full-text DDL may not, nor DDL of tables in memory and of natively compiled modules.
    """
    if operation.part.kind is PartKind.FULL_TEXT:
        return False
    if operation.part.kind is PartKind.OBJECT and operation.part.key.kind in _APART:
        return False
    if operation.part.kind in {PartKind.PERMISSION, PartKind.PROPERTY, PartKind.SENSITIVITY}:
        return True
    things = (operation.old, operation.new, operation.before, operation.after)
    return not any(_in_memory(thing) for thing in things)


def _in_memory(thing: object) -> bool:
    if isinstance(thing, Table | TableType):
        return dict(thing.options).get("MEMORY_OPTIMIZED") == "ON"
    if isinstance(thing, Module | Trigger):
        return bool(_NATIVE.search(thing.definition))
    return False


def sections(steps: Sequence[Step]) -> tuple[Section, ...]:
    """Give the sections: one transaction wherever that can be.

    What cannot be in it runs after it, unless something in it has to wait for that.
    """
    inside = [is_transactional(step.operation) for step in steps]
    if all(inside):
        return (Section(transactional=True, places=tuple(range(len(steps)))),) if steps else ()
    stages = _stages(steps, inside)
    last = max((stage for stage, within in zip(stages, inside, strict=True) if within), default=1)
    for place in _free(steps, inside):
        stages[place] = last + 1
    found = []
    for stage in sorted(set(stages)):
        places = tuple(n for n, each in enumerate(stages) if each == stage)
        found.append(Section(transactional=stage % 2 == 1, places=places))
    return tuple(found)


def _stages(steps: Sequence[Step], inside: Sequence[bool]) -> list[int]:
    """Odd stages are transactions, even ones stand between them."""
    stages: list[int] = []
    for step, within in zip(steps, inside, strict=True):
        stage = max((stages[need] for need in step.needs), default=0)
        stages.append(stage + 1 if (stage % 2 == 1) != within else stage)
    return stages


def _free(steps: Sequence[Step], inside: Sequence[bool]) -> list[int]:
    """Those outside of a transaction for which nothing in one has to wait."""
    waited_for: set[int] = set()
    for place in reversed(range(len(steps))):
        if inside[place] or place in waited_for:
            waited_for.update(steps[place].needs)
    return [n for n, within in enumerate(inside) if not within and n not in waited_for]
