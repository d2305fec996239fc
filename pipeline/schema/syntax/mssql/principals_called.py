"""The procedures of old for users and roles: sp_addrolemember and its kin."""

from pipeline.schema.model.mssql.facts import SET
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.calls import read_call
from pipeline.schema.syntax.mssql.clauses import owned_by
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Said, Statement, item
from pipeline.schema.syntax.mssql.principals import login_fact, member, put_principal


def _add_role_member(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("rolename", "membername"))
    member(builder, call.needed("rolename"), call.needed("membername"), cursor, there=True)


def _drop_role_member(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("rolename", "membername"))
    member(builder, call.needed("rolename"), call.needed("membername"), cursor, there=False)


def _add_role(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("rolename", "ownername"))
    made = item(Kind.ROLE, call.needed("rolename"), authorization=owned_by(call.text("ownername")))
    put_principal(builder, made, cursor)


def _drop_role(cursor: Cursor, builder: Builder) -> None:
    builder.drop(Kind.ROLE, "", read_call(cursor, ("rolename",)).needed("rolename"))


def _add_application_role(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("rolename", "password", "encrypt"))
    said: Said = {"application": "ON", "password": SET}
    builder.put(item(Kind.ROLE, call.needed("rolename"), said), cursor)


def _add_user(cursor: Cursor, builder: Builder) -> None:
    """Also what sp_adduser does besides: it makes the user a member of a role."""
    call = read_call(cursor, ("loginame", "name_in_db", "grpname"))
    login = call.needed("loginame")
    name = call.text("name_in_db") or login
    said: Said = {"login": login_fact(login, name)}
    put_principal(builder, item(Kind.USER, name, said), cursor)
    if role := call.text("grpname"):
        member(builder, role, name, cursor, there=True)


def _drop_user(cursor: Cursor, builder: Builder) -> None:
    call = read_call(cursor, ("name_in_db",))
    builder.drop(Kind.USER, "", call.needed("name_in_db"))


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("EXEC", "SP_ADDROLEMEMBER"): _add_role_member,
    ("EXEC", "SP_DROPROLEMEMBER"): _drop_role_member,
    ("EXEC", "SP_ADDROLE"): _add_role,
    ("EXEC", "SP_DROPROLE"): _drop_role,
    ("EXEC", "SP_ADDAPPROLE"): _add_application_role,
    ("EXEC", "SP_DROPAPPROLE"): _drop_role,
    ("EXEC", "SP_ADDUSER"): _add_user,
    ("EXEC", "SP_GRANTDBACCESS"): _add_user,
    ("EXEC", "SP_DROPUSER"): _drop_user,
    ("EXEC", "SP_REVOKEDBACCESS"): _drop_user,
}
