"""From a revision to a release: pull, resolve, build once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.build.order import Order, WindowsHosts
from pipeline.build.pythons import find_python
from pipeline.build.release import obtain
from pipeline.errors import CheckFailed
from pipeline.facts.changeset import Changeset, Release
from pipeline.farm.instances import Inventory
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
    """The release of a changeset, built when there is none yet, for the interpreter `python`.

    That is the one of the first host. For Windows hosts, one of this machine takes its place.
    """
    inventory = world.inventory
    windows = windows_hosts(inventory)
    order = Order(
        changeset=changeset,
        settings=inventory.farm.build,
        python=_like(windows) if windows else python,
        now=utc().isoformat(timespec="seconds"),
        tests=inventory.environment.tests and inventory.farm.build.tests,
        windows=windows,
    )

    def tree() -> Path:
        archived = source.archive(changeset.node, world.store.trees)
        refuse_unhashed(archived / order.settings.requirements, order.settings.requirements)
        return archived

    return obtain(world.store, order, tree, world.say)


def windows_hosts(inventory: Inventory) -> WindowsHosts | None:
    """What a release must know of hosts that run Windows; None when they do not."""
    first = next(iter(inventory.environment.hosts.values()))
    if not inventory.windows or not first.python_version:
        return None
    roots = [inventory.layout(name).root for name in inventory.environment.hosts]
    return WindowsHosts(python_version=first.python_version, root=max(roots, key=len))


def _like(windows: WindowsHosts) -> str:
    """A Python of this machine for what Windows hosts need that is not for Windows itself."""
    minor = windows.python_version.split(".")[1]
    ours = int(minor) == sys.version_info.minor
    return find_python("" if ours else f"3.{minor}", where="hosts.*.python_version")


def refuse_unhashed(lock: Path, name: str) -> None:
    """Raise CheckFailed that names the first requirement of a lock which has no hash."""
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else []
    begun, entry = 0, ""
    for number, line in enumerate(lines, 1):
        begun, entry = (begun, entry) if entry else (number, "")
        entry += line.partition("#")[0].strip()
        if entry.endswith("\\"):
            entry = f"{entry[:-1]} "
            continue
        if entry and not entry.startswith("-") and "--hash=" not in entry:
            raise CheckFailed(
                f"{entry.split(';')[0].strip()} has no hash",
                where=f"{name}:{begun}",
                advice="lock with `uv pip compile --universal --generate-hashes`",
            )
        entry = ""


def changelog(
    source: Repository, running: str | None, changeset: Changeset
) -> tuple[Changeset, ...]:
    """What comes with `changeset` since `running`, newest first. Going back, nothing comes."""
    if running is None or running == changeset.node or not source.knows(running):
        return ()
    return source.between(running, changeset.node)


def site_folder(world: World, release: Release, place: str) -> Path:
    """A folder that the inventory names: `SITE:` is the release's own code.

    Of a release that is not built here, that is the tree of its changeset, which must be there.
    """
    if not place.startswith(SITE):
        return world.settings.project / place
    built = world.store.folder(release.id) / "code"
    tree = world.store.trees / release.changeset.node
    return (built if built.is_dir() else tree) / place.removeprefix(SITE)


def templates_of(world: World, release: Release) -> dict[str, str]:
    """The templates that the environment needs, by file name."""
    given, kind = world.inventory.farm.templates, world.inventory.environment.balancer.kind
    places = [given.apache]
    places += [given.haproxy] if kind == "haproxy" else []
    places += [given.memcached] if world.inventory.caches else []
    folders = (site_folder(world, release, place) for place in places)
    return {name: text for folder in folders for name, text in texts(folder).items()}


def texts(folder: Path, pattern: str = "*") -> dict[str, str]:
    """The text files of a folder by relative path with forward slashes."""
    return {
        path.relative_to(folder).as_posix(): _text(path, folder)
        for path in sorted(folder.rglob(pattern))
        if path.is_file()
    }


def _text(path: Path, folder: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise CheckFailed(
            f"not UTF-8 text at byte {problem.start}",
            where=f"{folder.name}/{path.relative_to(folder).as_posix()}",
            advice="templates and schema scripts are text: keep other files elsewhere",
        ) from problem
