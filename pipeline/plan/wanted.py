"""What a deploy wants, put together: the pure input of the planners, beside what was observed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.facts.answer import BalancerState, MemberMode
from pipeline.facts.changeset import Changeset, Release
from pipeline.facts.host import HostFacts, UnreachableHost
from pipeline.facts.question import BalancerAddress, Service
from pipeline.facts.record import Record
from pipeline.farm.instances import Instance, Inventory, Placed
from pipeline.farm.layout import BALANCER, CACHE, Layout, ServiceKind
from pipeline.plan.plan import Kind
from pipeline.schema.groups import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedHost:
    """What one host should hold. `files`: path relative to the root -> text.

    `services` are the instances and, on its host, the balancer, and what both need; `programs`
    start services of each kind. `secrets`: the services that have a secret file; `previous`: the
    record that a rollback from here returns to.
    """

    name: str
    user: str
    programs: Mapping[ServiceKind, str]
    python: str
    venv: str
    files: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    previous: int | None = None

    def below(self, folder: str) -> dict[str, str]:
        """The wanted texts below a folder, by path."""
        return _below(self.files, folder)

    def was_finished(self, folder: str, record: Record | None) -> bool:
        """Whether a deploy with these files in a folder came to its end, by the host's record.

        Else one that was killed may have written them, and their service not have read them.
        """
        return record is not None and _below(record.files, folder) == self.below(folder)


def _below(files: Mapping[str, str], folder: str) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith(f"{folder}/")}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaWork:
    """What one database needs. Digests are the schema's: `before`, and after each group in turn.

    `pending` is what the running changeset no longer wants (it goes before the expand);
    `later` waits for the next deploy; `notes` say what is left alone and why.
    """

    database: str
    url: str
    owner: str
    before: str
    pending: tuple[Group, ...] = ()
    expand: tuple[Group, ...] = ()
    contract: tuple[Group, ...] = ()
    digests: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A release in an environment, rendered and compared: all that a planner needs to know.

    `unfinished`: the journal knows of a run that was killed or failed. What it left out of
    rotation is put back; what a person took out stays out. `owed`: the hooks that it has not done.
    `scripts`: the texts of the hooks' scripts. `idle`: what the environment's file sets to no
    effect, in words; `notes`: what else people should know.
    """

    inventory: Inventory
    kind: Kind = "deploy"
    release: Release
    hosts: Mapping[str, WantedHost]
    databases: tuple[SchemaWork, ...] = ()
    unfinished: bool = False
    owed: frozenset[str] = frozenset()
    scripts: Mapping[str, str] = field(default_factory=dict)
    idle: tuple[str, ...] = ()
    changelog: tuple[Changeset, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def balancer(self) -> BalancerAddress | None:
        """Where the balancer takes orders; None when the environment has none."""
        return balancer_address(self.inventory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was found, everywhere. `schemas`: database -> digest of its schema."""

    hosts: Mapping[str, HostFacts | UnreachableHost]
    balancer: BalancerState
    schemas: Mapping[str, str] = field(default_factory=dict)

    def host(self, name: str) -> HostFacts:
        """A host that answered. Raises KeyError for one that did not: ask `unreachable` first."""
        found = self.hosts[name]
        if isinstance(found, UnreachableHost):
            raise KeyError(name)
        return found

    def serves(self, instance: Instance) -> bool:
        """Whether people are sent to it: something answers, and is not out of rotation."""
        members = self.balancer.members
        member = members.get(instance.name)
        taken = member is not None and member.mode is MemberMode.READY
        state = self.host(instance.host).service(instance.name)
        return (state.running or bool(state.orphans)) and (taken or not members)

    @property
    def unreachable(self) -> tuple[UnreachableHost, ...]:
        """The hosts that did not answer."""
        return tuple(host for host in self.hosts.values() if isinstance(host, UnreachableHost))


def service_for(layout: Layout, programs: Mapping[ServiceKind, str], placed: Placed) -> Service:
    """A service of a host, by the names that the layout gives and the program for its kind."""
    paths = layout.service_paths(placed.name, placed.kind)
    return Service(
        kind=placed.kind,
        name=placed.name,
        program=programs[placed.kind],
        config=paths.conf,
        pid_file=paths.pid_file,
        port=placed.port,
        log=paths.log,
    )


def surplus(name: str, port: int = 0) -> Placed:
    """A service that may be on a host, and of which the inventory says nothing."""
    return Placed(name, "memcached" if name == CACHE else "httpd", port, "")


def balancer_address(inventory: Inventory) -> BalancerAddress | None:
    """Where the balancer of an environment takes orders."""
    kind = inventory.environment.balancer.kind
    if kind == "none":
        return None
    site = inventory.through_balancer(inventory.environment.health.path)
    if kind == "haproxy":
        host = inventory.balancer_host
        socket = inventory.layout(host).service_paths(BALANCER, "haproxy").socket
        return BalancerAddress(kind=kind, name=inventory.farm.project, manager=socket, site=site)
    return BalancerAddress(
        name=inventory.farm.project,
        manager=f"http://127.0.0.1:{inventory.manager_port}/balancer-manager",
        site=site,
    )
