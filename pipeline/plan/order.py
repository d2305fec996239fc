"""The order of steps: who waits for whom, what is left to do, and what is put back."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from pipeline.plan.action import Action
from pipeline.plan.plan import Plan
from pipeline.plan.step import Step
from pipeline.plan.step_state import StepState

TOUCHED = frozenset(StepState) - {StepState.UNDONE}


def check_order(steps: Iterable[Step]) -> None:
    """Raise ValueError when an id stands twice, a need is unknown, or steps wait in a circle."""
    steps = tuple(steps)
    needs = {step.id: step.needs for step in steps}
    if len(needs) < len(steps):
        ids = [step.id for step in steps]
        raise ValueError(f"two steps have the id {next(id for id in ids if ids.count(id) > 1)}")
    for step in steps:
        for need in step.needs:
            if need not in needs:
                raise ValueError(f"step {step.id} needs {need}, which is no step of the plan")
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as problem:
        circle = " -> ".join(reversed(problem.args[1]))
        raise ValueError(f"steps wait for one another: {circle}") from None


def remaining(plan: Plan, states: Mapping[str, StepState]) -> tuple[Step, ...]:
    """The steps that are not done, in the plan's order. What was put back is to be done again."""
    return tuple(step for step in plan.steps if states.get(step.id) is not StepState.DONE)


def ready(plan: Plan, states: Mapping[str, StepState]) -> tuple[Step, ...]:
    """The steps that are not done though all that they need is; those under way among them."""
    return tuple(
        step
        for step in remaining(plan, states)
        if all(states.get(need) is StepState.DONE for need in step.needs)
    )


def open_units(plan: Plan, states: Mapping[str, StepState]) -> tuple[str, ...]:
    """The units that were begun and are neither old nor new: some steps touched, not all done."""
    units: dict[str, list[StepState | None]] = {}
    for step in plan.steps:
        if step.unit:
            units.setdefault(step.unit, []).append(states.get(step.id))
    return tuple(
        unit
        for unit, found in units.items()
        if any(state in TOUCHED for state in found)
        and any(state is not StepState.DONE for state in found)
    )


def to_revert(plan: Plan, states: Mapping[str, StepState], unit: str) -> tuple[Step, ...]:
    """The steps of a unit that were begun, last first: what putting it back goes through.

    Steps with nothing to take back are among them, since they too must be done again.
    """
    return tuple(
        step
        for step in reversed(plan.steps)
        if step.unit == unit and states.get(step.id) in TOUCHED
    )


def revert_actions(
    plan: Plan, states: Mapping[str, StepState], unit: str
) -> tuple[tuple[Step, Action], ...]:
    """What puts a unit back as a whole: the undo of each step that was begun, last step first."""
    return tuple((step, action) for step in to_revert(plan, states, unit) for action in step.undo)
