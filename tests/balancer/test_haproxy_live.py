"""What is peculiar to HAProxy, on a real one."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.errors import Failed
from pipeline.facts.answer import MemberMode
from pipeline.services import haproxy
from pipeline.transport.waiting import until
from tests.balancer.live_farm import Farm, is_there, running_farm

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not is_there("haproxy"), reason="needs Apache, mod_wsgi and HAProxy"),
]


@pytest.fixture
def farm() -> Iterator[Farm]:
    with running_farm("haproxy") as found:
        yield found


def modes(farm: Farm) -> dict[str, MemberMode]:
    return {name: member.mode for name, member in farm.balancer.state().members.items()}


def test_who_is_out_of_rotation_stays_out_over_reloads(farm: Farm) -> None:
    farm.balancer.drain("www_1", timeout=1)
    for _ in range(2):
        haproxy.reload(farm.front, farm.rig.local)
        assert modes(farm) == {"www_1": MemberMode.DISABLED, "www_2": MemberMode.READY}
        assert set(farm.pages(6)) == {str(farm.workers[1].port)}
    farm.balancer.undrain("www_1", timeout=5)
    haproxy.reload(farm.front, farm.rig.local)
    assert modes(farm) == {"www_1": MemberMode.READY, "www_2": MemberMode.READY}


def test_a_member_of_another_port_is_found_there_after_a_reload(farm: Farm) -> None:
    first, second = farm.workers
    config = Path(farm.front.config)
    config.write_text(config.read_text().replace(f":{first.port} ", f":{second.port} "))
    haproxy.reload(farm.front, farm.rig.local)
    assert set(farm.pages(6)) == {str(second.port)}
    assert {each.url for each in farm.balancer.state().members.values()} == {
        f"http://127.0.0.1:{second.port}"
    }


def test_a_reload_cuts_nobody_off_and_refuses_nobody(farm: Farm) -> None:
    slow = farm.rig.later(farm.front, "?s=1.5")
    until(lambda: farm.busy("www_1") + farm.busy("www_2"), bool, limit=5, poll=0.02)
    haproxy.reload(farm.front, farm.rig.local)
    assert farm.pages(20).keys() <= {str(worker.port) for worker in farm.workers}
    assert slow.result().status == 200


def test_only_the_deployer_can_open_the_socket(farm: Farm) -> None:
    assert stat.S_IMODE(Path(farm.address.manager).stat().st_mode) == 0o600


def test_a_crash_forgets_who_was_out_of_rotation(farm: Farm) -> None:
    farm.balancer.drain("www_1", timeout=1)
    haproxy.reload(farm.front, farm.rig.local)
    killed = haproxy.status(farm.front, farm.rig.local).pid
    psutil.Process(killed).kill()
    until(
        lambda: haproxy.status(farm.front, farm.rig.local).keeping.restarts,
        lambda restarts: restarts == 1,
        limit=5,
        poll=0.05,
    )
    until(farm.balancer.state, lambda now: now.reachable, limit=5, poll=0.05)
    assert modes(farm) == {"www_1": MemberMode.READY, "www_2": MemberMode.READY}


def test_a_member_that_it_does_not_know(farm: Farm) -> None:
    with pytest.raises(Failed, match="no member www_9; it has: www_1, www_2"):
        farm.balancer.drain("www_9", timeout=1)
