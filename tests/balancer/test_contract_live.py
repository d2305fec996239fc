"""What every balancer does, on real ones: nobody comes to a drained member, nothing is lost."""

from collections.abc import Iterator

import pytest

from pipeline.facts.answer import MemberMode
from pipeline.services.control import control
from pipeline.services.ended import Ended
from pipeline.transport.waiting import until
from tests.balancer.live_farm import KINDS, Clients, Farm, is_there, running_farm
from tests.services.rig import get

pytestmark = pytest.mark.live


@pytest.fixture(params=KINDS)
def farm(request: pytest.FixtureRequest) -> Iterator[Farm]:
    if not is_there(request.param):
        pytest.skip(f"needs what a farm behind {request.param} needs")
    with running_farm(request.param) as found:
        yield found


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
    assert farm.pages(6, member="www_1") == {first: 6}
    assert farm.balancer.drain("www_1", timeout=5).mode is MemberMode.DISABLED
    assert farm.pages(6) == {second: 6}
    assert farm.pages(6, member="www_1") == {second: 6}
    back = farm.balancer.undrain("www_1", timeout=5)
    assert (back.mode, back.usable) == (MemberMode.READY, True)
    assert farm.pages(6, member="www_1") == {first: 6}


def test_a_drain_waits_for_what_is_in_flight(farm: Farm) -> None:
    slow = farm.rig.later(farm.front, "?s=1", Cookie=farm.cookie("www_1"))
    until(lambda: farm.busy("www_1"), bool, limit=5, poll=0.02)
    member = farm.balancer.drain("www_1", timeout=5)
    assert (member.mode, member.in_flight) == (MemberMode.DISABLED, 0)
    assert slow.result().body == str(farm.workers[0].port)


def test_what_the_drain_did_not_wait_for_is_finished_by_the_stop(farm: Farm) -> None:
    slow = farm.rig.later(farm.front, "?s=1.5", Cookie=farm.cookie("www_1"))
    until(lambda: farm.busy("www_1"), bool, limit=5, poll=0.02)
    assert farm.balancer.drain("www_1", timeout=0.1).in_flight == 1
    assert (
        control(farm.workers[0]).stop(farm.workers[0], farm.rig.local, deadline=10)
        is Ended.GRACEFUL
    )
    answer = slow.result()
    assert (answer.status, answer.body) == (200, str(farm.workers[0].port))


def test_a_roll_under_load_loses_nothing(farm: Farm) -> None:
    clients = Clients(farm.front)
    cookies = ("", farm.cookie("www_1"), farm.cookie("www_2"), "")
    asking = [farm.rig.pool.submit(clients.ask, cookie) for cookie in cookies]
    for worker in farm.workers * 2:
        farm.balancer.drain(worker.name, timeout=5)
        control(worker).stop(worker, farm.rig.local, deadline=10)
        control(worker).start(worker, farm.rig.local, deadline=10)
        assert get(worker).status == 200
        assert farm.balancer.undrain(worker.name, timeout=5).usable
    clients.over.set()
    for each in asking:
        each.result()
    assert clients.wrong == []
    assert clients.answered > 20


def test_a_balancer_that_is_gone(farm: Farm) -> None:
    control(farm.front).stop(farm.front, farm.rig.local, deadline=10)
    state = farm.balancer.state()
    gone = {"apache": "connection refused", "haproxy": "no such file or directory"}
    assert (state.reachable, state.because) == (False, gone[farm.address.kind])
