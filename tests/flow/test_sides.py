"""What a user may call a side, and what each mistake is answered with."""

from pathlib import Path

import pytest

from pipeline.errors import BadCall
from pipeline.flow.sides import Empty, Scripts, Side, Snapshot, SqliteFile, parse_side

THERE = {"C:\\x", "a@b", "folder", "a.sql", "x.snap", "a@b/c"}


def side(text: str) -> Side:
    return parse_side(text, "--source", lambda path: str(path) in THERE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scripts:schema", Scripts(Path("schema"))),
        ("scripts:/a/b", Scripts(Path("/a/b"))),
        ("scripts:schema@1.0", Scripts(Path("schema"), "1.0")),
        ("scripts:schema@feature@home", Scripts(Path("schema@feature"), "home")),
        ("scripts:a@b", Scripts(Path("a@b"))),
        ("scripts:a@b@tip", Scripts(Path("a@b"), "tip")),
        ("scripts:a@c", Scripts(Path("a"), "c")),
        ("scripts:a@", Scripts(Path("a@"))),
        ("scripts:@a", Scripts(Path("@a"))),
        (r"scripts:C:\x", Scripts(Path(r"C:\x"))),
        (r"scripts:C:\x@tip", Scripts(Path(r"C:\x"), "tip")),
        (r"scripts:\\server\share\x@tip", Scripts(Path(r"\\server\share\x"), "tip")),
        ("snapshot:prod.snap", Snapshot(Path("prod.snap"))),
        (r"snapshot:D:\p@q.snap", Snapshot(Path(r"D:\p@q.snap"))),
        ("empty:mssql", Empty("mssql")),
        ("empty:SQLite", Empty("sqlite")),
        ("sqlite:///site.db", SqliteFile(Path("site.db"))),
        ("sqlite:////var/site.db", SqliteFile(Path("/var/site.db"))),
        ("sqlite:///C:/site.db", SqliteFile(Path("C:/site.db"))),
        ("sqlite+pysqlite:///site.db", SqliteFile(Path("site.db"))),
    ],
)
def test_a_side_is_one_of_these(text: str, expected: Side) -> None:
    assert side(text) == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("--source: no side is named", "  -> say one of ")),
        ("nowhere", ("--source: 'nowhere' is no side of a comparison", "  -> say one of ")),
        ("script:x", ("--source: 'script:x' is no side of a comparison", "  -> say one of ")),
        ("scripts:", ("--source: 'scripts:' is no side of a comparison", "  -> say one of ")),
        ("a.sql", ("--source: 'a.sql' is a path", "  -> did you mean scripts:a.sql?")),
        ("x.snap", ("--source: 'x.snap' is a path", "  -> did you mean snapshot:x.snap?")),
        ("C:\\x", ("--source: 'C:\\\\x' is a path", "  -> did you mean snapshot:C:\\x?")),
        ("empty:oracle", ("--source: there is no dialect 'oracle'", "  -> there are: mssql,")),
        (
            "mssql+pyodbc://sa:secret@db/shop",
            ("--source: live SQL Server databases cannot be read yet", "  -> name scripts:"),
        ),
        (
            "postgresql://u:secret@db/shop",
            ("--source: databases by postgresql cannot be read yet", "  -> name scripts:"),
        ),
        ("env:prod", ("--source: live SQL Server databases cannot be read yet, and", "  -> ")),
    ],
)
def test_anything_else_is_refused_with_what_was_perhaps_meant(
    text: str, lines: tuple[str, str]
) -> None:
    with pytest.raises(BadCall) as caught:
        side(text)
    said = caught.value.lines()
    assert [a.startswith(b) for a, b in zip(said, lines, strict=True)] == [True, True], said
    assert "secret" not in "".join(said)


def test_a_side_is_named_as_it_was_given() -> None:
    for text in ("scripts:schema@1.0", "scripts:schema", "snapshot:a.snap", "empty:mssql"):
        assert str(side(text)) == text
    assert str(side("sqlite:///site.db")) == "sqlite:///site.db"
