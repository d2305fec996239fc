"""The frame around the statements: what every script begins and ends with, and what options do."""

from dataclasses import dataclass

import pytest

from pipeline.hazard import Hazard, HazardName
from pipeline.schema.diff.mssql.operation import Guard, Operation, PartKind, Verb
from pipeline.schema.model.mssql.facts import SET, facts
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.tables import FullTextColumn, FullTextIndex
from pipeline.schema.writers.mssql.script import Header, Written, WrittenStep, write
from tests.schema.mssql.accepted import accepted
from tests.schema.mssql.write_tables import NAME, ORDERS
from tests.schema.mssql.writing import Wanted, kept, on_object, operation, wanted

HEADER = Header(source="scripts:schema", target="env:prod", version="0.1.0")
TEXTS = kept("scripts.sql")


@dataclass(frozen=True)
class Planned:
    operation: Operation
    needs: tuple[int, ...] = ()


def guarded(column: str) -> Operation:
    done = operation(
        Verb.ALTER, PartKind.COLUMN, ORDERS, "Name", old=NAME, new=NAME._replace(nullable=False)
    )
    guard = Guard(
        Hazard(HazardName.MAY_FAIL, "dbo.Orders.Name", "there may be NULLs"),
        f"SELECT 1 FROM [dbo].[Orders] WHERE [{column}] IS NULL",
        f"SELECT COUNT(*) FROM [dbo].[Orders] WHERE [{column}] IS NULL",
        "[dbo].[Orders].[Name] is NULL in 5% of it's rows",
    )
    return Operation(
        verb=done.verb,
        part=done.part,
        old=done.old,
        new=done.new,
        before=done.before,
        after=done.after,
        guards=(guard,),
    )


ADD = operation(Verb.CREATE, PartKind.COLUMN, ORDERS, "Name", new=NAME)
DROP = operation(Verb.DROP, PartKind.COLUMN, ORDERS, "Name", old=NAME)
WORDS = FullTextIndex((FullTextColumn("Name"),), "PK_Orders")
WORDS_GO = operation(Verb.DROP, PartKind.FULL_TEXT, ORDERS, old=WORDS)
WORDS_COME = operation(Verb.CREATE, PartKind.FULL_TEXT, ORDERS, new=WORDS)
APP = Item(Kind.ROLE, "", "App", facts(Kind.ROLE, {"application": "ON", "password": SET}))
PASSWORD = on_object(Verb.CREATE, None, APP)
CASES: dict[str, tuple[tuple[Planned, ...], Wanted]] = {
    "one step": ((Planned(ADD),), wanted()),
    "nothing to do": ((), wanted()),
    "a question before a step": ((Planned(guarded("Name")),), wanted()),
    "a question about a new column": (
        (Planned(ADD), Planned(guarded("Name"), (0,))),
        wanted(),
    ),
    "without a transaction": ((Planned(guarded("Name")),), wanted("no-transaction")),
    "without looking at errors": ((Planned(ADD),), wanted("no-error-handling")),
    "without comments": ((Planned(WORDS_COME),), wanted("no-comments")),
    "full text comes afterwards": (
        (Planned(ADD), Planned(WORDS_COME, (0,)), Planned(DROP)),
        wanted(),
    ),
    "full text goes first": ((Planned(WORDS_GO), Planned(DROP, (0,))), wanted()),
    "full text around a change": (
        (Planned(WORDS_GO), Planned(guarded("Name"), (0,)), Planned(WORDS_COME, (1,))),
        wanted(),
    ),
    "full text between two changes": (
        (Planned(ADD), Planned(WORDS_COME, (0,)), Planned(DROP, (1,))),
        wanted(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_script_is_framed(name: str) -> None:
    planned, options = CASES[name]
    written = write(planned, options, HEADER)
    assert (written.text, accepted(written.text)) == (TEXTS[name], [])


def test_steps_and_notes_say_what_the_script_does() -> None:
    planned = (Planned(ADD), Planned(WORDS_COME, (0,)), Planned(DROP, (1,)), Planned(PASSWORD))
    written = write(planned, wanted(), HEADER)
    assert [(s.number, s.title, s.transactional) for s in written.steps] == [
        (1, "Adding column [Name] to [dbo].[Orders]", True),
        (2, "Creating full-text index on [dbo].[Orders]", False),
        (3, "Dropping column [Name] from [dbo].[Orders]", True),
        (4, "Creating application role [App]", True),
    ]
    assert written.notes == (
        "Creating full-text index on [dbo].[Orders]: "
        "cannot be in a transaction, a failure does not take it back",
        "the script has 2 transactions: between them stands what cannot be in one",
        "Creating application role [App]: its password is made up; set another one",
    )


def test_a_step_has_its_own_text() -> None:
    assert write((Planned(ADD),), wanted(), HEADER).steps == (
        WrittenStep(
            1,
            "Adding column [Name] to [dbo].[Orders]",
            "ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL "
            "CONSTRAINT [DF_Orders_Name] DEFAULT N'x'",
            True,
        ),
    )


def test_the_header_cannot_be_ended_from_inside() -> None:
    header = Header(source="*/ DROP TABLE x --", target="/* y", made_at="today", undo=True)
    written: Written = write((Planned(ADD),), wanted(), header)
    assert written.text.split("*/", 1)[0] == TEXTS["a header that would end itself"]


def test_the_same_plan_gives_the_same_bytes() -> None:
    planned = tuple(step for steps, _ in CASES.values() for step in steps if not step.needs)
    texts = {write(planned, wanted(), HEADER).text for _ in range(3)}
    assert len(texts) == 1
