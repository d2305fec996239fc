"""A folder that is written again holds the new files, and whatever somebody else put there."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadCall
from pipeline.flow.own_folder import LIST, OwnFolder

FILES = st.dictionaries(
    st.sampled_from(["a", "box/a.conf", "box/b.conf", "box/c/d.conf"]), st.text("ab\n", max_size=2)
)


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LIST
    }


@pytest.fixture
def own(tmp_path: Path) -> OwnFolder:
    return OwnFolder(tmp_path / "out", "config.render")


@given(st.lists(FILES, min_size=1, max_size=4))
def test_it_holds_what_it_was_given_last_and_no_empty_folder(
    versions: list[dict[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        own = OwnFolder(Path(place) / "out", "config.render")
        for old, new in zip([{}, *versions], versions, strict=False):
            own.refuse()
            assert own.write(new) == len(old.keys() - new.keys())
            assert content(own.path) == new
        assert not [
            path for path in own.path.rglob("*") if path.is_dir() and not any(path.iterdir())
        ]


def test_somebody_elses_file_beside_ours_stays(own: OwnFolder) -> None:
    own.write({"box/a.conf": "1"})
    (own.path / "box/notes.txt").write_text("mine")
    own.write({})
    assert content(own.path) == {"box/notes.txt": "mine"}


def test_a_file_that_was_edited_is_refused_and_nothing_is_written(own: OwnFolder) -> None:
    own.write({"a": "1", "b": "1"})
    (own.path / "b").write_text("edited")
    with pytest.raises(BadCall) as caught:
        own.write({"a": "2"})
    assert str(caught.value) == f"--out: {own.path / 'b'} is not as config.render wrote it"
    assert content(own.path) == {"a": "1", "b": "edited"}


def test_a_folder_with_somebody_elses_files_is_refused(own: OwnFolder) -> None:
    own.path.mkdir()
    own.refuse()
    (own.path / "x").touch()
    with pytest.raises(BadCall, match="has files in it that no "):
        own.refuse()


def test_a_folder_that_another_task_wrote_is_refused(own: OwnFolder) -> None:
    OwnFolder(own.path, "schema.export").write({"a.sql": ""})
    with pytest.raises(BadCall, match="was written by farmhand "):
        own.refuse()


def test_what_was_cut_short_is_finished(own: OwnFolder) -> None:
    own.write({"a": "1", "b": "1"})
    before = json.loads((own.path / LIST).read_text())["files"]
    own.write({"a": "2"})
    after = json.loads((own.path / LIST).read_text())["files"]
    (own.path / "b").write_text("1")
    (own.path / LIST).write_text(json.dumps({"files": after, "before": before}))
    assert own.write({"a": "2"}) == 1
    assert content(own.path) == {"a": "2"}
