"""A side kept in a file, and written as scripts: the same side comes back."""

import json
from pathlib import Path

import pytest

from pipeline.errors import BadCall, BadSchema
from pipeline.flow.own_folder import LIST
from pipeline.flow.schema_snapshot import export_scripts, take_snapshot
from pipeline.flow.side_reading import read_side, read_sides

TSQL = "CREATE TABLE dbo.Orders (Id int NOT NULL)\nGO\nCREATE VIEW dbo.V AS SELECT 1 AS a\nGO\n"
SQLITE = "CREATE TABLE a (id integer PRIMARY KEY AUTOINCREMENT);\nCREATE INDEX i ON a (id);\n"
NEWER = "a snapshot of format 9, and this farmhand reads 1"
BOTH = pytest.mark.parametrize(("text", "dialect"), [(TSQL, "mssql"), (SQLITE, "sqlite")])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s").mkdir()
    return tmp_path


@BOTH
def test_a_snapshot_is_the_side_that_it_was_made_of(here: Path, text: str, dialect: str) -> None:
    (here / "s" / "a.sql").write_text(text)
    kept = take_snapshot("scripts:s", "x.snap")
    assert (kept.count, kept.dialect, kept.path) == (2, dialect, Path("x.snap"))
    sides = read_sides("snapshot:x.snap", "scripts:s")
    assert sides.source == sides.target
    assert sides.dialect == dialect


@BOTH
def test_the_same_side_gives_the_same_bytes(here: Path, text: str, dialect: str) -> None:
    (here / "s" / "a.sql").write_text(text)
    take_snapshot("scripts:s", "x.snap")
    take_snapshot("snapshot:x.snap", "y.snap")
    first = (here / "x.snap").read_bytes()
    assert first == (here / "y.snap").read_bytes()
    take_snapshot("scripts:s", "x.snap")  # which is ours, and may be written over
    assert (here / "x.snap").read_bytes() == first


@BOTH
def test_an_export_makes_the_same_side_again(here: Path, text: str, dialect: str) -> None:
    (here / "s" / "a.sql").write_text(text)
    kept = export_scripts("scripts:s", "out")
    assert (kept.dialect, kept.removed) == (dialect, 0)
    assert sorted(json.loads((here / "out" / LIST).read_text())["files"]) == files(here)
    _, again, _ = read_side("scripts:out", dialect=dialect)
    _, found, _ = read_side("scripts:s")
    assert list(again.objects) == list(found.objects)


def files(here: Path) -> list[str]:
    """What stands in the exported folder, but for the list of it."""
    return sorted(
        path.relative_to(here / "out").as_posix()
        for path in (here / "out").rglob("*")
        if path.is_file() and path.name != LIST
    )


def test_a_second_export_changes_what_changed_and_removes_what_is_gone(here: Path) -> None:
    (here / "s" / "a.sql").write_text(TSQL)
    export_scripts("scripts:s", "out")
    table = here / "out" / "Tables" / "dbo.Orders.sql"
    (here / "out" / "readme.md").write_text("somebody's own")
    before = table.stat().st_mtime_ns
    assert export_scripts("scripts:s", "out").removed == 0
    assert table.stat().st_mtime_ns == before

    (here / "s" / "a.sql").write_text("CREATE TABLE dbo.Orders (Id int NOT NULL, b int)\n")
    assert export_scripts("scripts:s", "out").removed == 1
    assert files(here) == ["RedGateDatabaseInfo.xml", "Tables/dbo.Orders.sql", "readme.md"]
    assert "[b] [int]" in table.read_text()


def test_an_export_that_was_cut_short_is_finished_by_the_next(here: Path) -> None:
    (here / "s" / "a.sql").write_text(TSQL)
    export_scripts("scripts:s", "out")
    before = json.loads((here / "out" / LIST).read_text())["files"]
    (here / "s" / "a.sql").write_text("CREATE TABLE dbo.Orders (Id int NOT NULL, b int)\n")
    export_scripts("scripts:s", "new")
    after = json.loads((here / "new" / LIST).read_text())["files"]
    (here / "out" / LIST).write_text(json.dumps({"files": after, "before": before}))

    export_scripts("scripts:s", "out")

    assert files(here) == ["RedGateDatabaseInfo.xml", "Tables/dbo.Orders.sql"]


def test_a_script_that_somebody_edited_is_never_touched(here: Path) -> None:
    (here / "s" / "a.sql").write_text(TSQL)
    export_scripts("scripts:s", "out")
    table = here / "out" / "Tables" / "dbo.Orders.sql"
    table.write_text("-- mine")
    (here / "s" / "a.sql").write_text("CREATE VIEW dbo.V AS SELECT 2 AS a\n")
    with pytest.raises(BadCall) as caught:
        export_scripts("scripts:s", "out")
    assert (
        caught.value.what
        == f"{Path('out/Tables/dbo.Orders.sql')} is not as schema.export wrote it"
    )
    assert "SELECT 1" in (here / "out" / "Views" / "dbo.V.sql").read_text()


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("out/mine.txt", "mine", "--out: out has files in it that no schema.export wrote"),
        ("out", "mine", "--out: out is a file"),
        (f"out/{LIST}", "no json", f"--out: {Path('out') / LIST} is damaged"),
    ],
)
def test_a_folder_of_somebody_else_is_refused(
    here: Path, name: str, content: str, what: str
) -> None:
    (here / "s" / "a.sql").write_text(TSQL)
    (here / name).parent.mkdir(exist_ok=True)
    (here / name).write_text(content)
    with pytest.raises(BadCall) as caught:
        export_scripts("scripts:s", "out")
    assert str(caught.value) == what
    assert (here / name).read_text() == content


@pytest.mark.parametrize(
    ("source", "out", "what"),
    [
        ("", "x", "--source: is missing"),
        ("scripts:s", "", "--out: is missing"),
        ("scripts:s", "-", "--out: stdout is for text: name a path"),
        ("scripts:s", "s/a.sql", "--out: s/a.sql was not made by farmhand"),
    ],
)
def test_a_call_that_lacks_something_says_what(
    here: Path, source: str, out: str, what: str
) -> None:
    (here / "s" / "a.sql").write_text(TSQL)
    with pytest.raises(BadCall) as caught:
        take_snapshot(source, out)
    assert str(caught.value) == what


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\x1f\x8b", b"\x1f\x8bxxxxxxxxxx", b"\xff", b"[" * 100_000]
)
def test_a_damaged_snapshot_is_named(here: Path, content: bytes) -> None:
    (here / "x.snap").write_bytes(content)
    with pytest.raises(BadSchema) as caught:
        read_side("snapshot:x.snap")
    assert caught.value.where == "x.snap"
    assert caught.value.what.startswith("this is no snapshot, or a damaged one: ")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{"format": 9, "dialect": "mssql"}', f"x.snap: {NEWER}"),
        ('{"format": 9, "dialect": "sqlite"}', f"x.snap: {NEWER}"),
        ('{"format": 1, "dialect": "oracle"}', "snapshot:x.snap: there is no dialect 'oracle'"),
    ],
)
def test_a_snapshot_of_something_else_is_named(here: Path, content: str, what: str) -> None:
    (here / "x.snap").write_text(content)
    with pytest.raises((BadSchema, BadCall)) as caught:
        read_side("snapshot:x.snap")
    assert str(caught.value) == what


def test_an_old_snapshot_that_is_plain_json_is_read(here: Path) -> None:
    (here / "x.snap").write_text('{"format": 1, "dialect": "sqlite", "model": []}')
    assert len(read_side("snapshot:x.snap")[1].objects) == 0
