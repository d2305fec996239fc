"""Which releases there are, whether they are whole, and which may go."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.build.interpreter import Interpreter
from pipeline.build.provenance import Provenance
from pipeline.build.release import build
from pipeline.build.store import Store, find, number, prune, stored, to_prune, verify
from pipeline.facts.changeset import Changeset, Manifest, ManifestEntry, Release, release_id
from tests.build.conftest import CHANGESET, FIRST, SECOND, order

Obtained = Callable[..., Release]

DAMAGE = {
    "a file is missing": lambda folder: (folder / "code" / "manage.py").unlink(),
    "a file is too many": lambda folder: (folder / "code" / "more.py").touch(),
    "a file is longer": lambda folder: (folder / "code" / "manage.py").write_text("x"),
    "the manifest is another": lambda folder: (folder / "manifest.json").write_text("{}"),
    "the manifest is missing": lambda folder: (folder / "manifest.json").unlink(),
    "the provenance is cut": lambda folder: (folder / "release.json").write_text('{"format": 1'),
    "the provenance is a list": lambda folder: (folder / "release.json").write_text("[]"),
    "the provenance is missing": lambda folder: (folder / "release.json").unlink(),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_release_is_not_found_and_is_built_anew(
    obtained: Obtained, store: Store, case: str
) -> None:
    obtained()
    DAMAGE[case](store.folder(FIRST))
    assert find(store, CHANGESET.node) is None
    assert obtained().id == SECOND


def test_the_newest_release_is_found(obtained: Obtained, store: Store, tree: Path) -> None:
    assert find(store, CHANGESET.node) is None
    for _ in range(11):
        newest = build(store, order(tests=False), lambda: tree, lambda _: None)
    assert newest.id == "feature_x-1a2b3c4d5e6f-11"
    assert find(store, CHANGESET.node) == newest
    assert find(store, CHANGESET.node[:12] + "f" * 28) is None


def test_verify_names_what_differs(obtained: Obtained, store: Store) -> None:
    release = obtained()
    assert verify(store, release) == ()
    code = store.folder(FIRST) / "code"
    (code / "tests.txt").write_text("#", encoding="utf-8")
    (code / "requirements.lock").write_text("# nothinG\n", encoding="utf-8")
    (code / "manage.py").unlink()
    (code / "more.py").touch()
    assert verify(store, release) == (
        "code/manage.py",
        "code/more.py",
        "code/requirements.lock",
        "code/tests.txt",
    )
    (store.folder(FIRST) / "manifest.json").write_text("{}", encoding="utf-8")
    assert verify(store, release) == ("manifest.json",)


def test_old_releases_go_but_never_one_that_runs(store: Store, tree: Path) -> None:
    for day in range(1, 6):
        now = f"2026-02-0{day}T12:00:00Z"
        build(store, order(tests=False, now=now), lambda: tree, lambda _: None)
    said: list[str] = []
    gone = prune(store, 2, [FIRST], say=said.append)
    assert gone == ("feature_x-1a2b3c4d5e6f-3", "feature_x-1a2b3c4d5e6f-2")
    assert said == [f"release {release} removed" for release in gone]
    assert [it.release.id[-1] for it in stored(store)] == ["5", "4", "1"]
    assert prune(store, 2, [FIRST]) == ()


def test_the_cache_loses_what_no_release_needs(obtained: Obtained, store: Store) -> None:
    obtained()
    (needed,) = (store.cache / "venvs").iterdir()
    old, young = store.trees / ("a" * 40), store.trees / ("b" * 40)
    kept = store.trees / CHANGESET.node
    unused = store.cache / "venvs" / "py3.11-000000000000-000000"
    for folder in (old, young, kept, unused):
        folder.mkdir(parents=True)
    for folder in (old, kept, unused, needed):
        os.utime(folder, (0, 0))
    prune(store, 2, [])
    assert sorted(store.trees.iterdir()) == sorted([kept, young])
    assert list((store.cache / "venvs").iterdir()) == [needed]


CASES = {
    "nothing": ((), 2, (), ()),
    "fewer than are kept": (("b", "a"), 2, (), ()),
    "the oldest go": (("d", "c", "b", "a"), 2, (), ("b", "a")),
    "what runs stays": (("d", "c", "b", "a"), 2, ("a", "elsewhere"), ("b",)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_may_go(case: str) -> None:
    newest_first, keep, protected, expected = CASES[case]
    assert to_prune(newest_first, keep, protected) == expected


names = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1)
hashes = st.text("0123456789abcdef", min_size=40, max_size=40)
entries = st.builds(
    ManifestEntry,
    size=st.integers(0, 2**40),
    sha256=hashes,
    mode=st.sampled_from([0o644, 0o755]),
)


@given(names, hashes, st.integers(1, 10**6))
def test_a_label_is_a_folder_name_and_keeps_its_number(branch: str, node: str, count: int) -> None:
    label = release_id(branch, node, count)
    assert number(label) == count
    assert set(label) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert label.endswith(f"-{node[:12]}-{count}")


@given(st.dictionaries(names, entries))
def test_a_manifest_is_its_text_whatever_the_order(files: dict[str, ManifestEntry]) -> None:
    manifest = Manifest(files)
    turned = Manifest(dict(reversed(files.items())))
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert manifest.digest == turned.digest


@given(names, hashes, st.booleans())
def test_provenance_is_read_as_it_was_written(text: str, node: str, tested: bool) -> None:
    changeset = Changeset(node=node, branch=text, author=text, date=text, summary=text)
    release = Release(id="x-1", changeset=changeset, digest=node, lock_hash=node, files=1, size=2)
    provenance = Provenance(
        release=release,
        recipe="r",
        tested=tested,
        interpreter=Interpreter("3.11.2", "cpython-311", "linux-x86_64"),
        farmhand="0.1.0",
        host="box",
        built="2026-02-01T12:00:00Z",
    )
    assert Provenance.from_json(provenance.to_json()) == provenance
