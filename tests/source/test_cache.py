"""The local clone: pulled into, and made anew when it had better be."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.disk import made_whole
from pipeline.errors import BadInventory, Unreachable
from pipeline.source.cache import location, pull
from pipeline.source.server import Server
from tests.source.conftest import Author

BROKEN = {
    "a cut changelog": lambda hg: (hg / "store" / "00changelog.i").write_bytes(b"\0" * 40),
    "no store": lambda hg: (hg / "store").rename(hg / "lost"),
    "no requirements": lambda hg: (hg / "requires").unlink(),
    "no mark": lambda hg: (hg / "farmhand-source").unlink(),
    "an interrupted transaction": lambda hg: (hg / "store" / "journal").write_bytes(b""),
}


def bookmarks(source: Path, cache: Path) -> dict[str, str]:
    with pull(str(source), cache) as repository:
        text = repository.server.tell("bookmarks", "-T", "{bookmark} {node|short}\n")
    return dict(line.split() for line in text.splitlines())


def head(source: Path, cache: Path) -> str:
    with pull(str(source), cache) as repository:
        return repository.resolve(None, "default").node


def test_a_clone_has_no_working_copy(source: Path, tmp_path: Path) -> None:
    head(source, tmp_path / "hg")
    assert [path.name for path in (tmp_path / "hg").iterdir()] == [".hg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "hg", "hg.lock"]


def test_new_changesets_come_with_the_next_pull(
    source: Path, author: Callable[[Path], Author], tmp_path: Path
) -> None:
    ann = author(source)
    before = head(source, tmp_path / "hg")
    ann.hg("update", "-q", "default")
    node = ann.commit("new.txt", day=20)
    assert before != node
    assert head(source, tmp_path / "hg") == node


def test_bookmarks_follow_the_source_where_ever_they_go(
    source: Path, author: Callable[[Path], Author], tmp_path: Path
) -> None:
    ann = author(source)
    first, second = ann.node("1.0")[:12], ann.node("stable")[:12]
    assert bookmarks(source, tmp_path / "hg") == {"stable": second}
    ann.hg("bookmark", "-f", "-r", first, "stable")
    ann.hg("bookmark", "-r", second, "next")
    assert bookmarks(source, tmp_path / "hg") == {"stable": first, "next": second}
    ann.hg("bookmark", "-d", "stable", "next")
    assert bookmarks(source, tmp_path / "hg") == {}


def test_a_clone_of_another_source_is_made_anew(
    source: Path, author: Callable[[Path], Author], tmp_path: Path
) -> None:
    head(source, tmp_path / "hg")
    other = tmp_path / "other"
    other.mkdir()
    Server.initialise(other)
    node = author(other).commit("x.txt")
    assert head(other, tmp_path / "hg") == node


def test_a_source_that_was_made_anew_is_followed(
    source: Path, author: Callable[[Path], Author], tmp_path: Path
) -> None:
    head(source, tmp_path / "hg")
    source.rename(tmp_path / "old")
    source.mkdir()
    Server.initialise(source)
    node = author(source).commit("x.txt")
    assert head(source, tmp_path / "hg") == node


def test_what_the_source_stripped_is_forgotten(
    source: Path, author: Callable[[Path], Author], tmp_path: Path
) -> None:
    ann = author(source)
    before = head(source, tmp_path / "hg")
    ann.hg("update", "-q", "default")
    ann.commit("mistake.txt", day=20)
    assert head(source, tmp_path / "hg") != before
    ann.hg("update", "-q", "null")
    ann.hg("--config", "extensions.strip=", "strip", "--no-backup", "-r", "default")
    assert head(source, tmp_path / "hg") == before


@pytest.mark.parametrize("case", BROKEN)
def test_a_damaged_clone_is_made_anew(source: Path, tmp_path: Path, case: str) -> None:
    before = head(source, tmp_path / "hg")
    BROKEN[case](tmp_path / "hg" / ".hg")
    assert head(source, tmp_path / "hg") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "hg", "hg.lock"]


def test_a_source_that_is_away_leaves_the_clone_alone(source: Path, tmp_path: Path) -> None:
    before = head(source, tmp_path / "hg")
    source.rename(tmp_path / "away")
    with pytest.raises(Unreachable, match="not found"):
        pull(str(source), tmp_path / "hg")
    (tmp_path / "away").rename(source)
    assert head(source, tmp_path / "hg") == before


def test_a_first_pull_from_nowhere_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="refused"):
        pull("http://127.0.0.1:9/repo", tmp_path / "hg")
    assert [path.name for path in tmp_path.iterdir()] == ["hg.lock"]


def half_made(target: Path) -> None:
    with made_whole(target) as making:
        making.mkdir()
        os._exit(9)


def test_a_clone_that_was_killed_is_swept_by_the_next(source: Path, tmp_path: Path) -> None:
    killed = multiprocessing.get_context("spawn").Process(
        target=half_made, args=(tmp_path / "hg",)
    )
    killed.start()
    killed.join()
    left = [path.name for path in tmp_path.iterdir() if path.name.startswith(".making")]
    assert len(left) == 1
    head(source, tmp_path / "hg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "hg", "hg.lock"]


def test_a_path_begins_at_the_project(tmp_path: Path) -> None:
    assert location(".farm/demo-hg", tmp_path) == str(tmp_path / ".farm" / "demo-hg")
    assert location("https://hg.example.com/site", tmp_path) == "https://hg.example.com/site"


def test_a_password_in_the_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInventory) as caught:
        location("https://ann:hunter2@hg.example.com/site", tmp_path)
    assert "hunter2" not in "\n".join(caught.value.lines())
