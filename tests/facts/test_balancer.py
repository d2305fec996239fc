"""Recorded pages of a balancer-manager, and what they say."""

from pathlib import Path

import pytest

from pipeline.errors import Failed
from pipeline.facts.answer import MemberMode, MemberState
from pipeline.facts.balancer import manager_page

CASES = Path(__file__).parent / "balancer"


def page(case: str) -> str:
    return (CASES / case).read_text()


def member(
    number: int, mode: MemberMode, *, usable: bool, in_flight: int, served: int
) -> MemberState:
    return MemberState(
        name=f"www_{number}",
        url=f"http://127.0.0.1:900{number}",
        mode=mode,
        usable=usable,
        in_flight=in_flight,
        served=served,
    )


@pytest.mark.parametrize(
    ("case", "first"),
    [
        ("ready.xml", member(1, MemberMode.READY, usable=True, in_flight=0, served=1)),
        ("draining.xml", member(1, MemberMode.DRAIN, usable=True, in_flight=0, served=1)),
        ("drained.xml", member(1, MemberMode.DISABLED, usable=False, in_flight=1, served=2)),
        ("failed.xml", member(1, MemberMode.READY, usable=False, in_flight=0, served=7)),
    ],
)
def test_members_by_route(case: str, first: MemberState) -> None:
    members = manager_page(page(case), "farm").members
    assert list(members) == ["www_1", "www_2"]
    assert members["www_1"] == first


def test_each_balancer_has_its_own_nonce_and_members() -> None:
    farm, other = (manager_page(page("drained.xml"), name) for name in ("farm", "other"))
    assert len({farm.nonce, other.nonce}) == 2
    assert other.members["www_1"].mode is MemberMode.READY


def test_a_balancer_that_is_not_there() -> None:
    with pytest.raises(Failed, match="knows no balancer farn; it knows: farm, other") as failed:
        manager_page(page("ready.xml"), "farn")
    assert "<Location>" in failed.value.advice


def test_a_page_that_ignored_the_parameters() -> None:
    with pytest.raises(Failed, match="did not answer in XML") as failed:
        manager_page(page("not-xml.html"), "farm")
    assert "Referer" in failed.value.advice
