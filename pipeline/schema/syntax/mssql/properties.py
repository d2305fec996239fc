"""Extended properties: sp_addextendedproperty and its siblings for update and drop."""

from collections.abc import Callable

from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import Property
from pipeline.schema.syntax.mssql.attached import Properties, edit_properties
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import Call, read_call
from pipeline.schema.syntax.mssql.clauses import still
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement, item
from pipeline.schema.syntax.mssql.principals import need_built_in
from pipeline.schema.syntax.mssql.targets import PRINCIPALS, key_of, missing

_LEVELS = ("level0type", "level0name", "level1type", "level1name", "level2type", "level2name")
_ADD = ("name", "value", *_LEVELS)
_DROP = ("name", *_LEVELS)

_OUTER: dict[str, tuple[Kind, ...]] = {
    "ASSEMBLY": (Kind.ASSEMBLY,),
    "ASYMMETRIC KEY": (Kind.ASYMMETRIC_KEY,),
    "CERTIFICATE": (Kind.CERTIFICATE,),
    "CONTRACT": (Kind.CONTRACT,),
    "EVENT NOTIFICATION": (Kind.EVENT_NOTIFICATION,),
    "FULLTEXT CATALOG": (Kind.FULL_TEXT_CATALOG,),
    "FULLTEXT STOPLIST": (Kind.FULL_TEXT_STOPLIST,),
    "MESSAGE TYPE": (Kind.MESSAGE_TYPE,),
    "PARTITION FUNCTION": (Kind.PARTITION_FUNCTION,),
    "PARTITION SCHEME": (Kind.PARTITION_SCHEME,),
    "REMOTE SERVICE BINDING": (Kind.SERVICE_BINDING,),
    "ROLE": (Kind.ROLE,),
    "ROUTE": (Kind.ROUTE,),
    "SCHEMA": (Kind.SCHEMA,),
    "SEARCH PROPERTY LIST": (Kind.SEARCH_PROPERTY_LIST,),
    "SERVICE": (Kind.SERVICE,),
    "SYMMETRIC KEY": (Kind.SYMMETRIC_KEY,),
    "TRIGGER": (Kind.DDL_TRIGGER,),
    "TYPE": (Kind.USER_DEFINED_TYPE,),
    "USER": PRINCIPALS,
}
_INNER: dict[str, tuple[Kind, ...]] = {
    "AGGREGATE": (Kind.FUNCTION,),
    "DEFAULT": (Kind.DEFAULT,),
    "FUNCTION": (Kind.FUNCTION,),
    "PROCEDURE": (Kind.STORED_PROCEDURE,),
    "QUEUE": (Kind.QUEUE,),
    "RULE": (Kind.RULE,),
    "SECURITY POLICY": (Kind.SECURITY_POLICY,),
    "SEQUENCE": (Kind.SEQUENCE,),
    "SYNONYM": (Kind.SYNONYM,),
    "TABLE": (Kind.TABLE,),
    "TABLE_TYPE": (Kind.USER_DEFINED_TYPE,),
    "TYPE": (Kind.USER_DEFINED_TYPE,),
    "VIEW": (Kind.VIEW,),
    "XML SCHEMA COLLECTION": (Kind.XML_SCHEMA_COLLECTION,),
}
_PARTS = frozenset({"COLUMN", "CONSTRAINT", "INDEX", "PARAMETER", "TRIGGER"})
_NOT_COMPARED = frozenset({"FILEGROUP", "LOGICAL FILE NAME", "PLAN GUIDE"})


def _add(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, _ADD)
    new = Property(call.needed("name"), call.written("value") or "NULL")
    if not call.text("level0type"):
        builder.put(item(Kind.EXTENDED_PROPERTY, new.name, {"value": new.value}), cursor)
        return

    def edit(had: Properties, place: Property) -> Properties:
        if any(_same(each, place) for each in had):
            call.fail(f"there is a property {place.name} already")
        return _sorted((*had, place))

    _edit(call, new, edit, cursor, builder)


def _update(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, _ADD)
    new = Property(call.needed("name"), call.written("value") or "NULL")
    if not call.text("level0type"):
        builder.replace(item(Kind.EXTENDED_PROPERTY, new.name, {"value": new.value}))
        return

    def edit(had: Properties, place: Property) -> Properties:
        if not any(_same(each, place) for each in had):
            call.fail(f"there is no property {place.name}")
        return tuple(place if _same(each, place) else each for each in had)

    _edit(call, new, edit, cursor, builder)


def _drop(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, _DROP)
    gone = Property(call.needed("name"), "")
    if not call.text("level0type"):
        builder.drop(Kind.EXTENDED_PROPERTY, "", gone.name)
        return

    def edit(had: Properties, place: Property) -> Properties:
        return tuple(each for each in had if not _same(each, place))

    _edit(call, gone, edit, cursor, builder)


def _edit(
    call: Call,
    said: Property,
    edit: Callable[[Properties, Property], Properties],
    cursor: Cursor,
    builder: Builder,
) -> None:
    """Find out what the property is said of; edit its properties when all objects are known."""
    outer, inner, part = (call.text(f"level{level}type").upper() for level in (0, 1, 2))
    if _NOT_COMPARED & {outer, inner}:
        what = inner if inner in _NOT_COMPARED else outer
        builder.note(f"{call.where}: the property {said.name} of a {what} is not compared")
        return
    schema, name = "", call.needed("level0name")
    kinds = _OUTER.get(outer, ())
    if inner and outer in {"SCHEMA", "USER"}:
        schema, name = name, call.needed("level1name")
        kinds = _INNER.get(inner, ())
    if part == "EVENT NOTIFICATION":
        kinds, name, part = (Kind.EVENT_NOTIFICATION,), call.needed("level2name"), ""
    if not kinds or (part and part not in _PARTS):
        call.fail(f"a property cannot be said of {' '.join((outer, inner, part)).strip()}")
    place, cursor = said, still(cursor)
    if part:
        place = said._replace(part=part, part_name=call.needed("level2name"))

    def act() -> None:
        for kind in kinds:
            need_built_in(builder, kind, name, cursor)
        target = key_of(builder, kinds, schema, name)
        if target is None:
            raise missing(kinds, schema, name, call.where)
        edit_properties(builder, target, lambda had: edit(had, place))

    builder.defer(act, cursor)


def _same(one: Property, other: Property) -> bool:
    return _place(one) == _place(other)


def _place(each: Property) -> tuple[str, str, str]:
    return each.part, each.part_name.lower(), each.name.lower()


def _sorted(properties: Properties) -> Properties:
    return tuple(sorted(properties, key=_place))


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("EXEC", "SP_ADDEXTENDEDPROPERTY"): _add,
    ("EXEC", "SP_UPDATEEXTENDEDPROPERTY"): _update,
    ("EXEC", "SP_DROPEXTENDEDPROPERTY"): _drop,
}
