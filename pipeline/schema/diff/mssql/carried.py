"""The target as it is once its renames are done: what the server carries along by itself.

Keys, indexes, foreign keys, permissions and extended properties follow a column or a table that
gets another name; the text of modules does not.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, bracket, fold, key
from pipeline.schema.model.mssql.shared import Permission, Property, TypeName
from pipeline.schema.model.mssql.tables import (
    Column,
    ForeignKey,
    FullTextIndex,
    Index,
    KeyColumn,
    Table,
    Temporal,
)
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.modules import normal_module, renamed
from pipeline.schema.normalise.mssql.options import Options
from pipeline.schema.syntax.mssql.tokens import Script, unquote

AS_WRITTEN = Options(frozenset())
_HINT = re.compile(r"--[ \t]*@(renamed|dropped)\b[^\r\n]*[\r\n]*")
PRINCIPALS = (Kind.USER, Kind.ROLE)


@dataclass(frozen=True, slots=True)
class Carry:
    """New names by old ones. `objects` and `columns` are by the old object's key; columns by
    their folded old names.
    """

    objects: Mapping[Key, tuple[str, str]] = field(default_factory=dict)
    columns: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)

    def object(self, kind: Kind, schema: str, name: str) -> tuple[str, str]:
        """Give (schema, name) of an object as it is then."""
        return self.objects.get(key(kind, schema, name), (schema, name))

    def of(self, table: Key) -> Callable[[str], str]:
        """Give what a column of a table is called then."""
        columns = self.columns.get(table, {})
        return lambda name: columns.get(fold(name), name)


def carried(target: Database, carry: Carry) -> dict[Key, Object]:
    """Give the objects of the target by their new keys."""
    if not carry.objects and not carry.columns:
        return target.objects
    moved = [carried_object(each, carry) for each in target.objects.values()]
    return {each.key: each for each in moved}


def carried_alone(target: Object, source: Object) -> Object:
    """Give one object with the name that it has in the source."""
    if source.key == target.key or source.key.kind != target.key.kind:
        return target
    moved = carried_object(target, Carry({target.key: (source.schema, source.name)}))
    return respelled(moved, source)


def respelled(target: Object, source: Object) -> Object:
    """Give a renamed module with the source's text, where but the old name in it is otherwise.

    The server leaves the old name in the text: it is altered all the same.
    """
    if not (isinstance(target, Module) and isinstance(source, Module)):
        return target
    mine, theirs = (
        normal_module(renamed(_HINT.sub("", each.definition), "", "x"), AS_WRITTEN)
        for each in (source, target)
    )
    return target._replace(definition=source.definition) if mine == theirs else target


def carried_object(each: Object, carry: Carry) -> Object:
    """Give one object as it is once the renames are done."""
    schema, name = carry.objects.get(each.key, (each.schema, each.name))
    changed: dict[str, Any] = {"schema": schema, "name": name}
    column = carry.of(each.key)
    permissions = getattr(each, "permissions", ())
    if permissions:
        changed["permissions"] = tuple(_permission(found, carry, column) for found in permissions)
    if getattr(each, "authorization", ""):
        changed["authorization"] = _principal(each.authorization, carry)  # type: ignore[union-attr]
    if getattr(each, "properties", ()):
        changed["properties"] = tuple(
            _property(found, column)
            for found in each.properties  # type: ignore[union-attr]
        )
    if isinstance(each, Table):
        changed |= _table(each, carry, schema)
    if isinstance(each, Item) and each.kind is Kind.ROLE:
        changed["facts"] = tuple(sorted(_member(fact, carry) for fact in each.facts))
    return each._replace(**changed)


def _principal(name: str, carry: Carry) -> str:
    for kind in PRINCIPALS:
        found = carry.objects.get(key(kind, "", name))
        if found:
            return found[1]
    return name


def _member(fact: tuple[str, str], carry: Carry) -> tuple[str, str]:
    label, colon, member = fact[0].partition(":")
    return (f"{label}:{_principal(member, carry)}", fact[1]) if colon else fact


def _permission(found: Permission, carry: Carry, column: Callable[[str], str]) -> Permission:
    return found._replace(
        grantee=_principal(found.grantee, carry),
        grantor=_principal(found.grantor, carry) if found.grantor else "",
        columns=tuple(map(column, found.columns)),
    )


def _property(found: Property, column: Callable[[str], str]) -> Property:
    if found.part != "COLUMN":
        return found
    return found._replace(part_name=column(found.part_name))


def _table(table: Table, carry: Carry, schema: str) -> dict[str, Any]:
    column = carry.of(table.key)
    columns = carry.columns.get(table.key, {})
    changed: dict[str, Any] = {
        "columns": tuple(_column(each, carry, columns) for each in table.columns),
        "foreign_keys": tuple(_foreign_key(each, carry, column) for each in table.foreign_keys),
        "triggers": tuple(each._replace(schema=schema) for each in table.triggers),
        "temporal": table.temporal and _temporal(table.temporal, carry, column),
    }
    if columns:
        changed["keys"] = tuple(
            each._replace(columns=_key_columns(each.columns, column)) for each in table.keys
        )
        changed["checks"] = tuple(
            each._replace(expression=_expression(each.expression, columns))
            for each in table.checks
        )
        changed["indexes"] = tuple(_index(each, columns, column) for each in table.indexes)
        changed["statistics"] = tuple(
            each._replace(columns=tuple(map(column, each.columns))) for each in table.statistics
        )
        changed["full_text"] = table.full_text and _full_text(table.full_text, column)
        changed["storage"] = table.storage._replace(column=column(table.storage.column))
    return changed


def _column(found: Column, carry: Carry, columns: Mapping[str, str]) -> Column:
    type_name = found.type
    if type_name is not None and type_name.schema:
        schema, name = carry.object(Kind.USER_DEFINED_TYPE, type_name.schema, type_name.name)
        type_name = TypeName(schema, name, type_name.arguments)
    computed = found.computed
    if computed is not None and columns:
        computed = computed._replace(expression=_expression(computed.expression, columns))
    new = columns.get(fold(found.name), found.name)
    if new == found.name and type_name == found.type and computed == found.computed:
        return found
    return found._replace(name=new, type=type_name, computed=computed)


def _foreign_key(found: ForeignKey, carry: Carry, column: Callable[[str], str]) -> ForeignKey:
    parent = key(Kind.TABLE, found.parent_schema, found.parent)
    schema, name = carry.object(Kind.TABLE, found.parent_schema, found.parent)
    return found._replace(
        columns=tuple(map(column, found.columns)),
        parent_schema=schema,
        parent=name,
        parent_columns=tuple(map(carry.of(parent), found.parent_columns)),
    )


def _temporal(found: Temporal, carry: Carry, column: Callable[[str], str]) -> Temporal:
    schema, name = carry.object(Kind.TABLE, found.history_schema, found.history)
    return found._replace(
        start=column(found.start), end=column(found.end), history_schema=schema, history=name
    )


def _key_columns(
    found: tuple[KeyColumn, ...], column: Callable[[str], str]
) -> tuple[KeyColumn, ...]:
    return tuple(each._replace(name=column(each.name)) for each in found)


def _index(found: Index, columns: Mapping[str, str], column: Callable[[str], str]) -> Index:
    return found._replace(
        columns=_key_columns(found.columns, column),
        included=tuple(map(column, found.included)),
        filter=_expression(found.filter, columns) if found.filter else "",
        storage=found.storage._replace(column=column(found.storage.column)),
    )


def _full_text(found: FullTextIndex, column: Callable[[str], str]) -> FullTextIndex:
    return found._replace(
        columns=tuple(
            each._replace(name=column(each.name), type_column=column(each.type_column))
            for each in found.columns
        )
    )


def _expression(text: str, columns: Mapping[str, str]) -> str:
    """Give an expression with the new names of columns: names that no dot or `(` is beside."""
    script = Script.of("", text)
    parts: list[str] = []
    for place, token in enumerate(script.tokens):
        parts.append(script.skips[place])
        new = columns.get(fold(unquote(token))) if token[:1] not in {"'", '"'} else None
        following = script.tokens[place + 1] if place + 1 < len(script.tokens) else ""
        parts.append(bracket(new) if new and following not in {".", "("} else token)
    return "".join(parts)
