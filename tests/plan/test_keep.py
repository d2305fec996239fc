"""What runs without a keeper gets one, and nobody is bounced for it."""

import pytest

from pipeline.facts.answer import Keeping, ServiceState
from pipeline.farm.layout import BALANCER
from pipeline.plan.action import StartService
from pipeline.plan.bounce import BouncePlanner, choose
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.wanted import Observed
from tests.plan.farm_of import inventory_of, services_of, wanted_of
from tests.plan.simulator import carry_out
from tests.plan.situations import deployed, with_service

BOX = inventory_of()
UNKEPT = ServiceState(running=True, pid=1, keeping=Keeping(missing=True))
WAITING = ServiceState(running=False, keeping=Keeping(returns=True))


def unkept(*names: str) -> Observed:
    observed = deployed("v1")
    for name in names:
        observed = with_service(observed, name, UNKEPT)
    return observed


def started(observed: Observed, *names: str) -> list[str]:
    planner = BouncePlanner(
        inventory=BOX,
        services=services_of(BOX),
        observed=observed,
        chosen=choose(BOX, names),
    )
    return [step.id for step in planner.plan("start").steps]


def test_a_deploy_of_what_runs_gives_keepers_and_does_nothing_else() -> None:
    observed = unkept("www_2", BALANCER)
    plan = plan_deploy(wanted_of(BOX, observed), observed)
    assert [(step.id, type(step.action), step.needs, step.hazards) for step in plan.steps] == [
        ("roll:www_2:keep", StartService, (), ()),
        ("roll:balancer:keep", StartService, (), ()),
    ]
    assert carry_out(BOX, plan, observed) == deployed("v1")


def test_what_is_bounced_or_started_gets_its_keeper_on_the_way() -> None:
    observed = unkept("www_1", "www_2", "www_3", BALANCER)
    plan = plan_deploy(wanted_of(BOX, observed, "v2"), observed)
    assert [step.id for step in plan.steps if step.id.endswith("keep")] == ["roll:balancer:keep"]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        ((), ["roll:www_1:keep", "roll:www_2:keep", "roll:balancer:keep"]),
        (("www_1",), ["roll:www_1:keep", "roll:balancer:keep"]),
    ],
)
def test_a_start_gives_keepers_to_what_was_asked_for(
    names: tuple[str, ...], ids: list[str]
) -> None:
    assert started(unkept("www_1", "www_2", BALANCER), *names) == ids


def test_a_keeper_that_waits_before_its_next_try_is_stopped_first() -> None:
    observed = with_service(deployed("v1"), "www_1", WAITING)
    assert started(observed, "www_1")[:3] == [
        "roll:www_1:drain",
        "roll:www_1:stop",
        "roll:www_1:start",
    ]
