"""A plan says what it may cost, and of which object."""

from collections.abc import Callable

import pytest

from pipeline.facts.answer import MemberMode
from pipeline.hazard import Hazard, HazardName
from pipeline.plan.deploy import plan_deploy
from tests.plan import situations
from tests.plan.farm_of import FRONT, TEMPLATE, inventory_of, wanted_of
from tests.plan.situations import DOWN, Situation, deployed, with_edit, with_mode, with_service

BY_HAND = "edited by hand since it was deployed"
WORKER = "instances/www_2/conf/www_2.conf"


def edited(path: str) -> tuple[Hazard, ...]:
    return (Hazard(HazardName.DRIFTED, f"box:{path}", BY_HAND),)


def stops(reason: str) -> tuple[Hazard, ...]:
    return (Hazard(HazardName.STOPS_SERVICE, "local", reason),)


def test_a_file_that_somebody_edited_is_named() -> None:
    plan = situations.edited_by_hand().plan
    assert plan.hazards == edited(WORKER)
    assert [step.id for step in plan.steps if step.hazards] == ["roll:www_2:switch"]


def test_an_edit_that_the_next_version_overwrites_is_named_too() -> None:
    observed = with_edit(deployed("v1"), "instances/www_2/wsgi/www_2.wsgi", "release other\n")
    plan = plan_deploy(wanted_of(inventory_of(), observed, "v2"), observed)
    assert plan.hazards == edited("instances/www_2/wsgi/www_2.wsgi")


def test_an_edited_configuration_of_the_balancer_is_named() -> None:
    observed = with_edit(deployed("v1"), "balancer/conf/balancer.conf", "listen 1\n")
    plan = plan_deploy(wanted_of(inventory_of(), observed), observed)
    assert plan.hazards == edited("balancer/conf/balancer.conf")


def test_an_edit_of_an_instance_that_goes_away_is_named() -> None:
    inventory = inventory_of("hosts.box.instances.count=1")
    observed = with_edit(deployed("v1"), WORKER, "threads 99\n")
    plan = plan_deploy(wanted_of(inventory, observed), observed)
    assert plan.hazards == edited(WORKER)


def test_an_edit_that_says_just_what_is_wanted_costs_nothing() -> None:
    text = f"listen 9002\n{TEMPLATE}".replace("15", "25")
    observed = with_edit(deployed("v1"), WORKER, text)
    wanted = wanted_of(inventory_of(), observed, template="threads 25\n")
    assert plan_deploy(wanted, observed).hazards == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [("not JSON", "nothing known -> {v1}"), ('{"files": {}}', "nothing known -> {v1}")],
)
def test_a_damaged_note_of_what_runs_gives_a_bounce(text: str, why: str) -> None:
    observed = with_edit(deployed("v1"), "instances/www_2/current.json", text)
    situation = Situation(wanted_of(inventory_of(), observed), observed)
    assert situation.plan.steps[0].why == why.format(v1=situation.wanted.release.id)
    assert Situation(situation.wanted, situation.after).plan.steps == ()


def test_when_only_the_note_differs_it_is_named_as_the_reason() -> None:
    before = deployed("v1").host("box").text("instances/www_2/current.json")
    assert before is not None
    observed = with_edit(deployed("v1"), "instances/www_2/current.json", before + "\n")
    plan = plan_deploy(wanted_of(inventory_of(), observed), observed)
    assert plan.steps[0].why == "its files differ: current.json"


ALL = "all 3 instances that serve are out at the same time"
SOME = "all 2 instances that serve are out at the same time"
ONE = "www_3 is the only instance that serves"


@pytest.mark.parametrize(
    ("window", "down", "drained", "hazards"),
    [
        (1, [], [], ()),
        (2, [], [], ()),
        (3, [], [], stops(ALL)),
        (9, [], [], stops(ALL)),
        (2, ["www_1"], [], ()),
        (3, ["www_1"], [], stops(SOME)),
        (3, [], ["www_1"], stops(SOME)),
        (2, ["www_1"], ["www_2"], ()),
        (3, ["www_1"], ["www_2"], stops(ONE)),
        (3, ["www_1", "www_2", "www_3"], [], ()),
    ],
)
def test_a_roll_that_leaves_nobody_to_serve_stops_the_service(
    window: int, down: list[str], drained: list[str], hazards: tuple[Hazard, ...]
) -> None:
    observed = deployed("v1")
    for name in down:
        observed = with_service(observed, name, DOWN)
    for name in drained:
        observed = with_mode(observed, name, MemberMode.DRAIN)
    inventory = inventory_of(f"rollout.max_parallel={window}")
    plan = plan_deploy(wanted_of(inventory, observed, "v2"), observed)
    assert plan.hazards == hazards
    assert [step.stage for step in plan.steps if step.hazards] == ["roll"] * len(hazards)


def test_those_whom_nobody_misses_are_bounced_first() -> None:
    observed = with_service(with_mode(deployed("v1"), "www_2", MemberMode.DRAIN), "www_3", DOWN)
    plan = plan_deploy(wanted_of(inventory_of(), observed, "v2"), observed)
    assert list(dict.fromkeys(step.unit for step in plan.steps if step.unit)) == [
        "www_2",
        "www_3",
        "www_1",
    ]
    assert plan.notes == ()  # the bounce puts www_2 back into rotation


def test_an_instance_that_nobody_bounces_goes_on_serving() -> None:
    observed = with_edit(deployed("v1"), WORKER, "threads 99\n")
    plan = plan_deploy(wanted_of(inventory_of("rollout.max_parallel=3"), observed), observed)
    assert [hazard.name for hazard in plan.hazards] == ["drifted"]


@pytest.mark.parametrize(
    "situation",
    [
        situations.same,
        situations.next_version,
        situations.changed_balancer,
        situations.crashed_instance,
        situations.dead_balancer,
        situations.added_instance,
        situations.removed_instance,
        situations.leftover_release,
        situations.half_rolled,
    ],
    ids=lambda make: make.__name__,
)
def test_what_happens_every_day_costs_nothing(situation: Callable[[], Situation]) -> None:
    assert situation().plan.hazards == ()


def test_a_changed_front_is_no_drift() -> None:
    observed = deployed("v1")
    wanted = wanted_of(inventory_of(), observed, front=FRONT + "# more\n")
    assert plan_deploy(wanted, observed).hazards == ()
