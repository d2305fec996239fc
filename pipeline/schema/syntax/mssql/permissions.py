"""GRANT, DENY and REVOKE."""

from typing import NamedTuple

from pipeline.schema.model.mssql.items import Item, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.shared import Permission
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql.attached import edit_permissions
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import comma_separated, owned_by, still
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.granting import (
    Permissions,
    granted,
    revoked,
    without_option,
)
from pipeline.schema.syntax.mssql.item_changes import Statement
from pipeline.schema.syntax.mssql.principals import is_built_in, need_built_in
from pipeline.schema.syntax.mssql.targets import CLASSES, PRINCIPALS, key_of, missing, read_class

_ROWS = ("DELETE", "INSERT", "REFERENCES", "SELECT", "UPDATE")
_ALL_OF_DATABASE = (
    "BACKUP DATABASE",
    "BACKUP LOG",
    "CREATE DATABASE",
    "CREATE DEFAULT",
    "CREATE FUNCTION",
    "CREATE PROCEDURE",
    "CREATE RULE",
    "CREATE TABLE",
    "CREATE VIEW",
)
_OF_PUBLIC = frozenset(
    {
        "VIEW ANY COLUMN ENCRYPTION KEY DEFINITION",
        "VIEW ANY COLUMN MASTER KEY DEFINITION",
    }
)
"""What public has in a new database."""
_SYSTEM = frozenset({"information_schema", "sys"})


class _Said(NamedTuple):
    """One GRANT, DENY or REVOKE as it was read."""

    state: str
    actions: tuple[tuple[str, tuple[str, ...]], ...]
    words: tuple[str, ...]
    schema: str
    name: str
    grantees: tuple[str, ...]
    grantor: str
    where: str


def _read(cursor: Cursor, builder: Builder) -> None:
    where = cursor.script.place(cursor.position)
    verb = cursor.next().upper()
    only_option = cursor.accept("GRANT", "OPTION", "FOR")
    actions = [_action(cursor)]
    while cursor.accept(","):
        actions.append(_action(cursor))
    words: tuple[str, ...] = ("DATABASE",)
    schema = name = ""
    if cursor.accept("ON"):
        words, schema, name = _securable(cursor, builder)
        if cursor.word == "(":
            columns = cursor.list_of(cursor.name)
            actions = [(action, said or columns) for action, said in actions]
    if not cursor.accept_any("TO", "FROM"):
        cursor.fail(f"expected TO, found {cursor.token or 'the end'}")
    grantees = comma_separated(cursor, cursor.name)
    state = verb
    while True:
        if cursor.accept("WITH", "GRANT", "OPTION"):
            state = "GRANT WITH GRANT OPTION"
        elif not cursor.accept("CASCADE"):
            break
    grantor = owned_by(cursor.name()) if cursor.accept("AS") else ""
    if only_option:
        state = "REVOKE GRANT OPTION FOR"
    said = _Said(state, tuple(actions), words, schema, name, grantees, grantor, where)
    _apply(said, cursor, builder)


def _action(cursor: Cursor) -> tuple[str, tuple[str, ...]]:
    words = []
    while cursor.word not in {",", "(", "ON", "TO", "FROM", ""}:
        words.append(cursor.next().upper())
    if not words:
        cursor.fail(f"expected a permission, found {cursor.token or 'the end'}")
    action = {"EXEC": "EXECUTE", "ALL PRIVILEGES": "ALL"}.get(" ".join(words), " ".join(words))
    action = action.replace("CREATE PROC", "CREATE PROCEDURE") if action[-4:] == "PROC" else action
    return action, cursor.list_of(cursor.name) if cursor.word == "(" else ()


def _securable(cursor: Cursor, builder: Builder) -> tuple[tuple[str, ...], str, str]:
    words = read_class(cursor)
    parts = cursor.parts()
    schema = parts[-2] if len(parts) > 1 else builder.default_schema
    return words, schema, parts[-1]


def _apply(said: _Said, cursor: Cursor, builder: Builder) -> None:
    """Do what was said, when all objects are known."""
    cursor = still(cursor)
    if said.schema.lower() in _SYSTEM and said.words == ("OBJECT",):
        builder.note(
            f"{said.where}: {said.state} on [{said.schema}].[{said.name}], which is the server's, "
            "is not compared"
        )
    elif said.words == ("DATABASE",):
        builder.defer(lambda: _to_database(said, builder, cursor), cursor)
    elif CLASSES[said.words]:
        builder.defer(lambda: _to_object(said, builder, cursor), cursor)
    else:
        what = " ".join(said.words)
        builder.note(f"{said.where}: {said.state} on {what} [{said.name}] is not compared")


def _to_object(said: _Said, builder: Builder, cursor: Cursor) -> None:
    kinds = CLASSES[said.words]
    for kind in kinds:
        need_built_in(builder, kind, said.name, cursor)
    target = key_of(builder, kinds, said.schema, said.name)
    if target is None:
        raise missing(kinds, said.schema, said.name, said.where)
    if said.grantor and said.grantor.lower() == _owner(builder, target).lower():
        said = said._replace(grantor="")
    for action, columns in said.actions:
        for each in _meant(action, target, builder):
            for grantee in said.grantees:
                _change(builder, target, said, _permission(said, each, grantee, columns))


def _owner(builder: Builder, target: Key) -> str:
    """Who owns an object: in whose name anybody grants who says nothing else."""
    found = builder.objects[target]
    said = "" if isinstance(found, Unreadable) else found.authorization
    schema = builder.get(Kind.SCHEMA, "", target.schema) if target.schema and not said else None
    return schema.authorization if isinstance(schema, Item) else said


def _to_database(said: _Said, builder: Builder, cursor: Cursor) -> None:
    """A permission of the whole database hangs on who has it."""
    for grantee in said.grantees:
        actions = [action for action, _ in said.actions]
        if grantee.lower() == "public" and said.state != "DENY":
            actions = _not_of_public(actions, said, builder)
        if not actions:
            continue
        target = _principal(grantee, said, builder, cursor)
        for action in actions:
            for each in _ALL_OF_DATABASE if action == "ALL" else (action,):
                permission = _permission(said, each, grantee, ())
                if not _implied(permission, said.state, target, builder):
                    _change(builder, target, said, permission)


def _not_of_public(actions: list[str], said: _Said, builder: Builder) -> list[str]:
    """Leave out what public has in a new database."""
    for action in _OF_PUBLIC.intersection(actions) if said.state == "REVOKE" else ():
        builder.note(f"{said.where}: REVOKE {action} from public is not compared")
    return [action for action in actions if action not in _OF_PUBLIC]


def _principal(name: str, said: _Said, builder: Builder, cursor: Cursor) -> Key:
    for kind in PRINCIPALS:
        need_built_in(builder, kind, name, cursor)
    found = key_of(builder, PRINCIPALS, "", name)
    if found is None:
        builder.note(f"{said.where}: no script creates the user or role [{name}]")
        builder.put(Item(Kind.USER, "", name, built_in=True), cursor)
    return found or key(Kind.USER, "", name)


def _implied(permission: Permission, verb: str, target: Key, builder: Builder) -> bool:
    """Whether it is the CONNECT that CREATE USER gives by itself; REVOKE of it is a fact."""
    found = builder.get(Kind.USER, "", target.name)
    if permission.action != "CONNECT" or not isinstance(found, Item) or found.built_in:
        return False
    if verb == "DENY":
        return False
    left = tuple(each for each in found.facts if each[0] != "connect")
    connect = (("connect", "OFF"),) if verb == "REVOKE" else ()
    kept = revoked(found.permissions, permission)
    builder.replace(found._replace(facts=tuple(sorted((*left, *connect))), permissions=kept))
    return verb == "REVOKE" or permission.state == "GRANT"


def _permission(said: _Said, action: str, grantee: str, columns: tuple[str, ...]) -> Permission:
    lower = grantee.lower()
    built_in = any(is_built_in(kind, grantee) for kind in PRINCIPALS)
    return Permission(said.state, action, lower if built_in else grantee, columns, said.grantor)


def _change(builder: Builder, target: Key, said: _Said, permission: Permission) -> None:
    def edit(had: Permissions) -> Permissions:
        if said.state == "REVOKE":
            return revoked(had, permission)
        if said.state == "REVOKE GRANT OPTION FOR":
            return without_option(had, permission)
        return granted(had, permission)

    edit_permissions(builder, target, edit)


def _meant(action: str, target: Key, builder: Builder) -> tuple[str, ...]:
    """Give what ALL means for an object."""
    if action != "ALL":
        return (action,)
    kind = Kind(target.kind)
    if kind is Kind.STORED_PROCEDURE:
        return ("EXECUTE",)
    found = builder.get(kind, target.schema, target.name)
    if kind is Kind.FUNCTION and isinstance(found, Module) and found.form == "SCALAR":
        return ("EXECUTE", "REFERENCES")
    return ("EXECUTE", "REFERENCES") if kind is Kind.USER_DEFINED_TYPE else _ROWS


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("GRANT",): _read,
    ("DENY",): _read,
    ("REVOKE",): _read,
}
