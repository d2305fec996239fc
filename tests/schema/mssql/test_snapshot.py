"""A snapshot is the database, whole: what is read back is what was kept."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Database, Rename
from pipeline.schema.model.mssql.items import Item, Unreadable
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.mssql_snapshot import from_values, to_text
from tests.schema.mssql.case import paths, read, read_case
from tests.schema.mssql.reading import database

SHOP = """
CREATE TABLE dbo.Orders (
    Id int IDENTITY(5, 2) NOT NULL CONSTRAINT PK_Orders PRIMARY KEY,
    Total decimal(10, 2) NOT NULL CONSTRAINT DF_Total DEFAULT (0),
    Twice AS (Total * 2) PERSISTED,
    Valid datetime2 GENERATED ALWAYS AS ROW START NOT NULL,
    Until datetime2 GENERATED ALWAYS AS ROW END NOT NULL,
    PERIOD FOR SYSTEM_TIME (Valid, Until)
) WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.OrdersBefore))
GO
CREATE INDEX IX ON dbo.Orders (Total DESC) INCLUDE (Twice) WHERE Total > 5 WITH (FILLFACTOR = 80)
GO
CREATE TRIGGER dbo.T ON dbo.Orders AFTER INSERT AS SELECT N'größer'
GO
CREATE VIEW dbo.V AS SELECT Id FROM dbo.Orders -- naïve
GO
GRANT SELECT ON dbo.V TO public
INSERT dbo.Orders (Total) VALUES (1)
"""


def kept(found: Database) -> Database:
    return from_values(json.loads(to_text(found)))


def test_everything_of_a_database_comes_back() -> None:
    found = replace(
        database(SHOP),
        collation="Latin1_General_CI_AS",
        renames=(Rename(key(Kind.TABLE, "dbo", "Orders"), "dbo", "Bestellungen", ""),),
        dropped=("dbo.Old",),
        notes=("USE [shop] in 1.sql:1 is not followed",),
    )

    again = kept(found)

    assert again == found
    assert (again.places, again.skipped, again.notes) == (
        found.places,
        found.skipped,
        found.notes,
    )
    assert again.skipped == {"INSERT": 1}
    assert list(again.objects) == list(found.objects)


def test_whatever_a_case_of_comparison_has_comes_back() -> None:
    kinds = set()
    for path in paths():
        case = read_case(path)
        for text in (case.old, case.new):
            found = read(text, case.lenient)
            kinds |= {key.kind for key in found.objects}
            assert kept(found) == found, path
    assert kinds == {str(kind) for kind in Kind}


@given(st.text(), st.text(), st.booleans())
def test_any_text_comes_back(name: str, text: str, built_in: bool) -> None:
    found = Database.of(
        (
            Item(Kind.SYNONYM, "", name, (("target", text),), built_in=built_in),
            Unreadable(Kind.VIEW, text, name, text, text),
        )
    )
    assert kept(found) == found


def test_the_same_database_gives_the_same_text_which_says_who_made_it() -> None:
    assert to_text(database(SHOP)) == to_text(database(SHOP))
    assert to_text(database(SHOP)).startswith(
        '{"format":1,"made_by":"farmhand schema.snapshot","dialect":"mssql","fields":{'
    )


def test_a_field_that_was_added_since_has_its_default() -> None:
    values = snapshot_of_a_column("a")
    values["fields"]["Column"].remove("sparse")
    found = from_values(values)
    assert found == Database.of((Table("dbo", "T", (Column("a", None),)),))


def test_a_field_in_the_middle_that_an_older_farmhand_did_not_know_shifts_nothing() -> None:
    values = json.loads(to_text(database("CREATE TABLE T (a AS (1) PERSISTED)")))
    where = values["fields"]["Column"].index("collation")
    del values["fields"]["Column"][where]
    (column,) = values["model"]["objects"][0][2][2]
    del column[where]
    assert from_values(values) == database("CREATE TABLE T (a AS (1) PERSISTED)")


def test_a_field_of_a_newer_farmhand_is_refused() -> None:
    values = snapshot_of_a_column("a")
    values["fields"]["Column"].append("colour")
    with pytest.raises(BadSchema) as caught:
        from_values(values)
    assert caught.value.lines() == (
        "a newer farmhand wrote this snapshot: Column has colour",
        "  -> use that farmhand, or make the snapshot again with this one",
    )


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(BadSchema) as caught:
        from_values({**snapshot_of_a_column("a"), "format": 2})
    assert str(caught.value) == "a snapshot of format 2, and this farmhand reads 1"


@pytest.mark.parametrize(
    "damage",
    [
        {"model": None},
        {"fields": []},
        {"fields": {}},
        {"model": {"objects": []}},
        {"objects": [["Gadget", "", []]]},
        {"objects": [["Table", "", ["dbo"]]]},
        {"objects": [["Table", "", ["dbo", 5]]]},
        {"objects": [["Table", "", "dbo"]]},
        {"objects": [["Table", "", ["dbo", "T", [["a", None, "yes"]]]]]},
        {"objects": [["Table", "", ["dbo", "T"]], ["Table", "", ["dbo", "t"]]]},
        {"objects": [["Item", "", ["NoKind", "", "x"]]]},
        {"objects": 7},
    ],
    ids=str,
)
def test_what_is_damaged_is_refused(damage: dict[str, Any]) -> None:
    values = snapshot_of_a_column("a")
    if "objects" in damage:
        values["model"] |= damage
    else:
        values |= damage
    with pytest.raises(BadSchema) as caught:
        from_values(values)
    assert str(caught.value).startswith("this is no snapshot, or a damaged one: ")


def snapshot_of_a_column(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        to_text(Database.of((Table("dbo", "T", (Column(name, None),)),)))
    )
    return found
