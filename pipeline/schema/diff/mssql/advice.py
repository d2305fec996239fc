"""How a change that old code cannot live with is made in two releases."""

from collections.abc import Iterable

from pipeline.hazard import HazardName
from pipeline.phase import Phase
from pipeline.schema.diff.mssql.compare import Compared
from pipeline.schema.diff.mssql.operation import Operation, PartKind, Verb
from pipeline.schema.diff.mssql.words import full_name
from pipeline.schema.model.mssql.tables import Column

_LOSES = frozenset({HazardName.LOSES_DATA, HazardName.MAY_FAIL})


def advice(compared: Compared, operations: Iterable[Operation]) -> tuple[str, ...]:
    """Give one line for each change that is better made in two releases."""
    found = [line for each in operations if not each.in_the_way for line in _lines(each)]
    lockstep = any(each.phase is Phase.LOCKSTEP for each in operations)
    if lockstep and not found:
        shown = compared.source or compared.target
        name = full_name(shown.schema, shown.name) if shown else compared.key.name
        found.append(
            f"{name}: make the new beside the old in one release, let the code use both, and drop "
            "the old in the next"
        )
    return tuple(dict.fromkeys(found))


def _lines(operation: Operation) -> Iterable[str]:
    old, new = operation.old, operation.new
    match operation.verb, operation.part.kind:
        case Verb.RENAME, PartKind.COLUMN if isinstance(old, Column) and isinstance(new, Column):
            yield (
                f"column {old.name}: first add {new.name} beside it, write both and copy the rows;"
                f" drop {old.name} in the next release, when no code reads it"
            )
        case ((Verb.RENAME | Verb.TRANSFER), PartKind.OBJECT):
            before, after = operation.before, operation.after
            if before is not None and after is not None:
                was, is_now = (full_name(each.schema, each.name) for each in (before, after))
                yield (
                    f"{was}: with the rename, make a synonym {was} for {is_now}; drop it in the "
                    "next release, when no code uses the old name"
                )
        case _, PartKind.COLUMN if isinstance(old, Column) and isinstance(new, Column):
            yield from _altered(operation, old, new)
        case _:
            pass


def _altered(operation: Operation, old: Column, new: Column) -> Iterable[str]:
    if not any(hazard.name in _LOSES for hazard in operation.hazards):
        return
    if old.nullable and not new.nullable and old.type == new.type:
        yield (
            f"column {new.name}: first let the code write a value always and fill the rows that "
            "have none; make it NOT NULL in the next release"
        )
    else:
        yield (
            f"column {new.name}: first let the code write only what the new type holds and mend "
            "the rows that do not fit; alter it in the next release"
        )
