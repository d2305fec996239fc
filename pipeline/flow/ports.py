"""Ports that the farm wants and something else has: found before anything is built."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import CheckFailed
from pipeline.facts.host import BALANCER
from pipeline.facts.service import holders_answer, holders_question
from pipeline.farm.software import Software
from pipeline.flow.world import World
from pipeline.plan.wanted import Observed, service_for
from pipeline.services import httpd

LISTEN = re.compile(r"^\s*Listen\s+(?:\S*:)?(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a host that the farm wants: for what, and by which key of the inventory."""

    host: str
    number: int
    what: str
    key: str


def refuse_taken_ports(world: World, software: Mapping[str, Software], observed: Observed) -> None:
    """Raise CheckFailed, naming the port, whom it is for and who has it.

    A running balancer does not survive a reload that gives it a port of somebody else.
    """
    for port in (*_of_stopped_instances(world, observed), *_of_the_balancer(world, observed)):
        if holders := _holders(world, software[port.host].apache, port):
            raise CheckFailed(
                f"port {port.number}, meant for {port.what}, is taken by {holders}",
                where=f"host {port.host}",
                advice=f"stop that program, or choose another port: {port.key}",
            )


def _of_stopped_instances(world: World, observed: Observed) -> Iterator[Port]:
    """The ports on which something was seen to answer, though their instance does not run."""
    for instance in world.inventory.instances:
        if observed.host(instance.host).service(instance.name).port_taken:
            key = f"hosts.{instance.host}.instances.first_port"
            yield Port(instance.host, instance.port, instance.name, key)


def _of_the_balancer(world: World, observed: Observed) -> Iterator[Port]:
    """The ports that the balancer is to have and has not."""
    inventory = world.inventory
    balancer = inventory.environment.balancer
    if balancer.kind != "apache":
        return
    host = inventory.balancer_host
    found = observed.host(host)
    runs = found.service(BALANCER).running
    text = found.text("balancer/conf/balancer.conf") if runs else None
    has = {int(number) for number in LISTEN.findall(text or "")}
    if balancer.port not in has:
        yield Port(host, balancer.port, "the balancer", "balancer.port")
    if inventory.manager_port not in has:
        yield Port(host, inventory.manager_port, "the balancer's manager", "balancer.manager_port")


def _holders(world: World, program: str, port: Port) -> str:
    """Who listens on a port; empty when nobody does."""
    way = world.ways[port.host]
    probe = service_for(world.layout(port.host), program, BALANCER, port.number)
    sockets = httpd.look(probe, way, "listeners").sockets
    return holders_answer(way.run(holders_question(sockets)).out) if sockets else ""
