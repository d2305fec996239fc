"""Items and types of both sides, side by side."""

from typing import Any, TypeVar

from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.diff.mssql.same import (
    TABLE_DEFAULTS,
    option_values,
    same_name,
    same_type,
)
from pipeline.schema.diff.mssql.weigh_columns import weigh_columns
from pipeline.schema.diff.mssql.weigh_parts import Parts
from pipeline.schema.diff.mssql.weigh_security import (
    weigh_facts,
    weigh_permissions,
    weigh_properties,
)
from pipeline.schema.diff.mssql.weighing import OBJECT, Address, Rule, Weighing, plain
from pipeline.schema.diff.mssql.words import type_words
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.shared import Options
from pipeline.schema.model.mssql.tables import Table

S = TypeVar("S", Table, Module, Item, TableType, AliasType)
OWNER = {"authorization": Rule("authorization", same_name)}
ALIAS = {
    "base": Rule("type", same_type, type_words),
    "nullable": Rule("nullability", plain, lambda null: "NULL" if null else "NOT NULL"),
}


def weigh_names(w: Weighing, source: S, target: S) -> dict[str, Any]:
    """Compare schema, name and owner. Gives those that stay the target's."""
    kept: dict[str, Any] = {}
    for field in ("schema", "name"):
        mine, theirs = getattr(source, field), getattr(target, field)
        if fold(mine) != fold(theirs) or w.written(OBJECT, mine, theirs):
            kept[field] = theirs
    return kept | w.fields(OBJECT, source, target, OWNER)


def weigh_around(
    w: Weighing, source: S, target: S, columns: frozenset[str] | None = None
) -> dict[str, Any]:
    """Compare what hangs on objects of any type. Gives what is to be."""
    return {
        "permissions": weigh_permissions(w, source.permissions, target.permissions),
        "properties": weigh_properties(w, source.properties, target.properties, columns),
    }


def weigh_item(w: Weighing, source: Item, target: Item) -> Item:
    """Give the item that is to be."""
    return source._replace(
        **weigh_names(w, source, target),
        facts=weigh_facts(w, Kind(source.kind), source.facts, target.facts),
        **weigh_around(w, source, target),
        built_in=target.built_in,
    )


def weigh_table_type(w: Weighing, source: TableType, target: TableType) -> TableType:
    """Give the table type that is to be: made anew if anything in it differs that counts."""
    columns = weigh_columns(w, source.columns, target.columns)
    parts = Parts(w, frozenset(fold(each.name) for each in columns))
    return source._replace(
        **weigh_names(w, source, target),
        columns=columns,
        keys=parts.keys(source.keys, target.keys),
        checks=parts.checks(source.checks, target.checks),
        indexes=parts.indexes(source.indexes, target.indexes),
        options=weigh_table_options(w, source.options, target.options),
        **weigh_around(w, source, target),
    )


def weigh_table_options(w: Weighing, source: Options, target: Options) -> Options:
    """Give the options of a table that are to be."""
    return w.options(
        OBJECT, source, target, lambda found: option_values(found, TABLE_DEFAULTS), TABLE_DEFAULTS
    )


def weigh_alias(w: Weighing, source: AliasType, target: AliasType) -> AliasType:
    """Give the alias type that is to be."""
    kept: dict[str, Any] = weigh_names(w, source, target) | w.fields(OBJECT, source, target, ALIAS)
    bound = (
        ("bound_default", PartKind.BOUND_DEFAULT),
        ("bound_rule", PartKind.BOUND_RULE),
    )
    for field, kind in bound:
        mine, theirs = getattr(source, field), getattr(target, field)
        presence = "value" if mine and theirs else ""
        if same_name(mine, theirs) or w.differ(Address(kind, source.name), presence, mine, theirs):
            kept[field] = theirs
    return source._replace(**kept, **weigh_around(w, source, target))
