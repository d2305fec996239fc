"""A table that has everything, and the operations on its parts."""

from pipeline.schema.diff.mssql.operation import PartKind, Verb
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import (
    Permission,
    Property,
    Sensitivity,
    Storage,
    TypeName,
)
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Computed,
    Default,
    ForeignKey,
    FullTextColumn,
    FullTextIndex,
    Identity,
    Index,
    KeyColumn,
    Statistics,
    Table,
    Temporal,
    Trigger,
    UniqueKey,
)
from tests.schema.mssql.writing import Case, operation, wanted

C, D, A, R = Verb.CREATE, Verb.DROP, Verb.ALTER, Verb.RENAME


def typed(name: str, *arguments: str) -> TypeName:
    return TypeName("", name, arguments)


ID = Column("Id", typed("int"), nullable=False, identity=Identity("1", "1"))
NAME = Column("Name", typed("nvarchar", "50"), default=Default("N'x'", "DF_Orders_Name"))
MASKED = Column("Mail", typed("nvarchar", "50"), collation="Latin1_General_CI_AS", mask="email()")
SPARSE = Column("Rare", typed("int"), sparse=True)
COLUMN_SET = Column("All", typed("xml"), column_set=True)
XML = Column("Notes", typed("xml", "content", "dbo.Notes"))
GUID = Column(
    "Row", typed("uniqueidentifier"), nullable=False, rowguidcol=True, default=Default("newid()")
)
TOTAL = Column("Total", None, computed=Computed("([Id] * 2)", persisted=True))
STRICT = Column(
    "Strict",
    None,
    nullable=False,
    computed=Computed("[Id] + 1", persisted=True, not_null=True),
)
START = Column("From", typed("datetime2", "7"), nullable=False, generated="ROW START", hidden=True)
END = Column("To", typed("datetime2", "3"), nullable=False, generated="ROW END", hidden=True)
MONEY = Column(
    "Price",
    TypeName("dbo", "Money"),
    bound_default="dbo.Nothing",
    bound_rule="dbo.Positive",
    sensitivity=Sensitivity((("LABEL", "N'secret'"), ("RANK", "HIGH"))),
)
ENCRYPTED = Column(
    "Card",
    typed("nvarchar", "20"),
    collation="Latin1_General_BIN2",
    encryption=(
        ("ALGORITHM", "'AEAD_AES_256_CBC_HMAC_SHA_256'"),
        ("COLUMN_ENCRYPTION_KEY", "[key]"),
        ("ENCRYPTION_TYPE", "DETERMINISTIC"),
    ),
)
COLUMNS = (
    *(
        ID,
        NAME,
        MASKED,
        SPARSE,
        COLUMN_SET,
        XML,
        GUID,
        TOTAL,
        STRICT,
        START,
        END,
        MONEY,
        ENCRYPTED,
    ),
)

PK = UniqueKey(
    "PK_Orders",
    primary=True,
    form="CLUSTERED",
    columns=(KeyColumn("Id"),),
    options=(("DATA_COMPRESSION", "PAGE"),),
    storage=Storage("Data"),
)
UNIQUE = UniqueKey(
    "", primary=False, form="NONCLUSTERED", columns=(KeyColumn("Name", descending=True),)
)
FK = ForeignKey(
    "FK_Orders_Mail",
    ("Mail",),
    "dbo",
    "People",
    ("Mail",),
    on_delete="CASCADE",
    on_update="SET NULL",
    trusted=False,
    disabled=True,
)
BARE_FK = ForeignKey("", ("Name", "Mail"), "dbo", "People", ("Name", "Mail"))
CHECK = Check("CK_Orders", "[Id] > 0", not_for_replication=True)
BARE_CHECK = Check("", "[Name] <> N'it''s' OR [Id] < 5", trusted=False, disabled=True)
INDEX = Index(
    "IX_Name",
    "NONCLUSTERED",
    unique=True,
    columns=(KeyColumn("Name", descending=True),),
    included=("Mail",),
    filter="[Name] IS NOT NULL",
    options=(("FILLFACTOR", "90"), ("PAD_INDEX", "ON")),
    storage=Storage("ByYear", "Name"),
)
COLUMNSTORE = Index(
    "IX_Fast", "NONCLUSTERED COLUMNSTORE", unique=False, columns=(KeyColumn("Id"),)
)
PRIMARY_XML = Index("IX_Xml", "PRIMARY XML", unique=False, columns=(KeyColumn("Notes"),))
PATH_XML = Index(
    "IX_Path",
    "XML",
    unique=False,
    columns=(KeyColumn("Notes"),),
    detail="USING XML INDEX [IX_Xml] FOR PATH",
)
STATISTICS = Statistics(
    "ST_Name", ("Name", "Mail"), "[Name] > N'a'", (("INCREMENTAL", "ON"), ("NORECOMPUTE", "ON"))
)
TRIGGER = Trigger(
    "dbo",
    "TR_Orders",
    "-- kept\nCREATE TRIGGER dbo.TR_Orders ON dbo.Orders AFTER INSERT AS SELECT 1",
    disabled=True,
    order=(("INSERT", "First"),),
    quoted_identifier=False,
)
FULL_TEXT = FullTextIndex(
    (FullTextColumn("Name", "Kind", "1033", statistical_semantics=True),),
    "PK_Orders",
    "Words",
    "Big",
    (("CHANGE_TRACKING", "MANUAL"), ("STOPLIST", "Stop")),
    disabled=True,
)
TEMPORAL = Temporal(
    "From",
    "To",
    versioned=True,
    history_schema="old",
    history="Orders",
    retention="6 MONTHS",
    consistency_check=False,
)
GRANT = Permission("GRANT WITH GRANT OPTION", "SELECT", "bob", ("Id", "Name"), "ann")
DENY = Permission("DENY", "DELETE", "public")
DESCRIPTION = Property("MS_Description", "N'it''s'")
OF_COLUMN = Property("Unit", "1", "COLUMN", "Price")

ORDERS = Table(
    "dbo",
    "Orders",
    columns=COLUMNS,
    keys=(UNIQUE, PK),
    foreign_keys=(BARE_FK, FK),
    checks=(BARE_CHECK, CHECK),
    indexes=(COLUMNSTORE, INDEX, PATH_XML, PRIMARY_XML),
    statistics=(STATISTICS,),
    triggers=(TRIGGER,),
    full_text=FULL_TEXT,
    temporal=TEMPORAL,
    storage=Storage("Data"),
    textimage="Data",
    options=(
        ("CHANGE_TRACKING", "ON"),
        ("DATA_COMPRESSION", "ROW"),
        ("LOCK_ESCALATION", "AUTO"),
        ("TRACK_COLUMNS_UPDATED", "ON"),
    ),
    permissions=(DENY, GRANT),
    properties=(DESCRIPTION, OF_COLUMN),
    authorization="bob",
)
READERS = Item(Kind.ROLE, "", "Readers")
GUARDED, ONLINE = wanted("existence-guards"), wanted("online")
P = PartKind


def made(kind: PartKind, name: str, new: object) -> Case:
    return Case(operation(C, kind, ORDERS, name, new=new))  # type: ignore[arg-type]


def gone(kind: PartKind, name: str, old: object) -> Case:
    return Case(operation(D, kind, ORDERS, name, old=old))  # type: ignore[arg-type]


def changed(kind: PartKind, name: str, old: object, new: object, *names: str) -> Case:
    done = operation(A, kind, ORDERS, name, old=old, new=new)  # type: ignore[arg-type]
    return Case(done, wanted(*names))


COLUMN_CASES = {
    **{f"a column is added: {c.name}": made(P.COLUMN, c.name, c) for c in COLUMNS},
    "a column is added, NOT NULL with a default": made(
        P.COLUMN, "Name", NAME._replace(nullable=False)
    ),
    "a column is added, its default for all rows when told": Case(
        operation(C, P.COLUMN, ORDERS, "Name", new=NAME), wanted("with-values")
    ),
    "a column is added where it is not there": Case(
        operation(C, P.COLUMN, ORDERS, "Name", new=NAME), GUARDED
    ),
    "a column is dropped": gone(P.COLUMN, "Name", NAME),
    "a column is dropped where it is there": Case(
        operation(D, P.COLUMN, ORDERS, "Name", old=NAME), GUARDED
    ),
    "a column's type and nullability": changed(
        P.COLUMN,
        "Mail",
        MASKED,
        MASKED._replace(type=typed("nvarchar", "60"), nullable=False),
    ),
    "a column's type, of a sparse one": changed(
        P.COLUMN, "Rare", SPARSE, SPARSE._replace(type=typed("bigint"))
    ),
    "a column's type, online": changed(
        P.COLUMN, "Name", NAME, NAME._replace(type=typed("nvarchar", "60")), "online"
    ),
    "a column is masked": changed(P.COLUMN, "Name", NAME, NAME._replace(mask="default()")),
    "a column is masked otherwise": changed(
        P.COLUMN, "Mail", MASKED, MASKED._replace(mask="default()")
    ),
    "a column is masked no more": changed(P.COLUMN, "Mail", MASKED, MASKED._replace(mask="")),
    "a column is sparse no more": changed(P.COLUMN, "Rare", SPARSE, SPARSE._replace(sparse=False)),
    "a column becomes sparse": changed(P.COLUMN, "Rare", SPARSE._replace(sparse=False), SPARSE),
    "a column is ROWGUIDCOL no more": changed(
        P.COLUMN, "Row", GUID, GUID._replace(rowguidcol=False)
    ),
    "a column becomes NOT FOR REPLICATION": changed(
        P.COLUMN, "Id", ID, ID._replace(identity=Identity(not_for_replication=True))
    ),
    "a column is hidden no more": changed(P.COLUMN, "From", START, START._replace(hidden=False)),
    "a computed column is persisted no more": changed(
        P.COLUMN, "Total", TOTAL, TOTAL._replace(computed=Computed("[Id] * 2"))
    ),
    "a computed column is computed otherwise": changed(
        P.COLUMN, "Total", TOTAL, TOTAL._replace(computed=Computed("[Id] * 3"))
    ),
    "a default is added": made(P.DEFAULT, "name", NAME.default),
    "a default without a name is added": made(P.DEFAULT, "row", GUID.default),
    "a default is dropped": gone(P.DEFAULT, "name", NAME.default),
    "a default without a name is dropped": gone(P.DEFAULT, "row", GUID.default),
    "a default is changed": changed(
        P.DEFAULT, "name", NAME.default, Default("N'y'", "DF_Orders_Name")
    ),
    "a default is bound": made(P.BOUND_DEFAULT, "price", "dbo.Nothing"),
    "a default is unbound": gone(P.BOUND_DEFAULT, "price", "dbo.Nothing"),
    "a rule is bound": made(P.BOUND_RULE, "price", "dbo.Positive"),
    "a rule is unbound": gone(P.BOUND_RULE, "price", "dbo.Positive"),
    "a column is classified": made(P.SENSITIVITY, "price", MONEY.sensitivity),
    "a column is classified no more": gone(P.SENSITIVITY, "price", MONEY.sensitivity),
}
CONSTRAINT_CASES = {
    "a primary key is added": made(P.UNIQUE_KEY, PK.name, PK),
    "a primary key is added, online": Case(
        operation(C, P.UNIQUE_KEY, ORDERS, PK.name, new=PK), ONLINE
    ),
    "a primary key is dropped": gone(P.UNIQUE_KEY, PK.name, PK),
    "a primary key without a name is dropped": gone(P.UNIQUE_KEY, "", PK._replace(name="")),
    "a unique key without a name is added": made(P.UNIQUE_KEY, "", UNIQUE),
    "a unique key without a name is dropped": gone(P.UNIQUE_KEY, "", UNIQUE),
    "a key's options": changed(
        P.UNIQUE_KEY,
        PK.name,
        PK,
        PK._replace(options=(("ALLOW_ROW_LOCKS", "OFF"), ("FILLFACTOR", "80"))),
    ),
    "a key has other columns": changed(
        P.UNIQUE_KEY, PK.name, PK, PK._replace(columns=(KeyColumn("Name"),))
    ),
    "a foreign key is added, not trusted and disabled": made(P.FOREIGN_KEY, FK.name, FK),
    "a foreign key without a name is added": made(P.FOREIGN_KEY, "", BARE_FK),
    "a foreign key without a name is added and disabled": made(
        P.FOREIGN_KEY, "", BARE_FK._replace(disabled=True)
    ),
    "a foreign key is dropped": gone(P.FOREIGN_KEY, FK.name, FK),
    "a foreign key without a name is dropped": gone(P.FOREIGN_KEY, "", BARE_FK),
    "a foreign key is enabled and trusted": changed(
        P.FOREIGN_KEY, FK.name, FK, FK._replace(trusted=True, disabled=False)
    ),
    "a foreign key is enabled, not trusted": changed(
        P.FOREIGN_KEY, FK.name, FK, FK._replace(disabled=False)
    ),
    "a foreign key is trusted no more": changed(
        P.FOREIGN_KEY,
        FK.name,
        FK._replace(trusted=True, disabled=False),
        FK._replace(disabled=False),
    ),
    "a foreign key is disabled": changed(
        P.FOREIGN_KEY, FK.name, FK._replace(trusted=True, disabled=False), FK
    ),
    "a foreign key acts otherwise": changed(
        P.FOREIGN_KEY, FK.name, FK, FK._replace(on_delete="NO ACTION", disabled=False)
    ),
    "a check is added": made(P.CHECK, CHECK.name, CHECK),
    "a check is dropped where it is there": Case(
        operation(D, P.CHECK, ORDERS, CHECK.name, old=CHECK), GUARDED
    ),
    "a check without a name is dropped": gone(P.CHECK, "", BARE_CHECK),
    "a check without a name is dropped beside another": Case(
        operation(
            D,
            P.CHECK,
            ORDERS._replace(
                checks=(
                    Check("", "[Name] in ('a', 'b''c')"),
                    Check("", "[Name] BETWEEN 'a' AND 'z'"),
                )
            ),
            old=Check("", "[Name] BETWEEN 'a' AND 'z'"),
        )
    ),
    "a check without a name is enabled": changed(
        P.CHECK, "", BARE_CHECK, BARE_CHECK._replace(disabled=False)
    ),
    "an edge constraint is added": made(P.CONNECTION, "ec", "EC: CONNECTION ([g].[N] TO [g].[M])"),
    "an edge constraint is dropped": gone(
        P.CONNECTION, "ec", "EC: CONNECTION ([g].[N] TO [g].[M])"
    ),
}
INDEX_CASES = {
    "an index is created": made(P.INDEX, INDEX.name, INDEX),
    "an index is created, online and where it is not there": Case(
        operation(C, P.INDEX, ORDERS, INDEX.name, new=INDEX),
        wanted("online", "existence-guards"),
    ),
    "an index is created and disabled": made(P.INDEX, INDEX.name, INDEX._replace(disabled=True)),
    "an index is dropped": gone(P.INDEX, INDEX.name, INDEX),
    "an index has other columns": changed(P.INDEX, INDEX.name, INDEX._replace(included=()), INDEX),
    "an index is disabled": changed(P.INDEX, INDEX.name, INDEX, INDEX._replace(disabled=True)),
    "an index is enabled": changed(P.INDEX, INDEX.name, INDEX._replace(disabled=True), INDEX),
    "an index has other options": changed(
        P.INDEX,
        INDEX.name,
        INDEX,
        INDEX._replace(options=(("IGNORE_DUP_KEY", "ON"), ("PAD_INDEX", "ON"))),
    ),
    "an index is built otherwise, online": changed(
        P.INDEX, INDEX.name, INDEX, INDEX._replace(options=()), "online"
    ),
    "an index becomes clustered": changed(
        P.INDEX,
        INDEX.name,
        INDEX,
        Index("IX_Name", "CLUSTERED", unique=False, columns=(KeyColumn("Name"),)),
    ),
    "a columnstore index is created, never online": Case(
        operation(C, P.INDEX, ORDERS, COLUMNSTORE.name, new=COLUMNSTORE), ONLINE
    ),
    "a clustered columnstore index is created": made(
        P.INDEX,
        "cci",
        Index(
            "CCI",
            "CLUSTERED COLUMNSTORE",
            unique=False,
            columns=(),
            options=(("DATA_COMPRESSION", "COLUMNSTORE_ARCHIVE"),),
            detail="ORDER ( [Id] )",
        ),
    ),
    "an XML index is created": made(P.INDEX, PRIMARY_XML.name, PRIMARY_XML),
    "an XML index on another is changed": changed(
        P.INDEX, PATH_XML.name, PATH_XML._replace(detail="x"), PATH_XML
    ),
    "a spatial index is created": made(
        P.INDEX,
        "sp",
        Index(
            "SP",
            "SPATIAL",
            unique=False,
            columns=(KeyColumn("Place"),),
            options=(("BOUNDING_BOX", "(0, 0, 500, 200)"), ("CELLS_PER_OBJECT", "16")),
            detail="USING GEOMETRY_GRID",
        ),
    ),
    "statistics are created": made(P.STATISTICS, STATISTICS.name, STATISTICS),
    "statistics are dropped": gone(P.STATISTICS, STATISTICS.name, STATISTICS),
    "statistics are of other columns": changed(
        P.STATISTICS,
        STATISTICS.name,
        STATISTICS,
        STATISTICS._replace(columns=("Mail",), options=()),
    ),
    "a full-text index is created": made(P.FULL_TEXT, "", FULL_TEXT),
    "a full-text index is created and stays empty": Case(
        operation(C, P.FULL_TEXT, ORDERS, new=FULL_TEXT),
        wanted("add-no-population-to-fulltext-indexes"),
    ),
    "a full-text index is dropped": gone(P.FULL_TEXT, "", FULL_TEXT),
    "a full-text index has other columns and options": changed(
        P.FULL_TEXT,
        "",
        FULL_TEXT,
        FULL_TEXT._replace(columns=(FullTextColumn("Mail"),), options=(), disabled=False),
    ),
    "a full-text index has another key": changed(
        P.FULL_TEXT, "", FULL_TEXT, FullTextIndex((FullTextColumn("Mail"),), "PK_Other")
    ),
}
OTHER_CASES = {
    "a trigger is created": made(P.TRIGGER, TRIGGER.name, TRIGGER),
    "a trigger is created where it is not there": Case(
        operation(C, P.TRIGGER, ORDERS, TRIGGER.name, new=TRIGGER), GUARDED
    ),
    "a trigger is dropped": gone(P.TRIGGER, TRIGGER.name, TRIGGER),
    "a trigger is enabled, and has another order": changed(
        P.TRIGGER,
        TRIGGER.name,
        TRIGGER,
        TRIGGER._replace(disabled=False, order=(("INSERT", "Last"),)),
    ),
    "a trigger has another text: its order is said again": changed(
        P.TRIGGER, TRIGGER.name, TRIGGER._replace(definition="CREATE TRIGGER x"), TRIGGER
    ),
    "a trigger has another text, in a script to be run again": changed(
        P.TRIGGER,
        TRIGGER.name,
        TRIGGER._replace(definition="CREATE TRIGGER x"),
        TRIGGER,
        "create-or-alter",
    ),
    "a trigger is dropped and created": changed(
        P.TRIGGER,
        TRIGGER.name,
        TRIGGER._replace(definition="CREATE TRIGGER x"),
        TRIGGER,
        "drop-and-create",
    ),
    "versioning is switched on": made(P.VERSIONING, "", TEMPORAL),
    "versioning is switched off": gone(P.VERSIONING, "", TEMPORAL),
    "the history is kept for ever": changed(
        P.VERSIONING, "", TEMPORAL, TEMPORAL._replace(retention="")
    ),
    "the history is another table": changed(
        P.VERSIONING, "", TEMPORAL, TEMPORAL._replace(history="Archive")
    ),
    "a period is added over new columns": Case(
        operation(
            C,
            P.PERIOD,
            ORDERS,
            new=TEMPORAL,
            before=ORDERS._replace(columns=(ID, NAME), temporal=None),
        )
    ),
    "a period is dropped": gone(P.PERIOD, "", TEMPORAL),
    "a permission is granted": made(P.PERMISSION, "select to bob", GRANT),
    "a permission is denied": made(P.PERMISSION, "delete to public", DENY),
    "a granted permission is revoked": gone(P.PERMISSION, "select to bob", GRANT),
    "a denied permission is revoked": gone(P.PERMISSION, "delete to public", DENY),
    "a permission may be granted on no more": changed(
        P.PERMISSION, "select to bob", GRANT, GRANT._replace(state="GRANT")
    ),
    "a permission with its grant option is denied": changed(
        P.PERMISSION, "select to bob", GRANT, GRANT._replace(state="DENY")
    ),
    "a denied permission is granted": changed(
        P.PERMISSION, "delete to public", DENY, DENY._replace(state="GRANT")
    ),
    "a property is added": made(P.PROPERTY, "ms_description", DESCRIPTION),
    "a property is added where it is not there": Case(
        operation(C, P.PROPERTY, ORDERS, "unit", new=OF_COLUMN), GUARDED
    ),
    "a property is changed": changed(P.PROPERTY, "unit", OF_COLUMN, OF_COLUMN),
    "a property is dropped": gone(P.PROPERTY, "unit", OF_COLUMN),
    "a member is added": Case(operation(C, P.MEMBER, READERS, "bob", new="Bob")),
    "a member is dropped": Case(operation(D, P.MEMBER, READERS, "bob", old="Bob")),
    "a member is added before 2012": Case(
        operation(C, P.MEMBER, READERS, "bob", new="Bob"), wanted(version=2008)
    ),
    "a column is renamed": Case(
        operation(R, P.COLUMN, ORDERS, "name", old=NAME, new=NAME._replace(name="Na'me"))
    ),
    "an index is renamed": Case(
        operation(R, P.INDEX, ORDERS, INDEX.name, old=INDEX, new=INDEX._replace(name="IX"))
    ),
    "a check is renamed": Case(
        operation(R, P.CHECK, ORDERS, CHECK.name, old=CHECK, new=CHECK._replace(name="CK"))
    ),
}
PART_CASES = {**COLUMN_CASES, **CONSTRAINT_CASES, **INDEX_CASES, **OTHER_CASES}
