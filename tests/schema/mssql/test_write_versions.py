"""What a version or an edition has not is refused by name, or said in the old way."""

from contextlib import suppress

import pytest

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.operation import PartKind, Verb
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.facts import SET, facts
from pipeline.schema.model.mssql.items import Item, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import Storage
from pipeline.schema.model.mssql.tables import Column, Index, KeyColumn, Table, Temporal
from pipeline.schema.writers.mssql.operations import write_operation
from tests.schema.mssql.accepted import VERSIONS
from tests.schema.mssql.write_objects import OBJECT_CASES
from tests.schema.mssql.write_tables import ENCRYPTED, ID, INDEX, MASKED, PART_CASES, typed
from tests.schema.mssql.writing import Case, on_object, operation, refused, text_of, wanted

T = Table("dbo", "T", (Column("a", typed("int")),))
POLICY = Item(Kind.SECURITY_POLICY, "dbo", "P", (("predicate:FILTER [dbo].[T]", "[dbo].[f]()"),))
REFUSED: list[tuple[Object, int, str, str]] = [
    (T._replace(columns=(MASKED,)), 2014, "enterprise", "[dbo].[T].Mail: dynamic data masking"),
    (T._replace(columns=(ENCRYPTED,)), 2014, "enterprise", "[dbo].[T].Card: Always Encrypted"),
    (
        T._replace(temporal=Temporal("a", "b")),
        2014,
        "enterprise",
        "[dbo].[T]: PERIOD FOR SYSTEM_TIME",
    ),
    (T._replace(options=(("AS", "NODE"),)), 2016, "enterprise", "[dbo].[T]: a graph table"),
    (T._replace(options=(("LEDGER", "ON"),)), 2019, "enterprise", "[dbo].[T]: a ledger table"),
    (
        T._replace(options=(("MEMORY_OPTIMIZED", "ON"),)),
        2012,
        "enterprise",
        "[dbo].[T]: a memory-optimised table",
    ),
    (POLICY, 2014, "enterprise", "[dbo].[P]: a security policy"),
    (Item(Kind.SEQUENCE, "dbo", "S"), 2008, "enterprise", "[dbo].[S]: a sequence"),
]


@pytest.mark.parametrize(("thing", "version", "edition", "what"), REFUSED)
def test_what_a_version_has_not_is_refused(
    thing: Object, version: int, edition: str, what: str
) -> None:
    with pytest.raises(CheckFailed) as caught:
        write_operation(
            on_object(Verb.CREATE, None, thing), wanted(version=version, edition=edition)
        )
    said, _, first = caught.value.what.partition(" needs SQL Server ")
    assert (said, first.endswith(f", the target is {version}")) == (what, True)


def test_what_an_edition_has_not_is_refused() -> None:
    pressed = T._replace(options=(("DATA_COMPRESSION", "PAGE"),))
    making = on_object(Verb.CREATE, None, pressed)
    with pytest.raises(CheckFailed) as caught:
        write_operation(making, wanted(version=2014, edition="standard"))
    assert caught.value.lines() == (
        "[dbo].[T]: compression needs Enterprise edition before SQL Server 2016",
        "  -> leave it out by `--exclude`, or say `--edition enterprise`",
    )
    assert write_operation(making, wanted(version=2016, edition="standard"))


def test_partitions_need_enterprise_before_2016() -> None:
    spread = T._replace(storage=Storage("ByYear", "a"))
    with pytest.raises(CheckFailed, match="partitioning needs Enterprise"):
        write_operation(
            on_object(Verb.CREATE, None, spread), wanted(version=2012, edition="express")
        )


def test_azure_has_no_file_tables() -> None:
    files = Table("dbo", "F", options=(("AS", "FILETABLE"),))
    with pytest.raises(CheckFailed, match="Azure SQL Database does not have a FileTable"):
        write_operation(on_object(Verb.CREATE, None, files), wanted(edition="azure"))


@pytest.mark.parametrize(
    ("edition", "end"),
    [("enterprise", ", ONLINE = ON"), ("azure", ", ONLINE = ON"), ("standard", "")],
)
def test_only_some_editions_build_indexes_online(edition: str, end: str) -> None:
    plain = INDEX._replace(storage=Storage(), filter="", included=())
    making = operation(Verb.CREATE, PartKind.INDEX, T, INDEX.name, new=plain)
    assert write_operation(making, wanted("online", edition=edition)) == (
        "CREATE UNIQUE NONCLUSTERED INDEX [IX_Name] ON [dbo].[T] ([Name] DESC) "
        f"WITH (FILLFACTOR = 90, PAD_INDEX = ON{end})",
    )


def test_a_column_is_altered_online_since_2016() -> None:
    altering = operation(
        Verb.ALTER,
        PartKind.COLUMN,
        T,
        "Id",
        old=Column("a", typed("int")),
        new=Column("a", typed("bigint")),
    )
    begin = "ALTER TABLE [dbo].[T] ALTER COLUMN [a] [bigint] NULL"
    assert write_operation(altering, wanted("online", version=2014)) == (begin,)
    assert write_operation(altering, wanted("online")) == (f"{begin} WITH (ONLINE = ON)",)


def test_a_mistake_of_the_plan_is_not_written() -> None:
    counted = operation(
        Verb.ALTER, PartKind.COLUMN, T, "Id", old=ID._replace(identity=None), new=ID
    )
    with pytest.raises(CheckFailed, match="IDENTITY of a column cannot be altered in place"):
        write_operation(counted, wanted())


@pytest.mark.parametrize(
    ("thing", "what"),
    [
        (
            Unreadable(Kind.VIEW, "dbo", "V", "it is encrypted"),
            "[dbo].[V] cannot be read: it is encrypted",
        ),
        (
            Module(Kind.VIEW, "dbo", "V", "", encrypted=True),
            "[dbo].[V] is encrypted: its text cannot be read",
        ),
        (
            Item(
                Kind.SYMMETRIC_KEY,
                "",
                "K",
                facts(Kind.SYMMETRIC_KEY, {"algorithm": "AES_256", "key_source": SET}),
            ),
            "[K]: KEY_SOURCE is a secret, which farmhand does not keep",
        ),
    ],
)
def test_what_is_not_known_cannot_be_made(thing: Object, what: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        write_operation(on_object(Verb.CREATE, None, thing), wanted())
    assert caught.value.what == what


def test_an_ordered_columnstore_index_is_new() -> None:
    ordered = Index(
        "I",
        "NONCLUSTERED COLUMNSTORE",
        unique=False,
        columns=(KeyColumn("a"),),
        detail="ORDER ( [a] )",
    )
    making = operation(Verb.CREATE, PartKind.INDEX, T, "I", new=ordered)
    with pytest.raises(CheckFailed, match="an ordered columnstore index needs SQL Server 2022"):
        write_operation(making, wanted(version=2019))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_not_refused_is_taken_by_the_parser_of_that_version(version: int) -> None:
    texts = []
    for case in (*PART_CASES.values(), *OBJECT_CASES.values()):
        options = wanted(*case.options.names, version=version)
        with suppress(CheckFailed):
            texts.append(text_of(Case(case.operation, options)))
    assert refused("".join(texts), version) == []
