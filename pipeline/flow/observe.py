"""Look at the whole environment, all parts side by side."""

import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from pipeline.balancer.orders import balancer_for
from pipeline.errors import CheckFailed, Unreachable
from pipeline.facts.answer import BalancerState
from pipeline.facts.host import HostFacts, UnreachableHost
from pipeline.facts.question import Service
from pipeline.facts.software import software, software_question
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER
from pipeline.farm.software import Software, stated
from pipeline.flow.tls import pem
from pipeline.flow.world import World
from pipeline.observe.databases import read_schema
from pipeline.observe.hosts import HostToAsk, observe_hosts, resolved, secret_text
from pipeline.plan.prepare import wanted_folders
from pipeline.plan.wanted import Observed, balancer_address, service_for
from pipeline.schema.model.schema import Schema
from pipeline.schema.snapshot import digest

Services = Mapping[str, Mapping[str, Service]]


def ask_software(world: World) -> dict[str, Software]:
    """What each host offers to run the farm with. Raises CheckFailed when something is missing.

    Of Windows hosts it is what the inventory says.
    """
    if world.inventory.windows:
        hosts = world.inventory.environment.hosts
        return {name: stated(host, name) for name, host in hosts.items()}
    return {name: _software(world, name) for name in world.ways}


def services_of(
    inventory: Inventory, software: Mapping[str, Software]
) -> dict[str, dict[str, Service]]:
    """The services of each host by name."""
    return {
        host: {
            placed.name: service_for(inventory.layout(host), software[host].programs, placed)
            for placed in inventory.services(host)
        }
        for host in inventory.environment.hosts
    }


def observe(
    world: World, services: Services, *, secrets: bool = True
) -> tuple[Observed, dict[str, Schema]]:
    """What is there now: hosts, balancer, and the schema of each database.

    Without `secrets`, the site's secret files are not looked at.
    """
    with ThreadPoolExecutor(max_workers=3) as pool:
        hosts = pool.submit(_hosts, world, services, secrets=secrets)
        balancer = pool.submit(_balancer, world)
        schemas = pool.submit(_schemas, world)
        found = schemas.result()
        return (
            Observed(
                hosts=hosts.result(),
                balancer=balancer.result(),
                schemas={name: digest(schema) for name, schema in found.items()},
            ),
            found,
        )


def database_url(world: World, name: str) -> str:
    """The URL of a live database, with the first host's root in it."""
    url = world.inventory.environment.databases[name].url
    return url.replace("{root}", world.layout(world.first_host).root)


def _software(world: World, host: str) -> Software:
    wanted = world.inventory.host(host)
    question = software_question(world.inventory.user(host), wanted)
    outcome = world.ways[host].run(question)
    if outcome.exit_code != 0:
        raise CheckFailed(
            f"cannot see what software it has: {outcome.said}",
            where=f"host {host}",
            advice="sh and the usual programs of a Linux system must be on the PATH",
        )
    return software(outcome.out, wanted=wanted, name=host, needs=world.inventory.needs(host))


def _hosts(
    world: World, services: Services, *, secrets: bool
) -> dict[str, HostFacts | UnreachableHost]:
    texts = _secret_texts(world) if secrets else {}
    asked = [
        HostToAsk(
            name=name,
            transport=way,
            layout=world.layout(name),
            user=world.inventory.user(name),
            folders=wanted_folders(services[name]),
            services=services[name],
            secrets={service: texts[service] for service in secret_files(world, name)}
            if secrets
            else {},
        )
        for name, way in world.ways.items()
    ]
    return observe_hosts(asked)


def secret_files(world: World, host: str) -> tuple[str, ...]:
    """The services of a host that have a secret file.

    Those are all instances, when the site has secrets, and a balancer that speaks HTTPS.
    """
    inventory = world.inventory
    site = inventory.environment.site.secrets
    instances = [instance.name for instance in inventory.on(host)] if site else []
    front = inventory.tls is not None and host == inventory.balancer_host
    return (*instances, *([BALANCER] if front else ()))


def _secret_texts(world: World) -> dict[str, bytes]:
    """What each secret file should say. Raises CheckFailed for a secret that cannot be had."""
    site = secret_text(resolved(world.inventory.environment.site.secrets, world.resolve))
    texts = {instance.name: site for instance in world.inventory.instances}
    return texts | ({BALANCER: pem(world)} if world.inventory.tls else {})


def _balancer(world: World) -> BalancerState:
    address = balancer_address(world.inventory)
    if address is None:
        return BalancerState(reachable=False, because="this environment has none")
    return balancer_for(address).state()


def _schemas(world: World) -> dict[str, Schema]:
    names = world.inventory.environment.databases
    return {name: _schema(name, database_url(world, name)) for name in names}


def _schema(name: str, url: str) -> Schema:
    try:
        return read_schema(url)
    except sqlite3.Error as problem:
        raise Unreachable(
            f"its schema cannot be read: {problem}",
            where=f"database {name}",
            advice=f"see whether the deployer may read and write it: {url}",
        ) from problem
