"""A real balancer of either kind before two real workers."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.balancer.orders import Balancer, balancer_for
from pipeline.facts.answer import HttpAnswer
from pipeline.facts.question import BalancerAddress, Service
from pipeline.services.control import control
from tests.services.rig import APACHE, HAPROXY, MODULES, Rig, get, rig_in_its_folder

KINDS = ("apache", "haproxy")
NEEDED = {
    "apache": (APACHE, f"{MODULES}/mod_wsgi.so"),
    "haproxy": (APACHE, f"{MODULES}/mod_wsgi.so", HAPROXY),
}


def is_there(kind: str) -> bool:
    """Whether what such a farm needs is installed."""
    return all(Path(path).exists() for path in NEEDED[kind])


@dataclass
class Farm:
    """A balancer and its two workers, all running."""

    rig: Rig
    front: Service
    workers: tuple[Service, Service]
    address: BalancerAddress
    balancer: Balancer

    def cookie(self, member: str) -> str:
        """What the balancer gives to a client that began with a member."""
        return f"ROUTEID={'.' if self.address.kind == 'apache' else ''}{member}"

    def pages(self, number: int, member: str = "") -> Counter[str]:
        """Which worker answered each of `number` requests, by port; anything else by status."""
        headers = {"Cookie": self.cookie(member)} if member else {}
        answers = [get(self.front, **headers) for _ in range(number)]
        return Counter(each.body if each.status == 200 else str(each.status) for each in answers)

    def busy(self, member: str) -> int:
        """What is in flight there."""
        return self.balancer.state().members[member].in_flight


@dataclass
class Clients:
    """Clients that ask without pause, with a cookie and without, and keep what went wrong."""

    front: Service
    answered: int = 0
    wrong: list[HttpAnswer] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, cookie: str) -> None:
        """Ask until it is over."""
        while not self.over.is_set():
            answer = get(self.front, "?s=0.05", **({"Cookie": cookie} if cookie else {}))
            self.answered += 1
            if answer.status != 200:
                self.wrong.append(answer)


@contextmanager
def running_farm(kind: str) -> Iterator[Farm]:
    """A farm for the length of a block."""
    with rig_in_its_folder() as rig:
        workers = (rig.worker(1), rig.worker(2))
        front, address = (rig.balancer if kind == "apache" else rig.haproxy)(*workers)
        for service in (*workers, front):
            control(service).start(service, rig.local, deadline=10)
        yield Farm(rig, front, workers, address, balancer_for(address))
