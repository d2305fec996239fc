"""Bounce, stop, start, drain and undrain: whole plans, and what they cost."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.errors import BadCall
from pipeline.facts.answer import MemberMode, ServiceState
from pipeline.farm.instances import Inventory
from pipeline.plan.bounce import BouncePlanner, choose
from pipeline.plan.order import check_order
from pipeline.plan.plan import Kind, Plan
from pipeline.plan.resources import resources
from pipeline.plan.wanted import Observed
from tests.plan.farm_of import inventory_of, services_of
from tests.plan.simulator import carry_out
from tests.plan.situations import DOWN, deployed, with_dead_balancer, with_mode, with_service

BOX = inventory_of()
ALONE = inventory_of("balancer.kind=none")
WINDOW = inventory_of("rollout.max_parallel=3")
STOPS = "stops-service:local"


def plan_of(
    kind: Kind, *names: str, observed: Observed | None = None, inventory: Inventory = BOX
) -> Plan:
    return BouncePlanner(
        inventory=inventory,
        services=services_of(inventory),
        observed=observed or deployed("v1", inventory=inventory),
        chosen=choose(inventory, names),
    ).plan(kind)


def shown(plan: Plan) -> list[str]:
    """Each step with what it waits for."""
    return [" < ".join((step.id, *step.needs)) for step in plan.steps]


def down(*names: str) -> Observed:
    observed = deployed("v1")
    for name in names:
        observed = with_service(observed, name, DOWN)
    return observed


def stopped(*names: str) -> Observed:
    """A farm after `stop` of these instances; without names, all and the balancer."""
    observed = deployed("v1")
    return carry_out(BOX, plan_of("stop", *names), observed)


def test_a_bounce_goes_through_all_one_by_one_on_the_same_files() -> None:
    plan = plan_of("bounce")
    assert shown(plan) == [
        "roll:www_1:drain",
        "roll:www_1:stop < roll:www_1:drain",
        "roll:www_1:start < roll:www_1:stop",
        "roll:www_1:healthy < roll:www_1:start",
        "roll:www_1:undrain < roll:www_1:healthy",
        "roll:www_2:drain < roll:www_1:undrain",
        "roll:www_2:stop < roll:www_2:drain",
        "roll:www_2:start < roll:www_2:stop",
        "roll:www_2:healthy < roll:www_2:start",
        "roll:www_2:undrain < roll:www_2:healthy",
        "roll:www_3:drain < roll:www_2:undrain",
        "roll:www_3:stop < roll:www_3:drain",
        "roll:www_3:start < roll:www_3:stop",
        "roll:www_3:healthy < roll:www_3:start",
        "roll:www_3:undrain < roll:www_3:healthy",
    ]
    assert [step.why for step in plan.steps[:3]] == [
        "asked for",
        "what it still does is finished first",
        "on the same files",
    ]
    assert (plan.kind, plan.environment, plan.seen) == (
        "bounce",
        "local",
        resources(deployed("v1")),
    )
    assert (plan.hazards, plan.release, plan.changeset) == ((), "", None)


def test_a_bounce_of_one_leaves_the_others_alone() -> None:
    assert shown(plan_of("bounce", "www_2")) == [
        "roll:www_2:drain",
        "roll:www_2:stop < roll:www_2:drain",
        "roll:www_2:start < roll:www_2:stop",
        "roll:www_2:healthy < roll:www_2:start",
        "roll:www_2:undrain < roll:www_2:healthy",
    ]


def test_a_bounce_starts_first_what_is_down() -> None:
    plan = plan_of("bounce", observed=down("www_3"))
    assert list(dict.fromkeys(step.unit for step in plan.steps)) == ["www_3", "www_1", "www_2"]
    assert shown(plan)[:4] == [
        "roll:www_3:drain",
        "roll:www_3:start < roll:www_3:drain",
        "roll:www_3:healthy < roll:www_3:start",
        "roll:www_3:undrain < roll:www_3:healthy",
    ]


def test_a_stop_of_all_stops_the_balancer_first_and_then_all_side_by_side() -> None:
    plan = plan_of("stop")
    assert shown(plan) == [
        "roll:balancer:stop",
        "roll:www_1:stop < roll:balancer:stop",
        "roll:www_2:stop < roll:balancer:stop",
        "roll:www_3:stop < roll:balancer:stop",
    ]
    assert [(str(hazard), hazard.reason) for hazard in plan.hazards] == [
        (STOPS, "nobody is served until it starts again")
    ]
    assert not any(state.running for state in stopped().host("box").services.values())


def test_a_stop_of_some_drains_and_stops_them_one_by_one() -> None:
    plan = plan_of("stop", "www_3", "www_1")
    assert shown(plan) == [
        "roll:www_1:drain",
        "roll:www_1:stop < roll:www_1:drain",
        "roll:www_3:drain < roll:www_1:stop",
        "roll:www_3:stop < roll:www_3:drain",
    ]
    assert plan.hazards == ()


def test_a_stop_passes_what_does_not_run_and_ends_what_is_left_of_it() -> None:
    observed = with_service(down("www_1"), "www_2", ServiceState(running=False, orphans=(7,)))
    plan = plan_of("stop", "www_1", "www_2", observed=observed)
    assert shown(plan) == ["roll:www_2:drain", "roll:www_2:stop < roll:www_2:drain"]


def test_a_start_of_all_starts_what_is_down_side_by_side_and_then_the_balancer() -> None:
    plan = plan_of("start", observed=stopped())
    assert shown(plan) == [
        "roll:www_1:start",
        "roll:www_1:healthy < roll:www_1:start",
        "roll:www_2:start",
        "roll:www_2:healthy < roll:www_2:start",
        "roll:www_3:start",
        "roll:www_3:healthy < roll:www_3:start",
        "roll:balancer:start < roll:www_1:healthy < roll:www_2:healthy < roll:www_3:healthy",
        "roll:balancer:healthy < roll:balancer:start",
    ]
    assert plan.hazards == ()


def test_a_start_after_a_stop_puts_the_member_back() -> None:
    plan = plan_of("start", observed=stopped("www_2"))
    assert shown(plan) == [
        "roll:www_2:start",
        "roll:www_2:healthy < roll:www_2:start",
        "roll:www_2:undrain < roll:www_2:healthy",
    ]


def test_a_start_after_a_crash_lets_nobody_in_before_it_is_healthy() -> None:
    assert shown(plan_of("start", observed=down("www_2"))) == [
        "roll:www_2:drain",
        "roll:www_2:start < roll:www_2:drain",
        "roll:www_2:healthy < roll:www_2:start",
        "roll:www_2:undrain < roll:www_2:healthy",
    ]


def test_a_start_of_a_farm_that_runs_has_nothing_to_do() -> None:
    assert plan_of("start").steps == ()


@pytest.mark.parametrize("kind", ["drain", "undrain"])
def test_members_are_taken_out_or_put_back_side_by_side(kind: Kind) -> None:
    assert shown(plan_of(kind, "www_1", "www_3")) == [f"roll:www_1:{kind}", f"roll:www_3:{kind}"]


@pytest.mark.parametrize("inventory", [BOX, ALONE], ids=["dead balancer", "no balancer"])
def test_there_is_no_rotation_without_a_balancer(inventory: Inventory) -> None:
    observed = with_dead_balancer(deployed("v1")) if inventory is BOX else None
    with pytest.raises(BadCall) as caught:
        plan_of("drain", "www_1", observed=observed, inventory=inventory)
    assert caught.value.lines() == (
        "local: the balancer has no member www_1",
        "  -> see invoke status",
    )


def drained(*names: str) -> Observed:
    observed = deployed("v1")
    for name in names:
        observed = with_mode(observed, name, MemberMode.DRAIN)
    return observed


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (lambda: plan_of("bounce"), ""),
        (
            lambda: plan_of("bounce", inventory=WINDOW),
            "all 3 instances that serve are out at the same time",
        ),
        (lambda: plan_of("bounce", "www_1", "www_2", inventory=WINDOW), ""),
        (
            lambda: plan_of("bounce", "www_1", observed=down("www_2", "www_3")),
            "www_1 is the only instance that serves",
        ),
        (
            lambda: plan_of("bounce", "www_1", observed=drained("www_2", "www_3")),
            "www_1 is the only instance that serves",
        ),
        (lambda: plan_of("bounce", observed=down("www_2", "www_3")), ""),
        (lambda: plan_of("stop", "www_1"), ""),
        (
            lambda: plan_of("stop", "www_1", observed=down("www_2", "www_3")),
            "www_1 is the only instance that serves",
        ),
        (
            lambda: plan_of("stop", inventory=ALONE),
            "all 3 instances that serve are out at the same time",
        ),
        (lambda: plan_of("stop", "www_2", observed=down("www_1", "www_2", "www_3")), ""),
        (lambda: plan_of("drain", "www_1", "www_2"), ""),
        (lambda: plan_of("drain"), "all 3 instances that serve are out at the same time"),
        (
            lambda: plan_of("drain", "www_1", "www_3", observed=drained("www_2")),
            "all 2 instances that serve are out at the same time",
        ),
        (lambda: plan_of("undrain", observed=drained("www_1", "www_2", "www_3")), ""),
    ],
)
def test_when_nobody_is_left_to_serve_that_is_a_hazard(
    plan: Callable[[], Plan], reason: str
) -> None:
    found = [(str(hazard), hazard.reason) for hazard in plan().hazards]
    assert found == ([(STOPS, reason)] if reason else [])


@pytest.mark.parametrize("kind", ["bounce", "stop", "start", "drain", "undrain"])
@pytest.mark.parametrize("names", [(), ("www_2",)], ids=["all", "one"])
def test_no_file_is_touched_and_nobody_is_cut_off(kind: Kind, names: tuple[str, ...]) -> None:
    observed = deployed("v1")
    plan = plan_of(kind, *names, observed=observed)
    check_order(plan.steps)
    after = carry_out(BOX, plan, observed)
    assert resources(after) == resources(observed)
    assert plan.blobs == {}


def test_a_stop_and_a_start_bring_the_farm_back() -> None:
    observed = stopped()
    after = carry_out(BOX, plan_of("start", observed=observed), observed)
    assert all(after.serves(instance) for instance in BOX.instances)
    assert after.balancer == deployed("v1").balancer


def test_other_kinds_are_planned_elsewhere() -> None:
    with pytest.raises(ValueError, match="deploy is planned elsewhere"):
        plan_of("deploy")


def test_instances_are_chosen_by_name_in_the_inventorys_order() -> None:
    assert [each.name for each in choose(BOX, ["www_3", "www_1"])] == ["www_1", "www_3"]
    assert choose(BOX, []) == BOX.instances


@pytest.mark.parametrize(
    ("name", "advice"),
    [("ww_2", "did you mean www_2?"), ("box", "there are: www_1, www_2, www_3")],
)
def test_an_unknown_instance_is_answered_with_the_nearest_name(name: str, advice: str) -> None:
    with pytest.raises(BadCall) as caught:
        choose(BOX, ["www_1", name])
    assert caught.value.lines() == (f"no instance {name!r} in local", f"  -> {advice}")


def test_a_planner_is_used_once_and_its_draft_is_its_own() -> None:
    first, second = plan_of("bounce", "www_1"), plan_of("bounce", "www_1")
    assert first == second
    assert replace(first, kind="stop") != second
