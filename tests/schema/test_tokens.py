"""Words of SQLite: names of any kind, strings, comments, and one spelling for what is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.schema.syntax.sqlite.tokens import literal, mentions, normal, quote, tokens, trimmed
from tests.schema.databases import database
from tests.schema.strategies import identifiers


@given(identifiers)
def test_a_quoted_name_is_one_token_that_stands_for_the_name(name: str) -> None:
    assert [token.name for token in tokens(f"x {quote(name)} y")] == ["x", name, "y"]


@given(st.text())
def test_a_quoted_string_is_one_token(text: str) -> None:
    assert [token.name for token in tokens(f"{literal(text)},")] == [text, ","]


@given(identifiers, identifiers)
def test_sqlite_knows_a_quoted_name_as_we_do(table: str, column: str) -> None:
    with database(
        f"CREATE TABLE {quote(table)} ({quote(column)} TEXT DEFAULT {literal(column)})"
    ) as found:
        (read,) = read_sqlite(found).tables

    assert read.name == table
    assert [(c.name, c.type, c.default) for c in read.columns] == [
        (column, "TEXT", literal(column))
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT  A -- all of it\n FROM t;", "select a from t"),
        ('SELECT "a" FROM [t] WHERE `b` = 1', "SELECT a FROM t WHERE b = 1"),
        ("SELECT a/* no */FROM t", "SELECT a FROM t"),
        ("a<>b", "a <> b"),
        ("x'00' || 'A'", "X'00' || 'A'"),
    ],
)
def test_what_means_the_same_has_one_spelling(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'A'", "'a'"),
        ("'a -- b'", "'a'"),
        ("a < > b", "a <> b"),
        ("a b", "ab"),
        ('"select"', "'select'"),
        ('"A thing"', '"a thing"'),
    ],
)
def test_what_means_something_else_keeps_its_spelling(one: str, other: str) -> None:
    assert normal(one) != normal(other)


def test_a_double_quoted_word_is_a_name_where_the_schema_has_that_name() -> None:
    assert normal('"A thing"', frozenset({"a thing"})) == '"a thing"'


def test_mentions_are_names_in_every_quoting() -> None:
    assert mentions("SELECT A, \"b\", [c], `d`, 'e', 1 -- f") == {
        "select",
        "a",
        "b",
        "c",
        "d",
        "e",
    }


def test_trimmed_ends_with_the_last_word() -> None:
    assert trimmed("SELECT 1 -- one\n; /* two */") == "SELECT 1"
