"""Ports that the farm wants and something else has: found before anything is built."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import CheckFailed
from pipeline.facts.service import holders_answer, holders_question
from pipeline.farm.layout import BALANCER, STATIC, ServiceKind
from pipeline.farm.software import Software
from pipeline.flow.world import World
from pipeline.plan.wanted import Observed, service_for, surplus
from pipeline.services import plain

LISTEN = re.compile(r"^\s*(?:Listen|bind)\s+(?:\S*:)?(\d+)\b", re.MULTILINE)
CONF = {"apache": "balancer/conf/balancer.conf", "haproxy": "balancer/conf/haproxy.cfg"}


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
    _refuse_moved_static(world, observed)
    for port in (*_of_stopped(world, observed), *_of_the_balancer(world, observed)):
        if holders := _holders(world, software[port.host].programs, port):
            raise CheckFailed(
                f"port {port.number}, meant for {port.what}, is taken by {holders}",
                where=f"host {port.host}",
                advice=f"stop that program, or choose another port: {port.key}",
            )


def _refuse_moved_static(world: World, observed: Observed) -> None:
    """The static server moves before the roll, and HAProxy hears of it after: a gap between."""
    wanted, host = world.inventory.static_port, world.inventory.balancer_host
    found = observed.host(host)
    if wanted is None or not (found.service(STATIC).running and found.service(BALANCER).running):
        return
    conf = world.layout(host).service_paths(STATIC, "httpd").conf
    has = LISTEN.findall(found.text(world.layout(host).relative(conf)) or "")
    if has and str(wanted) not in has:
        raise CheckFailed(
            f"the static server would move from port {has[0]} to {wanted} while it serves",
            where=f"host {host}",
            advice=f"keep it where it is: balancer.static_port = {has[0]}; or stop the farm first",
        )


def _of_stopped(world: World, observed: Observed) -> Iterator[Port]:
    """The ports on which something was seen to answer, though their service does not run."""
    for host in world.ways:
        for placed in world.inventory.services(host):
            taken = observed.host(host).service(placed.name).port_taken
            if placed.name != BALANCER and taken:
                yield Port(host, placed.port, placed.name, placed.key)


def _of_the_balancer(world: World, observed: Observed) -> Iterator[Port]:
    """The ports that the balancer is to have and has not."""
    inventory = world.inventory
    kind = inventory.environment.balancer.kind
    if kind == "none":
        return
    host = inventory.balancer_host
    found = observed.host(host)
    runs = found.service(BALANCER).running
    text = found.text(CONF[kind]) if runs else None
    has = {int(number) for number in LISTEN.findall(text or "")}
    wanted = [(inventory.environment.balancer.port, "the balancer", "balancer.port")]
    if inventory.manager_port is not None:
        manager = "the balancer's manager", "balancer.manager_port"
        wanted.append((inventory.manager_port, *manager))
    if inventory.tls is not None:
        wanted.append((inventory.tls.port, "the balancer's HTTPS", "balancer.tls.port"))
    for number, what, key in wanted:
        if number not in has:
            yield Port(host, number, what, key)


def _holders(world: World, programs: Mapping[ServiceKind, str], port: Port) -> str:
    """Who listens on a port; empty when nobody does."""
    way = world.ways[port.host]
    probe = service_for(world.layout(port.host), programs, surplus(BALANCER, port.number))
    sockets = plain.look(probe, way, "listeners").sockets
    return holders_answer(way.run(holders_question(sockets)).out) if sockets else ""
