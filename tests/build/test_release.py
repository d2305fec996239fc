"""A changeset becomes a release once; a build that does not end leaves nothing."""

import hashlib
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.build.release import build, obtain
from pipeline.build.store import Store, read, verify
from pipeline.errors import BuildFailed, CheckFailed
from pipeline.facts.changeset import Release
from pipeline.farm.inventory import Build
from tests.build.conftest import CHANGESET, FIRST, SECOND, SETTINGS, order

Obtained = Callable[..., Release]

POSIX = pytest.mark.skipif(os.name != "posix", reason="permission bits")


def releases(store: Store) -> list[str]:
    return sorted(path.name for path in store.releases.iterdir())


def test_a_release_has_its_parts_and_nothing_else(obtained: Obtained, store: Store) -> None:
    release = obtained()
    folder = store.folder(release.id)
    assert release.id == FIRST
    assert sorted(path.name for path in folder.iterdir()) == [
        "code",
        "manifest.json",
        "release.json",
        "static",
        "wheels",
    ]
    assert list(store.manifest(release.id).files) == [
        "code/app/run.sh",
        "code/manage.py",
        "code/requirements.lock",
        "code/tests.txt",
        "static/staticfiles.json",
        *(f"static/style{n}.css" for n in range(9)),
    ]
    assert (folder / "static" / "style0.css").read_text(encoding="utf-8") == "style0.css"


def test_a_release_says_what_it_is(obtained: Obtained, store: Store, tree: Path) -> None:
    release = obtained()
    text = (store.folder(FIRST) / "manifest.json").read_bytes()
    files = store.manifest(FIRST).files
    assert release == Release(
        id=FIRST,
        changeset=type(CHANGESET)(
            node=CHANGESET.node,
            branch="feature/x",
            author="Ann <ann@example.com>",
            date="2026-01-05T09:00:00+01:00",
            summary="First",
        ),
        digest=hashlib.sha256(text).hexdigest(),
        lock_hash=hashlib.sha256((tree / "requirements.lock").read_bytes()).hexdigest(),
        files=len(files),
        size=sum(entry.size for entry in files.values()),
    )
    provenance = read(store.folder(FIRST))
    assert provenance is not None
    assert provenance.release == release
    assert (provenance.tested, provenance.built) == (True, "2026-02-01T12:00:00Z")
    assert provenance.interpreter.version == "{}.{}.{}".format(*sys.version_info[:3])


@POSIX
def test_modes_are_normal_whatever_the_umask_is(obtained: Obtained, store: Store) -> None:
    before = os.umask(0o077)
    try:
        obtained()
    finally:
        os.umask(before)
    files = store.manifest(FIRST).files
    assert files["code/app/run.sh"].mode == 0o755
    assert files["code/manage.py"].mode == 0o644
    folder = store.folder(FIRST)
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*")} == {0o755, 0o644}
    assert folder.stat().st_mode & 0o777 == 0o755


@POSIX
def test_links_become_what_they_point_to(obtained: Obtained, store: Store, tree: Path) -> None:
    (tree / "link.txt").symlink_to("tests.txt")
    (tree / "folder").symlink_to("app")
    obtained()
    code = store.folder(FIRST) / "code"
    assert not (code / "link.txt").is_symlink()
    assert not (code / "folder").is_symlink()
    assert store.manifest(FIRST).files["code/folder/run.sh"].mode == 0o755


def test_progress_has_one_line_per_stage(obtained: Obtained, said: list[str]) -> None:
    obtained()
    assert [re.sub(r"\d+\.\d+", "N", line) for line in said] == [
        "archive: N s",
        "wheels: N s",
        "virtualenv: N s",
        "collectstatic: N s",
        "tests: N s",
        "manifest: N s",
    ]


def test_a_release_is_built_once_and_used_again(
    obtained: Obtained, store: Store, said: list[str]
) -> None:
    first = obtained()
    said.clear()
    assert obtained(now="2027-01-01T00:00:00Z") == first
    assert said == []
    assert releases(store) == [FIRST]


def test_two_builds_of_a_changeset_have_equal_content(
    obtained: Obtained, store: Store, tree: Path
) -> None:
    first = obtained()
    os.utime(tree / "manage.py", (0, 0))
    second = build(store, order(), lambda: tree, lambda _: None)
    assert (first.id, second.id) == (FIRST, SECOND)
    assert first.digest == second.digest
    assert verify(store, second) == ()


def test_two_builds_at_once_give_one_release(store: Store, tree: Path) -> None:
    said: list[str] = []
    (tree / "tests.txt").write_text("import time; time.sleep(0.5)", encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        builds = [pool.submit(obtain, store, order(), lambda: tree, said.append) for _ in range(2)]
        first, second = (build.result() for build in builds)
    assert first == second
    assert releases(store) == [FIRST]
    assert said.count("waiting for another build") == 1


def test_other_settings_make_another_release(obtained: Obtained, store: Store) -> None:
    obtained()
    other = SETTINGS.model_copy(update={"collectstatic": False})
    assert obtained(settings=other).id == SECOND
    assert all(path.startswith("code/") for path in store.manifest(SECOND).files)


def test_an_untested_release_does_for_who_wants_no_tests(obtained: Obtained) -> None:
    assert obtained(tests=False).id == FIRST
    assert obtained(tests=False).id == FIRST
    assert obtained(tests=True).id == SECOND
    assert obtained(tests=False).id == SECOND


def test_failing_tests_refuse_the_release_and_show_where_to_look(
    obtained: Obtained, store: Store, tree: Path
) -> None:
    text = "print('one'); print('two'); sys.exit('three failed')"
    (tree / "tests.txt").write_text(text, encoding="utf-8")
    with pytest.raises(BuildFailed) as caught:
        obtained()
    log = store.cache / "logs" / "1a2b3c4d5e6f-test.log"
    assert caught.value.lines() == (
        "1a2b3c4d5e6f: manage.py test failed (exit code 1)\n  one\n  two\n  three failed",
        f"  -> the whole log: {log}",
    )
    assert log.read_text(encoding="utf-8").endswith("one\ntwo\nthree failed\n")
    assert releases(store) == []
    assert obtained(tests=False).id == FIRST


def test_the_sites_code_sees_none_of_the_deployers_secrets(
    obtained: Obtained, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARM_PASSWORD", "hunter2")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "somebody.elses")
    seen = "assert not {'FARM_PASSWORD', 'DJANGO_SETTINGS_MODULE'} & set(os.environ)"
    (tree / "tests.txt").write_text(seen, encoding="utf-8")
    obtained()


def test_a_changeset_without_its_lock_is_refused(obtained: Obtained, tree: Path) -> None:
    (tree / "requirements.lock").unlink()
    with pytest.raises(CheckFailed, match=r"no requirements\.lock"):
        obtained()


def test_a_lock_outside_of_the_tree_is_refused(obtained: Obtained) -> None:
    outside = Build(wsgi="site.wsgi", requirements="../tree/../outside.lock")
    with pytest.raises(CheckFailed, match=r"no \.\./tree"):
        obtained(settings=outside)


def test_a_python_that_is_not_there_is_refused(store: Store, tree: Path) -> None:
    missing = order()
    missing = type(missing)(
        changeset=CHANGESET, settings=SETTINGS, python="/no/python", now=missing.now
    )
    with pytest.raises(CheckFailed, match="/no/python cannot be started"):
        obtain(store, missing, lambda: tree, lambda _: None)


def build_slowly(root: Path, tree: Path) -> None:
    obtain(Store(root), order(), lambda: tree, lambda _: None)


def test_a_build_that_was_killed_leaves_nothing_to_the_next(
    obtained: Obtained, store: Store, tree: Path, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    wait = f"import time; pathlib.Path({str(begun)!r}).touch(); time.sleep(3)"
    (tree / "tests.txt").write_text(wait, encoding="utf-8")
    killed = multiprocessing.get_context("spawn").Process(
        target=build_slowly, args=(store.root, tree)
    )
    killed.start()
    deadline = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.kill()
    killed.join()
    (left,) = releases(store)
    assert left.startswith(f".making-{killed.pid}-")
    (tree / "tests.txt").write_text("", encoding="utf-8")
    release = obtained()
    assert releases(store) == [FIRST]
    assert verify(store, release) == ()
