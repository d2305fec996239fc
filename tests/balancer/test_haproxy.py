"""Orders to HAProxy's runtime API, against prepared answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.balancer.haproxy import HaproxyBalancer
from pipeline.balancer.orders import balancer_for
from pipeline.errors import Failed, Unreachable
from pipeline.facts.answer import BalancerState, MemberMode
from pipeline.facts.haproxy import ASKED
from pipeline.facts.question import BalancerAddress

ANSWERS = Path(__file__).parent.parent / "facts" / "haproxy"
ADDRESS = BalancerAddress(kind="haproxy", name="homebrew", manager="/srv/x/run/haproxy.sock")
READY, OUT = (ANSWERS / f"{name}.txt" for name in ("one-down", "maint-and-drain"))


@dataclass
class Told:
    """Shows one state until an order comes, then another; keeps what was asked."""

    before: Path
    after: Path
    said: str = "\n"
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, path: str, words: str) -> str:
        self.asked.append((path, words))
        if words.startswith("set "):
            return self.said
        return (self.after if self.orders else self.before).read_text("utf-8")

    @property
    def orders(self) -> list[str]:
        return [words for _, words in self.asked if words.startswith("set ")]


def balancer(exchange: Callable[[str, str], str]) -> HaproxyBalancer:
    return HaproxyBalancer(ADDRESS, exchange)


def test_a_drain_is_one_order_for_maintenance_and_then_waits() -> None:
    told = Told(READY, OUT)
    found = balancer(told).drain("www_1", timeout=0.1)
    assert (found.mode, found.in_flight) == (MemberMode.DISABLED, 2)
    assert told.orders == ["set server homebrew/www_1 state maint"]
    assert {path for path, _ in told.asked} == {ADDRESS.manager}
    assert told.asked[0] == (ADDRESS.manager, ASKED.format(name="homebrew"))


def test_nobody_is_waited_for_who_was_there_anyway() -> None:
    told = Told(READY, OUT)
    assert balancer(told).drain("www_1", timeout=60, baseline=2).in_flight == 2


def test_a_member_that_is_put_back_may_be_unusable_still() -> None:
    told = Told(OUT, READY)
    found = balancer(told).undrain("www_3", timeout=0.05)
    assert (found.mode, found.usable) == (MemberMode.READY, False)
    assert told.orders == ["set server homebrew/www_3 state ready"]


def test_an_order_that_is_refused_is_told_in_haproxys_words() -> None:
    told = Told(READY, READY, said="Permission denied.\n\n")
    with pytest.raises(Failed, match=r"refuses maint for www_1: Permission denied\."):
        balancer(told).drain("www_1", timeout=1)


def test_an_order_that_does_not_show_is_told() -> None:
    with pytest.raises(Failed, match="www_1 was told maint, and is yet ready"):
        balancer(Told(READY, READY)).drain("www_1", timeout=1)


def test_a_member_that_is_not_there_is_told_nothing() -> None:
    told = Told(READY, READY)
    with pytest.raises(Failed, match="no member www_9; it has: www_1, www_2, www_3"):
        balancer(told).drain("www_9", timeout=1)
    assert told.orders == []


def test_a_balancer_that_does_not_answer() -> None:
    def silent(path: str, words: str) -> str:
        raise Unreachable("connection refused", where=path)

    assert balancer(silent).state() == BalancerState(reachable=False, because="connection refused")
    with pytest.raises(Unreachable) as unreachable:
        balancer(silent).drain("www_1", timeout=1)
    assert unreachable.value.where == ADDRESS.manager


def test_the_balancer_of_its_kind() -> None:
    assert balancer_for(ADDRESS) == HaproxyBalancer(ADDRESS)
