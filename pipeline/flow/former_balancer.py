"""A balancer of another kind that still runs: found before anything is done behind its back."""

from collections.abc import Mapping
from typing import Literal

from pipeline.errors import CheckFailed
from pipeline.farm.instances import Placed
from pipeline.farm.layout import BALANCER, ServiceKind
from pipeline.farm.software import Software
from pipeline.flow.world import World
from pipeline.plan.wanted import Observed, service_for
from pipeline.services.control import control

KINDS: Mapping[Literal["apache", "haproxy"], ServiceKind] = {
    "apache": "httpd",
    "haproxy": "haproxy",
}


def refuse_former_balancer(
    world: World, software: Mapping[str, Software], observed: Observed
) -> None:
    """Raise CheckFailed when people are still served by the kind that the inventory had before.

    It takes no orders from the kind of now, so nobody would be drained before he is bounced.
    """
    inventory = world.inventory
    host = inventory.balancer_host
    layout, now = world.layout(host), inventory.environment.balancer
    for kind, program in KINDS.items():
        conf = layout.relative(layout.service_paths(BALANCER, program).conf)
        if kind == now.kind or observed.host(host).text(conf) is None:
            continue
        placed = Placed(BALANCER, program, now.port, "balancer.port")
        former = service_for(layout, software[host].programs, placed)
        if control(former).status(former, world.ways[host]).alive:
            raise CheckFailed(
                f"the balancer still runs as {kind}, and balancer.kind is {now.kind} now",
                where=f"host {host}",
                advice=f"stop the farm as it was: invoke stop --env {inventory.name} "
                f"--set balancer.kind={kind}",
            )
