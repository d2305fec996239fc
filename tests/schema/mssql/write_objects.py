"""Operations on whole objects: one of each kind, made, changed and dropped."""

from pipeline.schema.diff.mssql.operation import Verb
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.facts import SET, facts
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Default,
    Index,
    KeyColumn,
    Table,
    UniqueKey,
)
from tests.schema.mssql.write_tables import ORDERS, typed
from tests.schema.mssql.writing import Case, on_object, wanted


def item(kind: Kind, name: str, schema: str = "", owner: str = "", **said: str) -> Item:
    return Item(kind, schema, name, facts(kind, said), authorization=owner)


def items(kind: Kind, name: str, said: dict[str, str], schema: str = "", owner: str = "") -> Item:
    return Item(kind, schema, name, facts(kind, said), authorization=owner)


GRANT = Permission("GRANT", "CREATE TABLE", "Readers")
PROPERTY = "PROPERTY_SET_GUID = N'f29f85e0-4ff9-1068-ab91-08002b27b3d9', PROPERTY_INT_ID = 2"
BEFORE_AND_AFTER: dict[str, tuple[Object, Object]] = {
    "assembly": (
        items(Kind.ASSEMBLY, "Clr", {"bits": "0xFF", "file:a.pdb": "0x00"}, owner="ann"),
        items(
            Kind.ASSEMBLY,
            "Clr",
            {"bits": "0xFE", "permission_set": "UNSAFE", "visible": "OFF", "file:b.pdb": "0x01"},
        ),
    ),
    "asymmetric key": (
        item(Kind.ASYMMETRIC_KEY, "Asym", algorithm="RSA_2048"),
        item(Kind.ASYMMETRIC_KEY, "Asym", algorithm="RSA_2048", private_key="NONE"),
    ),
    "asymmetric key with a password": (
        item(Kind.ASYMMETRIC_KEY, "Asym", algorithm="RSA_2048", encryption="PASSWORD"),
        item(Kind.ASYMMETRIC_KEY, "Asym", algorithm="RSA_4096", encryption="PASSWORD"),
    ),
    "certificate": (
        item(Kind.CERTIFICATE, "Cert", subject="N'x'", expiry_date="N'20301231'"),
        item(
            Kind.CERTIFICATE,
            "Cert",
            subject="N'x'",
            expiry_date="N'20301231'",
            active_for_begin_dialog="OFF",
            private_key="NONE",
        ),
    ),
    "certificate from a file": (
        items(
            Kind.CERTIFICATE,
            "Cert",
            {"from": "FILE = N'c.cer'", "private_key": "FILE = N'c.pvk'"},
        ),
        items(Kind.CERTIFICATE, "Cert", {"from": "BINARY = 0xFF"}),
    ),
    "contract": (
        items(Kind.CONTRACT, "//c", {"message://m": "ANY", "message:DEFAULT": "INITIATOR"}),
        items(Kind.CONTRACT, "//c", {"message://m": "TARGET"}),
    ),
    "default": (
        item(Kind.DEFAULT, "Nothing", "dbo", definition="CREATE DEFAULT dbo.Nothing AS 0"),
        item(Kind.DEFAULT, "Nothing", "dbo", definition="CREATE DEFAULT dbo.Nothing AS 1"),
    ),
    "event notification": (
        item(
            Kind.EVENT_NOTIFICATION,
            "Told",
            events="ALTER_TABLE, CREATE_TABLE",
            service="N'//s'",
            broker="N'current database'",
        ),
        items(
            Kind.EVENT_NOTIFICATION,
            "Told",
            {
                "on": "QUEUE [dbo].[Q]",
                "events": "QUEUE_ACTIVATION",
                "fan_in": "ON",
                "service": "N'//s'",
                "broker": "N'current database'",
            },
        ),
    ),
    "extended property": (
        item(Kind.EXTENDED_PROPERTY, "Version", value="N'1'"),
        item(Kind.EXTENDED_PROPERTY, "Version", value="N'2'"),
    ),
    "full-text catalog": (
        item(Kind.FULL_TEXT_CATALOG, "Words", filegroup="[Big]", owner="ann"),
        item(
            Kind.FULL_TEXT_CATALOG,
            "Words",
            filegroup="[Big]",
            accent_sensitivity="OFF",
            default="ON",
            owner="ann",
        ),
    ),
    "full-text stoplist": (
        items(
            Kind.FULL_TEXT_STOPLIST, "Stop", {"word:1033:the": "ON", "word:N'Klingon':qa'": "ON"}
        ),
        items(Kind.FULL_TEXT_STOPLIST, "Stop", {"word:1033:a": "ON", "word:1033:the": "ON"}),
    ),
    "full-text stoplist, another source": (
        items(Kind.FULL_TEXT_STOPLIST, "Stop", {}),
        items(Kind.FULL_TEXT_STOPLIST, "Stop", {"from": "SYSTEM STOPLIST"}),
    ),
    "message type": (
        item(Kind.MESSAGE_TYPE, "//m", owner="ann"),
        item(
            Kind.MESSAGE_TYPE,
            "//m",
            validation="VALID_XML WITH SCHEMA COLLECTION [dbo].[Notes]",
            owner="bob",
        ),
    ),
    "partition function": (
        item(Kind.PARTITION_FUNCTION, "Years", type="int", range="RIGHT", values="1, 2"),
        item(Kind.PARTITION_FUNCTION, "Years", type="int", range="RIGHT", values="2, 3"),
    ),
    "partition scheme": (
        item(Kind.PARTITION_SCHEME, "ByYear", function="[Years]", filegroups="ALL [PRIMARY]"),
        item(Kind.PARTITION_SCHEME, "ByYear", function="[Years]", filegroups="[a], [b], [c]"),
    ),
    "partition scheme, what is used next": (
        item(Kind.PARTITION_SCHEME, "ByYear", function="[Years]", filegroups="[a], [b]"),
        item(
            Kind.PARTITION_SCHEME,
            "ByYear",
            function="[Years]",
            filegroups="[a], [b]",
            next_used="[c]",
        ),
    ),
    "queue": (
        item(Kind.QUEUE, "Q", "dbo"),
        item(
            Kind.QUEUE,
            "Q",
            "dbo",
            status="OFF",
            retention="ON",
            procedure="[dbo].[Take]",
            max_queue_readers="5",
            execute_as="OWNER",
            poison_message_handling="OFF",
            filegroup="[Big]",
        ),
    ),
    "queue, activated no more": (
        item(
            Kind.QUEUE,
            "Q",
            "dbo",
            procedure="[dbo].[Take]",
            activation="OFF",
            max_queue_readers="5",
            execute_as="N'bob'",
            filegroup="[Big]",
        ),
        item(Kind.QUEUE, "Q", "dbo", filegroup="[Big]"),
    ),
    "role": (
        items(Kind.ROLE, "Readers", {"member:ann": "ON"}),
        items(Kind.ROLE, "Readers", {"member:bob": "ON"}, owner="ann")._replace(
            permissions=(GRANT,)
        ),
    ),
    "application role": (
        item(Kind.ROLE, "App", application="ON", password=SET),
        item(Kind.ROLE, "App", application="ON", password=SET, default_schema="[app]"),
    ),
    "route": (
        item(Kind.ROUTE, "R", address="N'LOCAL'"),
        item(Kind.ROUTE, "R", address="N'TCP://a:1'", service_name="N'//s'", lifetime="60"),
    ),
    "route, an option less": (
        item(Kind.ROUTE, "R", address="N'LOCAL'", lifetime="60"),
        item(Kind.ROUTE, "R", address="N'LOCAL'"),
    ),
    "rule": (
        item(Kind.RULE, "Positive", "dbo", definition="CREATE RULE dbo.Positive AS @x > 0"),
        item(Kind.RULE, "Positive", "dbo", definition="CREATE RULE dbo.Positive AS @x >= 0"),
    ),
    "schema": (item(Kind.SCHEMA, "sales", owner="ann"), item(Kind.SCHEMA, "sales")),
    "search property list": (
        items(Kind.SEARCH_PROPERTY_LIST, "Props", {"property:Title": PROPERTY}),
        items(
            Kind.SEARCH_PROPERTY_LIST,
            "Props",
            {
                "property:Title": f"{PROPERTY}, PROPERTY_DESCRIPTION = N'x'",
                "property:More": PROPERTY,
            },
        ),
    ),
    "security policy": (
        items(
            Kind.SECURITY_POLICY,
            "Rows",
            {
                "predicate:FILTER [dbo].[Orders]": "[dbo].[May]([Id])",
                "predicate:BLOCK AFTER INSERT [dbo].[Orders]": "[dbo].[May]([Id])",
            },
            "dbo",
        ),
        items(
            Kind.SECURITY_POLICY,
            "Rows",
            {
                "predicate:FILTER [dbo].[Orders]": "[dbo].[May]([Id], [Name])",
                "predicate:BLOCK [dbo].[Orders]": "[dbo].[May]([Id])",
                "state": "OFF",
                "not_for_replication": "ON",
            },
            "dbo",
        ),
    ),
    "security policy, not bound": (
        items(Kind.SECURITY_POLICY, "Rows", {"predicate:FILTER [dbo].[T]": "[dbo].[F]()"}, "dbo"),
        items(
            Kind.SECURITY_POLICY,
            "Rows",
            {"predicate:FILTER [dbo].[T]": "[dbo].[F]()", "schema_binding": "OFF"},
            "dbo",
        ),
    ),
    "sequence": (
        item(Kind.SEQUENCE, "Counter", "dbo", start="1"),
        item(
            Kind.SEQUENCE,
            "Counter",
            "dbo",
            start="5",
            increment="-1",
            minimum="1",
            maximum="9",
            cycle="ON",
            cache="NO",
        ),
    ),
    "sequence of another type": (
        item(Kind.SEQUENCE, "Counter", "dbo", type="int", cache="10"),
        item(Kind.SEQUENCE, "Counter", "dbo", type="decimal(9, 0)"),
    ),
    "service": (
        items(Kind.SERVICE, "//s", {"queue": "[dbo].[Q]", "contract://c": "ON"}),
        items(Kind.SERVICE, "//s", {"queue": "[dbo].[P]", "contract://d": "ON"}),
    ),
    "service binding": (
        item(Kind.SERVICE_BINDING, "B", service="N'//s'", user="[ann]"),
        item(Kind.SERVICE_BINDING, "B", service="N'//s'", user="[bob]", anonymous="ON"),
    ),
    "symmetric key": (
        items(
            Kind.SYMMETRIC_KEY,
            "Sym",
            {
                "algorithm": "AES_256",
                "encryption:CERTIFICATE [Cert]": "ON",
                "encryption:SYMMETRIC KEY [Other]": "ON",
            },
        ),
        items(
            Kind.SYMMETRIC_KEY,
            "Sym",
            {
                "algorithm": "AES_256",
                "encryption:CERTIFICATE [Cert]": "ON",
                "encryption:ASYMMETRIC KEY [Asym]": "ON",
            },
        ),
    ),
    "symmetric key with a password": (
        items(Kind.SYMMETRIC_KEY, "Sym", {"algorithm": "AES_256", "encryption:PASSWORD": SET}),
        items(Kind.SYMMETRIC_KEY, "Sym", {"algorithm": "AES_128", "encryption:PASSWORD": SET}),
    ),
    "user who may not connect": (
        item(Kind.USER, "ann", login="[other]"),
        item(Kind.USER, "ann", login="[other]", connect="OFF"),
    ),
    "synonym": (
        item(Kind.SYNONYM, "Other", "dbo", target="[db]..[x]"),
        item(Kind.SYNONYM, "Other", "dbo", target="[server].[db].[dbo].[x]"),
    ),
    "user": (
        item(Kind.USER, "ann", login="[DOMAIN\\ann]"),
        item(
            Kind.USER,
            "ann",
            login="[other]",
            default_schema="[sales]",
            allow_encrypted_value_modifications="ON",
        ),
    ),
    "user without login": (
        item(Kind.USER, "ann", without_login="ON", default_schema="[a]"),
        item(Kind.USER, "ann", without_login="ON"),
    ),
    "user of a certificate": (
        items(Kind.USER, "ann", {"from": "CERTIFICATE [Cert]"}),
        items(Kind.USER, "ann", {"from": "EXTERNAL PROVIDER"}),
    ),
    "user with a password": (
        item(Kind.USER, "ann", password=SET, default_language="[Norwegian]"),
        item(Kind.USER, "ann", password=SET),
    ),
    "CLR type": (
        item(Kind.USER_DEFINED_TYPE, "Point", "dbo", external_name="[Clr].[Point]"),
        item(Kind.USER_DEFINED_TYPE, "Point", "dbo", external_name="[Clr].[Point2]"),
    ),
    "XML schemas": (
        item(Kind.XML_SCHEMA_COLLECTION, "Notes", "dbo", content="<schema a='1'/>"),
        item(Kind.XML_SCHEMA_COLLECTION, "Notes", "dbo", content="<schema a='1'/>\n<more/>"),
    ),
    "XML schemas, other ones": (
        item(Kind.XML_SCHEMA_COLLECTION, "Notes", "dbo", content="<schema a='1'/>"),
        item(Kind.XML_SCHEMA_COLLECTION, "Notes", "dbo", content="<other/>"),
    ),
    "alias type": (
        AliasType("dbo", "Money", typed("decimal", "18", "2"), nullable=False),
        AliasType(
            "dbo",
            "Money",
            typed("decimal", "19", "2"),
            bound_default="dbo.Nothing",
            bound_rule="dbo.Positive",
            permissions=(Permission("GRANT", "REFERENCES", "bob"),),
            properties=(Property("Unit", "N'kr'"),),
            authorization="ann",
        ),
    ),
    "table type": (
        TableType("dbo", "Ids", (Column("Id", typed("int")),)),
        TableType(
            "dbo",
            "Ids",
            (Column("Id", typed("int"), nullable=False, default=Default("0", "DF_lost")),),
            (UniqueKey("", primary=True, form="CLUSTERED", columns=(KeyColumn("Id"),)),),
            (Check("", "[Id] > 0"),),
            (Index("IX", "NONCLUSTERED", unique=False, columns=(KeyColumn("Id"),)),),
            properties=(Property("Unit", "N'x'", "COLUMN", "Id"),),
        ),
    ),
    "view": (
        Module(Kind.VIEW, "dbo", "V", "CREATE VIEW dbo.V AS SELECT 1 AS a"),
        Module(
            Kind.VIEW,
            "dbo",
            "V",
            "-- kept\ncreate  view dbo.V AS SELECT 2 AS a -- too",
            quoted_identifier=False,
            ansi_nulls=False,
            authorization="ann",
        ),
    ),
    "function becomes another sort of function": (
        Module(
            Kind.FUNCTION,
            "dbo",
            "F",
            "CREATE FUNCTION dbo.F() RETURNS int AS BEGIN RETURN 1 END",
            form="SCALAR",
        ),
        Module(
            Kind.FUNCTION,
            "dbo",
            "F",
            "CREATE FUNCTION dbo.F() RETURNS TABLE AS RETURN SELECT 1 AS a",
            form="INLINE",
        ),
    ),
    "procedure": (
        Module(Kind.STORED_PROCEDURE, "dbo", "P", "CREATE PROC dbo.P AS SELECT 1"),
        Module(Kind.STORED_PROCEDURE, "dbo", "P", "CREATE PROC dbo.P AS SELECT 2"),
    ),
    "DDL trigger": (
        Module(
            Kind.DDL_TRIGGER,
            "",
            "Watch",
            "CREATE TRIGGER Watch ON DATABASE FOR DROP_TABLE AS ROLLBACK",
            disabled=True,
            order=(("DROP_TABLE", "First"),),
        ),
        Module(
            Kind.DDL_TRIGGER,
            "",
            "Watch",
            "CREATE TRIGGER Watch ON DATABASE FOR DROP_TABLE AS PRINT 'no'",
        ),
    ),
    "table, what is its own": (
        ORDERS._replace(options=(), authorization=""),
        ORDERS,
    ),
}
V = BEFORE_AND_AFTER["view"]
OBJECT_CASES = {
    **{
        f"{name} is {word}": case
        for name, (before, after) in BEFORE_AND_AFTER.items()
        for word, case in {
            "created": Case(on_object(Verb.CREATE, None, after)),
            "changed": Case(on_object(Verb.ALTER, before, after)),
            "changed back": Case(on_object(Verb.ALTER, after, before)),
            "dropped": Case(on_object(Verb.DROP, after, None)),
        }.items()
    },
    "view is created where it is not there": Case(
        on_object(Verb.CREATE, None, V[1]), wanted("existence-guards")
    ),
    "view is changed, in a script to be run again": Case(
        on_object(Verb.ALTER, *V), wanted("create-or-alter")
    ),
    "view is changed, to be run again before 2016": Case(
        on_object(Verb.ALTER, *V), wanted("create-or-alter", version=2014)
    ),
    "view is dropped and created": Case(on_object(Verb.ALTER, *V), wanted("drop-and-create")),
    "view is refreshed": Case(on_object(Verb.REFRESH, V[1], V[1])),
    "procedure is refreshed": Case(
        on_object(Verb.REFRESH, None, BEFORE_AND_AFTER["procedure"][0])
    ),
    "DDL trigger is refreshed": Case(
        on_object(Verb.REFRESH, None, BEFORE_AND_AFTER["DDL trigger"][0])
    ),
    "table is renamed": Case(on_object(Verb.RENAME, ORDERS, ORDERS._replace(name="Sales Orders"))),
    "type is renamed": Case(
        on_object(
            Verb.RENAME,
            AliasType("dbo", "Money", typed("int")),
            AliasType("dbo", "Amount", typed("int")),
        )
    ),
    "role is renamed": Case(
        on_object(Verb.RENAME, Item(Kind.ROLE, "", "A"), Item(Kind.ROLE, "", "B"))
    ),
    "table is moved": Case(on_object(Verb.TRANSFER, ORDERS, ORDERS._replace(schema="sales"))),
    "type is moved": Case(
        on_object(
            Verb.TRANSFER,
            AliasType("dbo", "Money", typed("int")),
            AliasType("sales", "Money", typed("int")),
        )
    ),
    "table is created where it is not there": Case(
        on_object(Verb.CREATE, None, Table("dbo", "T", (Column("a", typed("int")),))),
        wanted("existence-guards"),
    ),
    "table is dropped where it is there": Case(
        on_object(Verb.DROP, ORDERS, None), wanted("existence-guards")
    ),
    "built-in role gets members": Case(
        on_object(
            Verb.CREATE, None, Item(Kind.ROLE, "", "db_owner", (("member:ann", "ON"),), True)
        )
    ),
}
