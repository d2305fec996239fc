"""Plan from what somebody else observed: nothing of the environment is asked, and no secret read.

The inventory, the repository and the release store are those of this machine.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.build.interpreter import Interpreter
from pipeline.build.provenance import recipe
from pipeline.build.pythons import python_like
from pipeline.build.release import lock_of, unbuilt
from pipeline.build.store import find, number
from pipeline.errors import BadCall, CheckFailed
from pipeline.facts.changeset import Changeset, Release
from pipeline.farm.instances import Inventory
from pipeline.flow.demo import Say, ensure_demo_parts
from pipeline.flow.observe import services_of
from pipeline.flow.publish import published_files
from pipeline.flow.release import release_of, repository, windows_hosts
from pipeline.flow.want import Here, Prepared, put_together, renderer_of, wanted_hosts
from pipeline.flow.world import World, utc
from pipeline.plan.plan import Plan
from pipeline.plan.published import Published, from_json
from pipeline.settings import Settings, load
from pipeline.source.repository import Repository
from pipeline.transport.base import Transport
from pipeline.wording import count

LAST = "last"
NOT_CHECKED = "no Apache has checked the changed files: a plan of one who reaches the hosts does"


@dataclass(frozen=True, slots=True)
class NoWays(Mapping[str, Transport]):
    """The hosts by name, in their order, and no way to any of them."""

    hosts: tuple[str, ...]

    def __getitem__(self, host: str) -> Transport:
        raise CheckFailed("only what was observed is known: no host can be asked", where=host)

    def __iter__(self) -> Iterator[str]:
        return iter(self.hosts)

    def __len__(self) -> int:
        return len(self.hosts)


def reach_nothing(
    project: Path, environment: str, overrides: Iterable[str], say: Say, which: str
) -> tuple[World, Published]:
    """An environment as it was observed, without a way to it.

    `which` is `last`, or a file that a deploy has published.
    """
    settings = load(project, environment, overrides)
    published = find_published(settings, which)
    ensure_demo_parts(settings, say)
    inventory = _as_observed(settings.inventory, published)
    world = World(
        settings=replace(settings, inventory=inventory),
        ways=NoWays(tuple(inventory.environment.hosts)),
        say=say,
    )
    return world, published


def prepare_observed(
    world: World, published: Published, rev: str | None, *, build: bool
) -> Prepared:
    """Plan the deploy of a revision to what was observed.

    With `build`, a release that is not there yet is built, where this machine has such a Python.
    """
    with repository(world) as source:
        return _prepare(world, source, published, rev, build=build)


def find_published(settings: Settings, which: str) -> Published:
    """What was observed, from a file or from the newest one. Raises for none, and for no such."""
    path = _newest(settings) if which == LAST else Path(which)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = str(getattr(problem, "strerror", None) or problem)
        raise BadCall(reason, where=f"--observed {path}") from problem
    return from_json(text, where=str(path), environment=settings.inventory.name)


def refuse_unbuilt(plan: Plan) -> None:
    """Raise CheckFailed for a plan that could not be carried out: its release is not built."""
    if not plan.release_digest:
        raise CheckFailed(
            f"{plan.release} is not built, so its plan cannot be deployed",
            where="--out",
            advice="the notes of the plan, without --out, say why; "
            "or save the plan on a machine that deploys",
        )


def byline(published: Published, now: datetime) -> str:
    """When it was observed, by whom, and how long ago that is."""
    when = datetime.fromisoformat(published.when)
    return f"observed {when:%Y-%m-%d %H:%M} UTC by {published.who}, {_ago(now - when)}"


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    for unit, length in (("day", 60 * 24), ("hour", 60), ("minute", 1)):
        if minutes >= length:
            return f"{count(minutes // length, unit)} ago"
    return "just now"


def _newest(settings: Settings) -> Path:
    """The newest that is published; without one, what was last observed from this machine."""
    name, folder = settings.inventory.name, settings.published
    try:
        found = published_files(folder, name) if folder and folder.is_dir() else []
    except OSError as problem:
        raise CheckFailed(
            f"{folder} cannot be read: {problem.strerror}",
            where="--observed last",
            advice="name a file that you have: --observed FILE",
        ) from problem
    if found or settings.observed.is_file():
        return [settings.observed, *found][-1]
    where = f"in {folder}, or that cannot be reached" if folder else "by this machine"
    raise CheckFailed(
        f"nothing that was observed of {name} is {where}",
        where="--observed last",
        advice=f"every deploy does it: invoke deploy --env {name}",
    )


def _as_observed(inventory: Inventory, published: Published) -> Inventory:
    """The inventory with the folders, and the rights, that the deployer had.

    Raises CheckFailed for a host or a database that is newer than what was observed.
    """
    environment, name = inventory.environment, inventory.name
    for what, wanted, known in (
        ("host", environment.hosts, published.hosts),
        ("database", environment.databases, published.schemas),
    ):
        if new := wanted.keys() - known.keys():
            raise CheckFailed(
                f"nothing was observed of {what} {min(new)}",
                where=f"environments/{name}.toml",
                advice=f"it is new here: a plan of one who may reach it has it: plan --env {name}",
            )
    for host in environment.hosts:
        for program in sorted(inventory.needs(host)):
            if not getattr(published.software[host], program):
                raise CheckFailed(
                    f"no {program} was there when it was observed, and one is wanted now",
                    where=f"host {host}",
                    advice=f"a plan of one who may reach it looks again: plan --env {name}",
                )
    hosts = {
        host: each.model_copy(update={"root": published.roots[host]})
        for host, each in environment.hosts.items()
    }
    changed = environment.model_copy(update={"hosts": hosts, "root_as_user": None})
    return replace(inventory, environment=changed, privileged=published.privileged)


def _prepare(
    world: World, source: Repository, published: Published, rev: str | None, *, build: bool
) -> Prepared:
    changeset = source.resolve(rev, world.inventory.branch)
    here = Here(
        software=dict(published.software),
        services=services_of(world.inventory, published.software),
        observed=published.observed,
        schemas=dict(published.schemas),
    )
    release = _release(world, source, changeset, published, build=build)
    renderer = renderer_of(world, here, release)
    hosts = wanted_hosts(world, here, renderer)
    notes = [f"made from what {published.who} observed at {published.when}", NOT_CHECKED]
    if not release.digest:
        notes.append(_not_built(release, published))
    prepared = put_together(
        world,
        here,
        source,
        renderer,
        hosts,
        unfinished=published.unfinished,
        owed=published.owed,
        notes=tuple(notes),
    )
    return replace(prepared, view=byline(published, utc()))


def _release(
    world: World,
    source: Repository,
    changeset: Changeset,
    published: Published,
    *,
    build: bool,
) -> Release:
    """The release that runs, if it is of this changeset; one of the store; a new one; or none."""
    settings, runs = world.inventory.farm.build, published.runs
    software = published.software[world.first_host]
    if runs:
        python = Interpreter(software.python_version, runs.tag, runs.platform)
        made = recipe(settings, python)
        if runs.release.changeset.node == changeset.node and runs.recipe == made:
            source.archive(changeset.node, world.store.trees)
            return runs.release
        tested = settings.tests and world.inventory.environment.tests
        if ready := find(world.store, changeset.node, recipe=made, tested=tested):
            return ready
        if build and (path := _builder(world, python, software.python)):
            return release_of(world, source, changeset, path)
    return _unbuilt(world, source, changeset, published)


def _builder(world: World, python: Interpreter, likely: str) -> str | None:
    """The Python that builds, if there is such. Releases for Windows are built with any."""
    return likely if windows_hosts(world.inventory) else python_like(python, likely)


def _unbuilt(
    world: World, source: Repository, changeset: Changeset, published: Published
) -> Release:
    """What a release would be: by the name that a host has for one of this changeset, if any."""
    tree = source.archive(changeset.node, world.store.trees)
    lock = lock_of(tree, changeset, world.inventory.farm.build)
    release = unbuilt(world.store, changeset, lock)
    begin = release.id.rpartition("-")[0]
    there = {
        name: digest
        for host in published.hosts.values()
        for name, digest in host.releases.items()
        if name.rpartition("-")[0] == begin
    }
    if not there:
        return release
    newest = max(there, key=number)
    return replace(release, id=newest, digest=there[newest])


def _not_built(release: Release, published: Published) -> str:
    """Why, and what that leaves unknown."""
    first = next(iter(published.software.values()))
    runs = published.runs
    where = f" for {runs.platform}" if runs else ""
    return (
        f"{release.id} is not built, so its tests have not run. plan builds it where there is a "
        f"Python {first.python_version}{where}: uv python install {first.python_version}"
    )
