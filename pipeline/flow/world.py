"""One environment within reach: its settings, the ways to its hosts, and whom to tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.build.store import Store
from pipeline.errors import CheckFailed
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import Layout
from pipeline.flow.demo import Say, ensure_demo_parts
from pipeline.secret import Secret, SecretRef
from pipeline.settings import Settings, load
from pipeline.transport.base import Transport
from pipeline.transport.local import LocalTransport
from pipeline.transport.secrets import resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What every task starts from. `say` tells the user, in one line, what goes on."""

    settings: Settings
    ways: Mapping[str, Transport]
    say: Say

    @property
    def inventory(self) -> Inventory:
        """The farm in this environment."""
        return self.settings.inventory

    @property
    def store(self) -> Store:
        """The releases of this machine."""
        return Store(self.settings.farm_folder)

    @property
    def first_host(self) -> str:
        """Where all deployers meet: the lease lies there."""
        return next(iter(self.inventory.environment.hosts))

    def layout(self, host: str) -> Layout:
        """Where things are on a host."""
        return self.inventory.layout(host)

    def resolve(self, reference: SecretRef) -> Secret:
        """The word behind a reference. Raises CheckFailed when it cannot be had."""
        return resolve(reference, folder=self.settings.project)


def reach(project: Path, environment: str, overrides: Iterable[str], say: Say) -> World:
    """Read the settings and make ready the ways to the hosts; nothing is asked of them yet.

    Raises CheckFailed for Windows hosts.
    """
    world = world_of(project, environment, overrides, say)
    if world.inventory.windows:
        raise CheckFailed(
            "its hosts run Windows, and this version has no way to them",
            where=f"environments/{environment}.toml",
            advice="`build` and `config.render` need none",
        )
    return world


def world_of(project: Path, environment: str, overrides: Iterable[str], say: Say) -> World:
    """The same for who can do without the hosts: there is no way to those that run Windows."""
    settings = load(project, environment, overrides)
    ensure_demo_parts(settings, say)
    return unmade(settings, say)


def unmade(settings: Settings, say: Say) -> World:
    """The same for who only looks: nothing is made on this machine either."""

    def word(reference: SecretRef) -> Secret:
        return resolve(reference, folder=settings.project)

    hosts = () if settings.inventory.windows else settings.inventory.environment.hosts
    return World(settings=settings, ways={host: LocalTransport(word) for host in hosts}, say=say)


def utc() -> datetime:
    """The time, for the journal and the provenance of releases."""
    return datetime.now(UTC)
