"""Every property of every type: how a difference is said, and which options hide it."""

from typing import Any, NamedTuple

import pytest

from pipeline.schema.diff.mssql.difference import is_hidden
from pipeline.schema.diff.mssql.differences import differences, goal
from pipeline.schema.diff.mssql.words import words
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.modules import Module
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
from pipeline.schema.normalise.mssql.known_options import KNOWN
from pipeline.schema.normalise.mssql.options import Options

NONE = Options(frozenset())
INT, BIGINT = TypeName("", "int"), TypeName("", "bigint")
MONEY, DECIMAL = TypeName("", "money"), TypeName("", "decimal", ("10", "2"))
TEXT = TypeName("", "nvarchar", ("50",))


def column(**said: Any) -> Table:
    """A table with a column Price that says this."""
    return Table("dbo", "T", (Column("Id", INT), Column("Price", **{"type": TEXT, **said})))


def table(**said: Any) -> Table:
    """A table with the columns a, b and c, and this."""
    columns = (Column("a", INT), Column("b", INT), Column("c", INT))
    return Table("dbo", "T", **{"columns": columns, **said})


def index(**said: Any) -> Table:
    said = {"name": "IX", "form": "NONCLUSTERED", "unique": False, "columns": on("a"), **said}
    return table(indexes=(Index(**said),))


def key(**said: Any) -> Table:
    said = {"name": "PK", "primary": True, "form": "CLUSTERED", "columns": on("a"), **said}
    return table(keys=(UniqueKey(**said),))


def foreign_key(**said: Any) -> Table:
    said = {
        "name": "FK",
        "columns": ("a",),
        "parent_schema": "dbo",
        "parent": "P",
        "parent_columns": ("id",),
        **said,
    }
    return table(foreign_keys=(ForeignKey(**said),))


def check(**said: Any) -> Table:
    return table(checks=(Check(**{"name": "CK", "expression": "a > 0", **said}),))


def default(expression: str, name: str = "") -> Table:
    return column(default=Default(expression, name))


def trigger(definition: str = "AFTER INSERT AS SELECT 1", **said: Any) -> Table:
    text = f"CREATE TRIGGER dbo.TR ON dbo.T {definition}"
    return table(triggers=(Trigger("dbo", said.pop("name", "TR"), text, **said),))


def statistics(**said: Any) -> Table:
    return table(statistics=(Statistics(**{"name": "ST", "columns": ("a",), **said}),))


def full_text(**said: Any) -> Table:
    said = {"columns": (FullTextColumn("a"),), "key_index": "PK", **said}
    return table(full_text=FullTextIndex(**said))


def temporal(**said: Any) -> Table:
    said = {"start": "b", "end": "c", "versioned": True, "history_schema": "dbo", **said}
    return table(temporal=Temporal(**said))


def on(*names: str) -> tuple[KeyColumn, ...]:
    return tuple(map(KeyColumn, names))


def procedure(body: str = "SELECT 1", **said: Any) -> Module:
    text = f"CREATE PROCEDURE dbo.P AS {body}"
    return Module(Kind.STORED_PROCEDURE, "dbo", "P", **{"definition": text, **said})


def header(text: str) -> Module:
    return procedure(definition=f"CREATE PROCEDURE {text} AS SELECT 1")


def item(kind: Kind, name: str = "X", **said: Any) -> Item:
    facts = tuple(sorted((each.replace("__", ":"), value) for each, value in said.items()))
    return Item(kind, "", name, facts)


class Case(NamedTuple):
    """What is said of two objects, and the options each of which hides it."""

    source: Object
    target: Object
    words: str
    hidden_by: tuple[str, ...] = ()


FILL = ("ignore-fill-factor-and-index-padding",)
PLACES = ("ignore-filegroups-partition-schemes-and-partition-functions",)
LOCKS = ("ignore-lock-properties-of-indexes",)
COMPRESSION = ("ignore-data-compression",)
OF_INDEX = ("ignore-indexes", "ignore-performance-indexes")
OF_KEY = ("ignore-indexes",)
OF_FK = ("ignore-foreign-keys",)
OF_CHECK = ("ignore-check-constraints",)
OF_TRIGGER = ("ignore-dml-triggers",)
OF_STATISTICS = ("ignore-statistics",)
OF_FULL_TEXT = ("ignore-full-text-indexing",)
NAMES = ("ignore-constraint-names",)
SYSTEM = ("ignore-constraint-names", "ignore-system-named-constraint-and-index-names")
CASE = ("no-use-case-sensitive-object-definition",)
IDENTITY = ("ignore-identity-properties",)
SEED = (*IDENTITY, "ignore-identity-seed-and-increment")
REPLICATION = ("ignore-not-for-replication",)
NOCHECK = ("ignore-nocheck-and-with-nocheck",)
USERS = ("ignore-permissions", "ignore-users-permissions-and-role-memberships")

CASES = {
    # columns
    "column added": Case(
        table(),
        table(columns=(Column("a", INT), Column("b", INT))),
        "column c: only in the source",
    ),
    "column dropped": Case(
        table(columns=(Column("a", INT), Column("b", INT))),
        table(),
        "column c: only in the target",
        ("keep-what-only-target-has",),
    ),
    "column type": Case(
        column(type=DECIMAL),
        column(type=MONEY),
        "column Price: type decimal(10,2) in the source, money in the target",
    ),
    "column nullability": Case(
        column(nullable=False),
        column(),
        "column Price: nullability NOT NULL in the source, NULL in the target",
        ("ignore-nullability",),
    ),
    "column collation": Case(
        column(collation="Latin1_General_CI_AS"),
        column(collation="Latin1_General_BIN"),
        "column Price: collation Latin1_General_CI_AS in the source, "
        "Latin1_General_BIN in the target",
        ("ignore-collations",),
    ),
    "column written in capitals": Case(
        table(columns=(Column("A", INT),)),
        table(columns=(Column("a", INT),)),
        "column A: name A in the source, a in the target",
        CASE,
    ),
    "column order": Case(
        table(columns=(Column("b", INT), Column("a", INT))),
        table(columns=(Column("a", INT), Column("b", INT))),
        "column order: b is column 1 in the source, column 2 in the target",
        ("ignore-column-order", "no-force-column-order"),
    ),
    "identity": Case(
        column(type=INT, identity=Identity()),
        column(type=INT),
        "column Price: identity (1,1) in the source, none in the target",
        IDENTITY,
    ),
    "identity seed": Case(
        column(type=INT, identity=Identity("100")),
        column(type=INT, identity=Identity("1")),
        "column Price: identity seed 100 in the source, 1 in the target",
        SEED,
    ),
    "identity increment": Case(
        column(type=INT, identity=Identity("1", "5")),
        column(type=INT, identity=Identity("1", "1")),
        "column Price: identity increment 5 in the source, 1 in the target",
        SEED,
    ),
    "identity not for replication": Case(
        column(type=INT, identity=Identity(not_for_replication=True)),
        column(type=INT, identity=Identity()),
        "column Price: not for replication yes in the source, no in the target",
        (*IDENTITY, *REPLICATION),
    ),
    "computed": Case(
        column(type=None, computed=Computed("Id + 1")),
        column(type=INT),
        "column Price: computed Id + 1 in the source, none in the target",
    ),
    "computed expression": Case(
        column(type=None, computed=Computed("Id + 1")),
        column(type=None, computed=Computed("Id + 2")),
        "column Price: expression Id + 1 in the source, Id + 2 in the target",
    ),
    "computed persisted": Case(
        column(type=None, computed=Computed("Id + 1", persisted=True)),
        column(type=None, computed=Computed("Id + 1")),
        "column Price: PERSISTED yes in the source, no in the target",
    ),
    "rowguidcol": Case(
        column(rowguidcol=True),
        column(),
        "column Price: ROWGUIDCOL yes in the source, no in the target",
    ),
    "sparse": Case(
        column(sparse=True), column(), "column Price: SPARSE yes in the source, no in the target"
    ),
    "mask": Case(
        column(mask="email()"),
        column(),
        "column Price: mask email() in the source, none in the target",
        ("ignore-dynamic-data-masking",),
    ),
    "sensitivity": Case(
        column(sensitivity=Sensitivity((("LABEL", "'x'"),))),
        column(),
        "sensitivity classification Price: only in the source",
        ("ignore-sensitivity-classifications",),
    ),
    "generated": Case(
        column(generated="ROW START"),
        column(),
        "column Price: generated ROW START in the source, none in the target",
    ),
    "hidden": Case(
        column(hidden=True), column(), "column Price: hidden yes in the source, no in the target"
    ),
    "bound default": Case(
        column(bound_default="dbo.D"),
        column(),
        "bound default Price: only in the source",
        ("ignore-bindings",),
    ),
    "bound rule": Case(
        column(bound_rule="dbo.R"),
        column(bound_rule="dbo.S"),
        "bound rule Price: value dbo.R in the source, dbo.S in the target",
        ("ignore-bindings",),
    ),
    "encryption": Case(
        column(encryption=(("COLUMN_ENCRYPTION_KEY", "k"),)),
        column(),
        "column Price: encryption COLUMN_ENCRYPTION_KEY = k in the source, none in the target",
    ),
    # defaults
    "default added": Case(default("0"), column(), "default constraint Price: only in the source"),
    "default expression": Case(
        default("0"),
        default("1"),
        "default constraint Price: expression 0 in the source, 1 in the target",
    ),
    "default name": Case(
        default("0", "DF_T_Price"),
        default("0", "DF_Price"),
        "default constraint Price: name DF_T_Price in the source, DF_Price in the target",
        NAMES,
    ),
    "default name of the server": Case(
        default("0", "DF__T__Price__1A2B3C4D"),
        default("0", "DF__T__Price__5E6F7A8B"),
        "default constraint Price: name DF__T__Price__1A2B3C4D in the source, "
        "DF__T__Price__5E6F7A8B in the target",
        SYSTEM,
    ),
    # keys
    "key added": Case(key(), table(), "key PK: only in the source", OF_KEY),
    "key columns": Case(
        key(columns=on("a", "b")),
        key(),
        "key PK: columns (a, b) in the source, (a) in the target",
        OF_KEY,
    ),
    "key direction": Case(
        key(columns=(KeyColumn("a", descending=True),)),
        key(),
        "key PK: columns (a DESC) in the source, (a) in the target",
        OF_KEY,
    ),
    "key form": Case(
        key(form="NONCLUSTERED"),
        key(),
        "key PK: form NONCLUSTERED in the source, CLUSTERED in the target",
        OF_KEY,
    ),
    "key name": Case(
        key(name="PK_New"),
        key(),
        "key PK_New: name PK_New in the source, PK in the target",
        (*NAMES, *OF_KEY),
    ),
    "key fill factor": Case(
        key(options=(("FILLFACTOR", "80"),)),
        key(),
        "key PK: FILLFACTOR 80 in the source, 0 in the target",
        (*FILL, *OF_KEY),
    ),
    "key not enforced": Case(
        key(not_enforced=True),
        key(),
        "key PK: NOT ENFORCED yes in the source, no in the target",
        OF_KEY,
    ),
    # foreign keys
    "foreign key added": Case(foreign_key(), table(), "foreign key FK: only in the source", OF_FK),
    "foreign key columns": Case(
        foreign_key(columns=("b",)),
        foreign_key(),
        "foreign key FK: columns (b) of dbo.P(id) in the source, (a) of dbo.P(id) in the target",
        OF_FK,
    ),
    "foreign key action": Case(
        foreign_key(on_delete="CASCADE"),
        foreign_key(),
        "foreign key FK: ON DELETE CASCADE in the source, NO ACTION in the target",
        OF_FK,
    ),
    "foreign key update": Case(
        foreign_key(on_update="SET NULL"),
        foreign_key(),
        "foreign key FK: ON UPDATE SET NULL in the source, NO ACTION in the target",
        OF_FK,
    ),
    "foreign key not for replication": Case(
        foreign_key(not_for_replication=True),
        foreign_key(),
        "foreign key FK: not for replication yes in the source, no in the target",
        (*REPLICATION, *OF_FK),
    ),
    "foreign key not trusted": Case(
        foreign_key(trusted=False),
        foreign_key(),
        "foreign key FK: trusted no in the source, yes in the target",
        ("ignore-with-no-check", *NOCHECK, *OF_FK),
    ),
    "foreign key disabled": Case(
        foreign_key(disabled=True),
        foreign_key(),
        "foreign key FK: disabled yes in the source, no in the target",
        (*NOCHECK, *OF_FK),
    ),
    # checks
    "check expression": Case(
        check(expression="a > 1"),
        check(),
        "check constraint CK: expression a > 1 in the source, a > 0 in the target",
        OF_CHECK,
    ),
    "check disabled": Case(
        check(disabled=True),
        check(),
        "check constraint CK: disabled yes in the source, no in the target",
        (*NOCHECK, *OF_CHECK),
    ),
    "check with a name": Case(
        check(),
        check(name=""),
        "check constraint CK: name CK in the source, none in the target",
        (*SYSTEM, *OF_CHECK),
    ),
    # indexes
    "index added": Case(index(), table(), "index IX: only in the source", OF_INDEX),
    "index dropped": Case(table(), index(), "index IX: only in the target", OF_INDEX),
    "unique index dropped": Case(
        table(), index(unique=True), "index IX: only in the target", OF_KEY
    ),
    "index name": Case(
        index(name="IX_New"),
        index(),
        "index IX_New: name IX_New in the source, IX in the target",
        (*NAMES, *OF_INDEX),
    ),
    "index columns": Case(
        index(columns=on("b")),
        index(),
        "index IX: columns (b) in the source, (a) in the target",
        OF_INDEX,
    ),
    "index included": Case(
        index(included=("b",)),
        index(),
        "index IX: included columns (b) in the source, none in the target",
        OF_INDEX,
    ),
    "index filter": Case(
        index(filter="b > 0"),
        index(filter="b > 1"),
        "index IX: filter b > 0 in the source, b > 1 in the target",
        OF_INDEX,
    ),
    "index disabled": Case(
        index(disabled=True),
        index(),
        "index IX: disabled yes in the source, no in the target",
        OF_INDEX,
    ),
    "index detail": Case(
        index(form="PRIMARY XML", detail="x"),
        index(form="PRIMARY XML", detail="y"),
        "index IX: detail x in the source, y in the target",
        OF_INDEX,
    ),
    "index filegroup": Case(
        index(storage=Storage("FG2")),
        index(),
        "index IX: filegroup FG2 in the source, PRIMARY in the target",
        (*PLACES, *OF_INDEX),
    ),
    "index ignore dup key": Case(
        index(unique=True, options=(("IGNORE_DUP_KEY", "ON"),)),
        index(unique=True),
        "index IX: IGNORE_DUP_KEY ON in the source, OFF in the target",
        OF_KEY,
    ),
    "index padding": Case(
        index(options=(("PAD_INDEX", "ON"),)),
        index(),
        "index IX: PAD_INDEX ON in the source, OFF in the target",
        (*FILL, *OF_INDEX),
    ),
    "index row locks": Case(
        index(options=(("ALLOW_ROW_LOCKS", "OFF"),)),
        index(),
        "index IX: ALLOW_ROW_LOCKS OFF in the source, ON in the target",
        (*LOCKS, *OF_INDEX),
    ),
    "index statistics": Case(
        index(options=(("STATISTICS_NORECOMPUTE", "ON"),)),
        index(),
        "index IX: STATISTICS_NORECOMPUTE ON in the source, OFF in the target",
        ("ignore-statistics-no-recompute", *OF_INDEX),
    ),
    "index incremental": Case(
        index(options=(("STATISTICS_INCREMENTAL", "ON"),)),
        index(),
        "index IX: STATISTICS_INCREMENTAL ON in the source, OFF in the target",
        ("ignore-statistics-incremental", *OF_INDEX),
    ),
    "index compression": Case(
        index(options=(("DATA_COMPRESSION", "PAGE"),)),
        index(),
        "index IX: DATA_COMPRESSION PAGE in the source, NONE in the target",
        (*COMPRESSION, *OF_INDEX),
    ),
    # statistics
    "statistics added": Case(
        statistics(), table(), "statistics ST: only in the source", OF_STATISTICS
    ),
    "statistics columns": Case(
        statistics(columns=("b",)),
        statistics(),
        "statistics ST: columns (b) in the source, (a) in the target",
        OF_STATISTICS,
    ),
    "statistics no recompute": Case(
        statistics(options=(("NORECOMPUTE", "ON"),)),
        statistics(),
        "statistics ST: NORECOMPUTE ON in the source, OFF in the target",
        ("ignore-statistics-no-recompute", *OF_STATISTICS),
    ),
    # triggers
    "trigger added": Case(trigger(), table(), "trigger TR: only in the source", OF_TRIGGER),
    "instead of trigger added": Case(
        trigger("INSTEAD OF INSERT AS SELECT 1"),
        table(),
        "trigger TR: only in the source",
        (*OF_TRIGGER, "ignore-instead-of-triggers"),
    ),
    "trigger of replication": Case(
        table(),
        trigger(name="MSmerge_ins_1"),
        "trigger MSmerge_ins_1: only in the target",
        (*OF_TRIGGER, "ignore-replication-triggers"),
    ),
    "trigger of data sync": Case(
        table(),
        trigger(name="T_dss_insert_trigger"),
        "trigger T_dss_insert_trigger: only in the target",
        (*OF_TRIGGER, "ignore-data-sync-schema"),
    ),
    "trigger definition": Case(
        trigger("AFTER INSERT AS\nSELECT 2"),
        trigger("AFTER INSERT AS\nSELECT 3"),
        "trigger TR: definition differs from line 2",
        OF_TRIGGER,
    ),
    "trigger order": Case(
        trigger(order=(("INSERT", "First"),)),
        trigger(),
        "trigger TR: order INSERT First in the source, none in the target",
        ("ignore-trigger-order", *OF_TRIGGER),
    ),
    "trigger disabled": Case(
        trigger(disabled=True),
        trigger(),
        "trigger TR: disabled yes in the source, no in the target",
        OF_TRIGGER,
    ),
    "trigger quoted identifier": Case(
        trigger(quoted_identifier=False),
        trigger(),
        "trigger TR: quoted_identifier OFF in the source, ON in the target",
        ("ignore-set-quoted-identifier-and-ansi-nulls", *OF_TRIGGER),
    ),
    # full text
    "full text added": Case(
        full_text(), table(), "full-text index: only in the source", OF_FULL_TEXT
    ),
    "full text catalog": Case(
        full_text(catalog="c"),
        full_text(catalog="d"),
        "full-text index: catalog c in the source, d in the target",
        OF_FULL_TEXT,
    ),
    "full text tracking": Case(
        full_text(options=(("CHANGE_TRACKING", "MANUAL"),)),
        full_text(),
        "full-text index: CHANGE_TRACKING MANUAL in the source, AUTO in the target",
        OF_FULL_TEXT,
    ),
    # tables
    "table written in capitals": Case(
        Table("dbo", "t", (Column("a", INT),)),
        Table("dbo", "T", (Column("a", INT),)),
        "name t in the source, T in the target",
        CASE,
    ),
    "table filegroup": Case(
        table(storage=Storage("FG2")),
        table(),
        "filegroup FG2 in the source, PRIMARY in the target",
        PLACES,
    ),
    "table text filegroup": Case(
        table(textimage="FG2"),
        table(textimage="FG3"),
        "text filegroup FG2 in the source, FG3 in the target",
        PLACES,
    ),
    "table lock escalation": Case(
        table(options=(("LOCK_ESCALATION", "AUTO"),)),
        table(),
        "LOCK_ESCALATION AUTO in the source, TABLE in the target",
    ),
    "table change tracking": Case(
        table(options=(("CHANGE_TRACKING", "ON"),)),
        table(),
        "CHANGE_TRACKING ON in the source, OFF in the target",
        ("ignore-change-tracking",),
    ),
    "table compression": Case(
        table(options=(("DATA_COMPRESSION", "ROW"),)),
        table(),
        "DATA_COMPRESSION ROW in the source, NONE in the target",
        COMPRESSION,
    ),
    "table owner": Case(
        table(authorization="bob"),
        table(),
        "authorization bob in the source, none in the target",
        ("ignore-authorization-on-schema-objects",),
    ),
    "table edge constraint": Case(
        table(connections=("EC: dbo.A TO dbo.B",)),
        table(),
        "edge constraint EC: only in the source",
    ),
    "period": Case(table(temporal=Temporal("b", "c")), table(), "period: only in the source"),
    "versioning": Case(
        temporal(), temporal(versioned=False), "system versioning: only in the source"
    ),
    "retention": Case(
        temporal(retention="6 MONTHS"),
        temporal(),
        "system versioning: retention 6 MONTHS in the source, none in the target",
    ),
    "history": Case(
        temporal(history="H"),
        temporal(history="G"),
        "system versioning: history dbo.H in the source, dbo.G in the target",
    ),
    # what hangs on any object
    "permission": Case(
        table(permissions=(Permission("GRANT", "SELECT", "bob"),)),
        table(),
        "permission SELECT to bob: only in the source",
        USERS,
    ),
    "permission of a role": Case(
        table(permissions=(Permission("GRANT", "SELECT", "public"),)),
        table(),
        "permission SELECT to public: only in the source",
        ("ignore-permissions",),
    ),
    "permission state": Case(
        table(permissions=(Permission("DENY", "SELECT", "bob"),)),
        table(permissions=(Permission("GRANT", "SELECT", "bob"),)),
        "permission SELECT to bob: state DENY in the source, GRANT in the target",
        USERS,
    ),
    "property": Case(
        table(properties=(Property("MS_Description", "N'x'", "COLUMN", "a"),)),
        table(properties=(Property("MS_Description", "N'y'", "COLUMN", "a"),)),
        "extended property MS_Description of column a: "
        "value N'x' in the source, N'y' in the target",
        ("ignore-extended-properties",),
    ),
    "property of Microsoft's designers": Case(
        table(),
        table(properties=(Property("MS_DiagramPane1", "N'x'"),)),
        "extended property MS_DiagramPane1: only in the target",
        (
            "ignore-extended-properties",
            "ignore-internally-used-microsoft-extended-properties",
        ),
    ),
    # modules
    "module definition": Case(
        procedure("\nSELECT 1"), procedure("\nSELECT 2"), "definition differs from line 2"
    ),
    "module white space": Case(
        procedure("\nSELECT 1"),
        procedure("\n    SELECT   1"),
        "definition differs from line 2",
        ("ignore-white-space",),
    ),
    "module comments": Case(
        procedure("SELECT 1 -- one"),
        procedure("SELECT 1 /* first */ -- two"),
        "definition differs from line 1",
        ("ignore-comments",),
    ),
    "module semicolons": Case(
        procedure("SELECT 1;"),
        procedure("SELECT 1"),
        "definition differs from line 1",
        ("ignore-semicolons",),
    ),
    "module keywords": Case(
        procedure("SELECT 1"),
        procedure("select 1"),
        "definition differs from line 1",
        ("ignore-keyword-case",),
    ),
    "module with element order": Case(
        header("[dbo].[P] WITH RECOMPILE, EXECUTE AS OWNER"),
        header("[dbo].[P] WITH EXECUTE AS OWNER, RECOMPILE"),
        "definition differs from line 1",
        ("ignore-with-element-order",),
    ),
    "module brackets": Case(
        header("[dbo].[P]"),
        header("dbo.P"),
        "definition differs from line 1",
        ("ignore-square-brackets-in-object-names",),
    ),
    "module quoted identifier": Case(
        procedure(quoted_identifier=False),
        procedure(),
        "quoted_identifier OFF in the source, ON in the target",
        ("ignore-set-quoted-identifier-and-ansi-nulls",),
    ),
    "module ansi nulls": Case(
        procedure(ansi_nulls=False),
        procedure(),
        "ansi_nulls OFF in the source, ON in the target",
        ("ignore-set-quoted-identifier-and-ansi-nulls",),
    ),
    "module encryption": Case(
        procedure(encrypted=True),
        procedure(),
        "encryption yes in the source, no in the target",
        ("ignore-with-encryption",),
    ),
    # types
    "alias type": Case(
        AliasType("dbo", "Money", DECIMAL),
        AliasType("dbo", "Money", MONEY),
        "type decimal(10,2) in the source, money in the target",
    ),
    "alias type nullability": Case(
        AliasType("dbo", "Money", MONEY, nullable=False),
        AliasType("dbo", "Money", MONEY),
        "nullability NOT NULL in the source, NULL in the target",
        ("ignore-nullability",),
    ),
    "alias type rule": Case(
        AliasType("dbo", "Money", MONEY, bound_rule="dbo.R"),
        AliasType("dbo", "Money", MONEY),
        "bound rule Money: only in the source",
        ("ignore-bindings",),
    ),
    "table type column": Case(
        TableType("dbo", "Ids", (Column("Id", INT),)),
        TableType("dbo", "Ids", (Column("Id", BIGINT),)),
        "column Id: type int in the source, bigint in the target",
    ),
    # items
    "sequence": Case(
        item(Kind.SEQUENCE, increment="5"),
        item(Kind.SEQUENCE),
        "increment 5 in the source, 1 in the target",
    ),
    "user": Case(
        item(Kind.USER, default_schema="[app]"),
        item(Kind.USER),
        "default schema [app] in the source, [dbo] in the target",
        ("ignore-user-properties",),
    ),
    "role member": Case(
        item(Kind.ROLE, member__bob="ON"),
        item(Kind.ROLE),
        "role member bob: only in the source",
        ("ignore-users-permissions-and-role-memberships",),
    ),
    "role member of the target": Case(
        item(Kind.ROLE),
        item(Kind.ROLE, member__bob="ON"),
        "role member bob: only in the target",
        ("ignore-users-permissions-and-role-memberships", "keep-what-only-target-has"),
    ),
    "certificate": Case(
        item(Kind.CERTIFICATE, subject="N'x'"),
        item(Kind.CERTIFICATE, subject="N'y'"),
        "subject N'x' in the source, N'y' in the target",
        ("ignore-certificates-and-crypto-keys",),
    ),
    "catalog": Case(
        item(Kind.FULL_TEXT_CATALOG, accent_sensitivity="OFF"),
        item(Kind.FULL_TEXT_CATALOG),
        "accent sensitivity OFF in the source, ON in the target",
        OF_FULL_TEXT,
    ),
    "partition scheme": Case(
        item(Kind.PARTITION_SCHEME, filegroups="ALL [a]"),
        item(Kind.PARTITION_SCHEME, filegroups="ALL [b]"),
        "filegroups ALL [a] in the source, ALL [b] in the target",
        PLACES,
    ),
    "event notification on a queue": Case(
        item(Kind.EVENT_NOTIFICATION, on="QUEUE [dbo].[q]", events="A"),
        item(Kind.EVENT_NOTIFICATION, on="QUEUE [dbo].[q]", events="B"),
        "events A in the source, B in the target",
        ("ignore-event-notifications-on-queues",),
    ),
    "queue": Case(
        item(Kind.QUEUE, filegroup="[x]"),
        item(Kind.QUEUE),
        "filegroup [x] in the source, none in the target",
        PLACES,
    ),
    "schema": Case(
        Item(Kind.SCHEMA, "", "app", authorization="bob"),
        Item(Kind.SCHEMA, "", "app", authorization="eve"),
        "authorization bob in the source, eve in the target",
        ("ignore-authorization-on-schema-objects", "ignore-schemas"),
    ),
    "property of the database": Case(
        item(Kind.EXTENDED_PROPERTY, value="N'1'"),
        item(Kind.EXTENDED_PROPERTY, value="N'2'"),
        "value N'1' in the source, N'2' in the target",
        ("ignore-extended-properties",),
    ),
    "synonym": Case(
        Item(Kind.SYNONYM, "dbo", "s", (("target", "[a].[dbo].[x]"),)),
        Item(Kind.SYNONYM, "dbo", "s", (("target", "[b].[dbo].[x]"),)),
        "target [a].[dbo].[x] in the source, [b].[dbo].[x] in the target",
        ("ignore-database-and-server-name-in-synonyms",),
    ),
    "synonym of another object": Case(
        Item(Kind.SYNONYM, "dbo", "s", (("target", "[a].[dbo].[x]"),)),
        Item(Kind.SYNONYM, "dbo", "s", (("target", "[a].[dbo].[y]"),)),
        "target [a].[dbo].[x] in the source, [a].[dbo].[y] in the target",
    ),
    "test schema": Case(
        Item(Kind.SYNONYM, "tSQLt", "s", (("target", "[a]"),)),
        Item(Kind.SYNONYM, "tSQLt", "s", (("target", "[b]"),)),
        "target [a] in the source, [b] in the target",
        ("ignore-tsqlt",),
    ),
    "data sync": Case(
        Item(Kind.SYNONYM, "DataSync", "s", (("target", "[a]"),)),
        Item(Kind.SYNONYM, "DataSync", "s", (("target", "[b]"),)),
        "target [a] in the source, [b] in the target",
        ("ignore-data-sync-schema",),
    ),
}


def test_every_option_that_hides_has_a_case() -> None:
    hiding = {option for case in CASES.values() for option in case.hidden_by}
    known = {name for name in KNOWN if name.startswith("ignore-")}
    assert known - hiding <= {"ignore-synonym-dependencies", "ignore-migration-scripts"}
    assert hiding - known == {
        "keep-what-only-target-has",
        "no-force-column-order",
        "no-use-case-sensitive-object-definition",
    }


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_difference_is_said_with_the_options_that_hide_it(case: Case) -> None:
    found = differences(case.source, case.target, NONE)
    assert [(words(each), sorted(each.hidden_by)) for each in found] == [
        (case.words, sorted(set(case.hidden_by)))
    ]


HIDING = [
    pytest.param(case, option, id=f"{option}-{name}")
    for name, case in CASES.items()
    for option in case.hidden_by
    if not option.startswith("no-")
]


@pytest.mark.parametrize(("case", "option"), HIDING)
def test_what_an_option_hides_stays_as_the_target_has_it(case: Case, option: str) -> None:
    options = Options(frozenset({option}))
    found = differences(case.source, case.target, options)
    assert [is_hidden(each, options) for each in found] == [True]
    assert goal(case.source, case.target, options) == case.target


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_hidden_gives_the_source(case: Case) -> None:
    options = Options(frozenset({"force-column-order", "use-case-sensitive-object-definition"}))
    assert goal(case.source, case.target, options) == case.source


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_was_arrived_at_differs_no_more(case: Case) -> None:
    reached = goal(case.source, case.target, NONE)
    left = differences(case.source, reached, NONE)
    assert [each for each in left if not is_hidden(each, NONE)] == []


SAME = {
    "a name that the server is to choose": (
        default("0"),
        default("0", "DF__T__Price__1A2B3C4D"),
    ),
    "a check of any name": (check(name=""), check()),
    "a primary key of any name": (key(name=""), key()),
    "options that say the default": (
        index(options=(("ALLOW_ROW_LOCKS", "ON"), ("FILLFACTOR", "100"), ("ONLINE", "ON"))),
        index(),
    ),
    "the default filegroup": (table(storage=Storage("PRIMARY")), table()),
    "an index where its table is": (
        index(storage=Storage("FG2"))._replace(storage=Storage("FG2")),
        index()._replace(storage=Storage("FG2")),
    ),
    "included columns in another order": (index(included=("b", "c")), index(included=("c", "b"))),
    "names in other capitals": (index(columns=on("A")), index(columns=on("a"))),
    "who granted": (
        table(permissions=(Permission("GRANT", "SELECT", "bob", (), "dbo"),)),
        table(permissions=(Permission("GRANT", "SELECT", "bob"),)),
    ),
    "permissions on columns put together": (
        table(permissions=(Permission("GRANT", "SELECT", "bob", ("a", "b")),)),
        table(
            permissions=(
                Permission("GRANT", "SELECT", "bob", ("a",)),
                Permission("GRANT", "SELECT", "bob", ("b",)),
            )
        ),
    ),
    "a string with and without N": (
        table(properties=(Property("x", "N'1'"),)),
        table(properties=(Property("x", "'1'"),)),
    ),
    "the history that the server names": (temporal(), temporal(history="H")),
    "infinite retention": (temporal(retention="INFINITE"), temporal()),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_what_says_the_same_is_no_difference_and_stays(pair: tuple[Table, Table]) -> None:
    source, target = pair
    assert differences(source, target, NONE) == ()
    assert goal(source, target, NONE) == target
