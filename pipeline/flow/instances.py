"""Plan what is done to instances without changing a file."""

from typing import cast

from pipeline.flow.want import look
from pipeline.flow.world import World
from pipeline.plan.bounce import BouncePlanner, choose
from pipeline.plan.plan import Kind, Plan


def prepare_instances(world: World, kind: str, names: tuple[str, ...]) -> Plan:
    """Plan to bounce, stop, start, drain or undrain these instances; without names, all."""
    chosen = choose(world.inventory, names)
    here = look(world)
    planner = BouncePlanner(
        inventory=world.inventory,
        services=here.services,
        observed=here.observed,
        chosen=chosen,
    )
    return planner.plan(cast(Kind, kind))
