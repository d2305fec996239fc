"""A small farm as planners see it: what is wanted of it, and what is there."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace

from pipeline.errors import CheckFailed
from pipeline.facts.answer import BalancerState, sha256
from pipeline.facts.changeset import Changeset, Release, release_id
from pipeline.facts.host import HostFacts
from pipeline.facts.question import Service
from pipeline.facts.record import Record, Running
from pipeline.farm.instances import Inventory, inventory
from pipeline.farm.inventory import Environment, Farm
from pipeline.farm.layout import BALANCER, NO_INSTANCES, ServiceKind, service_folder
from pipeline.farm.parse import override, split_setting
from pipeline.plan.plan import Kind
from pipeline.plan.rollback import same_release, target
from pipeline.plan.wanted import Observed, SchemaWork, Wanted, WantedHost, service_for

FARM = """\
format = 1
project = "homebrew"
source.repo = "hg"
build.wsgi = "homebrew.wsgi"
"""
BOX = """\
root = "/srv/homebrew"
balancer = { kind = "apache" }
site.secrets.KEY = "env:KEY"
[hosts.box]
transport = "local"
instances = { count = 3 }
"""
TWO_BOXES = """\
root = "/srv/homebrew"
balancer = { kind = "apache" }
[hosts.box]
transport = "local"
instances = { count = 2 }
[hosts.bag]
transport = "local"
address = "10.0.0.2"
instances = { count = 1, name = "bag_{n}" }
"""
PROGRAMS: Mapping[ServiceKind, str] = {
    "httpd": "/usr/sbin/apache2",
    "haproxy": "/usr/sbin/haproxy",
    "memcached": "/usr/bin/memcached",
}
PYTHON = "/usr/bin/python3.11"
TEMPLATE = "threads 15\n"
FRONT = "lbmethod byrequests\n"


def inventory_of(*settings: str, text: str = BOX) -> Inventory:
    """The farm of an environment's text, with settings laid over it as `--set` does."""
    pairs = [split_setting(setting) for setting in settings]
    farm = [(name.removeprefix("farm."), value) for name, value in pairs if name[:5] == "farm."]
    rest = [(name, value) for name, value in pairs if name[:5] != "farm."]
    return inventory(
        "local",
        Farm.model_validate(override(tomllib.loads(FARM), farm)),
        Environment.model_validate(override(tomllib.loads(text), rest)),
        privileged=True,
    )


def release_of(version: str, *, lock: str = "lock") -> Release:
    """The release of a version: `v1` -> `default-...-1`."""
    node = sha256(version.encode())[:40]
    changeset = Changeset(
        node=node,
        branch="default",
        author="Ann <ann@example.com>",
        date="2026-03-01T12:00:00+01:00",
        summary=f"Recipes, {version}",
    )
    return Release(
        id=release_id("default", node, 1),
        changeset=changeset,
        digest=sha256(f"content of {version}".encode()),
        lock_hash=sha256(lock.encode()),
    )


def services_of(wanted: Inventory) -> dict[str, dict[str, Service]]:
    """The services of each host by name."""
    return {
        host: {
            placed.name: service_for(wanted.layout(host), PROGRAMS, placed)
            for placed in wanted.services(host)
        }
        for host in wanted.environment.hosts
    }


def files_of(
    wanted: Inventory, host: str, release: Release, template: str, front: str
) -> dict[str, str]:
    """The small files of a host: path relative to its root -> text."""
    files: dict[str, str] = {}
    for each in wanted.on(host):
        folder = f"instances/{each.name}"
        texts = {
            f"{folder}/conf/{each.name}.conf": f"listen {each.port}\n{template}",
            f"{folder}/wsgi/{each.name}.wsgi": f"release {release.id}\n",
        }
        files |= with_current(folder, texts, release.id, release.changeset.node)
    members = "".join(f"member {each.name} {each.url}\n" for each in wanted.instances)
    layout = wanted.layout(host)
    for placed in wanted.services(host):
        if placed.name in NO_INSTANCES:
            conf = layout.relative(layout.service_paths(placed.name, placed.kind).conf)
            more = f"{front}{members}" if placed.name == BALANCER else front
            texts = {conf: f"listen {placed.port}\n{more}"}
            files |= with_current(service_folder(placed.name), texts, "", "")
    return files


def with_current(
    folder: str, texts: Mapping[str, str], release: str, changeset: str
) -> dict[str, str]:
    """The texts, and the note beside them of what they are and what their hashes were."""
    hashes = {path: sha256(text.encode()) for path, text in texts.items()}
    running = Running(release=release, changeset=changeset, files=hashes)
    return {**texts, f"{folder}/current.json": running.to_json()}


def venv_of(release: Release) -> str:
    """The key of a release's virtualenv."""
    return f"py3.11-{release.lock_hash[:12]}"


def wanted_of(
    inventory: Inventory,
    observed: Observed,
    version: str = "v1",
    *,
    lock: str = "lock",
    template: str = TEMPLATE,
    front: str = FRONT,
    databases: tuple[SchemaWork, ...] = (),
) -> Wanted:
    """A version, wanted on every host of the farm."""
    release = release_of(version, lock=lock)
    hosts = {}
    for host in inventory.environment.hosts:
        newest = observed.host(host).record
        files = files_of(inventory, host, release, template, front)
        hosts[host] = wanted_host(
            inventory, host, venv_of(release), files, newest.number if newest else None
        )
    return Wanted(inventory=inventory, release=release, hosts=hosts, databases=databases)


def returning(inventory: Inventory, observed: Observed) -> Wanted:
    """What a rollback wants. Raises CheckFailed when the hosts have nothing to return to."""
    targets = {host: target(observed.host(host)) for host in inventory.environment.hosts}
    records = {host: record for host, record in targets.items() if record is not None}
    if len(records) < len(targets):
        raise CheckFailed("to before the first deploy")
    return returning_to(inventory, records)


def returning_to(inventory: Inventory, records: Mapping[str, Record]) -> Wanted:
    """What a return to these records wants."""
    record = same_release(records)
    kind: Kind = "rollback"
    return Wanted(
        kind=kind,
        inventory=inventory,
        release=Release(
            id=record.release, changeset=record.changeset, digest=record.digest, lock_hash=""
        ),
        hosts={
            host: wanted_host(inventory, host, each.venv, each.files, each.previous)
            for host, each in records.items()
        },
    )


def wanted_host(
    inventory: Inventory, host: str, venv: str, files: Mapping[str, str], previous: int | None
) -> WantedHost:
    """One host of it."""
    return WantedHost(
        name=host,
        user=inventory.user(host),
        programs=PROGRAMS,
        python=PYTHON,
        venv=venv,
        files=files,
        services=services_of(inventory)[host],
        secrets=secrets_of(inventory, host),
        previous=previous,
    )


def secrets_of(inventory: Inventory, host: str) -> tuple[str, ...]:
    """The services of a host that have a secret file."""
    site = inventory.environment.site.secrets
    front = inventory.tls is not None and host == inventory.balancer_host
    return (*(each.name for each in inventory.on(host) if site), *([BALANCER] if front else ()))


def nothing(inventory: Inventory) -> Observed:
    """Hosts that answer, and hold nothing."""
    return Observed(
        hosts={
            host: HostFacts(name=host, user_exists=False) for host in inventory.environment.hosts
        },
        balancer=BalancerState(reachable=False, because="connection refused"),
    )


def changed(observed: Observed, host: HostFacts) -> Observed:
    """The same, with another state of one host."""
    return replace(observed, hosts={**observed.hosts, host.name: host})
