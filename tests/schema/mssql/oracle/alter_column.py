"""ALTER TABLE ... ALTER COLUMN, and what forbids it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from tests.schema.mssql.oracle.conversions import need_implicit
from tests.schema.mssql.oracle.cursor import Cursor, fold
from tests.schema.mssql.oracle.datatypes import BOUND, LENGTHENING, DataType, data_type
from tests.schema.mssql.oracle.dependence import Holder, column_holders
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Column, Fact, Table
from tests.schema.mssql.oracle.options import option_list
from tests.schema.mssql.oracle.session import Session
from tests.schema.mssql.oracle.structure import base_type, resolve_type
from tests.schema.mssql.oracle.world import World

INTEGERS = ("int", "bigint", "smallint", "tinyint", "decimal", "numeric")
LARGE = {
    "text": ("varchar", "nvarchar", "xml"),
    "ntext": ("nvarchar", "varchar", "xml"),
    "image": ("varbinary",),
}

Change: TypeAlias = Callable[[Session, Table], None]


def alter_column(c: Cursor) -> Change:
    """What follows ALTER COLUMN."""
    name = c.identifier()
    if c.at("ADD|DROP"):
        return property_change(c, name)
    kind = data_type(c)
    collation, nullable, facts = "", None, dict[str, Fact]()
    while True:
        if c.take("COLLATE"):
            collation = fold(c.identifier())
        elif c.take("NOT", "NULL"):
            nullable = False
        elif c.take("NULL"):
            nullable = True
        elif c.take("SPARSE"):
            facts["sparse"] = True
        elif c.take("MASKED", "WITH"):
            facts["masked"] = option_list(c)["function"]
        elif c.take("ENCRYPTED", "WITH"):
            facts["encrypted"] = option_list(c)
        elif c.take("WITH"):
            option_list(c)
        else:
            break

    def act(session: Session, table: Table) -> None:
        column = found_column(session.world, table, name)
        resolve_type(session.world, kind)
        wanted = replace(
            column, type=kind, collation=collation, nullable=settled(session.world, kind, nullable)
        )
        refuse(session.world, table, column, wanted)
        if session.nulls and column.nulls and column.nullable and not wanted.nullable:
            raise Refused(515, f"{column.name} of {table.name} may hold NULL, and nothing asked")
        column.type, column.collation, column.nullable = (
            wanted.type,
            wanted.collation,
            wanted.nullable,
        )
        column.facts |= facts
        follow(session.world, table, column)

    return act


def effective(world: World, collation: str) -> str:
    """A collation as it is compared: the database's own, written or not, is one."""
    return "" if collation == fold(world.collation) else collation


def settled(world: World, kind: DataType, nullable: bool | None) -> bool:
    if nullable is not None:
        return nullable
    if kind.user:
        return world.things[("TYPE", *kind.user.key)].facts.get("nullable") is not False
    return True


def found_column(world: World, table: Table, name: str) -> Column:
    column = table.columns.get(fold(name))
    if column is None:
        raise Refused(4924, f"{name} is no column of {table.name}")
    return column


def follow(world: World, table: Table, column: Column) -> None:
    """A history table's column changes with the current one."""
    history = (table.versioning or {}).get("history")
    if isinstance(history, tuple):
        other = world.tables[(str(history[0]), str(history[1]))].columns[fold(column.name)]
        other.type, other.collation, other.nullable = (
            column.type,
            column.collation,
            column.nullable,
        )


def refuse(world: World, table: Table, column: Column, wanted: Column) -> None:
    column = replace(column, collation=effective(world, column.collation))
    wanted = replace(wanted, collation=effective(world, wanted.collation))
    old, new = base_type(world, column.type), base_type(world, wanted.type)
    if column.computed:
        raise Refused(4928, f"the computed column {column.name} cannot be altered")
    if "timestamp" in (old.base, new.base):
        raise Refused(4927, f"the column {column.name} cannot be altered from or to timestamp")
    if column.facts.get("rowguidcol") and old.base != new.base:
        raise Refused(4928, f"the ROWGUIDCOL column {column.name} cannot be altered")
    if old.base in LARGE and new.base != old.base and new.base not in LARGE[old.base]:
        raise Refused(
            4927, f"the column {column.name} cannot be altered from {old.base} to {new.base}"
        )
    if column.identity and (new.base not in INTEGERS or wanted.nullable):
        raise Refused(
            2749, f"the identity column {column.name} must stay a number that is not nullable"
        )
    need_implicit(old, new, column.name)
    if column.facts.get("column_set"):
        raise Refused(4928, f"the column set {column.name} cannot be altered")
    unchanged = (old, column.collation, column.nullable) == (
        new,
        wanted.collation,
        wanted.nullable,
    )
    if unchanged and column.type == wanted.type:
        return
    for holder in column_holders(world, table, column):
        if not allowed(holder, old, new, column, wanted):
            raise Refused(
                5074,
                f"the {holder.kind} {holder.name} depends on "
                f"the column {column.name} of {table.name}",
            )


def allowed(holder: Holder, old: DataType, new: DataType, column: Column, wanted: Column) -> bool:
    """Whether a column may change in spite of what depends on it."""
    same = old.base == new.base and column.collation == wanted.collation
    widened = (
        same
        and old.base in LENGTHENING
        and length(new) >= length(old)
        and length(old) <= BOUND[old.base]
    )
    match holder.kind:
        case "default" | "bound default" | "bound rule":
            return same
        case "check":
            return same and old.base in LENGTHENING and column.nullable == wanted.nullable
        case "index" | "unique":
            return widened and column.nullable == wanted.nullable and new.arguments != ("max",)
        case "statistics":
            return widened or (same and old == new and wanted.nullable)
        case _:
            pass
    return False


def length(kind: DataType) -> int:
    return 1 << 31 if kind.arguments[:1] == ("max",) else int(kind.arguments[0])


def property_change(c: Cursor, name: str) -> Change:
    adding = c.word() == "ADD"
    if c.take("NOT", "FOR", "REPLICATION"):
        return fact(name, "identity not for replication", value=adding)
    word = c.need("ROWGUIDCOL|PERSISTED|SPARSE|HIDDEN|MASKED").lower()
    value: object = adding
    if word == "masked" and adding:
        c.need("WITH")
        value = option_list(c)["function"]
    return fact(name, word, value=value)


def fact(name: str, word: str, *, value: object) -> Change:
    def act(session: Session, table: Table) -> None:
        column = found_column(session.world, table, name)
        if word == "persisted":
            persist(column, table, on=bool(value))
            return
        had = bool(column.facts.get(word))
        if had is bool(value) and word not in ("masked", "hidden"):
            raise Refused(
                4925, f"the column {column.name} has {word.upper()} {'already' if had else 'not'}"
            )
        if not value and not had:
            raise Refused(16007, f"the column {column.name} is not {word}")
        if (
            word == "rowguidcol"
            and value
            and any(o.facts.get(word) for o in table.columns.values())
        ):
            raise Refused(8195, f"{table.name} has a ROWGUIDCOL already")
        if word == "sparse" and value and not column.nullable:
            raise Refused(1731, f"the column {column.name} cannot be sparse: it is not nullable")
        if value:
            column.facts[word] = value if isinstance(value, str) else True
        else:
            del column.facts[word]

    return act


def persist(column: Column, table: Table, *, on: bool) -> None:
    if column.computed is None:
        raise Refused(4929, f"{column.name} is no computed column")
    if column.persisted is on:
        raise Refused(4929, f"the column {column.name} is persisted {'already' if on else 'not'}")
    if not on and any(
        c.kind == "CHECK" and c.uses(fold(column.name)) for c in table.constraints.values()
    ):
        raise Refused(5074, f"a check depends on the persisted column {column.name}")
    column.persisted = on
    if not on:
        column.nullable = True
