"""GRANT, DENY, REVOKE, and extended properties."""

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import TableType
from pipeline.schema.model.mssql.names import Kind, bracket
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.clauses import names
from pipeline.schema.writers.mssql.kinds import WORDS, kind_of, securable
from pipeline.schema.writers.mssql.statement import Statement


def grant(thing: Object, permission: Permission) -> tuple[Statement, ...]:
    """GRANT or DENY."""
    state, _, with_option = permission.state.partition(" WITH ")
    sql = f"{state} {_action(permission)}{_on(thing, permission)} TO {bracket(permission.grantee)}"
    sql += f" WITH {with_option}" if with_option else ""
    return (Statement(sql + _grantor(permission)),)


def revoke(thing: Object, permission: Permission) -> tuple[Statement, ...]:
    """REVOKE, of a DENY too; with CASCADE where the grantee could grant it further."""
    sql = (
        f"REVOKE {_action(permission)}{_on(thing, permission)} FROM {bracket(permission.grantee)}"
    )
    sql += " CASCADE" if "WITH GRANT OPTION" in permission.state else ""
    return (Statement(sql + _grantor(permission)),)


def change(thing: Object, old: Permission, new: Permission) -> tuple[Statement, ...]:
    """A GRANT over a DENY and the other way needs no REVOKE; a lost grant option does."""
    same = old._replace(state=new.state) == new
    weaker = "WITH GRANT OPTION" in old.state
    if same and not weaker:
        return grant(thing, new)
    if same and new.state == "GRANT":
        words = f"REVOKE GRANT OPTION FOR {_action(new)}{_on(thing, new)}"
        return (Statement(f"{words} FROM {bracket(new.grantee)} CASCADE{_grantor(new)}"),)
    return (*revoke(thing, old), *grant(thing, new))


def _action(permission: Permission) -> str:
    columns = f" ({names(permission.columns)})" if permission.columns else ""
    return permission.action + columns


def _on(thing: Object, permission: Permission) -> str:
    """A principal's permission to itself is one of the whole database."""
    itself = permission.grantee.lower() == thing.name.lower()
    if itself and kind_of(thing) in {Kind.USER, Kind.ROLE}:
        return ""
    return f" ON {securable(thing)}"


def _grantor(permission: Permission) -> str:
    return f" AS {bracket(permission.grantor)}" if permission.grantor else ""


def add_property(thing: Object, extended: Property) -> tuple[Statement, ...]:
    """sp_addextendedproperty."""
    path = _path(thing, extended)
    said = f"{quote_string(extended.name)}, {extended.value}{path}"
    return (Statement(f"EXEC sp_addextendedproperty {said}", _property_exists(path, extended)),)


def alter_property(thing: Object, extended: Property) -> tuple[Statement, ...]:
    """sp_updateextendedproperty."""
    path = _path(thing, extended)
    said = f"{quote_string(extended.name)}, {extended.value}{path}"
    there = _property_exists(path, extended)
    return (Statement(f"EXEC sp_updateextendedproperty {said}", there, making=False),)


def drop_property(thing: Object, extended: Property) -> tuple[Statement, ...]:
    """sp_dropextendedproperty."""
    path = _path(thing, extended)
    said = quote_string(extended.name) + path
    there = _property_exists(path, extended)
    return (Statement(f"EXEC sp_dropextendedproperty {said}", there, making=False),)


def _property_exists(path: str, extended: Property) -> str:
    levels = path or ", NULL, NULL"
    missing = (6 - levels.count(", ")) * ", NULL" if path else ", NULL, NULL, NULL, NULL"
    source = f"sys.fn_listextendedproperty({quote_string(extended.name)}{levels}{missing})"
    return f"EXISTS (SELECT 1 FROM {source})"


def _path(thing: Object, extended: Property) -> str:
    """`, N'SCHEMA', N'dbo', N'TABLE', N'T', N'COLUMN', N'c'`; '' for the database itself."""
    kind = kind_of(thing)
    if kind is Kind.EXTENDED_PROPERTY:
        return ""
    level = WORDS[kind].level
    if isinstance(thing, TableType) and extended.part:
        level = "TABLE_TYPE"
    steps = [("SCHEMA", thing.schema)] if thing.schema else []
    steps.append((level, thing.name))
    if extended.part:
        steps.append((extended.part, extended.part_name))
    return "".join(f", N'{word}', {quote_string(name)}" for word, name in steps)
