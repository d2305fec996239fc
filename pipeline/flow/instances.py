"""Plan what is done to instances without changing a file."""

from typing import cast

from pipeline.errors import CheckFailed
from pipeline.flow.former_balancer import refuse_former_balancer
from pipeline.flow.want import look
from pipeline.flow.world import World
from pipeline.plan.bounce import BouncePlanner, choose
from pipeline.plan.plan import Kind, Plan
from pipeline.plan.refusals import refuse_deaf_balancer


def prepare_instances(world: World, kind: str, names: tuple[str, ...]) -> Plan:
    """Plan to bounce, stop, start, drain or undrain these instances; without names, all."""
    chosen = choose(world.inventory, names)
    here = look(world)
    refuse_former_balancer(world, here.software, here.observed)
    for instance in chosen:
        if kind != "stop" and here.observed.host(instance.host).running(instance.name) is None:
            raise CheckFailed(
                f"{instance.name} was never deployed",
                where=f"host {instance.host}",
                advice=f"invoke deploy --env {world.inventory.name}; or name others: --instance",
            )
    if kind != "stop":
        refuse_deaf_balancer(world.inventory, here.observed)
    planner = BouncePlanner(
        inventory=world.inventory,
        services=here.services,
        observed=here.observed,
        chosen=chosen,
    )
    return planner.plan(cast(Kind, kind))
