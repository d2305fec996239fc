"""The files of a folder as they were at a revision."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import BadCall
from pipeline.source.tree import Tree, tree_at
from tests.source.conftest import Author


@pytest.fixture
def clone(source: Path, author: Callable[[Path], Author]) -> tuple[Path, str, str]:
    """A clone with scripts in two states, and the hashes of both; a third is not committed."""
    ann = author(source)
    ann.hg("update", "-q", "default")
    first = ann.commit("schema/Tables/t.sql", "CREATE TABLE t (a int)\r\n", day=10)
    second = ann.commit("schema/v.sql", "größer", day=11)
    ann.hg("tag", "-r", first, "old", "-d", "2592000 0")
    (source / "schema" / "v.sql").write_text("edited")
    return source, first, second


def test_a_folder_is_as_it_was_at_a_revision(clone: tuple[Path, str, str]) -> None:
    folder, first, second = clone
    table = {"Tables/t.sql": b"CREATE TABLE t (a int)\r\n"}
    both = {**table, "v.sql": "größer".encode()}

    assert tree_at(folder / "schema", "old") == Tree(table, first[:12])
    assert tree_at(folder / "schema", first[:8]) == Tree(table, first[:12])
    assert tree_at(folder / "schema", second) == Tree(both, second[:12])
    assert tree_at(folder / "schema", "tip").files == both
    assert tree_at(folder / "schema", ".").files == both


def test_one_script_and_the_whole_clone_are_folders_too(clone: tuple[Path, str, str]) -> None:
    folder, _, second = clone
    assert tree_at(folder / "schema" / "v.sql", second).files == {"v.sql": "größer".encode()}
    assert "schema/v.sql" in tree_at(folder, second).files


def test_a_folder_that_is_gone_now_was_there_then(clone: tuple[Path, str, str]) -> None:
    folder, first, _ = clone
    (folder / "schema").rename(folder / "elsewhere")
    assert set(tree_at(folder / "schema", first).files) == {"Tables/t.sql"}


@pytest.mark.parametrize(
    ("place", "rev", "what"),
    [
        ("schema", "nowhere", "the repository has no changeset named 'nowhere'"),
        ("schema", "3", "--rev 3 is a number, which means another changeset in each clone"),
        ("nothing", "1.0", " has nothing in nothing"),
        ("schema", "1.0", " has nothing in schema"),
    ],
)
def test_what_is_not_there_is_named(
    clone: tuple[Path, str, str], place: str, rev: str, what: str
) -> None:
    with pytest.raises(BadCall) as caught:
        tree_at(clone[0] / place, rev)
    assert caught.value.what.endswith(what)


def test_a_folder_outside_of_any_clone_has_no_revisions(tmp_path: Path) -> None:
    with pytest.raises(BadCall) as caught:
        tree_at(tmp_path, "tip")
    assert caught.value.lines() == (
        f"{tmp_path} is in no Mercurial repository",
        "  -> leave @REV out, or name a folder of a clone",
    )
