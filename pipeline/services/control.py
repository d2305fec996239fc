"""What can be done with a service, of whatever kind."""

from collections.abc import Mapping
from typing import Protocol

from pipeline.command import Outcome
from pipeline.facts.answer import ServiceState
from pipeline.facts.question import Service
from pipeline.farm.layout import ServiceKind
from pipeline.services import haproxy, httpd, memcached
from pipeline.services.ended import Ended
from pipeline.transport.base import Transport


class Control(Protocol):
    """The orders of one kind of service. Each may be given twice; it raises `Failed`."""

    def status(self, service: Service, transport: Transport, /) -> ServiceState:
        """Whether it runs, as which process, and which orphans a killed parent has left."""

    def check(self, service: Service, transport: Transport, /) -> Outcome:
        """What its program says about the configuration, without starting anything."""

    def start(self, service: Service, transport: Transport, /, *, deadline: float) -> ServiceState:
        """Start it if it does not run, and wait at most `deadline` seconds until it serves."""

    def stop(self, service: Service, transport: Transport, /, *, deadline: float) -> Ended:
        """Let it finish what it does, at most `deadline` seconds; end it and what it has left."""

    def reload(self, service: Service, transport: Transport, /) -> ServiceState:
        """Let it read its configuration anew without losing a connection."""


_CONTROLS: Mapping[ServiceKind, Control] = {
    "httpd": httpd,
    "haproxy": haproxy,
    "memcached": memcached,
}


def control(service: Service) -> Control:
    """The orders for a service."""
    return _CONTROLS[service.kind]
