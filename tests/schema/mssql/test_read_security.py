"""Principals, schemas, owners and permissions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, bracket
from pipeline.schema.model.mssql.shared import Permission
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql.granting import granted, revoked
from tests.schema.mssql.reading import database, item, objects, one

USERS = "CREATE USER a; CREATE USER b; CREATE ROLE r\nGO\n"
TABLE = "CREATE TABLE t (x int, y int)\nGO\n"


def permissions(kind: Kind, name: str, *scripts: str, schema: str = "") -> list[Permission]:
    found = one(kind, name, *scripts, schema=schema)
    assert isinstance(found, Item | Table | Module)
    return list(found.permissions)


def on_table(*scripts: str) -> list[Permission]:
    return permissions(Kind.TABLE, "t", TABLE, *scripts, schema="dbo")


# (what is read, the statements, the permissions on the table)
ON_TABLE: list[tuple[str, str, list[Permission]]] = [
    (
        "each action and each grantee is a permission of its own",
        "GRANT SELECT, INSERT ON t TO b, [A x]",
        [
            Permission("GRANT", "INSERT", "A x"),
            Permission("GRANT", "INSERT", "b"),
            Permission("GRANT", "SELECT", "A x"),
            Permission("GRANT", "SELECT", "b"),
        ],
    ),
    (
        "columns may stand behind the action or the object",
        "GRANT SELECT (y) ON t TO b; GRANT UPDATE ON OBJECT::dbo.t (x) TO b",
        [Permission("GRANT", "SELECT", "b", ("y",)), Permission("GRANT", "UPDATE", "b", ("x",))],
    ),
    (
        "columns that are granted one by one are one permission",
        "GRANT SELECT ON t (y) TO b; GRANT SELECT ON t (x, Y) TO B",
        [Permission("GRANT", "SELECT", "B", ("x", "Y"))],
    ),
    (
        "a column that is denied is no longer granted",
        "GRANT SELECT ON t (x, y) TO b; DENY SELECT ON t (y) TO b",
        [Permission("GRANT", "SELECT", "b", ("x",)), Permission("DENY", "SELECT", "b", ("y",))],
    ),
    (
        "ALL of a table is five permissions",
        "GRANT ALL PRIVILEGES ON t TO public",
        [
            Permission("GRANT", "DELETE", "public"),
            Permission("GRANT", "INSERT", "public"),
            Permission("GRANT", "REFERENCES", "public"),
            Permission("GRANT", "SELECT", "public"),
            Permission("GRANT", "UPDATE", "public"),
        ],
    ),
    (
        "who may grant on is kept, and by whom",
        "GRANT VIEW DEFINITION ON t TO b WITH GRANT OPTION AS [r]; GRANT DELETE ON t TO b AS DBO",
        [
            Permission("GRANT", "DELETE", "b"),
            Permission("GRANT WITH GRANT OPTION", "VIEW DEFINITION", "b", (), "r"),
        ],
    ),
    (
        "DENY takes the place of GRANT",
        "GRANT SELECT ON t TO b; DENY SELECT ON t TO B CASCADE",
        [Permission("DENY", "SELECT", "B")],
    ),
    (
        "REVOKE takes a permission away",
        "GRANT SELECT, INSERT ON t TO b, a; REVOKE INSERT ON t FROM b; REVOKE SELECT ON t TO a",
        [Permission("GRANT", "INSERT", "a"), Permission("GRANT", "SELECT", "b")],
    ),
    (
        "REVOKE of a column leaves the others",
        "GRANT SELECT ON t (x, y) TO b; REVOKE SELECT ON t (X) FROM b",
        [Permission("GRANT", "SELECT", "b", ("y",))],
    ),
    (
        "REVOKE GRANT OPTION FOR leaves the grant",
        "GRANT SELECT ON t TO b WITH GRANT OPTION; REVOKE GRANT OPTION FOR SELECT ON t FROM b "
        "CASCADE",
        [Permission("GRANT", "SELECT", "b")],
    ),
]


@pytest.mark.parametrize(("script", "wanted"), [pytest.param(*e[1:], id=e[0]) for e in ON_TABLE])
def test_permissions_hang_on_a_table(script: str, wanted: list[Permission]) -> None:
    assert on_table(script) == wanted


def test_a_permission_may_be_read_before_its_table() -> None:
    grant = "GRANT SELECT ON dbo.t TO b"

    assert permissions(Kind.TABLE, "t", grant, TABLE, schema="dbo") == [
        Permission("GRANT", "SELECT", "b")
    ]


# (the words before the name, a script that makes what is granted on, its kind)
SECURABLES = [
    ("OBJECT::s.x", "CREATE SEQUENCE s.x", Kind.SEQUENCE),
    ("s.x", "CREATE SYNONYM s.x FOR y", Kind.SYNONYM),
    ("s.x", "CREATE QUEUE s.x", Kind.QUEUE),
    ("s.x", "CREATE PROC s.x AS SELECT 1", Kind.STORED_PROCEDURE),
    ("s.x", "CREATE FUNCTION s.x () RETURNS TABLE AS RETURN SELECT 1 AS a", Kind.FUNCTION),
    ("s.x", "CREATE VIEW s.x AS SELECT 1 AS a", Kind.VIEW),
    (
        "XML SCHEMA COLLECTION::s.x",
        "CREATE XML SCHEMA COLLECTION s.x AS ''",
        Kind.XML_SCHEMA_COLLECTION,
    ),
    ("SCHEMA::x", "CREATE SCHEMA x", Kind.SCHEMA),
    ("ROLE::x", "CREATE ROLE x", Kind.ROLE),
    ("APPLICATION ROLE::x", "CREATE APPLICATION ROLE x WITH PASSWORD = ''", Kind.ROLE),
    ("USER::x", "CREATE USER x", Kind.USER),
    ("ASSEMBLY::x", "CREATE ASSEMBLY x FROM 0x", Kind.ASSEMBLY),
    ("ASYMMETRIC KEY::x", "CREATE ASYMMETRIC KEY x FROM FILE = ''", Kind.ASYMMETRIC_KEY),
    ("SYMMETRIC KEY::x", "CREATE SYMMETRIC KEY x WITH ALGORITHM = DES", Kind.SYMMETRIC_KEY),
    ("CERTIFICATE::x", "CREATE CERTIFICATE x WITH SUBJECT = ''", Kind.CERTIFICATE),
    ("CONTRACT::x", "CREATE CONTRACT x (m SENT BY ANY)", Kind.CONTRACT),
    ("MESSAGE TYPE::x", "CREATE MESSAGE TYPE x", Kind.MESSAGE_TYPE),
    ("SERVICE::x", "CREATE SERVICE x ON QUEUE q", Kind.SERVICE),
    ("ROUTE::x", "CREATE ROUTE x WITH ADDRESS = ''", Kind.ROUTE),
    (
        "REMOTE SERVICE BINDING::x",
        "CREATE REMOTE SERVICE BINDING x TO SERVICE '' WITH USER = u",
        Kind.SERVICE_BINDING,
    ),
    ("FULLTEXT CATALOG::x", "CREATE FULLTEXT CATALOG x", Kind.FULL_TEXT_CATALOG),
    ("FULLTEXT STOPLIST::x", "CREATE FULLTEXT STOPLIST x", Kind.FULL_TEXT_STOPLIST),
    ("SEARCH PROPERTY LIST::x", "CREATE SEARCH PROPERTY LIST x", Kind.SEARCH_PROPERTY_LIST),
]


@pytest.mark.parametrize(("said", "create", "kind"), SECURABLES)
def test_a_permission_hangs_on_any_securable(said: str, create: str, kind: Kind) -> None:
    (found,) = objects(create, f"GRANT CONTROL ON {said} TO b")

    assert found.kind is kind if isinstance(found, Item | Module) else False
    assert isinstance(found, Item | Module)
    assert found.permissions == (Permission("GRANT", "CONTROL", "b"),)


def test_all_of_a_procedure_is_execute_and_of_a_scalar_function_two() -> None:
    scripts = (
        "CREATE PROC p AS SELECT 1",
        "CREATE FUNCTION f () RETURNS int AS BEGIN RETURN 1 END",
        "GRANT ALL ON p TO b; GRANT ALL ON f TO b; GRANT EXEC ON p TO a",
    )

    assert permissions(Kind.STORED_PROCEDURE, "p", *scripts, schema="dbo") == [
        Permission("GRANT", "EXECUTE", "a"),
        Permission("GRANT", "EXECUTE", "b"),
    ]
    assert permissions(Kind.FUNCTION, "f", *scripts, schema="dbo") == [
        Permission("GRANT", "EXECUTE", "b"),
        Permission("GRANT", "REFERENCES", "b"),
    ]


def test_a_permission_of_the_database_hangs_on_who_has_it() -> None:
    script = (
        USERS + "GRANT CREATE TABLE, VIEW DEFINITION TO r, a; DENY BACKUP LOG ON DATABASE::d TO r"
    )

    assert permissions(Kind.ROLE, "r", script) == [
        Permission("DENY", "BACKUP LOG", "r"),
        Permission("GRANT", "CREATE TABLE", "r"),
        Permission("GRANT", "VIEW DEFINITION", "r"),
    ]
    assert permissions(Kind.USER, "b", script) == []


def test_connect_is_said_only_where_it_is_not_as_create_user_leaves_it() -> None:
    assert objects(
        "GRANT CONNECT TO a; REVOKE CONNECT FROM b; DENY CONNECT TO c; GRANT CONNECT TO guest",
        "CREATE USER a; CREATE USER b; CREATE USER c",
    ) == [
        item(Kind.USER, "a"),
        item(Kind.USER, "b", connect="OFF"),
        Item(Kind.USER, "", "c", permissions=(Permission("DENY", "CONNECT", "c"),)),
        Item(
            Kind.USER,
            "",
            "guest",
            built_in=True,
            permissions=(Permission("GRANT", "CONNECT", "guest"),),
        ),
    ]


def test_what_every_database_has_appears_when_something_hangs_on_it() -> None:
    assert objects(
        "CREATE USER u; ALTER ROLE db_owner ADD MEMBER u; GRANT SELECT ON SCHEMA::DBO TO Public; "
        "GRANT CREATE VIEW TO public"
    ) == [
        Item(Kind.ROLE, "", "db_owner", (("member:u", "ON"),), built_in=True),
        Item(
            Kind.ROLE,
            "",
            "public",
            built_in=True,
            permissions=(Permission("GRANT", "CREATE VIEW", "public"),),
        ),
        Item(
            Kind.SCHEMA,
            "",
            "dbo",
            built_in=True,
            permissions=(Permission("GRANT", "SELECT", "public"),),
        ),
        Item(Kind.USER, "", "u"),
    ]


def test_whoever_owns_a_thing_grants_on_it_anyway() -> None:
    script = (
        "CREATE SCHEMA s AUTHORIZATION bob\nGO\nCREATE SEQUENCE s.q; CREATE SEQUENCE s.r; ALTER "
        "AUTHORIZATION ON s.r TO ann; GRANT UPDATE ON s.q TO x AS Bob; GRANT UPDATE ON s.r TO x "
        "AS "
        "ann; GRANT CONTROL ON s.r TO x AS bob"
    )

    assert permissions(Kind.SEQUENCE, "q", script, schema="s") == [
        Permission("GRANT", "UPDATE", "x")
    ]
    assert permissions(Kind.SEQUENCE, "r", script, schema="s") == [
        Permission("GRANT", "CONTROL", "x", (), "bob"),
        Permission("GRANT", "UPDATE", "x"),
    ]


def test_what_public_has_in_a_new_database_is_left_out() -> None:
    found = database(
        "GRANT VIEW ANY COLUMN MASTER KEY DEFINITION TO PUBLIC; GRANT VIEW ANY COLUMN "
        "ENCRYPTION KEY "
        "DEFINITION TO public"
    )

    assert found.objects == {}
    assert found.notes == ()


def test_a_principal_that_no_script_makes_is_told_of() -> None:
    found = database("GRANT CREATE VIEW TO stranger")

    assert list(found.objects.values()) == [
        Item(
            Kind.USER,
            "",
            "stranger",
            built_in=True,
            permissions=(Permission("GRANT", "CREATE VIEW", "stranger"),),
        )
    ]
    assert found.notes == ("1.sql:1:1: no script creates the user or role [stranger]",)


def test_permissions_of_the_server_and_on_the_servers_own_objects_are_told_of() -> None:
    found = database("GRANT CONTROL ON LOGIN::x TO y; GRANT SELECT ON sys.objects TO public")

    assert found.objects == {}
    assert found.notes == (
        "1.sql:1:1: GRANT on LOGIN [x] is not compared",
        "1.sql:1:33: GRANT on [sys].[objects], which is the server's, is not compared",
    )


def test_a_permission_on_nothing_is_refused() -> None:
    with pytest.raises(BadSchema) as caught:
        database("PRINT 1; GRANT SELECT ON s.nothing TO b")

    assert caught.value.lines() == (
        "1.sql:1:10: there is no object [s].[nothing]",
        "  -> add the script that creates it, or take this statement out",
    )


def test_members_come_and_go_by_statement_and_by_procedure() -> None:
    scripts = (
        "ALTER ROLE r ADD MEMBER a; ALTER ROLE r ADD MEMBER [b c]",
        "CREATE ROLE r",
        "EXEC sp_addrolemember 'r', N'd'; EXECUTE sys.sp_addrolemember @membername = e, "
        "@rolename = r",
        "ALTER ROLE r DROP MEMBER A; EXEC sp_droprolemember r, d",
    )

    assert objects(*scripts) == [
        Item(Kind.ROLE, "", "r", (("member:b c", "ON"), ("member:e", "ON")))
    ]


def test_users_and_roles_of_old_are_read() -> None:
    script = (
        "EXEC sp_addrole 'r', 'bob'; EXEC sp_grantdbaccess N'dom\\u', 'u'; EXEC sp_adduser 'v', "
        "'v', "
        "'r'; EXEC sp_addapprole 'p', 'hidden'; EXEC sp_addrole q; EXEC sp_droprole 'q'; EXEC "
        "sp_revokedbaccess 'w'"
    )

    assert objects(script) == [
        item(Kind.ROLE, "p", application="ON", password="set"),
        Item(Kind.ROLE, "", "r", (("member:v", "ON"),), authorization="bob"),
        item(Kind.USER, "u", login="[dom\\u]"),
        item(Kind.USER, "v"),
    ]


def test_a_schema_has_what_is_created_with_it() -> None:
    script = (
        "CREATE SCHEMA s AUTHORIZATION bob\nCREATE TABLE t (a int)\nGRANT SELECT ON t TO public\n"
        "DENY SELECT ON s.t TO x\nGO\nCREATE TABLE u (a int)"
    )
    found = database(script)

    assert [tuple(key) for key in found.objects] == [
        ("Schema", "", "s"),
        ("Table", "dbo", "u"),
        ("Table", "s", "t"),
    ]
    assert permissions(Kind.TABLE, "t", script, schema="s") == [
        Permission("GRANT", "SELECT", "public"),
        Permission("DENY", "SELECT", "x"),
    ]


def test_an_object_is_transferred_and_its_permissions_go() -> None:
    script = "CREATE SEQUENCE q; GRANT UPDATE ON q TO b; ALTER SCHEMA s TRANSFER OBJECT::dbo.q"
    move = "CREATE XML SCHEMA COLLECTION c AS ''; ALTER SCHEMA s TRANSFER XML SCHEMA COLLECTION::c"

    with pytest.raises(BadSchema, match=r"there is no object \[dbo\]\.\[q\]"):
        database(script)
    assert objects(script.replace("GRANT UPDATE ON q", "GRANT UPDATE ON s.q"), move) == [
        Item(Kind.SEQUENCE, "s", "q", permissions=(Permission("GRANT", "UPDATE", "b"),)),
        item(Kind.XML_SCHEMA_COLLECTION, "c", "s"),
    ]


def test_owners_are_kept_but_for_dbo() -> None:
    script = (
        "ALTER AUTHORIZATION ON OBJECT::dbo.q TO bob; ALTER AUTHORIZATION ON SCHEMA::s TO dbo; "
        "ALTER AUTHORIZATION ON p TO SCHEMA OWNER; ALTER AUTHORIZATION ON DATABASE::d TO sa; "
        "CREATE SEQUENCE q; CREATE SEQUENCE p; CREATE ROLE r; ALTER AUTHORIZATION ON ROLE::r TO x"
    )
    schema = "CREATE SCHEMA s AUTHORIZATION bob"
    found = database(script, schema)

    assert list(found.objects.values()) == [
        item(Kind.ROLE, "r", authorization="x"),
        item(Kind.SCHEMA, "s"),
        item(Kind.SEQUENCE, "p", "dbo"),
        item(Kind.SEQUENCE, "q", "dbo", authorization="bob"),
    ]
    assert found.notes == ("1.sql:1:129: who owns DATABASE [d] is not compared",)


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(NAMES, NAMES)
def test_any_name_of_a_user_and_of_a_column_survives(user: str, column: str) -> None:
    (found,) = objects(
        f"CREATE SYNONYM x FOR y; GRANT SELECT ON x ({bracket(column)}) TO {bracket(user)}"
    )

    assert isinstance(found, Item)
    (permission,) = found.permissions
    assert permission.grantee.lower() == user.lower()
    assert permission.columns == (column,)


ACTIONS = st.builds(
    Permission,
    st.sampled_from(["GRANT", "DENY", "GRANT WITH GRANT OPTION"]),
    st.sampled_from(["SELECT", "UPDATE"]),
    st.sampled_from(["a", "b"]),
    st.sampled_from([(), ("x",), ("x", "y")]),
)


@given(st.lists(ACTIONS), ACTIONS)
def test_what_is_said_last_holds(before: list[Permission], last: Permission) -> None:
    had: tuple[Permission, ...] = ()
    for each in before:
        had = granted(had, each)
    after = granted(had, last)

    same = [each for each in after if (each.action, each.grantee) == (last.action, last.grantee)]
    if last.columns:
        said = {column: each.state for each in same for column in each.columns}
        assert {said[column] for column in last.columns} == {last.state}
    else:
        assert [each.state for each in same if not each.columns] == [last.state]
    assert granted(after, last) == after
    assert len({each[1:] for each in after}) == len(after)
    gone = revoked(after, last)
    assert all(not set(each.columns) & set(last.columns) or each not in same for each in gone)
