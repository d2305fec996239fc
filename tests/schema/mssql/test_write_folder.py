"""A database as a folder of scripts: where each object lies, and what it is called there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.mssql.items import AliasType, Item, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.writers.mssql.folder import export, file_name
from tests.schema.mssql.write_objects import BEFORE_AND_AFTER
from tests.schema.mssql.write_tables import typed
from tests.schema.mssql.writing import refused

A = (Column("a", typed("int")),)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=128)


def test_each_kind_has_its_folder() -> None:
    after = {thing.key: thing for _, thing in BEFORE_AND_AFTER.values()}
    assert sorted(path for path in export(Database.of(after.values()))) == [
        "Assemblies/Clr.sql",
        "Database Triggers/Watch.sql",
        "Defaults/dbo.Nothing.sql",
        "Extended Properties/Version.sql",
        "Functions/dbo.F.sql",
        "RedGateDatabaseInfo.xml",
        "Rules/dbo.Positive.sql",
        "Security/Asymmetric Keys/Asym.sql",
        "Security/Certificates/Cert.sql",
        "Security/Roles/App.sql",
        "Security/Roles/Readers.sql",
        "Security/Schemas/sales.sql",
        "Security/Security Policies/dbo.Rows.sql",
        "Security/Symmetric Keys/Sym.sql",
        "Security/Users/ann.sql",
        "Sequences/dbo.Counter.sql",
        "Service Broker/Contracts/%2F%2Fc.sql",
        "Service Broker/Event Notifications/Told.sql",
        "Service Broker/Message Types/%2F%2Fm.sql",
        "Service Broker/Queues/dbo.Q.sql",
        "Service Broker/Remote Service Bindings/B.sql",
        "Service Broker/Routes/R.sql",
        "Service Broker/Services/%2F%2Fs.sql",
        "Storage/Full Text Catalogs/Words.sql",
        "Storage/Full Text Stoplists/Stop.sql",
        "Storage/Partition Functions/Years.sql",
        "Storage/Partition Schemes/ByYear.sql",
        "Storage/Search Property Lists/Props.sql",
        "Stored Procedures/dbo.P.sql",
        "Synonyms/dbo.Other.sql",
        "Tables/dbo.Orders.sql",
        "Types/User-defined Data Types/dbo.Ids.sql",
        "Types/User-defined Data Types/dbo.Money.sql",
        "Types/User-defined Data Types/dbo.Point.sql",
        "Types/XML Schema Collections/dbo.Notes.sql",
        "Views/dbo.V.sql",
    ]


def test_every_file_is_taken_by_the_parser() -> None:
    after = {thing.key: thing for _, thing in BEFORE_AND_AFTER.values()}
    files = export(Database.of(after.values()))
    assert [
        error
        for path, text in files.items()
        if path.endswith(".sql")
        for error in refused(text, 2022)
    ] == []


def test_a_file_has_the_object_and_what_hangs_on_it() -> None:
    files = export(Database.of([Table("dbo", "T", A)]))
    assert files["Tables/dbo.T.sql"] == "CREATE TABLE [dbo].[T]\n(\n    [a] [int] NULL\n)\nGO\n"


def test_passwords_are_stars_in_a_file() -> None:
    _, app = BEFORE_AND_AFTER["application role"]
    assert export(Database.of([app]))["Security/Roles/App.sql"] == (
        "CREATE APPLICATION ROLE [App] WITH PASSWORD = N'********', DEFAULT_SCHEMA = [app]\nGO\n"
    )


def test_the_collation_stands_in_redgates_file() -> None:
    database = Database({}, collation="Norwegian_100_CI_AS")
    assert export(database) == {
        "RedGateDatabaseInfo.xml": (
            '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
            "<!---->\n"
            '<DatabaseInformation Version="2">\n'
            "  <DefaultCollation>Norwegian_100_CI_AS</DefaultCollation>\n"
            "  <DefaultSchema>dbo</DefaultSchema>\n"
            "</DatabaseInformation>\n"
        )
    }


def test_what_is_built_in_has_a_file_only_for_what_hangs_on_it() -> None:
    owner = Item(Kind.ROLE, "", "db_owner", (("member:ann", "ON"),), built_in=True)
    files = export(Database.of([owner, Item(Kind.SCHEMA, "", "dbo", built_in=True)]))
    assert {path: text for path, text in files.items() if path.endswith(".sql")} == {
        "Security/Roles/db_owner.sql": "ALTER ROLE [db_owner] ADD MEMBER [ann]\nGO\n"
    }


def test_what_cannot_be_read_is_kept_as_it_was_found() -> None:
    files = export(
        Database.of(
            [
                Unreadable(Kind.VIEW, "dbo", "Odd", "no parser", "CREATE VIEW dbo.Odd AS ???"),
                Module(Kind.VIEW, "dbo", "Hidden", "", encrypted=True),
            ]
        )
    )
    assert files["Views/dbo.Odd.sql"] == "CREATE VIEW dbo.Odd AS ???\nGO\n"
    assert "Views/dbo.Hidden.sql" not in files


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Order Lines", "Order Lines"),
        ('a<b>:"c|d?*e\\f/g%', "a%3Cb%3E%3A%22c%7Cd%3F%2Ae%5Cf%2Fg%25"),
        ("tab\there", "tab%09here"),
        ("ends with.", "ends with%2E"),
        ("con", "%63on"),
        ("COM1.x", "%43OM1.x"),
        ("console", "console"),
        ("blåbær", "blåbær"),
    ],
)
def test_what_windows_forbids_is_encoded(name: str, file: str) -> None:
    assert file_name(name) == file


def test_names_that_differ_in_dots_do_not_meet() -> None:
    files = export(Database.of([Table("a.b", "c", A), Table("a", "b.c", A)]))
    assert [path for path in files if path.startswith("Tables")] == [
        "Tables/a.b.c (2).sql",
        "Tables/a.b.c.sql",
    ]


@given(st.lists(NAMES, unique=True))
def test_no_two_objects_share_a_file(names: list[str]) -> None:
    things = {(t := AliasType("dbo", name, typed("int"))).key: t for name in names}
    files = export(Database.of(things.values()))
    assert len({path.lower() for path in files}) == len(things) + 1


@given(NAMES)
def test_a_file_name_is_one_that_windows_takes(name: str) -> None:
    file = file_name(name)
    assert not set(file) & set('<>:"/\\|?*')
    assert all(ord(character) >= 32 for character in file)
    assert file[-1] not in ". "
    assert len(file.encode()) <= 204
