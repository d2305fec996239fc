"""What each part needs: the graph that the order of all changes is taken from."""

import re
from collections.abc import Iterator

from pipeline.schema.diff.mssql.item_needs import item_needs
from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.parts import Piece, object_part, principals
from pipeline.schema.diff.mssql.state import Need, State, Tie
from pipeline.schema.diff.mssql.table_needs import column_needs, part_needs, table_needs
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.model.mssql.tables import Column, Table, Trigger
from pipeline.schema.normalise.mssql.modules import mentions, parameters, references

_EXECUTE_AS = re.compile(r"(?i)\bEXEC(?:UTE)?\s+AS\s+N?'([^']+)'")
_ASSEMBLY = re.compile(r"(?i)\bEXTERNAL\s+NAME\s+(?:\[([^\]]+)\]|(\w+))")
_TYPE = re.compile(r"\[([^\]]+)\]\.\[([^\]]+)\]")


def needs(piece: Piece, state: State) -> tuple[Need, ...]:
    """Give what a part needs, in the state that it is in; what is not there does no harm."""
    strongest: dict[Part, Tie] = {}
    for need in _needs(piece, state):
        if need.part != piece.part and strongest.get(need.part, -1) < need.tie:
            strongest[need.part] = need.tie
    return tuple(Need(part, tie) for part, tie in strongest.items())


def _needs(piece: Piece, state: State) -> Iterator[Need]:
    part, owner = piece.part, state.objects[piece.part.key]
    if part.kind is PartKind.OBJECT:
        yield from _object_needs(owner, state)
        return
    yield Need(object_part(part.key), Tie.HOLDING)
    match piece.value:
        case Permission() as permission:
            yield from _permission_needs(part, permission)
        case Property():
            yield from (Need(each, Tie.HOLDING) for each in piece.within)
        case Trigger() as trigger:
            yield from _trigger_needs(trigger, state)
        case Column() as column if isinstance(owner, Table):
            yield from column_needs(column, owner, state)
        case str() if part.kind is PartKind.MEMBER:
            yield from (Need(each, Tie.HOLDING) for each in principals(part.name))
        case _:
            yield from part_needs(piece, owner, state)


def _object_needs(owner: Object, state: State) -> Iterator[Need]:
    if owner.schema:
        yield Need(object_part(key(Kind.SCHEMA, "", owner.schema)), Tie.HOLDING)
    if isinstance(owner, Unreadable):
        return
    if owner.authorization:
        yield from (Need(each, Tie.HOLDING) for each in principals(owner.authorization))
    match owner:
        case Table():
            yield from table_needs(owner)
        case Module():
            yield from module_needs(owner, state)
        case TableType():
            for column in owner.columns:
                yield from column_needs(column, owner, state)
            for check in owner.checks:
                yield from expression_objects(check.expression, owner.schema, state)
        case Item():
            yield from item_needs(owner, state)
        case AliasType():
            pass


def expression_objects(text: str, home: str, state: State) -> Iterator[Need]:
    """Give the functions and sequences that an expression calls."""
    for each in state.objects_named(references(text), home):
        yield Need(each, Tie.HOLDING)


def _permission_needs(part: Part, permission: Permission) -> Iterator[Need]:
    for column in permission.columns:
        yield Need(Part(part.key, PartKind.COLUMN, fold(column)), Tie.HOLDING)
    for name in (permission.grantee, permission.grantor):
        if name:
            yield from (Need(each, Tie.HOLDING) for each in principals(name))


def _trigger_needs(trigger: Trigger, state: State) -> Iterator[Need]:
    read = state.objects_named(references(trigger.definition), trigger.schema)
    yield from (Need(each, Tie.WISH) for each in read)
    yield from _columns_read(trigger.definition, read, Tie.MAKING, state)


def module_needs(module: Module, state: State) -> Iterator[Need]:
    """Give what a module reads, and how much it needs it.

    Names in procedures and in functions of several statements are looked up when they run, but
    the columns of tables that are there already have to be there too.
    """
    text = module.definition
    bound = module.schema_bound
    at_once = module.kind is Kind.VIEW or module.form == "INLINE"
    tie = Tie.HOLDING if bound else Tie.MAKING if at_once else Tie.WISH
    read = state.objects_named(references(text), module.schema or "dbo")
    own = object_part(module.key)
    read = tuple(each for each in read if each != own)
    yield from (Need(each, tie) for each in read)
    columns = Tie.HOLDING if bound else Tie.MAKING
    yield from _columns_read(text, read, columns, state)
    yield from _parameter_types(module, state)
    for name in _EXECUTE_AS.findall(text):
        yield from (Need(each, Tie.HOLDING) for each in principals(name))
    if module.form == "CLR" or "EXTERNAL" in text.upper():
        for bracketed, plain in _ASSEMBLY.findall(text):
            assembly = key(Kind.ASSEMBLY, "", bracketed or plain)
            yield Need(object_part(assembly), Tie.HOLDING)


def _columns_read(text: str, read: tuple[Part, ...], tie: Tie, state: State) -> Iterator[Need]:
    words = mentions(text)
    for each in read:
        if each.key.kind == Kind.TABLE:
            for piece in state.pieces(each.key):
                if piece.part.kind is PartKind.COLUMN and state.column_named(piece.part) in words:
                    yield Need(piece.part, tie)


def _parameter_types(module: Module, state: State) -> Iterator[Need]:
    if module.kind not in {Kind.FUNCTION, Kind.STORED_PROCEDURE}:
        return
    for parameter in parameters(module.definition):
        found = _TYPE.fullmatch(parameter.type)
        if found:
            for each in state.objects_named([(fold(found[1]), fold(found[2]))]):
                yield Need(each, Tie.HOLDING)
