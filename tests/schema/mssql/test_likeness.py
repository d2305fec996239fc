"""A drop and a make that look like a rename: refused, with the lines to write."""

from typing import Any

import pytest

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.compare import compare
from pipeline.schema.diff.mssql.likeness import ALLOWED
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.normalise.mssql.options import Options

NONE = Options(frozenset())


def table(name: str, columns: str, schema: str = "dbo") -> Table:
    """A table of `Id:int Name:nvarchar`."""
    pairs = [each.partition(":") for each in columns.split()]
    return Table(
        schema, name, tuple(Column(each, TypeName("", kind or "int")) for each, _, kind in pairs)
    )


def procedure(name: str, body: str = "SELECT 1 AS [one]") -> Module:
    text = f"CREATE PROCEDURE dbo.{name} AS {body}"
    return Module(Kind.STORED_PROCEDURE, "dbo", name, text)


def database(*objects: Object, **said: Any) -> Database:
    base = Database.of(objects)
    places = {key: f"{each.name}.sql:3" for key, each in base.objects.items()}
    return Database(base.objects, places=places, **said)


PEOPLE = "Id:int Name:nvarchar Born:date Town:nvarchar Paid:money"
CASES = {
    "most columns": (
        table("Clients", f"{PEOPLE} Fax:char"),
        table("Customers", PEOPLE),
        (
            "table dbo.Clients looks like dbo.Customers renamed (5 of 6 columns are the same):",
            "-- @renamed from=dbo.Customers   above it in Clients.sql, if it is",
            "-- @dropped dbo.Customers   there, if it is not",
        ),
    ),
    "types in order": (
        table("Clients", "A:int B:date C:money"),
        table("Customers", "X:int Y:date Z:money"),
        (
            "table dbo.Clients looks like dbo.Customers renamed "
            "(the same types in the same order):",
            "-- @renamed from=dbo.Customers   above it in Clients.sql, if it is",
            "-- @dropped dbo.Customers   there, if it is not",
        ),
    ),
    "another schema": (
        table("Log", "A:int", "app"),
        table("Log", "B:date C:money"),
        (
            "table app.Log looks like dbo.Log renamed (the same name in another schema):",
            "-- @renamed from=dbo.Log   above it in Log.sql, if it is",
            "-- @dropped dbo.Log   there, if it is not",
        ),
    ),
    "a column of the same type": (
        table("T", "Id:int Paid:money"),
        table("T", "Id:int Total:money"),
        (
            "column dbo.T.Paid looks like dbo.T.Total renamed (both are money):",
            "-- @renamed from=Total   above its line in T.sql, if it is",
            "-- @dropped dbo.T.Total   there, if it is not",
        ),
    ),
    "a column of a similar name": (
        table("T", "Id:int PhoneNumber:nvarchar"),
        table("T", "Id:int Phone:varchar"),
        (
            "column dbo.T.PhoneNumber looks like dbo.T.Phone renamed (a similar name):",
            "-- @renamed from=Phone   above its line in T.sql, if it is",
            "-- @dropped dbo.T.Phone   there, if it is not",
        ),
    ),
    "a body": (
        procedure("New"),
        procedure("Old"),
        (
            "stored procedure dbo.New looks like dbo.Old renamed (the same but for the name):",
            "-- @renamed from=dbo.Old   above it in New.sql, if it is",
            "-- @dropped dbo.Old   there, if it is not",
        ),
    ),
    "facts": (
        Item(Kind.SEQUENCE, "dbo", "New", (("increment", "5"),)),
        Item(Kind.SEQUENCE, "dbo", "Old", (("increment", "5"),)),
        (
            "sequence dbo.New looks like dbo.Old renamed (the same but for the name):",
            "-- @renamed from=dbo.Old   above it in New.sql, if it is",
            "-- @dropped dbo.Old   there, if it is not",
        ),
    ),
}


@pytest.mark.parametrize(("new", "old", "lines"), CASES.values(), ids=CASES)
def test_what_looks_renamed_is_refused(new: Object, old: Object, lines: tuple[str, ...]) -> None:
    with pytest.raises(CheckFailed) as refused:
        compare(database(new), database(old), NONE)
    assert str(refused.value) == "1 thing looks renamed: nothing is dropped before a hint says so"
    assert tuple(line.strip() for line in refused.value.advice.splitlines()) == lines


@pytest.mark.parametrize(("new", "old", "lines"), CASES.values(), ids=CASES)
def test_an_option_allows_it(new: Object, old: Object, lines: tuple[str, ...]) -> None:
    compare(database(new), database(old), Options(frozenset({ALLOWED})))


@pytest.mark.parametrize(("new", "old", "lines"), CASES.values(), ids=CASES)
def test_the_hint_that_it_is_dropped_allows_it(
    new: Object, old: Object, lines: tuple[str, ...]
) -> None:
    name = lines[-1].split()[2]
    compare(database(new, dropped=(name,)), database(old), NONE)


UNLIKE = {
    "other columns": (table("A", "Id:int X:int"), table("B", "Id:int Y:date")),
    "few types in order": (table("A", "A:int"), table("B", "B:int")),
    "another body": (procedure("A"), procedure("B", "SELECT 2")),
    "schemas": (Item(Kind.SCHEMA, "", "a"), Item(Kind.SCHEMA, "", "b")),
    "two of a type": (table("T", "Aa:int Bb:int"), table("T", "Xx:int Yy:int")),
    "another type": (table("T", "Aa:int"), table("T", "Bb:date")),
}


@pytest.mark.parametrize(("new", "old"), UNLIKE.values(), ids=UNLIKE)
def test_what_is_unlike_is_dropped_and_made(new: Object, old: Object) -> None:
    compare(database(new), database(old), NONE)


def test_all_of_them_are_told_at_once() -> None:
    new = [table(f"New{n}", f"{PEOPLE} X{n}:int") for n in range(3)]
    old = [table(f"Old{n}", f"{PEOPLE} X{n}:int") for n in range(3)]
    with pytest.raises(CheckFailed) as refused:
        compare(database(*new, procedure("P")), database(*old, procedure("Q")), NONE)
    assert str(refused.value) == (
        "4 things look renamed: nothing is dropped before a hint says so"
    )
    assert [
        line.partition(" looks like ")[::2]
        for line in refused.value.advice.replace("  -> ", "").splitlines()
        if "looks like" in line
    ] == [
        ("table dbo.New0", "dbo.Old0 renamed (6 of 6 columns are the same):"),
        ("table dbo.New1", "dbo.Old1 renamed (6 of 6 columns are the same):"),
        ("table dbo.New2", "dbo.Old2 renamed (6 of 6 columns are the same):"),
        ("stored procedure dbo.P", "dbo.Q renamed (the same but for the name):"),
    ]
