"""An object taken apart: every part that can be made and dropped by itself, with its value."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.schema.diff.mssql.operation import Part, PartKind, Value
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    ForeignKey,
    Index,
    Table,
    Temporal,
    UniqueKey,
)
from pipeline.schema.model.names import Key

MEMBER = "member:"
PRINCIPALS = (Kind.USER, Kind.ROLE)
_PROPERTY_OF = {
    "COLUMN": (PartKind.COLUMN,),
    "CONSTRAINT": (
        PartKind.UNIQUE_KEY,
        PartKind.FOREIGN_KEY,
        PartKind.CHECK,
        PartKind.DEFAULT,
        PartKind.CONNECTION,
    ),
    "INDEX": (PartKind.INDEX, PartKind.UNIQUE_KEY),
    "TRIGGER": (PartKind.TRIGGER,),
}


class Piece(NamedTuple):
    """One part and its value, without the parts that are made by themselves.

    It goes away silently with any of the parts that it is `within`.
    """

    part: Part
    value: Value
    within: tuple[Part, ...] = ()


def object_part(found: Key) -> Part:
    """Give the part that is an object itself."""
    return Part(found, PartKind.OBJECT)


def principals(name: str) -> tuple[Part, ...]:
    """Give the parts that a user or role of this name may be."""
    return tuple(object_part(key(kind, "", name)) for kind in PRINCIPALS)


def explode(found: Object) -> tuple[Piece, ...]:
    """Take an object apart: the object itself, its columns in order, then all the rest."""
    itself = object_part(found.key)
    return (Piece(itself, alone(found)), *_inside(found, itself), *_hanging(found, itself))


def facing_tables(found: Object) -> tuple[Piece, ...]:
    """Give those parts of an object only that may stand on another table."""
    itself = object_part(found.key)
    if not isinstance(found, Table):
        return (Piece(itself, alone(found)),)
    return (*_foreign_keys(found, itself), *_connections(found, itself), *_versioning(found))


def alone(found: Object) -> Object:
    """Give an object without its parts."""
    match found:
        case Table():
            return Table(
                found.schema,
                found.name,
                storage=found.storage,
                textimage=found.textimage,
                options=found.options,
                ansi_nulls=found.ansi_nulls,
                authorization=found.authorization,
            )
        case Module():
            return found._replace(
                indexes=(),
                statistics=(),
                triggers=(),
                full_text=None,
                permissions=(),
                properties=(),
            )
        case TableType():
            return found._replace(permissions=(), properties=())
        case AliasType():
            return found._replace(permissions=(), properties=(), bound_default="", bound_rule="")
        case Item():
            facts = tuple(fact for fact in found.facts if not fact[0].startswith(MEMBER))
            return found._replace(facts=facts, permissions=(), properties=())
        case Unreadable():
            return found


def bare(column: Column) -> Column:
    """Give a column without what is made by itself."""
    return column._replace(default=None, bound_default="", bound_rule="", sensitivity=None)


def _inside(found: Object, itself: Part) -> Iterator[Piece]:
    match found:
        case Table():
            yield from _of_table(found, itself)
        case Module():
            yield from _of_view(found, itself)
        case AliasType():
            yield from _bound(found.key, "", found.bound_default, found.bound_rule, itself)
        case Item():
            for name, _ in found.facts:
                if name.startswith(MEMBER):
                    member = name.removeprefix(MEMBER)
                    part = Part(found.key, PartKind.MEMBER, fold(member))
                    yield Piece(part, member, principals(member))
        case _:
            pass


def _of_table(table: Table, itself: Part) -> Iterator[Piece]:
    own, home = table.key, (itself,)
    for column in table.columns:
        yield Piece(Part(own, PartKind.COLUMN, fold(column.name)), bare(column), home)
    for column in table.columns:
        name = fold(column.name)
        if column.default is not None:
            yield Piece(Part(own, PartKind.DEFAULT, name), column.default, home)
        yield from _bound(own, name, column.bound_default, column.bound_rule, itself)
        if column.sensitivity is not None:
            within = (itself, Part(own, PartKind.COLUMN, name))
            yield Piece(Part(own, PartKind.SENSITIVITY, name), column.sensitivity, within)
    keys = _named([(key_name(each), each) for each in table.keys])
    yield from (Piece(Part(own, PartKind.UNIQUE_KEY, name), each, home) for name, each in keys)
    checks = _named([(check_name(each), each) for each in table.checks])
    yield from (Piece(Part(own, PartKind.CHECK, name), each, home) for name, each in checks)
    yield from _foreign_keys(table, itself)
    yield from _connections(table, itself)
    yield from _on_rows(table, itself)
    if table.temporal is not None:
        period = Temporal(table.temporal.start, table.temporal.end)
        yield Piece(Part(own, PartKind.PERIOD), period, home)
        yield from _versioning(table)


def _foreign_keys(table: Table, itself: Part) -> Iterator[Piece]:
    if table.foreign_keys:
        for name, each in _named([(foreign_key_name(each), each) for each in table.foreign_keys]):
            yield Piece(Part(table.key, PartKind.FOREIGN_KEY, name), each, (itself,))


def _connections(table: Table, itself: Part) -> Iterator[Piece]:
    for connection in table.connections:
        name = fold(connection.partition(":")[0].strip())
        yield Piece(Part(table.key, PartKind.CONNECTION, name), connection, (itself,))


def _versioning(table: Table) -> Iterator[Piece]:
    """It has to be switched off before the table can go: it is within nothing."""
    if table.temporal is not None and table.temporal.versioned:
        yield Piece(Part(table.key, PartKind.VERSIONING), table.temporal)


def _of_view(module: Module, itself: Part) -> Iterator[Piece]:
    clustered = next(
        (Part(module.key, PartKind.INDEX, fold(i.name)) for i in module.indexes if _holds(i)), None
    )
    for piece in _on_rows(module, itself):
        leans = piece.part.kind in {PartKind.INDEX, PartKind.STATISTICS}
        if clustered is not None and leans and piece.part != clustered:
            yield piece._replace(within=(itself, clustered))
        else:
            yield piece


def _holds(index: Index) -> bool:
    return index.form.startswith("CLUSTERED")


def _on_rows(owner: Table | Module, itself: Part) -> Iterator[Piece]:
    own, home = owner.key, (itself,)
    for index in owner.indexes:
        first = primary_xml(index)
        within = (itself, Part(own, PartKind.INDEX, fold(first))) if first else home
        yield Piece(Part(own, PartKind.INDEX, fold(index.name)), index, within)
    for each in owner.statistics:
        yield Piece(Part(own, PartKind.STATISTICS, fold(each.name)), each, home)
    for trigger in owner.triggers:
        yield Piece(Part(own, PartKind.TRIGGER, fold(trigger.name)), trigger, home)
    if owner.full_text is not None:
        yield Piece(Part(own, PartKind.FULL_TEXT), owner.full_text, home)


def primary_xml(index: Index) -> str:
    """Give the name of the primary XML index that a secondary one stands on, '' for others."""
    words = index.detail.split(" ", 3)
    if index.form != "XML" or [word.upper() for word in words[:3]] != ["USING", "XML", "INDEX"]:
        return ""
    name = words[3]
    if name.startswith("["):
        return name[1 : name.find("]")]
    return name.split(" ", 1)[0]


def _bound(own: Key, column: str, default: str, rule: str, itself: Part) -> Iterator[Piece]:
    if default:
        yield Piece(Part(own, PartKind.BOUND_DEFAULT, column), default, (itself,))
    if rule:
        yield Piece(Part(own, PartKind.BOUND_RULE, column), rule, (itself,))


def _hanging(found: Object, itself: Part) -> Iterator[Piece]:
    if isinstance(found, Unreadable):
        return
    for permission in found.permissions:
        for column in permission.columns or ("",):
            yield _permission(found.key, permission, column, itself)
    for each in found.properties:
        yield Piece(
            Part(found.key, PartKind.PROPERTY, property_name(each)),
            each,
            (itself, *_described(found.key, each)),
        )


def _permission(own: Key, permission: Permission, column: str, itself: Part) -> Piece:
    """One column at a time: what goes with a column goes by itself."""
    name = f"{permission.action} to {permission.grantee}" + (f" ({column})" if column else "")
    columns = (Part(own, PartKind.COLUMN, fold(column)),) if column else ()
    return Piece(
        Part(own, PartKind.PERMISSION, fold(name)),
        permission._replace(columns=(column,) if column else ()),
        (itself, *columns, *principals(permission.grantee)),
    )


def property_name(each: Property) -> str:
    """Give what a property is called among those of its object."""
    where = f"{each.part} {each.part_name}: " if each.part else ""
    return fold(where + each.name)


def _described(own: Key, each: Property) -> tuple[Part, ...]:
    kinds = _PROPERTY_OF.get(each.part, ())
    return tuple(Part(own, kind, fold(each.part_name)) for kind in kinds)


def key_name(found: UniqueKey) -> str:
    """Give a key's folded name; what it says where the server is to choose one."""
    if found.name:
        return fold(found.name)
    columns = ", ".join(fold(each.name) for each in found.columns)
    return f"{'primary key' if found.primary else 'unique'} ({columns})"


def check_name(found: Check) -> str:
    """The same for a check."""
    return fold(found.name) or f"check ({fold(' '.join(found.expression.split()))})"


def foreign_key_name(found: ForeignKey) -> str:
    """The same for a foreign key."""
    if found.name:
        return fold(found.name)
    parent = f"{fold(found.parent_schema)}.{fold(found.parent)}"
    return f"({', '.join(map(fold, found.columns))}) to {parent}"


def _named(pairs: list[tuple[str, Value]]) -> Iterator[tuple[str, Value]]:
    """Number those that say the same."""
    seen: dict[str, int] = {}
    for name, each in pairs:
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} {seen[name]}"), each
