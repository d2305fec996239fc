"""Two objects side by side: all that differs, and the object that is to be."""

from typing import Any, NamedTuple

from pipeline.errors import BadSchema
from pipeline.schema.diff.mssql.difference import Difference, is_hidden
from pipeline.schema.diff.mssql.ground import Ground
from pipeline.schema.diff.mssql.hidden import of_object
from pipeline.schema.diff.mssql.weigh_items import weigh_alias, weigh_item, weigh_table_type
from pipeline.schema.diff.mssql.weigh_module import arriving_module, weigh_module
from pipeline.schema.diff.mssql.weigh_security import weigh_permissions, weigh_properties
from pipeline.schema.diff.mssql.weigh_table import arriving_table, weigh_table
from pipeline.schema.diff.mssql.weighing import OBJECT, Weighing
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.tables import Table


class Weighed(NamedTuple):
    """What differs, and the object that is to be: None where there is to be none."""

    goal: Object | None
    differences: tuple[Difference, ...] = ()


def weigh(source: Object, target: Object, ground: Ground) -> Weighed:
    """Put two objects of one kind side by side."""
    if source == target:
        return Weighed(target)
    whole = of_object(source, ground.test_schemas) & of_object(target, ground.test_schemas)
    w = Weighing(source.key, ground, whole)
    goal: Object
    match source, target:
        case Table(), Table():
            goal = weigh_table(w, source, target)
        case Module(), Module():
            goal = weigh_module(w, source, target)
        case Item(), Item():
            goal = weigh_item(w, source, target)
        case TableType(), TableType():
            goal = weigh_table_type(w, source, target)
        case AliasType(), AliasType():
            goal = weigh_alias(w, source, target)
        case _:
            goal = target if w.differ(OBJECT, "kind", _kind(source), _kind(target)) else source
    return Weighed(goal, tuple(w.found))


def _kind(each: Object) -> str:
    match each:
        case TableType():
            return "table type"
        case AliasType():
            return "alias type"
        case Item():
            return "CLR type"
        case _:
            return each.key.kind


def weigh_new(source: Object, ground: Ground) -> Weighed:
    """Give an object that the target has not: hidden, or without what is hidden in it."""
    w = Weighing(source.key, ground, of_object(source, ground.test_schemas))
    if w.differ(OBJECT, "", source.name, ""):
        return Weighed(None, tuple(w.found))
    parts = Weighing(source.key, ground)
    kept: dict[str, Any] = {}
    match source:
        case Unreadable():
            raise BadSchema(f"{source.name} cannot be read: {source.reason}")
        case Table():
            source = arriving_table(parts, source)
        case Module():
            source = arriving_module(parts, source)
        case _:
            pass
    kept["permissions"] = weigh_permissions(parts, source.permissions, ())
    kept["properties"] = weigh_properties(parts, source.properties, ())
    hidden = [each for each in parts.found if is_hidden(each, ground.options)]
    goal = source._replace(**kept)
    return Weighed(goal, (*w.found, *hidden))


def weigh_gone(target: Object, ground: Ground) -> Weighed:
    """Give an object that the source has not: hidden, and then it stays, or to be dropped."""
    w = Weighing(target.key, ground, of_object(target, ground.test_schemas))
    if w.differ(OBJECT, "", "", target.name):
        return Weighed(target, tuple(w.found))
    return Weighed(None, tuple(w.found))
