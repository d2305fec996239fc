"""Orders to a balancer-manager, against an exchange of prepared pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.balancer.apache import ATTEMPTS, ApacheBalancer
from pipeline.balancer.orders import Balancer, balancer_for
from pipeline.errors import Failed, Unreachable
from pipeline.facts.answer import BalancerState, HttpAnswer, MemberMode
from pipeline.facts.question import BalancerAddress, HttpGet

PAGES = Path(__file__).parent.parent / "facts" / "balancer"
ADDRESS = BalancerAddress(name="farm", manager="http://127.0.0.1:8080/balancer-manager")


@dataclass
class Pages:
    """Answers GETs with one page and POSTs with another; keeps what was asked."""

    shown: HttpAnswer
    after: HttpAnswer
    asked: list[tuple[HttpGet, Mapping[str, str] | None]] = field(default_factory=list)

    def __call__(self, get: HttpGet, form: Mapping[str, str] | None) -> HttpAnswer:
        self.asked.append((get, form))
        return self.after if form else self.shown


def answer(case: str) -> HttpAnswer:
    return HttpAnswer(200, (PAGES / case).read_text())


def balancer(pages: Pages) -> Balancer:
    return ApacheBalancer(ADDRESS, pages)


def test_every_request_has_its_referer_and_every_order_its_nonce() -> None:
    pages = Pages(answer("ready.xml"), answer("drained.xml"))
    balancer(pages).drain("www_1", timeout=0)
    assert {get.headers["Referer"] for get, _ in pages.asked} == {ADDRESS.manager}
    nonce = answer("ready.xml").body.split("nonce>")[1].removesuffix("</httpd:")
    common = {"b": "farm", "w": "http://127.0.0.1:9001", "nonce": nonce, "xml": "1"}
    assert [dict(form) for _, form in pages.asked if form] == [
        common | {"w_status_N": "1"},
        common | {"w_status_D": "1"},
    ]


def test_an_order_that_is_ignored_is_repeated_and_then_told() -> None:
    pages = Pages(answer("ready.xml"), answer("ready.xml"))
    with pytest.raises(
        Failed, match=r"ignored an order for www_1 \(w_status_N\) 3 times"
    ) as failed:
        balancer(pages).drain("www_1", timeout=1)
    assert "AH10187" in failed.value.advice
    assert len([form for _, form in pages.asked if form]) == ATTEMPTS


def test_what_is_in_flight_is_waited_for_no_longer_than_told() -> None:
    pages = Pages(answer("drained.xml"), answer("drained.xml"))
    assert balancer(pages).drain("www_1", timeout=0.1).in_flight == 1
    looks = len(pages.asked)
    assert balancer(pages).drain("www_1", timeout=9, baseline=1).in_flight == 1
    assert len(pages.asked) - looks == 5


def test_a_failed_member_that_is_back_in_rotation_may_be_unusable() -> None:
    pages = Pages(answer("failed.xml"), answer("failed.xml"))
    member = balancer(pages).undrain("www_1", timeout=0.05)
    assert (member.mode, member.usable) == (MemberMode.READY, False)


def test_a_member_that_is_not_there() -> None:
    pages = Pages(answer("ready.xml"), answer("ready.xml"))
    with pytest.raises(Failed, match="no member www_9; it has: www_1, www_2"):
        balancer(pages).drain("www_9", timeout=1)


@pytest.mark.parametrize(
    ("shown", "because"),
    [
        (HttpAnswer(0, "connection refused"), "connection refused"),
        (HttpAnswer(403, "<html>"), "it answered 403"),
    ],
)
def test_a_balancer_that_does_not_answer(shown: HttpAnswer, because: str) -> None:
    pages = Pages(shown, shown)
    assert balancer(pages).state() == BalancerState(reachable=False, because=because)
    with pytest.raises(Unreachable) as unreachable:
        balancer(pages).drain("www_1", timeout=1)
    assert unreachable.value.where == ADDRESS.manager


def test_balancers_by_kind() -> None:
    assert balancer_for(ADDRESS) == ApacheBalancer(ADDRESS)
