"""When two texts of a module are the same, and with which options."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema.normalise.mssql.module_forms import LEVELS
from pipeline.schema.normalise.mssql.modules import (
    as_alter,
    as_create,
    as_create_or_alter,
    normal_module,
    own_name,
    renamed,
    text_differences,
)
from pipeline.schema.normalise.mssql.options import Options
from pipeline.schema.syntax.mssql.tokens import Script

NONE = Options(frozenset())
ALL = Options(frozenset(LEVELS))

# (what it is, one text, another text that is the same whatever the options)
ALWAYS_THE_SAME = [
    ("ALTER", "CREATE PROC p AS SELECT 1", "ALTER PROC p AS SELECT 1"),
    ("CREATE OR ALTER", "create proc p AS SELECT 1", "CREATE OR\nALTER proc p AS SELECT 1"),
    ("line ends", "CREATE PROC p AS\r\n SELECT 1\r\n", "CREATE PROC p AS\n SELECT 1"),
    (
        "line ends in comments",
        "CREATE PROC p AS /* a\r\nb */ SELECT 1",
        "CREATE PROC p AS /* a\nb */ SELECT 1",
    ),
    ("blanks at line ends", "CREATE PROC p AS  \t\nSELECT 1", "CREATE PROC p AS\nSELECT 1"),
    (
        "blanks behind comments",
        "CREATE PROC p AS -- a \nSELECT 1",
        "CREATE PROC p AS -- a\nSELECT 1",
    ),
    ("a byte order mark", "\ufeffCREATE PROC p AS SELECT 1", "CREATE PROC p AS SELECT 1"),
    ("lines around it", "\n\nCREATE PROC p AS SELECT 1\n\n", "CREATE PROC p AS SELECT 1"),
]


@pytest.mark.parametrize(
    ("one", "other"), [case[1:] for case in ALWAYS_THE_SAME], ids=[c[0] for c in ALWAYS_THE_SAME]
)
def test_some_things_are_never_looked_at(one: str, other: str) -> None:
    assert normal_module(one, NONE) == normal_module(other, NONE)
    assert text_differences(one, other) == frozenset()


# (what it is, one text, another text, the options that together hide what differs)
HIDDEN = [
    (
        "white space",
        "CREATE VIEW v AS SELECT a+b x FROM t",
        "CREATE VIEW v AS\n\tSELECT a + b x\n\tFROM t",
        "white-space",
    ),
    (
        "white space in comments",
        "CREATE VIEW v AS /* a\n  b */ SELECT 1 x",
        "CREATE VIEW v AS /* a b */ SELECT 1 x",
        "white-space",
    ),
    (
        "a line comment",
        "CREATE VIEW v AS\n-- all of it\nSELECT 1 x",
        "CREATE VIEW v AS\nSELECT 1 x",
        "comments",
    ),
    (
        "a comment behind code",
        "CREATE VIEW v AS -- so\nSELECT 1 x",
        "CREATE VIEW v AS\nSELECT 1 x",
        "comments",
    ),
    (
        "a block comment",
        "CREATE VIEW v AS\n/* a /* b */\n c */\nSELECT 1 x",
        "CREATE VIEW v AS\nSELECT 1 x",
        "comments",
    ),
    (
        "a comment between words",
        "CREATE VIEW v AS SELECT/**/1 x",
        "CREATE VIEW v AS SELECT 1 x",
        "comments",
    ),
    (
        "a comment at the head",
        "-- by me\nCREATE VIEW v AS SELECT 1 x",
        "CREATE VIEW v AS SELECT 1 x",
        "comments",
    ),
    (
        "other comments",
        "-- by me\nCREATE VIEW v AS SELECT 1 x",
        "/* by you */\nCREATE VIEW v AS SELECT 1 x",
        "comments",
    ),
    (
        "capitals of keywords",
        "CREATE VIEW v AS SELECT 1 x FROM t",
        "create view v as select 1 x from t",
        "keyword-case",
    ),
    (
        "capitals of functions and types",
        "CREATE VIEW v AS SELECT CAST(MAX(a) AS INT) x FROM t",
        "CREATE VIEW v AS SELECT cast(max(a) AS int) x FROM t",
        "keyword-case",
    ),
    (
        "PROC and PROCEDURE",
        "CREATE PROC p AS EXECUTE q",
        "CREATE PROCEDURE p AS EXEC q",
        "keyword-case",
    ),
    (
        "semicolons",
        "CREATE PROC p AS BEGIN SET NOCOUNT ON; SELECT 1; END;",
        "CREATE PROC p AS BEGIN SET NOCOUNT ON SELECT 1 END",
        "semicolons",
    ),
    (
        "a semicolon before WITH",
        "CREATE PROC p AS SET NOCOUNT ON ;WITH c AS (SELECT 1 x) SELECT x FROM c",
        "CREATE PROC p AS SET NOCOUNT ON; WITH c AS (SELECT 1 x) SELECT x FROM c",
        "white-space",
    ),
    (
        "brackets",
        "CREATE VIEW [v] AS SELECT [a] FROM [dbo].[t]",
        "CREATE VIEW v AS SELECT a FROM dbo.t",
        "square-brackets-in-object-names",
    ),
    (
        "the schema of its own name",
        "CREATE VIEW [dbo].[v] AS SELECT a FROM t",
        "CREATE VIEW v AS SELECT a FROM t",
        "square-brackets-in-object-names",
    ),
    (
        "encryption",
        "CREATE PROC p WITH ENCRYPTION AS SELECT 1",
        "CREATE PROC p AS SELECT 1",
        "with-encryption",
    ),
    (
        "encryption of several",
        "CREATE PROC p WITH ENCRYPTION, RECOMPILE AS SELECT 1",
        "CREATE PROC p WITH RECOMPILE AS SELECT 1",
        "with-encryption",
    ),
    (
        "elements behind WITH",
        "CREATE FUNCTION f() RETURNS int WITH INLINE = ON, EXECUTE AS OWNER AS BEGIN RETURN 1 END",
        "CREATE FUNCTION f() RETURNS int WITH EXECUTE AS OWNER, INLINE = ON AS BEGIN RETURN 1 END",
        "with-element-order",
    ),
    (
        "elements of a trigger",
        "CREATE TRIGGER r ON t WITH ENCRYPTION, EXECUTE AS SELF FOR INSERT AS SELECT 1",
        "CREATE TRIGGER r ON t WITH EXECUTE AS SELF, ENCRYPTION FOR INSERT AS SELECT 1",
        "with-element-order",
    ),
    (
        "two things",
        "CREATE VIEW v AS SELECT 1 x -- so",
        "CREATE VIEW v AS\n\nselect 1 x",
        "white-space comments keyword-case",
    ),
]


@pytest.mark.parametrize(
    ("one", "other", "names"), [case[1:] for case in HIDDEN], ids=[c[0] for c in HIDDEN]
)
def test_options_hide_what_they_say_and_no_fewer_would(one: str, other: str, names: str) -> None:
    options = frozenset(f"ignore-{name}" for name in names.split())
    assert text_differences(one, other) == options == text_differences(other, one)
    assert normal_module(one, Options(options)) == normal_module(other, Options(options))
    assert normal_module(one, NONE) != normal_module(other, NONE)


# (what it is, two texts that no option makes the same)
REAL = [
    ("a string's capitals", "CREATE VIEW v AS SELECT 'a' x", "CREATE VIEW v AS SELECT 'A' x"),
    ("a string's blanks", "CREATE VIEW v AS SELECT 'a  b' x", "CREATE VIEW v AS SELECT 'a b' x"),
    (
        "a string's line ends",
        "CREATE VIEW v AS SELECT 'a\r\nb' x",
        "CREATE VIEW v AS SELECT 'a\nb' x",
    ),
    (
        "what looks like a comment",
        "CREATE VIEW v AS SELECT '-- a' x",
        "CREATE VIEW v AS SELECT '' x",
    ),
    ("an N", "CREATE VIEW v AS SELECT N'a' x", "CREATE VIEW v AS SELECT 'a' x"),
    ("a name's capitals", "CREATE VIEW v AS SELECT 1 Price", "CREATE VIEW v AS SELECT 1 price"),
    (
        "an alias that is a type",
        "CREATE VIEW v AS SELECT 1 AS Date",
        "CREATE VIEW v AS SELECT 1 AS DATE",
    ),
    (
        "brackets around a keyword",
        "CREATE VIEW v AS SELECT [user] x",
        "CREATE VIEW v AS SELECT user x",
    ),
    ("brackets around blanks", "CREATE VIEW v AS SELECT 1 [a b]", "CREATE VIEW v AS SELECT 1 a b"),
    (
        "the schema of another name",
        "CREATE VIEW v AS SELECT a FROM dbo.t",
        "CREATE VIEW v AS SELECT a FROM t",
    ),
    (
        "another schema of its own",
        "CREATE VIEW sales.v AS SELECT 1 x",
        "CREATE VIEW v AS SELECT 1 x",
    ),
    ("a procedure's number", "CREATE PROC p AS EXEC q;2", "CREATE PROC p AS EXEC q 2"),
    (
        "a semicolon before THROW",
        "CREATE PROC p AS SELECT 1; THROW",
        "CREATE PROC p AS SELECT 1 THROW",
    ),
    ("a number", "CREATE VIEW v AS SELECT 1 x", "CREATE VIEW v AS SELECT 2 x"),
    (
        "words that grow together",
        "CREATE VIEW v AS SELECT a b FROM t",
        "CREATE VIEW v AS SELECT ab FROM t",
    ),
    (
        "words behind a comment",
        "CREATE PROC p AS SELECT 1 -- a\nSELECT 2",
        "CREATE PROC p AS SELECT 1 -- a SELECT 2",
    ),
]


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in REAL], ids=[c[0] for c in REAL])
def test_some_differences_are_real_with_any_options(one: str, other: str) -> None:
    assert normal_module(one, ALL) != normal_module(other, ALL)
    assert text_differences(one, other) == frozenset()


BODY = """-- what it is
CREATE PROCEDURE [dbo].[Report] (@from date = '2020-01-01', @n int OUTPUT)
WITH RECOMPILE
AS
BEGIN
    SET NOCOUNT ON;
    /* first the rows */
    SELECT [o].[Id], N'it''s; -- /* no comment */' AS [Note], count(*) AS n
    FROM [dbo].[Orders] AS o
    WHERE o.Day >= @from
    GROUP BY o.Id;
    SET @n = 1
END
"""
PIECES = Script.of("", BODY)
gaps = st.sampled_from([" ", "\n", "\r\n\t", "  ", " -- note\n", " /* a /* b */ ' */ "])


@given(st.lists(gaps, min_size=len(PIECES.tokens), max_size=len(PIECES.tokens)), st.data())
def test_any_layout_capitals_and_semicolons_are_hidden_together(
    between: list[str], data: st.DataObject
) -> None:
    """Keywords of this text are those words that are never in brackets here."""
    keywords = {"SELECT", "FROM", "SET", "BEGIN", "END", "WHERE", "GROUP", "BY", "AS", "COUNT"}
    text = ""
    for gap, token, word in zip(between, PIECES.tokens, PIECES.words, strict=True):
        swap = word in keywords and data.draw(st.booleans())
        text += gap + (token.swapcase() if swap else token)
    assert normal_module(text, ALL) == normal_module(BODY, ALL)
    changed = text.replace("it''s;", "it''s ;")
    assert normal_module(changed, ALL) != normal_module(BODY, ALL)


OTHER = BODY.replace("-- what it is\n", "").replace("[o].[Id]", "o.Id").replace(";\n", "\n")


@given(st.sets(st.sampled_from(LEVELS)))
def test_a_difference_is_hidden_exactly_where_all_that_it_needs_is_ignored(
    names: set[str],
) -> None:
    options = Options(frozenset(names))
    needed = {
        "ignore-comments",
        "ignore-semicolons",
        "ignore-square-brackets-in-object-names",
    }
    assert text_differences(BODY, OTHER) == needed
    same = normal_module(BODY, options) == normal_module(OTHER, options)
    assert same == (needed <= names)


def test_the_verb_is_exchanged_and_all_else_stays() -> None:
    text = "-- CREATE it\ncreate  /* why */\tproc [p] as select 'create proc'"
    assert as_create(text) == text
    assert as_alter(text) == text.replace("create  /*", "ALTER  /*")
    assert as_create_or_alter(text) == text.replace("create  /*", "CREATE OR ALTER  /*")
    assert as_create(as_create_or_alter(text)) == text.replace("create  /*", "CREATE  /*")


def test_every_number_of_a_procedure_has_its_verb() -> None:
    text = "CREATE PROC p AS SELECT 1\nGO\nCREATE PROC p;2 AS SELECT 2"
    assert as_alter(text) == text.replace("CREATE", "ALTER")
    assert renamed(text, "x", "q") == text.replace("PROC p", "PROC [x].[q]")


def test_the_name_in_the_header_is_exchanged() -> None:
    text = "CREATE TRIGGER dbo . [r] ON dbo.r AFTER INSERT AS SELECT 1 FROM dbo.r"
    expected = "CREATE TRIGGER [s].[a]]b] ON dbo.r AFTER INSERT AS SELECT 1 FROM dbo.r"
    assert renamed(text, "s", "a]b") == expected
    assert renamed("CREATE DEFAULT d AS 1", "", "e") == "CREATE DEFAULT [e] AS 1"
    assert renamed("not a module", "s", "x") == "not a module"


def test_the_name_in_the_header_is_found() -> None:
    assert own_name("CREATE OR ALTER FUNCTION [Dbo].F() RETURNS int AS BEGIN RETURN 1 END") == (
        "dbo",
        "f",
    )
    assert own_name("SELECT 1") == ("", "")


def test_what_is_no_script_is_compared_as_it_is() -> None:
    assert normal_module("CREATE PROC p AS SELECT 'x", ALL) == "CREATE PROC p AS SELECT 'x"
    assert normal_module("", ALL) == ""


def test_long_procedures_are_compared_quickly() -> None:
    lines = [f"    UPDATE dbo.t{n} SET a = '{n}' WHERE b = {n}; -- {n}" for n in range(5000)]
    text = "CREATE PROC p AS\nBEGIN\n" + "\n".join(lines) + "\nEND"
    other = re.sub(r"\n +", "\n\t", text).replace("UPDATE", "update")
    started = time.perf_counter()
    assert text_differences(text, other) == {"ignore-white-space", "ignore-keyword-case"}
    assert time.perf_counter() - started < 5
