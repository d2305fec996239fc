"""Files for the user: all or none, and never over somebody else's."""

import gzip
from pathlib import Path

import pytest

from pipeline.errors import BadCall
from pipeline.flow.outputs import Output, refuse_foreign, write_all

OURS = (
    b"-- made by farmhand schema.diff\n",
    b"\xef\xbb\xbf-- made by farmhand schema.diff\n",
    b'{\n "format": 1,\n "made_by": "farmhand schema.diff",',
    b"<!doctype html>\n<!-- made by farmhand schema.diff -->\n",
    gzip.compress(b'{"format":1,"made_by":"farmhand schema.snapshot","dialect":"mssql"', mtime=0),
    b"",
)
FOREIGN = (
    b"SELECT 1\n",
    b"x" * 2000 + b"made by farmhand",
    gzip.compress(b"{}", mtime=0),
    b"\x1f\x8b damaged",
)


@pytest.mark.parametrize("content", OURS)
def test_what_farmhand_made_is_written_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.sql"
    path.write_bytes(content)
    refuse_foreign({"--out": str(path)})
    write_all([Output("--out", str(path), b"new")])
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("content", FOREIGN)
def test_what_somebody_else_made_is_not(tmp_path: Path, content: bytes) -> None:
    path, other = tmp_path / "a.sql", tmp_path / "b.sql"
    path.write_bytes(content)
    expected = (
        f"--undo: {path} was not made by farmhand",
        "  -> name another path, or remove that file if nobody needs it",
    )
    with pytest.raises(BadCall) as caught:
        refuse_foreign({"--out": str(other), "--undo": str(path)})
    assert caught.value.lines() == expected
    with pytest.raises(BadCall) as caught:
        write_all([Output("--out", str(other), b"new"), Output("--undo", str(path), b"new")])
    assert caught.value.lines() == expected
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("outputs", "what"),
    [
        ({"--out": "a", "--undo": "./a"}, "--undo: --out and --undo name one place: ./a"),
        ({"--out": "-", "--json": "-"}, "--json: --out and --json name one place: -"),
        ({"--out": "folder"}, "--out: folder is a folder"),
        ({"--out": "nowhere/a.sql"}, "--out: there is no folder nowhere"),
    ],
)
def test_places_that_cannot_be_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outputs: dict[str, str], what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadCall) as caught:
        refuse_foreign(outputs)
    assert caught.value.lines()[0] == what


def test_what_is_not_asked_for_is_no_place() -> None:
    refuse_foreign({"--out": "", "--undo": "", "--json": "-"})


def test_when_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 250)  # with what a file has while it is made, too long
    with pytest.raises(BadCall) as caught:
        write_all(
            [Output("--out", str(tmp_path / "a.sql"), b"new"), Output("--undo", str(long), b"new")]
        )
    assert caught.value.lines()[0].startswith("--undo ")
    assert list(tmp_path.iterdir()) == []
