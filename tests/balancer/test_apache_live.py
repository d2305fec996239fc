"""A real balancer before two real workers: nobody comes to a drained one, and nothing is lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.balancer.apache import ApacheBalancer
from pipeline.facts.answer import HttpAnswer, MemberMode
from pipeline.facts.question import HttpGet, Service
from pipeline.services import httpd
from pipeline.services.ended import Ended
from pipeline.transport.http import exchange, fetch
from pipeline.transport.waiting import until
from tests.services.rig import APACHE, MODULES, Rig, get, rig_in_its_folder

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not Path(APACHE).exists() or not Path(MODULES, "mod_wsgi.so").exists(),
        reason="needs Apache and mod_wsgi",
    ),
]


@dataclass
class Farm:
    """A balancer and its two workers, all running."""

    rig: Rig
    front: Service
    workers: tuple[Service, Service]
    balancer: ApacheBalancer

    def pages(self, number: int, cookie: str = "") -> Counter[str]:
        """Which worker answered each of `number` requests, by port; anything else by status."""
        headers = {"Cookie": f"ROUTEID=.{cookie}"} if cookie else {}
        answers = [get(self.front, **headers) for _ in range(number)]
        return Counter(each.body if each.status == 200 else str(each.status) for each in answers)

    def busy(self, member: str) -> int:
        return self.balancer.state().members[member].in_flight


@dataclass
class Clients:
    """Clients that ask without pause, with a cookie and without, and keep what went wrong."""

    front: Service
    answered: int = 0
    wrong: list[HttpAnswer] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, cookie: str) -> None:
        while not self.over.is_set():
            answer = get(self.front, "?s=0.05", **({"Cookie": cookie} if cookie else {}))
            self.answered += 1
            if answer.status != 200:
                self.wrong.append(answer)


@pytest.fixture
def farm() -> Iterator[Farm]:
    with rig_in_its_folder() as rig:
        workers = (rig.worker(1), rig.worker(2))
        front, address = rig.balancer(*workers)
        for service in (*workers, front):
            httpd.start(service, rig.local, deadline=10)
        yield Farm(rig, front, workers, ApacheBalancer(address))


def test_the_members_are_seen(farm: Farm) -> None:
    farm.pages(4)
    state = farm.balancer.state()
    assert state.reachable
    assert {name: (each.mode, each.usable) for name, each in state.members.items()} == {
        "www_1": (MemberMode.READY, True),
        "www_2": (MemberMode.READY, True),
    }
    assert sum(each.served for each in state.members.values()) == 4


def test_nobody_comes_to_a_drained_member_not_even_with_its_cookie(farm: Farm) -> None:
    first, second = (str(worker.port) for worker in farm.workers)
    assert farm.pages(6, cookie="www_1") == {first: 6}
    assert farm.balancer.drain("www_1", timeout=5).mode is MemberMode.DISABLED
    assert farm.pages(6) == {second: 6}
    assert farm.pages(6, cookie="www_1") == {second: 6}
    back = farm.balancer.undrain("www_1", timeout=5)
    assert (back.mode, back.usable) == (MemberMode.READY, True)
    assert farm.pages(6, cookie="www_1") == {first: 6}


def test_a_drain_waits_for_what_is_in_flight(farm: Farm) -> None:
    slow = farm.rig.later(farm.front, "?s=1", Cookie="ROUTEID=.www_1")
    until(lambda: farm.busy("www_1"), bool, limit=5, poll=0.02)
    member = farm.balancer.drain("www_1", timeout=5)
    assert (member.mode, member.in_flight) == (MemberMode.DISABLED, 0)
    assert slow.result().body == str(farm.workers[0].port)


def test_what_the_drain_did_not_wait_for_is_finished_by_the_stop(farm: Farm) -> None:
    slow = farm.rig.later(farm.front, "?s=1.5", Cookie="ROUTEID=.www_1")
    until(lambda: farm.busy("www_1"), bool, limit=5, poll=0.02)
    assert farm.balancer.drain("www_1", timeout=0.1).in_flight == 1
    assert httpd.stop(farm.workers[0], farm.rig.local, deadline=10) is Ended.GRACEFUL
    answer = slow.result()
    assert (answer.status, answer.body) == (200, str(farm.workers[0].port))


def test_a_roll_under_load_loses_nothing(farm: Farm) -> None:
    clients = Clients(farm.front)
    cookies = ("", "ROUTEID=.www_1", "ROUTEID=.www_2", "")
    asking = [farm.rig.pool.submit(clients.ask, cookie) for cookie in cookies]
    for worker in farm.workers * 2:
        farm.balancer.drain(worker.name, timeout=5)
        httpd.stop(worker, farm.rig.local, deadline=10)
        httpd.start(worker, farm.rig.local, deadline=10)
        assert get(worker).status == 200
        assert farm.balancer.undrain(worker.name, timeout=5).usable
    clients.over.set()
    for each in asking:
        each.result()
    assert clients.wrong == []
    assert clients.answered > 20


def test_a_manager_ignores_orders_without_referer_or_with_a_wrong_nonce(farm: Farm) -> None:
    """The trap that the client is built around: all of these answer 200."""
    manager = farm.balancer.address.manager
    worker = f"http://127.0.0.1:{farm.workers[0].port}"
    seen = {"Referer": manager}
    nonce = fetch(HttpGet(url=f"{manager}?xml=1", headers=seen)).body.split("nonce>")[1][:36]
    order = {"b": "farm", "w": worker, "w_status_D": "1"}
    for headers, form in (
        ({}, {**order, "nonce": nonce}),
        ({"Referer": "http://elsewhere.test/balancer-manager"}, {**order, "nonce": nonce}),
        (seen, {**order, "nonce": "0" * 36}),
        (seen, order),
    ):
        assert exchange(HttpGet(url=manager, headers=headers), form).status == 200
        assert farm.balancer.state().members["www_1"].mode is MemberMode.READY
    assert "<httpd:" not in fetch(HttpGet(url=f"{manager}?xml=1")).body


def test_a_reload_of_the_balancer_forgets_the_order_and_a_new_one_works(farm: Farm) -> None:
    farm.balancer.drain("www_1", timeout=1)
    httpd.reload(farm.front, farm.rig.local)
    assert farm.balancer.state().members["www_1"].mode is MemberMode.READY
    assert farm.balancer.drain("www_1", timeout=1).mode is MemberMode.DISABLED


def test_a_balancer_that_is_gone(farm: Farm) -> None:
    httpd.stop(farm.front, farm.rig.local, deadline=10)
    state = farm.balancer.state()
    assert (state.reachable, state.because) == (False, "connection refused")
