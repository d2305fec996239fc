"""Break a lease whose holder is dead."""

from pipeline.execute.lease import break_lock, holder
from pipeline.execute.lease_file import Lease
from pipeline.flow.world import World


def lease_of(world: World) -> Lease | None:
    """Who holds the lease of the environment; None when nobody does."""
    return holder(world.ways[world.first_host], world.layout(world.first_host).lock)


def break_lease(world: World) -> Lease | None:
    """Take the lease away from its holder, who will notice before the next step."""
    return break_lock(world.ways[world.first_host], world.layout(world.first_host).lock)
