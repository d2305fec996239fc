"""Each kind of object that is nothing but facts, as it is read from each of its statements."""

import pytest

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.facts import FACTS, facts, listed
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind
from tests.schema.mssql.reading import database, item, objects

# (what is read, the script, the object that it gives)
CASES: list[tuple[str, str, Item]] = [
    (
        "an assembly's bits are kept in upper case, and defaults are left out",
        "CREATE ASSEMBLY [a] AUTHORIZATION bob FROM 0x4d5a WITH PERMISSION_SET = SAFE",
        item(Kind.ASSEMBLY, "a", authorization="bob", bits="0x4D5A"),
    ),
    (
        "an assembly's bits go on after a backslash, and files are added to it",
        "CREATE ASSEMBLY a FROM 0x4D5A\\\n90ab WITH PERMISSION_SET = UNSAFE\nGO\n"
        "ALTER ASSEMBLY a WITH VISIBILITY = OFF ADD FILE FROM 0x01 AS N'a.pdb', 'c:\\x\\b.txt'",
        Item(
            Kind.ASSEMBLY,
            "",
            "a",
            (
                ("bits", "0x4D5A90AB"),
                ("file:a.pdb", "0x01"),
                ("file:b.txt", r"N'c:\x\b.txt'"),
                ("permission_set", "UNSAFE"),
                ("visible", "OFF"),
            ),
        ),
    ),
    (
        "files of an assembly are dropped",
        "CREATE ASSEMBLY a FROM N'c:\\a.dll', N'c:\\b.dll'; ALTER ASSEMBLY a ADD FILE FROM 0x01 "
        "AS "
        "'x'; ALTER ASSEMBLY a DROP FILE ALL;",
        item(Kind.ASSEMBLY, "a", bits=r"N'c:\a.dll', N'c:\b.dll'"),
    ),
    (
        "an asymmetric key keeps how it was made, not its password",
        "CREATE ASYMMETRIC KEY k WITH ALGORITHM = RSA_2048 ENCRYPTION BY PASSWORD = 'hidden'",
        item(Kind.ASYMMETRIC_KEY, "k", algorithm="RSA_2048", encryption="PASSWORD"),
    ),
    (
        "an asymmetric key may come from a file",
        "CREATE ASYMMETRIC KEY k AUTHORIZATION bob FROM FILE = 'k.snk'",
        item(Kind.ASYMMETRIC_KEY, "k", authorization="bob", _from="FILE = N'k.snk'"),
    ),
    (
        "an asymmetric key may come from a provider",
        "CREATE ASYMMETRIC KEY k FROM PROVIDER p WITH PROVIDER_KEY_NAME = 'n', "
        "CREATION_DISPOSITION = OPEN_EXISTING",
        item(
            Kind.ASYMMETRIC_KEY,
            "k",
            _from="PROVIDER [p]",
            provider_key_name="N'n'",
            creation_disposition="OPEN_EXISTING",
        ),
    ),
    (
        "an asymmetric key may lose its private half",
        "CREATE ASYMMETRIC KEY k FROM ASSEMBLY a; ALTER ASYMMETRIC KEY k REMOVE PRIVATE KEY",
        item(Kind.ASYMMETRIC_KEY, "k", _from="ASSEMBLY [a]", private_key="NONE"),
    ),
    (
        "a certificate keeps its subject and dates, not its password",
        "CREATE CERTIFICATE c ENCRYPTION BY PASSWORD = 'hidden' WITH SUBJECT = 's', START_DATE = "
        "'20200101', EXPIRY_DATE = '20300101' ACTIVE FOR BEGIN_DIALOG = OFF",
        item(
            Kind.CERTIFICATE,
            "c",
            active_for_begin_dialog="OFF",
            encryption="PASSWORD",
            expiry_date="N'20300101'",
            start_date="N'20200101'",
            subject="N's'",
        ),
    ),
    (
        "a certificate may come from files",
        "CREATE CERTIFICATE c FROM FILE = 'c.cer' WITH PRIVATE KEY (FILE = 'c.pvk', DECRYPTION BY "
        "PASSWORD = 'hidden', ENCRYPTION BY PASSWORD = 'hidden')",
        item(
            Kind.CERTIFICATE,
            "c",
            _from="FILE = N'c.cer'",
            private_key="FILE = N'c.pvk'",
            encryption="PASSWORD",
        ),
    ),
    (
        "a certificate may be written out; its private key is a secret",
        "CREATE CERTIFICATE c FROM BINARY = 0xab WITH PRIVATE KEY (BINARY = 0xcd, DECRYPTION BY "
        "PASSWORD = 'hidden')",
        item(Kind.CERTIFICATE, "c", _from="BINARY = 0xAB", private_key="set"),
    ),
    (
        "a contract says who sends which message",
        "CREATE CONTRACT [//c] AUTHORIZATION dbo ([//a] SENT BY INITIATOR, b SENT BY TARGET, "
        "[DEFAULT] SENT BY ANY)",
        Item(
            Kind.CONTRACT,
            "",
            "//c",
            (("message://a", "INITIATOR"), ("message:DEFAULT", "ANY"), ("message:b", "TARGET")),
        ),
    ),
    (
        "an event notification on the database has its events sorted",
        "CREATE EVENT NOTIFICATION e ON DATABASE WITH FAN_IN FOR DROP_TABLE, ALTER_TABLE TO "
        "SERVICE 's', 'current database'",
        item(
            Kind.EVENT_NOTIFICATION,
            "e",
            fan_in="ON",
            events="ALTER_TABLE, DROP_TABLE",
            service="N's'",
            broker="N'current database'",
        ),
    ),
    (
        "an event notification on a queue names it",
        "CREATE EVENT NOTIFICATION e ON QUEUE q FOR QUEUE_ACTIVATION TO SERVICE 's', 'b'",
        item(
            Kind.EVENT_NOTIFICATION,
            "e",
            on="QUEUE [dbo].[q]",
            events="QUEUE_ACTIVATION",
            service="N's'",
            broker="N'b'",
        ),
    ),
    (
        "a property of the database is an object of its own",
        "EXEC sp_addextendedproperty 'About', N'a shop'",
        item(Kind.EXTENDED_PROPERTY, "About", value="N'a shop'"),
    ),
    (
        "a full-text catalog is read with all it can say",
        "CREATE FULLTEXT CATALOG c ON FILEGROUP f IN PATH 'p' WITH ACCENT_SENSITIVITY = OFF AS "
        "DEFAULT AUTHORIZATION bob",
        item(
            Kind.FULL_TEXT_CATALOG,
            "c",
            authorization="bob",
            accent_sensitivity="OFF",
            default="ON",
            filegroup="[f]",
            path="N'p'",
        ),
    ),
    (
        "a full-text catalog that is rebuilt may change its sensitivity",
        "CREATE FULLTEXT CATALOG c WITH ACCENT_SENSITIVITY = OFF; ALTER FULLTEXT CATALOG c "
        "REBUILD "
        "WITH ACCENT_SENSITIVITY = ON; ALTER FULLTEXT CATALOG c AS DEFAULT",
        item(Kind.FULL_TEXT_CATALOG, "c", default="ON"),
    ),
    (
        "a stop list has words by language, whichever way that is said",
        "CREATE FULLTEXT STOPLIST s FROM SYSTEM STOPLIST; ALTER FULLTEXT STOPLIST s ADD 'the' "
        "LANGUAGE 'English'; ALTER FULLTEXT STOPLIST s ADD N'die' LANGUAGE 1031; ALTER FULLTEXT "
        "STOPLIST s ADD 'le' LANGUAGE 0x40C; ALTER FULLTEXT STOPLIST s ADD 'x' LANGUAGE Klingon; "
        "ALTER FULLTEXT STOPLIST s DROP 'the' LANGUAGE 1033",
        Item(
            Kind.FULL_TEXT_STOPLIST,
            "",
            "s",
            (
                ("from", "SYSTEM STOPLIST"),
                ("word:1031:die", "ON"),
                ("word:1036:le", "ON"),
                ("word:N'Klingon':x", "ON"),
            ),
        ),
    ),
    (
        "all words of a language leave a stop list",
        "CREATE FULLTEXT STOPLIST s FROM d.t; ALTER FULLTEXT STOPLIST s ADD 'a' LANGUAGE 1033; "
        "ALTER FULLTEXT STOPLIST s ADD 'b' LANGUAGE 1031; ALTER FULLTEXT STOPLIST s DROP ALL "
        "LANGUAGE 'English'",
        Item(Kind.FULL_TEXT_STOPLIST, "", "s", (("from", "[d].[t]"), ("word:1031:b", "ON"))),
    ),
    (
        "a message type says nothing of what is checked by default",
        "CREATE MESSAGE TYPE m VALIDATION = NONE",
        item(Kind.MESSAGE_TYPE, "m"),
    ),
    (
        "a message type may be checked by a schema",
        "CREATE MESSAGE TYPE m AUTHORIZATION bob; ALTER MESSAGE TYPE m VALIDATION = VALID_XML "
        "WITH "
        "SCHEMA COLLECTION x",
        item(
            Kind.MESSAGE_TYPE,
            "m",
            authorization="bob",
            validation="VALID_XML WITH SCHEMA COLLECTION [dbo].[x]",
        ),
    ),
    (
        "a partition function has its boundaries sorted",
        "CREATE PARTITION FUNCTION f (INT) AS RANGE FOR VALUES (10, 9, -1 /* none */)",
        item(Kind.PARTITION_FUNCTION, "f", type="int", values="-1, 9, 10"),
    ),
    (
        "a partition function is split and merged",
        "CREATE PARTITION FUNCTION f (datetime2(0)) AS RANGE RIGHT FOR VALUES ('20200101', "
        "'20220101'); ALTER PARTITION FUNCTION f() SPLIT RANGE ('20210101'); ALTER PARTITION "
        "FUNCTION f() MERGE RANGE ('20220101')",
        item(
            Kind.PARTITION_FUNCTION,
            "f",
            type="datetime2(0)",
            range="RIGHT",
            values="'20200101', '20210101'",
        ),
    ),
    (
        "a partition function may have no boundary",
        "CREATE PARTITION FUNCTION f (int) AS RANGE LEFT FOR VALUES ()",
        item(Kind.PARTITION_FUNCTION, "f", type="int"),
    ),
    (
        "a partition scheme on one filegroup is one on ALL",
        "CREATE PARTITION SCHEME s AS PARTITION f TO ([PRIMARY], [primary])",
        item(Kind.PARTITION_SCHEME, "s", function="[f]", filegroups="ALL [PRIMARY]"),
    ),
    (
        "a queue is read with all it can say",
        "CREATE QUEUE q WITH STATUS = OFF, RETENTION = ON, ACTIVATION (STATUS = OFF, "
        "PROCEDURE_NAME = s.p, MAX_QUEUE_READERS = 5, EXECUTE AS 'bob'), POISON_MESSAGE_HANDLING "
        "(STATUS = OFF) ON [f]",
        item(
            Kind.QUEUE,
            "q",
            "dbo",
            status="OFF",
            retention="ON",
            activation="OFF",
            procedure="[s].[p]",
            max_queue_readers="5",
            execute_as="N'bob'",
            poison_message_handling="OFF",
            filegroup="[f]",
        ),
    ),
    (
        "a queue's defaults are left out, and its activation can be dropped",
        "CREATE QUEUE s.q WITH STATUS = ON , RETENTION = OFF , ACTIVATION ( PROCEDURE_NAME = p, "
        "MAX_QUEUE_READERS = 1, EXECUTE AS SELF ) ON [DEFAULT]; ALTER QUEUE s.q WITH ACTIVATION "
        "(DROP); ALTER QUEUE s.q REBUILD WITH (MAXDOP = 2)",
        item(Kind.QUEUE, "q", "s"),
    ),
    (
        "a route is read with all it can say",
        "CREATE ROUTE r WITH SERVICE_NAME = 's', BROKER_INSTANCE = 'b', LIFETIME = 60, ADDRESS = "
        "'TCP://h:1', MIRROR_ADDRESS = 'TCP://i:1'; ALTER ROUTE r WITH LIFETIME = 90",
        item(
            Kind.ROUTE,
            "r",
            service_name="N's'",
            broker_instance="N'b'",
            lifetime="90",
            address="N'TCP://h:1'",
            mirror_address="N'TCP://i:1'",
        ),
    ),
    (
        "a role may have an owner",
        "CREATE ROLE r AUTHORIZATION [a b]",
        item(Kind.ROLE, "r", authorization="a b"),
    ),
    (
        "an application role keeps that there is a password",
        "CREATE APPLICATION ROLE r WITH PASSWORD = 'hidden', DEFAULT_SCHEMA = s",
        item(Kind.ROLE, "r", application="ON", default_schema="[s]", password="set"),
    ),
    (
        "an application role gets another name",
        "CREATE APPLICATION ROLE r WITH PASSWORD = 'hidden'; ALTER APPLICATION ROLE r WITH NAME = "
        "q, DEFAULT_SCHEMA = DBO",
        item(Kind.ROLE, "q", application="ON", password="set"),
    ),
    (
        "a schema of dbo has no owner worth a word",
        "CREATE SCHEMA s AUTHORIZATION dbo",
        item(Kind.SCHEMA, "s"),
    ),
    (
        "a schema may be named after its owner",
        "CREATE SCHEMA AUTHORIZATION bob",
        item(Kind.SCHEMA, "bob", authorization="bob"),
    ),
    (
        "a search property list has properties",
        "CREATE SEARCH PROPERTY LIST l FROM d.m AUTHORIZATION bob; ALTER SEARCH PROPERTY LIST l "
        "ADD "
        "'Title' WITH (PROPERTY_SET_GUID = 'F29F85E0', PROPERTY_INT_ID = 2, PROPERTY_DESCRIPTION "
        "= 'the title'); ALTER SEARCH PROPERTY LIST l ADD 'x' WITH (PROPERTY_SET_GUID = 'a', "
        "PROPERTY_INT_ID = 3); ALTER SEARCH PROPERTY LIST l DROP 'X'",
        Item(
            Kind.SEARCH_PROPERTY_LIST,
            "",
            "l",
            (
                ("from", "[d].[m]"),
                (
                    "property:Title",
                    "PROPERTY_SET_GUID = N'f29f85e0', PROPERTY_INT_ID = 2, "
                    "PROPERTY_DESCRIPTION = N'the title'",
                ),
            ),
            authorization="bob",
        ),
    ),
    (
        "a security policy has predicates by table and operation",
        "CREATE SECURITY POLICY p ADD FILTER PREDICATE s.f(a, b) ON dbo.t, ADD BLOCK PREDICATE "
        "s.f([a]) ON t AFTER INSERT, ADD BLOCK PREDICATE s.f(1) ON t WITH (STATE = OFF, "
        "SCHEMABINDING = OFF) NOT FOR REPLICATION",
        Item(
            Kind.SECURITY_POLICY,
            "dbo",
            "p",
            (
                ("not_for_replication", "ON"),
                ("predicate:BLOCK AFTER INSERT [dbo].[t]", "[s].[f]([a])"),
                ("predicate:BLOCK [dbo].[t]", "[s].[f](1)"),
                ("predicate:FILTER [dbo].[t]", "[s].[f](a, b)"),
                ("schema_binding", "OFF"),
                ("state", "OFF"),
            ),
        ),
    ),
    (
        "a security policy's predicates change",
        "CREATE SECURITY POLICY s.p ADD FILTER PREDICATE s.f(a) ON t, ADD BLOCK PREDICATE s.f(a) "
        "ON t BEFORE DELETE WITH (STATE = ON); ALTER SECURITY POLICY s.p ALTER FILTER PREDICATE "
        "s.g(a) ON t, DROP BLOCK PREDICATE ON t BEFORE DELETE; ALTER SECURITY POLICY s.p WITH "
        "(STATE = OFF)",
        Item(
            Kind.SECURITY_POLICY,
            "s",
            "p",
            (("predicate:FILTER [dbo].[t]", "[s].[g](a)"), ("state", "OFF")),
        ),
    ),
    (
        "a sequence that says the server's defaults is one that says nothing",
        "CREATE SEQUENCE s AS bigint START WITH -9223372036854775808 INCREMENT BY 1 MINVALUE "
        "-9223372036854775808 MAXVALUE 9223372036854775807 NO CYCLE CACHE",
        item(Kind.SEQUENCE, "s", "dbo"),
    ),
    (
        "a sequence is read with all it can say",
        "CREATE SEQUENCE a.s AS int START WITH 5 INCREMENT BY -2 MINVALUE 1 MAXVALUE 9 CYCLE "
        "CACHE "
        "10",
        item(
            Kind.SEQUENCE,
            "s",
            "a",
            type="int",
            start="5",
            increment="-2",
            minimum="1",
            maximum="9",
            cycle="ON",
            cache="10",
        ),
    ),
    (
        "a sequence is altered",
        "CREATE SEQUENCE s AS decimal(3, 0) MINVALUE -999 MAXVALUE 7; ALTER SEQUENCE s RESTART "
        "WITH "
        "3 NO MAXVALUE NO CACHE",
        item(Kind.SEQUENCE, "s", "dbo", type="decimal(3, 0)", start="3", cache="NO"),
    ),
    (
        "a service has a queue and contracts",
        "CREATE SERVICE s AUTHORIZATION bob ON QUEUE q (c, [DEFAULT]); ALTER SERVICE s ON QUEUE "
        "x.r (DROP CONTRACT C, ADD CONTRACT d)",
        Item(
            Kind.SERVICE,
            "",
            "s",
            (("contract:DEFAULT", "ON"), ("contract:d", "ON"), ("queue", "[x].[r]")),
            authorization="bob",
        ),
    ),
    (
        "a remote service binding has a user",
        "CREATE REMOTE SERVICE BINDING b TO SERVICE '//s' WITH USER = u; ALTER REMOTE SERVICE "
        "BINDING b WITH USER = v, ANONYMOUS = ON",
        item(Kind.SERVICE_BINDING, "b", service="N'//s'", user="[v]", anonymous="ON"),
    ),
    (
        "a symmetric key keeps what it is encrypted by, not what it is made of",
        "CREATE SYMMETRIC KEY k WITH ALGORITHM = AES_256, KEY_SOURCE = 'hidden', IDENTITY_VALUE = "
        "'hidden' ENCRYPTION BY CERTIFICATE c, PASSWORD = 'hidden', ASYMMETRIC KEY a; ALTER "
        "SYMMETRIC KEY k DROP ENCRYPTION BY ASYMMETRIC KEY a; ALTER SYMMETRIC KEY k ADD "
        "ENCRYPTION "
        "BY SYMMETRIC KEY m",
        Item(
            Kind.SYMMETRIC_KEY,
            "",
            "k",
            (
                ("algorithm", "AES_256"),
                ("encryption:CERTIFICATE [c]", "ON"),
                ("encryption:PASSWORD", "set"),
                ("encryption:SYMMETRIC KEY [m]", "ON"),
                ("identity_value", "set"),
                ("key_source", "set"),
            ),
        ),
    ),
    (
        "a symmetric key may come from a provider",
        "CREATE SYMMETRIC KEY k FROM PROVIDER p WITH PROVIDER_KEY_NAME = 'n', ALGORITHM = "
        "AES_128, "
        "CREATION_DISPOSITION = CREATE_NEW",
        item(
            Kind.SYMMETRIC_KEY,
            "k",
            provider="[p]",
            provider_key_name="N'n'",
            algorithm="AES_128",
            creation_disposition="CREATE_NEW",
        ),
    ),
    (
        "a synonym's target is kept part by part",
        'CREATE SYNONYM dbo.s FOR srv."d b"..[t]',
        item(Kind.SYNONYM, "s", "dbo", target="[srv].[d b]..[t]"),
    ),
    (
        "a user of the login of its name says nothing",
        "CREATE USER u FOR LOGIN U",
        item(Kind.USER, "u"),
    ),
    (
        "a user of a login is read with all it can say",
        "CREATE USER u FROM LOGIN l WITH DEFAULT_SCHEMA = s, ALLOW_ENCRYPTED_VALUE_MODIFICATIONS "
        "= ON; REVOKE CONNECT FROM u",
        item(
            Kind.USER,
            "u",
            login="[l]",
            default_schema="[s]",
            allow_encrypted_value_modifications="ON",
            connect="OFF",
        ),
    ),
    (
        "a user of a contained database keeps that there is a password",
        "CREATE USER u WITH PASSWORD = 'hidden', DEFAULT_SCHEMA = DBO, DEFAULT_LANGUAGE = "
        "[British], "
        "SID = 0xab",
        item(Kind.USER, "u", password="set", default_language="[British]", sid="0xAB"),
    ),
    (
        "a user may have no login",
        "CREATE USER u WITHOUT LOGIN",
        item(Kind.USER, "u", without_login="ON"),
    ),
    (
        "a user may come from a certificate",
        "CREATE USER u FOR CERTIFICATE c",
        item(Kind.USER, "u", _from="CERTIFICATE [c]"),
    ),
    (
        "a user may come from outside",
        "CREATE USER [a@b] FROM EXTERNAL PROVIDER WITH OBJECT_ID = 'g'",
        item(Kind.USER, "a@b", _from="EXTERNAL PROVIDER", object_id="N'g'"),
    ),
    (
        "a user is altered and gets another name",
        "CREATE USER u FOR ASYMMETRIC KEY k; ALTER USER u WITH NAME = v, DEFAULT_SCHEMA = NULL, "
        "DEFAULT_LANGUAGE = NONE, LOGIN = v",
        item(Kind.USER, "v", _from="ASYMMETRIC KEY [k]", default_schema="NULL", login="[v]"),
    ),
    (
        "an XML schema collection grows",
        "CREATE XML SCHEMA COLLECTION s.c AS N'<a>''</a>'; ALTER XML SCHEMA COLLECTION s.c ADD "
        "'<b/>'",
        item(Kind.XML_SCHEMA_COLLECTION, "c", "s", content="<a>'</a>\n<b/>"),
    ),
]


@pytest.mark.parametrize(("script", "wanted"), [pytest.param(*e[1:], id=e[0]) for e in CASES])
def test_an_item_is_read(script: str, wanted: Item) -> None:
    assert objects(script) == [wanted]


def test_a_partition_scheme_has_one_filegroup_for_each_partition_and_one_for_the_next() -> None:
    scheme = "CREATE PARTITION SCHEME s AS PARTITION f TO (a, b, [c], d)"
    function = "CREATE PARTITION FUNCTION f (int) AS RANGE LEFT FOR VALUES (1)"

    assert objects(scheme, function)[1] == item(
        Kind.PARTITION_SCHEME, "s", function="[f]", filegroups="[a], [b]", next_used="[c]"
    )
    assert objects(function, scheme) == objects(scheme, function)


@pytest.mark.parametrize(
    ("side", "to", "change", "wanted"),
    [
        ("LEFT", "a, b, c", "SPLIT RANGE (2)", "[a], [x], [b], [c]"),
        ("RIGHT", "a, b, c", "SPLIT RANGE (2)", "[a], [b], [x], [c]"),
        ("LEFT", "a, a, a", "SPLIT RANGE (2)", "[a], [x], [a], [a]"),
        ("LEFT", "a, b, c", "MERGE RANGE (3)", "[a], [c]"),
        ("RIGHT", "a, b, c", "MERGE RANGE (3)", "[a], [b]"),
        ("RIGHT", "a, b, b", "MERGE RANGE (1)", "[a], [b]"),
        ("LEFT", "a, b, b", "MERGE RANGE (1)", "ALL [b]"),
    ],
)
def test_a_partition_comes_and_goes_with_its_filegroup(
    side: str, to: str, change: str, wanted: str
) -> None:
    found = objects(
        f"CREATE PARTITION FUNCTION f (int) AS RANGE {side} FOR VALUES (1, 3)",
        f"CREATE PARTITION SCHEME s AS PARTITION f TO ({to})",
        "ALTER PARTITION SCHEME s NEXT USED x",
        f"ALTER PARTITION FUNCTION f() {change}; ALTER PARTITION SCHEME s NEXT USED",
    )

    assert found[1] == item(Kind.PARTITION_SCHEME, "s", function="[f]", filegroups=wanted)


def test_a_database_has_one_default_catalog() -> None:
    script = "CREATE FULLTEXT CATALOG a AS DEFAULT; CREATE FULLTEXT CATALOG b; "

    assert objects(script + "ALTER FULLTEXT CATALOG b AS DEFAULT") == [
        item(Kind.FULL_TEXT_CATALOG, "a"),
        item(Kind.FULL_TEXT_CATALOG, "b", default="ON"),
    ]


def test_a_type_of_an_assembly_is_an_item() -> None:
    assert objects("CREATE TYPE s.Point EXTERNAL NAME [geo].[Point in]") == [
        item(Kind.USER_DEFINED_TYPE, "Point", "s", external_name="[geo].[Point in]")
    ]


def test_every_fact_of_every_kind_is_read_by_a_case() -> None:
    elsewhere = {Kind.DEFAULT, Kind.RULE, Kind.USER_DEFINED_TYPE}
    wanted = {
        (kind, fact.name) for kind in FACTS if kind not in elsewhere for fact in FACTS[kind]
    } - {(Kind.ROLE, "member:")}
    read = {
        (each.kind, name.partition(":")[0] + (":" if ":" in name else ""))
        for _, _, each in CASES
        for name, _ in each.facts
    } | {(Kind.PARTITION_SCHEME, "next_used")}

    assert wanted - read == set()


def test_no_secret_is_kept() -> None:
    for script in [script for _, script, _ in CASES if "hidden" in script]:
        assert "hidden" not in repr(database(script))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "ALTER ROUTE r WITH LIFETIME = 1",
            "1.sql:1:1: there is no Route [r]",
        ),
        (
            "CREATE PARTITION FUNCTION f (int) AS RANGE LEFT FOR VALUES (1); ALTER PARTITION "
            "FUNCTION"
            " f() MERGE RANGE (2)",
            "1.sql:1:106: [f] has no boundary 2",
        ),
        (
            "CREATE XML SCHEMA COLLECTION c AS @x",
            "1.sql:1:35: expected a string, found @x near: @x",
        ),
        (
            "CREATE USER u WITH COLOUR = red, PASSWORD = 'hidden'",
            "1.sql:1:20: a user has no option COLOUR near: COLOUR = red , PASSWORD = '...'",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(script: str, said: str) -> None:
    with pytest.raises(BadSchema) as caught:
        database(script)

    assert str(caught.value) == said


def test_facts_are_sorted_and_without_defaults() -> None:
    said = {"status": "ON", "retention": "ON", "procedure": "", "activation": "OFF"}

    assert facts(Kind.QUEUE, said) == (("activation", "OFF"), ("retention", "ON"))


def test_a_list_is_split_at_its_commas_only() -> None:
    assert listed("1, 'a, ''b', [c, ]]], f(1, 2), \"x,y\"") == (
        "1",
        "'a, ''b'",
        "[c, ]]]",
        "f(1, 2)",
        '"x,y"',
    )
    assert listed("") == ()
