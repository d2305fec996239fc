"""Who holds the lease of an environment; and how it is broken when the holder is dead."""

from pipeline.errors import LockHeld
from pipeline.execute.lease import break_lock, holder
from pipeline.execute.lease_file import Lease
from pipeline.execute.owner import is_dead, machine
from pipeline.flow.world import World


def lease_of(world: World) -> Lease | None:
    """Who holds the lease of the environment; None when nobody does."""
    return holder(world.ways[world.first_host], world.layout(world.first_host).lock)


def refuse_held(world: World) -> None:
    """Raise LockHeld, before anything is built or asked, when somebody else deploys right now.

    What is seen of a farm in the middle of a deploy would only mislead. Who holds the lease is
    asked once more when it is taken.
    """
    lease = lease_of(world)
    if lease is not None and lease.owner is not None and not is_dead(lease.owner, here=machine()):
        raise LockHeld(
            f"held by {lease}",
            where=f"{world.inventory.name}: {world.layout(world.first_host).lock}",
            advice="wait until it has ended; if you know that it is dead: "
            f"invoke unlock --env {world.inventory.name}",
        )


def break_lease(world: World) -> Lease | None:
    """Take the lease away from its holder, who will notice before the next step."""
    return break_lock(world.ways[world.first_host], world.layout(world.first_host).lock)
