"""A deploy does what is missing and no more; done once, it has nothing left to do."""

from collections.abc import Callable

import pytest

from pipeline.plan.order import check_order
from pipeline.plan.plan import Plan
from pipeline.plan.resources import resources
from pipeline.plan.staleness import moved
from pipeline.plan.step import Step
from pipeline.plan.step_state import StepState
from tests.plan import situations
from tests.plan.farm_of import release_of, wanted_of
from tests.plan.simulator import carry_out, look
from tests.plan.situations import SITUATIONS, Situation

each_situation = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda make: make.__name__)
V1, V2 = release_of("v1").id, release_of("v2").id


def ids(plan: Plan) -> list[str]:
    return [step.id for step in plan.steps]


def bounced(*names: str, files: bool = True, member: bool = True) -> list[str]:
    """The ids of the steps that bounce running instances."""
    verbs = ["drain", "stop", "switch", "start", "healthy", "undrain"]
    left_out = {"switch"} if not files else set[str]()
    left_out |= {"drain", "undrain"} if not member else set[str]()
    return [f"roll:{name}:{verb}" for name in names for verb in verbs if verb not in left_out]


@each_situation
def test_a_plan_is_in_order_and_names_each_step_once(situation: Callable[[], Situation]) -> None:
    plan = situation().plan
    check_order(plan.steps)
    place = {id: number for number, id in enumerate(ids(plan))}
    assert all(place[need] < place[step.id] for step in plan.steps for need in step.needs)


@each_situation
def test_planning_again_after_a_deploy_gives_no_steps(situation: Callable[[], Situation]) -> None:
    before = situation()
    wanted = before.wanted
    again = Situation(wanted, before.after)
    assert ids(again.plan) == []


@each_situation
def test_the_order_within_a_stage_may_be_any_that_the_needs_allow(
    situation: Callable[[], Situation],
) -> None:
    before = situation()
    plan = before.plan
    last_first = carry_out(before.inventory, plan, before.observed, as_late_as_possible(plan))
    assert look(before.inventory, last_first) == before.after


@each_situation
def test_what_each_step_leaves_is_what_resuming_expects(
    situation: Callable[[], Situation],
) -> None:
    before = situation()
    plan, observed = before.plan, before.observed
    assert moved(plan, resources(observed)) == ()
    states: dict[str, StepState] = {}
    for step in plan.steps:
        observed = carry_out(before.inventory, plan, observed, [step])
        states[step.id] = StepState.DONE
        assert moved(plan, resources(observed), states) == ()


def test_equal_facts_give_an_equal_plan() -> None:
    assert situations.next_version().plan == situations.next_version().plan
    assert situations.next_version().plan.hash == situations.next_version().plan.hash


def test_the_next_version_is_pushed_and_rolled_and_the_balancer_left_alone() -> None:
    plan = situations.next_version().plan
    assert ids(plan) == [
        "push:box:release",
        "push:box:bytecode",
        "push:box:static",
        *bounced("www_1", "www_2", "www_3"),
        "finish:box:record",
    ]
    assert {step.id: step.why for step in plan.steps if step.id.startswith("roll:www_1")} == {
        "roll:www_1:drain": f"{V1} -> {V2}",
        "roll:www_1:stop": "what it still does is finished first",
        "roll:www_1:switch": f"{V1} -> {V2}",
        "roll:www_1:start": "on the new files",
        "roll:www_1:healthy": "3 times in a row",
        "roll:www_1:undrain": "healthy again",
    }
    assert plan.hazards == ()


STEPS: list[tuple[Callable[[], Situation], list[str]]] = [
    (situations.same, []),
    (
        situations.next_version_with_another_lock,
        [
            "push:box:release",
            "push:box:venv",
            "push:box:bytecode",
            "push:box:static",
            *bounced("www_1", "www_2", "www_3"),
            "finish:box:record",
        ],
    ),
    (
        situations.next_version_without_a_balancer,
        [
            "push:box:release",
            "push:box:bytecode",
            "push:box:static",
            *bounced("www_1", "www_2", "www_3", member=False),
            "finish:box:record",
        ],
    ),
    (
        situations.changed_template,
        [*bounced("www_1", "www_2", "www_3"), "finish:box:record"],
    ),
    (
        situations.changed_balancer,
        [
            "roll:balancer:files",
            "roll:balancer:reload",
            "roll:balancer:healthy",
            "finish:box:record",
        ],
    ),
    (
        situations.changed_secret,
        [
            "push:www_1:secrets",
            "push:www_2:secrets",
            "push:www_3:secrets",
            *bounced("www_1", "www_2", "www_3", files=False),
        ],
    ),
    (
        situations.added_instance,
        [
            "prepare:box:folders",
            "prepare:box:private",
            "push:www_4:secrets",
            "roll:www_4:switch",
            "roll:www_4:start",
            "roll:www_4:healthy",
            "roll:balancer:files",
            "roll:balancer:reload",
            "roll:balancer:healthy",
            "finish:box:record",
        ],
    ),
    (
        situations.removed_instance,
        [
            "roll:balancer:files",
            "roll:balancer:reload",
            "roll:balancer:healthy",
            "roll:www_3:retire",
            "roll:www_3:remove",
            "roll:www_3:forget",
            "finish:box:record",
        ],
    ),
    (
        situations.crashed_instance,
        ["roll:www_2:drain", "roll:www_2:start", "roll:www_2:healthy", "roll:www_2:undrain"],
    ),
    (situations.orphans_of_an_instance, bounced("www_2", files=False)),
    (situations.dead_balancer, ["roll:balancer:start", "roll:balancer:healthy"]),
    (situations.edited_by_hand, bounced("www_2")),
    (situations.stranger_in_a_folder, bounced("www_2")),
    (situations.leftover_release, ["finish:box:prune"]),
    (situations.drained_member, []),
    (
        situations.half_rolled,
        [
            "roll:www_2:switch",
            "roll:www_2:start",
            "roll:www_2:healthy",
            "roll:www_2:undrain",
            *bounced("www_3"),
            "finish:box:record",
        ],
    ),
]


@pytest.mark.parametrize(
    ("situation", "steps"), STEPS, ids=lambda value: getattr(value, "__name__", "")
)
def test_only_what_is_missing_is_done(
    situation: Callable[[], Situation], steps: list[str]
) -> None:
    assert ids(situation().plan) == steps


WHY: list[tuple[Callable[[], Situation], dict[str, str]]] = [
    (
        situations.changed_template,
        {name: f"its files differ: {name}.conf" for name in ("www_1", "www_2", "www_3")},
    ),
    (situations.changed_balancer, {"balancer": "its configuration differs"}),
    (
        situations.changed_secret,
        dict.fromkeys(("www_1", "www_2", "www_3"), "its secrets changed"),
    ),
    (
        situations.added_instance,
        {"www_4": "new", "balancer": "its configuration differs"},
    ),
    (situations.crashed_instance, {"www_2": "it does not run"}),
    (situations.orphans_of_an_instance, {"www_2": "it does not run"}),
    (situations.dead_balancer, {"balancer": "it does not run"}),
    (situations.edited_by_hand, {"www_2": "its files differ: www_2.conf"}),
    (situations.stranger_in_a_folder, {"www_2": "its files differ: extra.conf"}),
    (situations.half_rolled, {"www_2": "it does not run", "www_3": f"{V1} -> {V2}"}),
    (
        situations.next_version_without_a_balancer,
        dict.fromkeys(("www_1", "www_2", "www_3"), f"{V1} -> {V2}"),
    ),
]


@pytest.mark.parametrize(
    ("situation", "why"), WHY, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_first_step_of_a_unit_says_why_it_is_touched(
    situation: Callable[[], Situation], why: dict[str, str]
) -> None:
    firsts: dict[str, str] = {}
    for step in situation().plan.steps:
        if step.unit:
            firsts.setdefault(step.unit, step.why)
    assert firsts == why


def test_a_member_that_somebody_drained_is_noted_and_left_alone() -> None:
    plan = situations.drained_member().plan
    assert plan.notes == ("www_2 is out of rotation (drain); invoke undrain puts it back",)


def test_instances_that_do_not_run_are_bounced_first() -> None:
    crashed = situations.crashed_instance()
    wanted = wanted_of(crashed.inventory, crashed.observed, "v2")
    plan = Situation(wanted, crashed.observed).plan
    units = dict.fromkeys(step.unit for step in plan.steps if step.unit)
    assert list(units) == ["www_2", "www_1", "www_3"]


def as_late_as_possible(plan: Plan) -> list[Step]:
    """The steps in the order that is most unlike the plan's own, among those its needs allow."""
    left, done, order = list(plan.steps), set[str](), list[Step]()
    while left:
        step = [step for step in left if done.issuperset(step.needs)][-1]
        left.remove(step)
        done.add(step.id)
        order.append(step)
    return order
