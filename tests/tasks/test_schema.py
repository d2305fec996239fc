"""schema.diff, schema.snapshot and schema.export as users call them, on all streams."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
NEW = """CREATE TABLE [dbo].[Orders] (
    [Id] int NOT NULL,
    [Total] decimal(12, 2) NOT NULL
)
GO
CREATE VIEW [dbo].[Größen] AS SELECT 1 AS a
GO
INSERT [dbo].[Orders] VALUES (1, 2)
"""
OLD = """CREATE TABLE [dbo].[Orders] (
    [Id] int NOT NULL,
    [Total] decimal(10, 2) NOT NULL
)
GO
"""
SIDES = ("--source", "scripts:new", "--target", "scripts:old")
DIFF = ("schema.diff", *SIDES)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with two sides in it."""
    for name, text in (("new", NEW), ("old", OLD)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "all.sql").write_text(text, encoding="utf-8")
    return tmp_path


def invoke(here: Path, *words: str) -> tuple[int, str, str]:
    """Call a task there. Code, stdout, stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "invoke", "--search-root", str(REPOSITORY), *words],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    out, err = (text.decode().replace("\r\n", "\n") for text in (done.stdout, done.stderr))
    return done.returncode, out, err


def test_the_report_is_the_output_and_says_all(here: Path) -> None:
    code, out, err = invoke(here, *DIFF)

    assert (code, err) == (0, "")
    for told in (
        "scripts:new  ->  scripts:old   (mssql)",
        "1 different, 1 only in the source; 2 steps to go",
        "~ Table dbo.Orders",
        "+ View dbo.Größen",
        "! locks-table:dbo.Orders.Total",
        "statements about rows were not read: 1 INSERT",
        "are read as mssql: [dbo] is T-SQL",
    ):
        assert told in out
    assert "\x1b" not in out


def test_files_are_written_and_written_again_and_are_the_same(here: Path) -> None:
    names = {"--out": "x.sql", "--undo": "u.sql", "--json": "x.json", "--report": "x.html"}
    words = [word for pair in names.items() for word in pair]
    assert invoke(here, *DIFF, *words)[0] == 0
    first = {name: (here / name).read_bytes() for name in names.values()}

    assert invoke(here, *DIFF, *words)[0] == 0

    assert {name: (here / name).read_bytes() for name in names.values()} == first
    script = (here / "x.sql").read_text(encoding="utf-8-sig")
    assert script.startswith("-- made by farmhand schema.diff\n")
    assert "[Größen]" in script
    assert first["x.sql"].startswith(b"\xef\xbb\xbf")  # sqlcmd would take it for something else
    assert json.loads(first["x.json"])["script"] == script.partition("\n")[2]
    assert first["x.html"].startswith(b"<!doctype html>\n<!-- made by farmhand schema.diff -->\n")


@pytest.mark.parametrize("option", ["--out", "--undo", "--json", "--report"])
def test_a_dash_is_stdout_and_the_report_for_people_goes_to_stderr(
    here: Path, option: str
) -> None:
    assert invoke(here, *DIFF, option, "a.file")[0] == 0
    code, out, err = invoke(here, *DIFF, option, "-")
    assert code == 0
    assert out == (here / "a.file").read_text(encoding="utf-8-sig")
    assert "1 different, 1 only in the source" in err


def test_a_file_of_somebody_else_is_refused_before_anything_is_read(here: Path) -> None:
    (here / "x.sql").write_text("mine")
    (here / "new" / "all.sql").write_text("this cannot be read (")

    code, out, err = invoke(here, *DIFF, "--undo", "u.sql", "--out", "x.sql")

    assert (code, out) == (1, "")
    assert err == (
        "--out: x.sql was not made by farmhand\n"
        "  -> name another path, or remove that file if nobody needs it\n"
    )
    assert (here / "x.sql").read_text() == "mine"
    assert not (here / "u.sql").exists()


def test_check_ends_with_2_when_something_differs(here: Path) -> None:
    code, out, err = invoke(here, *DIFF, "--check")
    assert (code, err) == (2, "1 different, 1 only in the source; 2 steps to go\n")
    assert "~ Table dbo.Orders" in out

    same = ("schema.diff", "--source", "scripts:new", "--target", "scripts:new", "--check")
    assert invoke(here, *same)[0] == 0


def test_one_object_is_shown_side_by_side(here: Path) -> None:
    code, out, err = invoke(here, *DIFF, "--show", "dbo.orders")
    assert (code, err) == (0, "")
    assert out.startswith("Table dbo.Orders: different\n")
    assert "decimal] (12, 2)" in out.replace("[decimal](", "decimal] (")
    assert "steps" not in out


def test_filters_and_options_come_through(here: Path) -> None:
    only = invoke(here, *DIFF, "--include", "View:*", "--include", "Role:*", "--preset", "strict")
    assert "0 different" not in only[1]
    assert "1 only in the source; 1 step to go" in only[1]
    assert "options: preset strict\n" in only[1]
    without = invoke(here, *DIFF, "--exclude", "View:*", "--ignore", "comments,-white-space")
    assert "  1 different; 1 step to go" in without[1]
    assert "ignore-comments" in without[1]
    assert "ignore-white-space" not in without[1]
    (here / "f.txt").write_text("-View:*\n")
    assert (
        invoke(here, *DIFF, "--filter", "f.txt")[1].splitlines()[1]
        == "  1 different; 1 step to go"
    )


def test_what_is_the_same_is_listed_with_all(here: Path) -> None:
    same = ("schema.diff", "--source", "scripts:new", "--target", "scripts:new", "--all")
    assert "The same (2)\n  = Table dbo.Orders\n  = View dbo.Größen\n" in invoke(here, *same)[1]


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("schema.diff",), 1, "--source: is missing"),
        (("schema.diff", "--source", "scripts:new"), 1, "--target: is missing"),
        ((*DIFF, "--preset", "x"), 1, "--preset: 'x' is not known"),
        ((*DIFF, "--ignore", "whitespase"), 1, "--ignore: there is no option 'whitespase'"),
        ((*DIFF, "--include", "Tabel:*"), 1, "--include: there is no type 'Tabel'"),
        ((*DIFF, "--target-version", "x"), 1, "--target-version: 'x' is no version"),
        ((*DIFF, "--edition", "x"), 1, "--edition: 'x' is not known"),
        ((*DIFF, "--filter", "nowhere"), 1, "--filter nowhere: cannot be read: "),
        ((*DIFF, "--dialect", "x"), 1, "--dialect: there is no dialect 'x'"),
        ((*DIFF, "--show", "x"), 1, "--show: nothing that is called 'x' differs"),
        (
            ("schema.diff", "--source", "scripts:nowhere", "--target", "empty:mssql"),
            1,
            "--source: there is no nowhere",
        ),
        (
            ("schema.diff", "--source", "snapshot:nowhere", "--target", "empty:mssql"),
            1,
            "--source snapshot:nowhere: cannot be read: No such file or directory",
        ),
        (
            ("schema.diff", "--source", "scripts:new@1.0", "--target", "empty:mssql"),
            1,
            "--source scripts:new@1.0: new is in no Mercurial repository",
        ),
        (
            ("schema.diff", "--source", "scripts:new", "--target", "empty:sqlite"),
            3,
            "all.sql, line 1: ",
        ),
        (
            ("schema.diff", "--source", "empty:mssql", "--target", "empty:sqlite"),
            1,
            "sides of two dialects cannot be compared: empty:mssql is mssql, empty:sqlite is ",
        ),
        (
            ("schema.diff", "--source", "mssql+pyodbc://h/d", "--target", "empty:mssql"),
            1,
            "--source: live SQL Server databases cannot be read yet",
        ),
        (
            ("schema.diff", "--source", "sqlite:///no.db", "--target", "empty:sqlite"),
            1,
            "--source: there is no file no.db",
        ),
        (
            (
                *("schema.diff", "--source", "empty:sqlite", "--target", "empty:sqlite"),
                "--lenient",
            ),
            1,
            "--lenient: is for SQL Server; these sides are SQLite",
        ),
        (("--dry", *DIFF), 1, "--dry: this task has no dry run"),
        (("schema.snapshot", "--source", "scripts:new"), 1, "--out: is missing"),
        (("schema.export", "--out", "x"), 1, "--source: is missing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_named_with_its_exit_code(
    here: Path, words: tuple[str, ...], code: int, line: str
) -> None:
    found, out, err = invoke(here, *words)
    assert (found, out) == (code, "")
    assert err.startswith(line), err


def test_a_script_that_cannot_be_read_is_named_with_its_place(here: Path) -> None:
    (here / "new" / "bad.sql").write_text("CREATE TABLE dbo.T (a int,, b int)\n")
    code, out, err = invoke(here, *DIFF)
    assert (code, out) == (3, "")
    assert err.startswith("bad.sql:1:27: ")
    code, out, err = invoke(here, *DIFF, "--lenient")
    assert code == 0
    assert "? Table dbo.T" in out


def test_a_snapshot_and_an_export_are_sides_again(here: Path) -> None:
    snapshot = invoke(here, "schema.snapshot", "--source", "scripts:new", "--out", "new.snap")
    assert snapshot[:2] == (0, "new.snap: 2 objects (mssql)\n")
    assert "note: statements about rows were not read: 1 INSERT" in snapshot[2]
    export = invoke(here, "schema.export", "--source", "snapshot:new.snap", "--out", "out")
    assert export[:2] == (0, "out: 3 files (mssql)\n")

    code, out, _ = invoke(
        here, "schema.diff", "--source", "scripts:out", "--target", "snapshot:new.snap", "--check"
    )
    assert code == 0
    assert out.splitlines()[:2] == [
        "scripts:out  ->  snapshot:new.snap   (mssql)",
        "  No difference. 2 objects on both sides.",
    ]


def test_sqlite_sides_are_compared_too(here: Path) -> None:
    (here / "lite").mkdir()
    (here / "lite" / "a.sql").write_text("CREATE TABLE a (id integer PRIMARY KEY AUTOINCREMENT);")
    words = ("schema.diff", "--source", "scripts:lite", "--target", "empty:sqlite")
    code, out, err = invoke(here, *words, "--out", "x.sql")
    assert (code, err) == (0, "")
    assert "+ Table a  [expand]" in out
    assert 'CREATE TABLE "a"' in (here / "x.sql").read_text()
