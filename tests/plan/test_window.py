"""However the steps of a roll are interleaved, no more than a window of instances is out."""

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.answer import MemberMode, ServiceState
from pipeline.farm.layout import BALANCER
from pipeline.plan.action import Drain, StartService, StopService, Undrain
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.plan import Plan
from pipeline.plan.step import Step
from pipeline.plan.wanted import Observed
from tests.plan.farm_of import changed, inventory_of, nothing, wanted_of
from tests.plan.simulator import Simulator, carry_out
from tests.plan.situations import DOWN


@dataclass(frozen=True)
class Roll:
    """A deploy of v2 to a farm on v1 in which some instances do not serve, for some reason."""

    plan: Plan
    before: Observed
    simulator: Simulator
    window: int

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.simulator.inventory.instances]

    def serving(self, observed: Observed) -> set[str]:
        return {each.name for each in self.simulator.inventory.instances if observed.serves(each)}


@st.composite
def rolls(draw: st.DrawFn) -> Roll:
    count, window = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    kind = draw(st.sampled_from(["apache", "none"]))
    inventory = inventory_of(
        f"hosts.box.instances.count={count}",
        f"rollout.max_parallel={window}",
        f"balancer.kind={kind}",
    )
    empty = nothing(inventory)
    observed = carry_out(inventory, plan_deploy(wanted_of(inventory, empty), empty), empty)
    states = [ServiceState(running=True), DOWN, ServiceState(running=False, orphans=(7,))]
    box = observed.host("box")
    services = {each.name: draw(st.sampled_from(states)) for each in inventory.instances}
    observed = changed(observed, replace(box, services={**box.services, **services}))
    members = {
        name: replace(member, mode=draw(st.sampled_from(MemberMode)))
        for name, member in observed.balancer.members.items()
    }
    observed = replace(observed, balancer=replace(observed.balancer, members=members))
    plan = plan_deploy(wanted_of(inventory, observed, "v2"), observed)
    return Roll(plan, observed, Simulator(inventory, plan.blobs), window)


def in_some_order(plan: Plan, data: st.DataObject) -> list[Step]:
    """All steps, in any order that their needs allow. Fails when no step can be done."""
    left, done, order = list(plan.steps), set[str](), list[Step]()
    while left:
        ready = [step for step in left if done.issuperset(step.needs)]
        step = ready[data.draw(st.integers(0, len(ready) - 1))]
        left.remove(step)
        done.add(step.id)
        order.append(step)
    return order


@given(rolls(), st.data())
def test_no_more_than_a_window_is_out_and_somebody_serves_unless_a_hazard_says_so(
    roll: Roll, data: st.DataObject
) -> None:
    observed, serving = roll.before, roll.serving(roll.before)
    warned = any(hazard.name == "stops-service" for hazard in roll.plan.hazards)
    last = last_steps(roll.plan)
    began: set[str] = set()
    ended: set[str] = set()
    for step in in_some_order(roll.plan, data):
        if step.unit in roll.names:
            began.add(step.unit)
        observed = roll.simulator.do(step, observed)
        if step.id in last:
            ended.add(step.unit)
        assert len(began - ended) <= roll.window
        assert not serving or roll.serving(observed) or warned
    assert roll.serving(observed) == set(roll.names) == began == ended - {BALANCER}


@given(rolls())
def test_every_instance_is_bounced_exactly_once(roll: Roll) -> None:
    for name in roll.names:
        state = roll.before.host("box").service(name)
        was_up = state.running or bool(state.orphans)
        member = name in roll.before.balancer.members
        kinds = [type(step.action) for step in roll.plan.steps if step.unit == name]
        assert kinds.count(StopService) == was_up
        assert kinds.count(StartService) == 1
        sent_to = member and roll.before.balancer.members[name].mode is MemberMode.READY
        assert kinds.count(Drain) == (member and (was_up or sent_to))
        assert kinds.count(Undrain) == member


@given(rolls())
def test_the_hazard_is_there_just_when_all_that_serve_can_be_out_at_once(roll: Roll) -> None:
    serving = roll.serving(roll.before)
    warned = [hazard for hazard in roll.plan.hazards if hazard.name == "stops-service"]
    assert bool(warned) == (bool(serving) and len(roll.names) <= roll.window)


def last_steps(plan: Plan) -> set[str]:
    """The last step of each unit."""
    return {step.id for step in {step.unit: step for step in plan.steps if step.unit}.values()}
