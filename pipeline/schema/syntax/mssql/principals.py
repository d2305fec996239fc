"""Users, roles and application roles, by CREATE and by the procedures of old."""

from pipeline.schema.model.mssql.facts import SET
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import FIXED_ROLES, Kind, bracket
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import (
    bracketed,
    on_off,
    one_of,
    owner,
    quoted,
    still,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import (
    Said,
    Statement,
    change,
    dropper,
    find,
    item,
    when_there,
)

_FIXED_USERS = frozenset({"dbo", "guest", "sys", "information_schema"})
BUILT_IN: dict[Kind, frozenset[str]] = {
    Kind.ROLE: FIXED_ROLES | {"public"},
    Kind.USER: _FIXED_USERS,
    Kind.SCHEMA: FIXED_ROLES | _FIXED_USERS,
}
"""The names, folded, of what exists in every database."""


def is_built_in(kind: Kind, name: str) -> bool:
    """Whether every database has it."""
    return name.lower() in BUILT_IN.get(kind, frozenset())


def need_built_in(builder: Builder, kind: Kind, name: str, cursor: Cursor) -> None:
    """Have a built-in principal or schema in the model, because something hangs on it."""
    if is_built_in(kind, name) and builder.get(kind, "", name) is None:
        spelt = "INFORMATION_SCHEMA" if name.lower() == "information_schema" else name.lower()
        builder.put(Item(kind, "", spelt, built_in=True), cursor)


def put_principal(builder: Builder, made: Item, cursor: Cursor) -> None:
    """Put a user, role or schema; a built-in one is there already, and stays as it is."""
    if is_built_in(made.kind, made.name):
        need_built_in(builder, made.kind, made.name, cursor)
    else:
        builder.put(made, cursor)


def _create_user(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "USER")
    name = cursor.name()
    said: Said = {}
    if cursor.accept("WITHOUT", "LOGIN"):
        said["without_login"] = "ON"
    elif cursor.accept_any("FOR", "FROM"):
        _origin(cursor, name, said)
    if cursor.accept("WITH"):
        _user_options(cursor, name, said)
    put_principal(builder, item(Kind.USER, name, said), cursor)


def _origin(cursor: Cursor, name: str, said: Said) -> None:
    if cursor.accept("LOGIN"):
        said["login"] = login_fact(cursor.name(), name)
    elif cursor.accept("CERTIFICATE"):
        said["from"] = f"CERTIFICATE {bracketed(cursor)}"
    elif cursor.accept("ASYMMETRIC", "KEY"):
        said["from"] = f"ASYMMETRIC KEY {bracketed(cursor)}"
    else:
        cursor.expect("EXTERNAL", "PROVIDER")
        said["from"] = "EXTERNAL PROVIDER"


def login_fact(login: str, user: str) -> str:
    """Give a login as a fact: a user takes the login that is called like it anyway."""
    return "" if login.lower() == user.lower() else bracket(login)


_USER_OPTIONS = frozenset(
    {"DEFAULT_LANGUAGE", "DEFAULT_SCHEMA", "LOGIN", "NAME", "OBJECT_ID", "PASSWORD", "SID", "TYPE"}
)


def _user_options(cursor: Cursor, name: str, said: Said) -> str:
    """Read `DEFAULT_SCHEMA = x, ...`; give the new name that ALTER USER ... WITH NAME says."""
    renamed = ""
    while True:
        if cursor.accept("ALLOW_ENCRYPTED_VALUE_MODIFICATIONS"):
            said["allow_encrypted_value_modifications"] = on_off(cursor)
            if not cursor.accept(","):
                return renamed
            continue
        word = cursor.word
        if word not in _USER_OPTIONS:
            cursor.fail(f"a user has no option {cursor.token}")
        cursor.next()
        cursor.expect("=")
        if word == "DEFAULT_SCHEMA":
            said["default_schema"] = _default_schema(cursor)
        elif word == "DEFAULT_LANGUAGE":
            said["default_language"] = _language(cursor)
        elif word == "PASSWORD":
            cursor.string()
            said["password"] = SET
            if cursor.accept("OLD_PASSWORD", "="):
                cursor.string()
        elif word == "LOGIN":
            said["login"] = login_fact(cursor.name(), name)
        elif word == "NAME":
            renamed = cursor.name()
        elif word == "SID":
            said["sid"] = "0x" + cursor.next()[2:].upper()
        elif word == "OBJECT_ID":
            said["object_id"] = quoted(cursor)
        else:
            one_of(cursor, "E", "X", "S", "U", "G")
        if not cursor.accept(","):
            return renamed


def _default_schema(cursor: Cursor) -> str:
    if cursor.accept("NULL"):
        return "NULL"
    name = cursor.name()
    return "[dbo]" if name.lower() == "dbo" else bracket(name)


def _language(cursor: Cursor) -> str:
    if cursor.accept("NONE"):
        return "NONE"
    return cursor.number() if cursor.token[:1].isdigit() else bracketed(cursor)


def _alter_user(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "USER")
    name = cursor.name()
    cursor.expect("WITH")
    added: Said = {}
    renamed = _user_options(cursor, name, added)
    if is_built_in(Kind.USER, name):
        need_built_in(builder, Kind.USER, name, cursor)
    change(builder, Kind.USER, "", name, lambda said: said.update(added), cursor)
    if renamed:
        rename_principal(builder, Kind.USER, name, renamed, cursor)


def rename_principal(builder: Builder, kind: Kind, old: str, new: str, cursor: Cursor) -> None:
    """Give a principal another name."""

    cursor = still(cursor)
    where = cursor.script.place(cursor.begun)

    def act() -> None:
        found = find(builder, kind, "", old, where)
        builder.rename(found.key, found._replace(name=new))

    when_there(builder, kind, "", old, act, cursor)


def _create_role(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "ROLE")
    name = cursor.name()
    put_principal(builder, item(Kind.ROLE, name, authorization=owner(cursor)), cursor)


def _alter_role(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "ROLE")
    name = cursor.name()
    if cursor.accept("WITH", "NAME", "="):
        rename_principal(builder, Kind.ROLE, name, cursor.name(), cursor)
        return
    verb = one_of(cursor, "ADD", "DROP")
    cursor.expect("MEMBER")
    member(builder, name, cursor.name(), cursor, there=verb == "ADD")


def member(builder: Builder, role: str, name: str, cursor: Cursor, *, there: bool) -> None:
    """Make a principal a member of a role, or no longer one."""
    cursor = still(cursor)

    def edit(said: Said) -> None:
        for found in [each for each in said if each.lower() == f"member:{name}".lower()]:
            del said[found]
        if there:
            said[f"member:{name}"] = "ON"

    def act() -> None:
        need_built_in(builder, Kind.ROLE, role, cursor)
        change(builder, Kind.ROLE, "", role, edit, cursor)

    builder.defer(act, cursor)


def _application_options(cursor: Cursor, said: Said) -> str:
    cursor.expect("WITH")
    renamed = ""
    while True:
        word = one_of(cursor, "DEFAULT_SCHEMA", "NAME", "PASSWORD")
        cursor.expect("=")
        if word == "DEFAULT_SCHEMA":
            said["default_schema"] = _default_schema(cursor)
        elif word == "NAME":
            renamed = cursor.name()
        else:
            cursor.string()
            said["password"] = SET
        if not cursor.accept(","):
            return renamed


def _create_application_role(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "APPLICATION", "ROLE")
    name = cursor.name()
    said: Said = {"application": "ON"}
    _application_options(cursor, said)
    builder.put(item(Kind.ROLE, name, said), cursor)


def _alter_application_role(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "APPLICATION", "ROLE")
    name = cursor.name()
    added: Said = {}
    renamed = _application_options(cursor, added)
    change(builder, Kind.ROLE, "", name, lambda said: said.update(added), cursor)
    if renamed:
        rename_principal(builder, Kind.ROLE, name, renamed, cursor)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "USER"): _create_user,
    ("ALTER", "USER"): _alter_user,
    ("DROP", "USER"): dropper(Kind.USER, "DROP", "USER"),
    ("CREATE", "ROLE"): _create_role,
    ("ALTER", "ROLE"): _alter_role,
    ("DROP", "ROLE"): dropper(Kind.ROLE, "DROP", "ROLE"),
    ("CREATE", "APPLICATION", "ROLE"): _create_application_role,
    ("ALTER", "APPLICATION", "ROLE"): _alter_application_role,
    ("DROP", "APPLICATION", "ROLE"): dropper(Kind.ROLE, "DROP", "APPLICATION", "ROLE"),
}
