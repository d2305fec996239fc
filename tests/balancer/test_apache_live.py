"""What is peculiar to Apache's balancer-manager, on a real one."""

from collections.abc import Iterator

import pytest

from pipeline.facts.answer import MemberMode
from pipeline.facts.question import HttpGet
from pipeline.services import httpd
from pipeline.transport.http import exchange, fetch
from tests.balancer.live_farm import Farm, is_there, running_farm

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not is_there("apache"), reason="needs Apache and mod_wsgi"),
]


@pytest.fixture
def farm() -> Iterator[Farm]:
    with running_farm("apache") as found:
        yield found


def test_a_manager_ignores_orders_without_referer_or_with_a_wrong_nonce(farm: Farm) -> None:
    """The trap that the client is built around: all of these answer 200."""
    manager = farm.address.manager
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
