"""How a dialect is found, and when it is asked for."""

from pathlib import Path

import pytest

from pipeline.errors import BadCall
from pipeline.flow.dialects import Evidence, Reasons, decided, likely

TSQL: Reasons = (("mssql", "GO is T-SQL"),)
SQLITE: Reasons = (("sqlite", "PRAGMA is SQLite's SQL"),)


def open_side(label: str, guess: Reasons = ()) -> Evidence:
    return Evidence(label, None, lambda: guess)


@pytest.mark.parametrize(
    ("wanted", "sides", "found"),
    [
        ("mssql", (open_side("a"), open_side("b")), ("mssql", "")),
        (None, (Evidence("a", "sqlite"), Evidence("b", "sqlite")), ("sqlite", "")),
        (
            None,
            (open_side("a", SQLITE), Evidence("b", "mssql")),
            ("mssql", "a is read as mssql, as the other side is"),
        ),
        (
            None,
            (open_side("a", TSQL), open_side("b")),
            ("mssql", "a and b are read as mssql: GO is T-SQL"),
        ),
        (
            None,
            (open_side("a", TSQL), open_side("a", TSQL)),
            ("mssql", "a is read as mssql: GO is T-SQL"),
        ),
    ],
)
def test_what_is_sure_goes_before_what_is_likely(
    wanted: str, sides: tuple[Evidence, ...], found: tuple[str, str]
) -> None:
    assert decided(wanted, sides) == found  # type: ignore[arg-type]  # a Dialect, or None


@pytest.mark.parametrize(
    ("wanted", "sides", "what"),
    [
        (
            None,
            (Evidence("a", "sqlite"), Evidence("b", "mssql")),
            "sides of two dialects cannot be compared: a is sqlite, b is mssql",
        ),
        (
            "mssql",
            (Evidence("a", "sqlite"), open_side("b")),
            "sides of two dialects cannot be compared: a is sqlite, --dialect says mssql",
        ),
        (
            None,
            (open_side("a"), open_side("b")),
            "which dialect is meant cannot be told (a: nothing tells it; b: nothing tells it)",
        ),
        (
            None,
            (open_side("a", TSQL), open_side("b", SQLITE)),
            "which dialect is meant cannot be told (a: GO is T-SQL; b: PRAGMA is SQLite's SQL)",
        ),
    ],
)
def test_two_dialects_or_none_are_refused(
    wanted: str, sides: tuple[Evidence, ...], what: str
) -> None:
    with pytest.raises(BadCall) as caught:
        decided(wanted, sides)  # type: ignore[arg-type]  # a Dialect, or None
    assert caught.value.what == what


def test_an_open_side_is_not_looked_at_when_something_else_decides() -> None:
    def never() -> Reasons:
        raise AssertionError("looked at")

    decided("mssql", (Evidence("a", None, never),))
    decided(None, (Evidence("a", None, never), Evidence("b", "sqlite")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CREATE TABLE a (b int)\nGO\n", (("mssql", "GO is T-SQL"),)),
        ("create table [dbo].a (b int)", (("mssql", "[dbo] is T-SQL"),)),
        ("create table a (b int identity (1, 1))", (("mssql", "identity ( is T-SQL"),)),
        (
            "CREATE TABLE a (b integer PRIMARY KEY AUTOINCREMENT);",
            (("sqlite", "AUTOINCREMENT is SQLite's SQL"),),
        ),
        (
            "CREATE TABLE a (b integer) WITHOUT\n ROWID;",
            (("sqlite", "WITHOUT ROWID is SQLite's SQL"),),
        ),
        ("CREATE TABLE a (b integer);", ()),
        ("-- let it go\nCREATE TABLE a (b int)", ()),
    ],
)
def test_scripts_are_known_by_what_only_one_dialect_says(
    tmp_path: Path, text: str, expected: Reasons
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.sql").write_text(text)
    assert likely(tmp_path, {}) == expected
    assert likely(Path("nowhere"), {"deep/a.sql": text.encode()}) == expected
    assert likely(tmp_path / "deep" / "a.sql", {}) == expected


def test_utf_16_is_looked_into_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("create table dbo.a (b int)", encoding="utf-16")
    assert likely(tmp_path, {}) == (("mssql", "dbo. is T-SQL"),)


def test_a_folder_of_redgates_is_known_by_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "RedGateDatabaseInfo.xml").write_text("<DatabaseInformation/>")
    assert likely(tmp_path, {}) == (("mssql", "it has a RedGateDatabaseInfo.xml"),)


def test_the_projects_own_folder_has_the_dialect_of_farm_toml(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "farm.toml").write_text('[databases.default]\ndialect = "sqlite"\n')
    assert likely(tmp_path / "schema", {}) == (
        ("sqlite", f"farm.toml says it of {tmp_path / 'schema'}"),
    )
    assert likely(tmp_path / "other", {}) == ()


@pytest.mark.parametrize("text", ["not toml", "databases = 5", "[databases]\ndefault = 5", ""])
def test_a_farm_toml_that_says_nothing_of_use_decides_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "farm.toml").write_text(text)
    assert likely(tmp_path / "schema", {}) == ()
