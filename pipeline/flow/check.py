"""See whether an environment has what a deploy needs."""

from collections.abc import Iterator

from pipeline.flow.release import repository
from pipeline.flow.want import look
from pipeline.flow.world import World
from pipeline.wording import count


def check_environment(world: World) -> Iterator[str]:
    """One line for each thing that is as it must be. Raises for the first that is not."""
    instances = count(len(world.inventory.instances), "instance")
    yield f"inventory: {instances} on {count(len(world.ways), 'host')}"
    with repository(world) as source:
        head = source.resolve(None, world.inventory.branch)
    yield f"source: the head of {world.inventory.branch} is {head.short} ({head.summary})"
    here = look(world)
    for host, found in here.software.items():
        yield (
            f"host {host}: Apache {found.apache_version} ({found.apache}), {found.mod_wsgi}, "
            f"Python {found.python_version} ({found.python})"
        )
    for name in world.inventory.environment.databases:
        yield f"database {name}: {count(len(here.schemas[name].objects), 'object')}"
