"""One statement on its way to becoming a batch: its text, and how to see that it is done."""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.schema.syntax.mssql.tokens import quote_string


class Statement(NamedTuple):
    """Text of one batch. `there` is a condition that is true when what it makes is there.

    `making` is False of what drops or changes it. `alone` is text that has to be the only
    statement of its batch: CREATE VIEW, CREATE TRIGGER, CREATE SCHEMA...
    """

    sql: str
    there: str = ""
    making: bool = True
    alone: bool = False


def negated(condition: str) -> str:
    """Give the opposite of a condition that a Statement has."""
    if condition.startswith("EXISTS ("):
        return f"NOT {condition}"
    if condition.endswith(" IS NOT NULL"):
        return condition.removesuffix(" IS NOT NULL") + " IS NULL"
    return f"NOT ({condition})"


def batches(statements: Iterable[Statement], *, guarded: bool = False) -> tuple[str, ...]:
    """Give the batches; `guarded` ones do nothing where nothing is left to do."""
    return tuple(_guarded(each) if guarded else each.sql for each in statements)


def _guarded(statement: Statement) -> str:
    if not statement.there:
        return statement.sql
    condition = negated(statement.there) if statement.making else statement.there
    if statement.alone:
        return f"IF {condition}\nEXEC ({quote_string(statement.sql)})"
    return f"IF {condition}\nBEGIN\n{statement.sql}\nEND"
