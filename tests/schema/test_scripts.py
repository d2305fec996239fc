"""A folder of scripts becomes a schema, or an error that says where to look."""

import pytest

from pipeline.errors import BadSchema
from pipeline.schema.readers.scripts import read_scripts
from pipeline.schema.syntax.sqlite.statements import dropped_names, statements
from tests.schema.databases import schema

TABLE = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);"


def test_scripts_may_come_in_any_order() -> None:
    scripts = {
        "a/trigger.sql": "CREATE TRIGGER tr AFTER INSERT ON users BEGIN SELECT 1; SELECT 2; END;",
        "b/index.sql": "CREATE INDEX ix ON users (name)",
        "c/view.sql": "CREATE VIEW v AS SELECT name FROM users",
        "z/users.sql": TABLE,
    }

    assert read_scripts(scripts) == schema(
        "\n".join(f"{scripts[path]};" for path in sorted(scripts, reverse=True))
    )


def test_rows_are_no_schema() -> None:
    scripts = {"tables/users.sql": TABLE, "data/users.sql": "INSERT INTO users VALUES (1, 'a');"}

    assert read_scripts(scripts) == schema(TABLE)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_scripts({"users.sql": "\ufeff" + TABLE}) == schema(TABLE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{TABLE}\n\nINSERT INTO users\nVALUES (1, 'a');",
            "x.sql, line 3: INSERT INTO … is not a CREATE, ALTER or DROP",
        ),
        (
            "PRAGMA foreign_keys = ON;",
            "x.sql, line 1: PRAGMA foreign_keys … is not a CREATE, ALTER or DROP",
        ),
        (
            "CREATE TEMP TABLE t (x);",
            "x.sql, line 1: CREATE TEMP … is not a CREATE, ALTER or DROP",
        ),
        ("-- hello\nCREATE TABLE t (x,);", 'x.sql, line 2: near ")": syntax error'),
        ("\nCREATE INDEX ix ON missing (x);", "x.sql, line 2: no such table: main.missing"),
        (f"{TABLE}\n{TABLE}", "x.sql, line 2: table users already exists"),
        (
            "CREATE TABLE t (x); CREATE TABLE IF NOT EXISTS t (x);",
            "x.sql, line 1: this changes nothing: another script made it already",
        ),
        (
            f"{TABLE}\nCREATE VIEW v AS SELECT gone FROM users;",
            "x.sql, line 2: the view v cannot be read: no such column: gone",
        ),
        ("CREATE VIRTUAL TABLE f USING fts5(x);", "the virtual table f cannot be compared"),
    ],
)
def test_a_bad_script_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BadSchema) as found:
        read_scripts({"x.sql": text})

    assert str(found.value) == message
    assert found.value.advice


def test_a_trigger_with_a_case_is_one_statement() -> None:
    trigger = (
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT ';'; END"
    )

    assert [each.text for each in statements(f"{trigger}; CREATE TABLE b (x)")] == [
        trigger,
        "CREATE TABLE b (x)",
    ]


def test_names_to_be_dropped_stand_in_comments() -> None:
    scripts = {
        "tables/users.sql": f"-- @dropped users.email\n{TABLE} -- @dropped Old table ",
        "gone.sql": "-- @dropped v_old;\n-- not @dropped me\n--@dropped tight",
        "text.sql": "CREATE TABLE t (x DEFAULT '\n-- @dropped nothing\n')",
    }

    assert dropped_names(scripts) == {"users.email", "Old table", "v_old", "tight"}
