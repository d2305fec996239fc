"""A unit that fails half-way is put back as a whole, from wherever it was."""

from collections.abc import Callable

import pytest

from pipeline.facts.answer import BalancerState, MemberMode
from pipeline.plan.order import revert_actions
from pipeline.plan.resources import resources
from pipeline.plan.step_state import StepState
from pipeline.plan.wanted import Observed
from tests.plan import situations
from tests.plan.farm_of import changed
from tests.plan.simulator import Simulator, carry_out, take_back
from tests.plan.situations import SITUATIONS, Situation

each_situation = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda make: make.__name__)


def traffic(observed: Observed) -> tuple[dict[str, bool], BalancerState]:
    """What people notice: who runs, and whom the balancer knows."""
    services = observed.host("box").services
    return {name: state.running for name, state in services.items()}, observed.balancer


@each_situation
def test_after_any_number_of_its_steps_a_unit_can_be_put_back(
    situation: Callable[[], Situation],
) -> None:
    before = situation()
    plan, inventory, observed = before.plan, before.inventory, before.observed
    for unit in dict.fromkeys(step.unit for step in plan.steps if step.unit):
        steps = [step for step in plan.steps if step.unit == unit]
        first = plan.steps.index(steps[0])
        at = carry_out(inventory, plan, observed, plan.steps[:first])
        for number in range(1, len(steps) + 1):
            begun = steps[:number]
            failed = carry_out(inventory, plan, at, begun)
            back = take_back(inventory, plan, failed, begun)
            assert resources(back) == resources(at), f"{unit} after {begun[-1].id}"


@pytest.mark.parametrize(
    "situation",
    [situations.next_version, situations.changed_template, situations.changed_secret],
    ids=lambda make: make.__name__,
)
def test_an_instance_that_served_serves_again(situation: Callable[[], Situation]) -> None:
    before = situation()
    plan, inventory = before.plan, before.inventory
    steps = [step for step in plan.steps if step.unit == "www_1"]
    at = carry_out(inventory, plan, before.observed, plan.steps[: plan.steps.index(steps[0])])
    for number in range(1, len(steps) + 1):
        failed = carry_out(inventory, plan, at, steps[:number])
        back = take_back(inventory, plan, failed, steps[:number])
        assert traffic(back) == traffic(at)
        assert back.serves(inventory.instances[0])


def test_an_instance_that_was_down_is_left_down_and_out() -> None:
    before = situations.crashed_instance()
    plan = before.plan
    for number in range(1, len(plan.steps) + 1):
        failed = carry_out(before.inventory, plan, before.observed, plan.steps[:number])
        back = take_back(before.inventory, plan, failed, plan.steps[:number])
        assert not back.host("box").service("www_2").running
        assert back.balancer.members["www_2"].mode is MemberMode.DRAIN


def test_the_executors_account_of_what_to_take_back_gives_the_same() -> None:
    before = situations.next_version()
    plan, inventory = before.plan, before.inventory
    steps = [step for step in plan.steps if step.unit == "www_1"]
    at = carry_out(inventory, plan, before.observed, plan.steps[: plan.steps.index(steps[0])])
    observed = carry_out(inventory, plan, at, steps[:4])
    states = {step.id: StepState.DONE for step in steps[:3]} | {steps[3].id: StepState.FAILED}
    farm = Simulator(inventory, plan.blobs)
    for step, action in revert_actions(plan, states, "www_1"):
        observed = farm.act(step.host, action, observed)
    assert (resources(observed), traffic(observed)) == (resources(at), traffic(at))


def test_the_old_configuration_of_the_balancer_is_in_force_again() -> None:
    before = situations.added_instance()
    plan, inventory = before.plan, before.inventory
    steps = [step for step in plan.steps if step.unit == "balancer"]
    at = carry_out(inventory, plan, before.observed, plan.steps[: plan.steps.index(steps[0])])
    failed = carry_out(inventory, plan, at, steps)
    assert sorted(failed.balancer.members) == ["www_1", "www_2", "www_3", "www_4"]
    back = take_back(inventory, plan, failed, steps)
    assert sorted(back.balancer.members) == ["www_1", "www_2", "www_3"]
    assert back == changed(at, back.host("box"))
