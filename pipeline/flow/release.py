"""From a revision to a release: pull, resolve, build once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.build.order import Order
from pipeline.build.release import obtain
from pipeline.facts.changeset import Changeset, Release
from pipeline.flow.world import World, utc
from pipeline.source.cache import location, pull
from pipeline.source.repository import Repository

SITE = "SITE:"


@contextmanager
def repository(world: World) -> Iterator[Repository]:
    """The site's repository, pulled just now."""
    settings = world.settings
    url = location(settings.inventory.farm.source.repo, settings.project)
    settings.farm_folder.mkdir(parents=True, exist_ok=True)
    with pull(url, settings.repository) as source:
        yield source


def release_of(world: World, source: Repository, changeset: Changeset, python: str) -> Release:
    """The release of a changeset, built when there is none yet, for the interpreter `python`."""
    environment = world.inventory.environment
    order = Order(
        changeset=changeset,
        settings=world.inventory.farm.build,
        python=python,
        now=utc().isoformat(timespec="seconds"),
        tests=environment.tests and world.inventory.farm.build.tests,
    )
    return obtain(
        world.store, order, lambda: source.archive(changeset.node, world.store.trees), world.say
    )


def changelog(
    source: Repository, running: str | None, changeset: Changeset
) -> tuple[Changeset, ...]:
    """What comes with `changeset` since `running`, newest first. Going back, nothing comes."""
    if running is None or running == changeset.node or not source.knows(running):
        return ()
    return source.between(running, changeset.node)


def site_folder(world: World, release: Release, place: str) -> Path:
    """A folder that the inventory names: `SITE:` is the release's own code."""
    if place.startswith(SITE):
        return world.store.folder(release.id) / "code" / place.removeprefix(SITE)
    return world.settings.project / place


def texts(folder: Path, pattern: str = "*") -> dict[str, str]:
    """The text files of a folder by relative path with forward slashes."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob(pattern))
        if path.is_file()
    }
