"""Let everybody see what a deploy observed: on this machine, and where `publish` says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.build.store import read as provenance_in
from pipeline.errors import Failed, FarmhandError, LockLost
from pipeline.flow.hooks import owed
from pipeline.flow.want import look, was_left
from pipeline.flow.world import World, utc
from pipeline.plan.published import Built, Published, to_json
from pipeline.plan.wanted import Observed
from pipeline.settings import Settings, who
from pipeline.transport.files import partial_file

KEEP = 20  # in a folder, of an environment


@contextmanager
def publishing(world: World) -> Iterator[None]:
    """Publish what there is after the block, also when it failed; not when another took over."""
    try:
        yield
    except LockLost:
        raise
    except Failed:
        publish(world)
        raise
    publish(world)


def publish(world: World) -> None:
    """Look once more, and write it down. What hinders that is said, and hinders nothing else."""
    try:
        published = _look(world)
        text = to_json(published)
    except FarmhandError as problem:
        _warn(world, problem)
        return
    for write in (keep_here, keep_there):
        try:
            write(world.settings, text, published)
        except (FarmhandError, OSError) as problem:
            _warn(world, problem)


def published_files(folder: Path, environment: str) -> list[Path]:
    """What was published of an environment in a folder, the oldest first."""
    name = re.compile(rf"{re.escape(environment)}-\d{{8}}T\d{{6}}Z\.json")
    return sorted(path for path in folder.iterdir() if name.fullmatch(path.name))


def _look(world: World) -> Published:
    here = look(world)
    return Published(
        environment=world.inventory.name,
        when=utc().isoformat(timespec="seconds"),
        who=who(),
        privileged=world.inventory.privileged,
        roots={host: world.layout(host).root for host in world.ways},
        software=here.software,
        hosts={host: here.observed.host(host) for host in world.ways},
        balancer=here.observed.balancer,
        schemas=here.schemas,
        unfinished=was_left(world, here.observed),
        owed=owed(world),
        runs=_built(world, here.observed),
    )


def _built(world: World, observed: Observed) -> Built | None:
    """The release that runs, by what this machine's store knows of it."""
    record = observed.host(world.first_host).record
    found = provenance_in(world.store.folder(record.release)) if record else None
    if found is None:
        return None
    return Built(
        release=found.release,
        recipe=found.recipe,
        tag=found.interpreter.tag,
        platform=found.interpreter.platform,
    )


def keep_here(settings: Settings, text: str, _: Published) -> None:
    """Write it into this machine's own folder, over the last one."""
    _write(settings.observed, text)


def keep_there(settings: Settings, text: str, published: Published) -> None:
    """Write it where the environment says, and let the oldest ones there go."""
    folder = settings.published
    if folder is None:
        return
    moment = re.sub(r"\+.*|[-:]", "", published.when)
    _write(folder / f"{published.environment}-{moment}Z.json", text)
    for old in published_files(folder, published.environment)[:-KEEP]:
        with suppress(OSError):
            old.unlink()


def _write(path: Path, text: str) -> None:
    """In one move. Others may read it, if the folder has such bits at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with partial_file(path) as partial:
        partial.write_text(text, encoding="utf-8")
        with suppress(OSError):
            partial.chmod(0o644)
        partial.replace(path)


def _warn(world: World, problem: FarmhandError | OSError) -> None:
    world.say(f"warning: what was observed is not published: {problem}")
