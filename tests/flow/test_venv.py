"""The virtualenv is made from the tree that its user works in."""

from pathlib import Path

import pytest

from pipeline.errors import BadCall, CheckFailed
from pipeline.flow.venv import make_venv
from pipeline.flow.world import World
from pipeline.settings import Workon, load

FARM = 'format = 1\nproject = "homebrew"\nsource.repo = "site"\nbuild.wsgi = "homebrew.wsgi"\n'
LOCAL = """\
root = "/srv/homebrew"
balancer.kind = "apache"
hosts.box.transport = "local"
hosts.box.instances.count = 3
"""
NOT_SET_UP = Workon(home=None)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "environments").mkdir(parents=True)
    (project / "farm.toml").write_text(FARM, "utf-8")
    (project / "environments/local.toml").write_text(LOCAL, "utf-8")
    return project


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def world(project: Path, said: list[str]) -> World:
    return World(settings=load(project, "local"), ways={}, say=said.append)


def site(folder: Path, lock: str = "# nothing\n") -> Path:
    """A tree of the site, open to be edited."""
    (folder / "homebrew").mkdir(parents=True)
    (folder / "homebrew/wsgi.py").touch()
    (folder / "requirements.lock").write_text(lock, "utf-8")
    return folder


def test_the_project_itself_is_the_site_where_it_holds_it(
    world: World, project: Path, said: list[str]
) -> None:
    site(project)
    place = make_venv(world, "", "", NOT_SET_UP)
    assert place == project / ".farm/venvs/homebrew"
    assert (place / ".project").read_text("utf-8") == f"{project}\n"
    assert said[0].startswith("made: Python 3.")
    assert said[0].endswith(f", requirements.lock of {project}")


def test_else_the_clone_that_source_repo_names_is_and_workon_finds_the_virtualenv(
    world: World, project: Path, tmp_path: Path, said: list[str]
) -> None:
    (project / "requirements.lock").write_text("this == is not the site's\n", "utf-8")
    clone = site(project / "site")
    place = make_venv(world, "mine", "", Workon(tmp_path / "envs", ".home"))
    assert place == tmp_path / "envs/mine"
    assert (place / ".home").read_text("utf-8") == f"{clone}\n"
    assert said[1] == "to work in it: workon mine"


def test_a_lock_without_hashes_is_refused(world: World, project: Path) -> None:
    site(project, lock="django==5.2\n")
    with pytest.raises(CheckFailed, match=r"django==5\.2 has no hash"):
        make_venv(world, "", "", NOT_SET_UP)


@pytest.mark.parametrize("name", ["../x", "a/b", "a b", ".x", "-x"])
def test_a_name_that_is_no_folders_name_is_refused(world: World, name: str) -> None:
    with pytest.raises(BadCall, match="cannot name a folder"):
        make_venv(world, name, "", NOT_SET_UP)
