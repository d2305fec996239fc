"""The developer's own virtualenv: from the pins of the tree that they work in."""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.build.pythons import find_python
from pipeline.build.workon import Wish, keep, python_of
from pipeline.errors import BadCall, CheckFailed
from pipeline.farm.inventory import Build
from pipeline.flow.release import refuse_unhashed, repository
from pipeline.flow.world import World
from pipeline.settings import Workon

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def make_venv(world: World, name: str, python: str, workon: Workon) -> Path:
    """Make the virtualenv `name`, or bring it up to date; say how to use it. Gives its folder."""
    name = name or world.inventory.farm.project
    if not _NAME.fullmatch(name):
        raise BadCall(f"{name!r} cannot name a folder", where="--name")
    settings, build = world.settings, world.inventory.farm.build
    tree = next(_working_copies(world, build), None)
    place = (workon.home or settings.farm_folder / "venvs") / name
    change, made = keep(
        Wish(
            path=place,
            lock=_lock(tree or _head(world), build),
            python=find_python(python, where="--python") if python else "",
            system_site_packages=build.system_site_packages,
            project=tree or settings.project,
            project_note=workon.project_note,
        ),
        settings.cache,
    )
    pins = f"{build.requirements} of {tree or f'the head of {world.inventory.branch}'}"
    world.say(f"{change}: Python {made.version}, {pins}")
    world.say(f"to work in it: {_activation(place, workon)}")
    return place


def _working_copies(world: World, build: Build) -> Iterator[Path]:
    """Folders that hold the site itself: its lock, and the module of `build.wsgi`."""
    module = Path(*build.wsgi.split("."))
    for folder in (world.settings.project, Path(world.settings.repo_url)):
        lock = folder / build.requirements
        if lock.is_file() and (folder / module).with_suffix(".py").is_file():
            yield folder


def _head(world: World) -> Path:
    """The tree of the branch's head."""
    with repository(world) as source:
        changeset = source.resolve(None, world.inventory.branch)
        return source.archive(changeset.node, world.store.trees)


def _lock(tree: Path, build: Build) -> Path:
    lock = tree / build.requirements
    if not lock.is_file():
        raise CheckFailed(
            f"there is no {build.requirements} in {tree}",
            advice="farm.toml: build.requirements names the site's lock",
        )
    refuse_unhashed(lock, build.requirements)
    return lock


def _activation(place: Path, workon: Workon) -> str:
    if workon.home:
        return f"workon {place.name}"
    activate = python_of(place).with_name("activate")
    return f". {activate}" if activate.parent.name == "bin" else str(activate)
