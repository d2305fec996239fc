"""A developer's virtualenv is made once, and follows its lock."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.build.pythons import find_python
from pipeline.build.workon import Wish, keep, python_of
from pipeline.errors import BadCall, BuildFailed, CheckFailed

EMPTY = "# nothing\n"


@pytest.fixture
def wish(tmp_path: Path, index: str) -> Wish:
    (tmp_path / "r.lock").write_text(index, "utf-8")
    return Wish(
        path=tmp_path / "envs" / "homebrew",
        lock=tmp_path / "r.lock",
        python="",
        system_site_packages=False,
        project=tmp_path / "site",
    )


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[Wish], str]:
    return lambda wish: keep(wish, tmp_path / "cache")[0]


def said(path: Path, code: str) -> str:
    return subprocess.check_output([python_of(path), "-c", code], text=True).strip()


def names(path: Path) -> list[str]:
    """What is installed there."""
    listed = "from importlib.metadata import distributions as d; print(*{x.name for x in d()})"
    return said(path, listed).split()


def test_it_is_made_with_what_the_lock_names_and_tells_workon_the_project(
    wish: Wish, kept: Callable[[Wish], str]
) -> None:
    assert kept(wish) == "made"
    assert said(wish.path, "import odd; print(odd.x)") == "1"
    assert (wish.path / ".project").read_text("utf-8") == f"{wish.project}\n"
    assert python_of(wish.path).with_name("activate").is_file()


def test_a_second_run_changes_nothing_and_keeps_what_its_user_added(
    wish: Wish, kept: Callable[[Wish], str]
) -> None:
    kept(wish)
    mine = next(wish.path.rglob("odd")).with_name("mine.py")
    mine.touch()
    times = {path: path.stat().st_mtime_ns for path in wish.path.rglob("odd*/*")}
    assert kept(wish) == "unchanged"
    assert {path: path.stat().st_mtime_ns for path in wish.path.rglob("odd*/*")} == times
    assert mine.exists()


def test_when_the_lock_changes_what_it_no_longer_names_goes(
    wish: Wish, kept: Callable[[Wish], str]
) -> None:
    kept(wish)
    made = (wish.path / "pyvenv.cfg").stat().st_mtime_ns
    wish.lock.write_text(EMPTY, "utf-8")
    assert (kept(wish), names(wish.path)) == ("synced", [])
    assert (wish.path / "pyvenv.cfg").stat().st_mtime_ns == made


def test_one_that_sees_the_systems_packages_is_another_one(
    wish: Wish, kept: Callable[[Wish], str]
) -> None:
    kept(wish)
    assert kept(replace(wish, system_site_packages=True)) == "made"
    settings = (wish.path / "pyvenv.cfg").read_text("utf-8")
    assert "include-system-site-packages = true" in settings
    assert "odd" in names(wish.path)


def test_a_virtualenv_whose_python_has_gone_is_made_anew(
    wish: Wish, kept: Callable[[Wish], str]
) -> None:
    kept(wish)
    python_of(wish.path).unlink()
    assert (kept(wish), names(wish.path)) == ("made", ["odd"])


def test_one_that_was_not_finished_is_filled_by_the_next_run(
    wish: Wish, kept: Callable[[Wish], str], tmp_path: Path
) -> None:
    line = wish.lock.read_text("utf-8")
    wish.lock.write_text(EMPTY, "utf-8")
    kept(wish)
    wish.lock.write_text(line.replace("sha256:", "sha256:0"), "utf-8")
    with pytest.raises(BuildFailed):
        kept(wish)
    wish.lock.write_text(line, "utf-8")
    assert (kept(wish), names(wish.path)) == ("synced", ["odd"])


@pytest.mark.parametrize("note", [None, "{}", "garbage"])
def test_what_somebody_else_made_is_left_alone(
    wish: Wish, kept: Callable[[Wish], str], note: str | None
) -> None:
    wish.path.mkdir(parents=True)
    (wish.path / "pyvenv.cfg").write_text("home = /usr/bin\n", "utf-8")
    if note is not None:
        (wish.path / "farmhand.json").write_text(note, "utf-8")
    before = {path: path.read_bytes() for path in wish.path.iterdir()}
    with pytest.raises(BadCall, match="was not made by farmhand"):
        kept(wish)
    assert {path: path.read_bytes() for path in wish.path.iterdir()} == before


def test_a_python_is_found_by_version_and_is_no_virtualenvs() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = "import sys; print(sys.prefix == sys.base_prefix, '%d.%d' % sys.version_info[:2])"
    for wanted in (version, ""):
        found = subprocess.check_output([find_python(wanted), "-c", asked], text=True)
        assert found.split() == ["True", version]


def test_a_python_that_is_not_there_is_refused() -> None:
    with pytest.raises(CheckFailed) as caught:
        find_python("3.99", where="--python")
    assert caught.value.lines() == (
        "--python: no Python 3.99 on this machine",
        "  -> install one, or let uv do it: uv python install 3.99",
    )
