"""Garbled scripts of tables: read or refused with a place; leniently they are always read."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from pipeline.schema.syntax.mssql.tokens import Script
from tests.schema.mssql import test_read_tables as tables

SCRIPTS = [
    *(f"CREATE TABLE t ({text}, b int)" for text, _ in tables.COLUMNS),
    *(f"CREATE TABLE t ({text})" for _, text, _ in tables.PARTS),
    *(f"CREATE TABLE t (a int) {text}" for _, text, _ in tables.ENDS),
    *(f"CREATE TABLE t (a int); ALTER TABLE t {text}" for text, _ in tables.ALTERED),
    *(f"CREATE TABLE t (a int, x int) CREATE {text}" for text, _ in tables.INDEXES),
    *(f"CREATE TABLE t (a int, INDEX i (a)); {text}" for text, _ in tables.REINDEXED),
    "IF OBJECT_ID('t') IS NULL BEGIN CREATE TABLE t (a int) END ELSE BEGIN PRINT 'x' END",
    "-- @renamed from=x\nEXEC sp_executesql N'CREATE TABLE t (a int)'\nGO\nUSE x SET NOEXEC ON",
]
OPENING = ["'", '"', "[", "]", "/*", "*/", "--", "\nGO\n", "N'", "0x", "$", "\x00", "\ufeff", "@"]
WORDS = sorted({token for script in SCRIPTS for token in Script.of("", script).tokens})


@st.composite
def garbled(draw: st.DrawFn) -> str:
    """A script in which some words are missing, others doubled, exchanged or never closed."""
    tokens = list(Script.of("", draw(st.sampled_from(SCRIPTS))).tokens)
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(tokens)))
        end = first + draw(st.integers(0, 2))
        tokens[first:end] = draw(st.lists(st.sampled_from(WORDS + OPENING), max_size=2))
    return " ".join(tokens)


def read(text: str, *, lenient: bool = False) -> Database:
    return read_database([SourceFile("a.sql", text)], lenient=lenient)


@given(garbled())
def test_a_garbled_script_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        read(text)
    except BadSchema as error:
        assert error.where.startswith("a.sql:"), error  # noqa: PT017  not all are refused


@given(garbled())
def test_lenient_reading_refuses_nothing(text: str) -> None:
    assert isinstance(read(text, lenient=True), Database)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(read(text, lenient=True), Database)
