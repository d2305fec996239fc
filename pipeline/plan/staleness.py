"""Has the world moved since the plan was made? And what may have moved by the plan's own steps?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from pipeline.plan.action import ApplySchema
from pipeline.plan.plan import Plan
from pipeline.plan.step import Step
from pipeline.plan.step_state import StepState

SHOWN = 12  # characters of a digest that people compare


@dataclass(frozen=True, slots=True)
class Moved:
    """A resource that is not as expected. "" stands for absence, in both."""

    resource: str
    expected: frozenset[str]
    found: str

    def __str__(self) -> str:
        expected = " or ".join(sorted(map(shown, self.expected)))
        return f"{self.resource}: expected {expected}, found {shown(self.found)}"


def moved(
    plan: Plan, now: Mapping[str, str], states: Mapping[str, StepState] | None = None
) -> tuple[Moved, ...]:
    """What is not as `plan` expects it after the steps that `states` knows of, sorted by name.

    A resource that is not in `plan.seen`, or not in `now`, is absent there.
    """
    expected = allowed(plan, states or {})
    return tuple(
        Moved(name, expected.get(name, frozenset({""})), now.get(name, ""))
        for name in sorted(expected.keys() | now.keys())
        if now.get(name, "") not in expected.get(name, frozenset({""}))
    )


def allowed(plan: Plan, states: Mapping[str, StepState]) -> dict[str, frozenset[str]]:
    """What each resource may be by now: as seen, and as the steps that were begun have left it."""
    expected = {name: frozenset({digest}) for name, digest in plan.seen.items()}
    for step in plan.steps:
        state = states.get(step.id)
        for name in step.resources:
            found = expected.get(name, frozenset({""}))
            expected[name] = _left_by(step, state, found, name)
    return expected


def found_done(
    plan: Plan, now: Mapping[str, str], states: Mapping[str, StepState]
) -> tuple[Step, ...]:
    """The schema steps that were begun, and killed between COMMIT and the journal's next line.

    Their statements must not run again, as all other actions may: their resources say it.
    """
    return tuple(
        step
        for step in plan.steps
        if isinstance(step.action, ApplySchema)
        and states.get(step.id) in (StepState.BEGAN, StepState.FAILED)
        and step.resources
        and all(
            before != after == now.get(name, "")
            for name, (before, after) in step.resources.items()
        )
    )


def describe(moves: tuple[Moved, ...]) -> tuple[str, ...]:
    """The lines that a refusal shows to people, one for each resource."""
    return tuple(map(str, moves))


def shown(digest: str) -> str:
    """A digest as people read it."""
    return (digest[:SHOWN] + ("…" if digest[SHOWN:] else "")) or "nothing there"


def _left_by(
    step: Step, state: StepState | None, found: frozenset[str], name: str
) -> frozenset[str]:
    """What a resource may be behind `step`, when it may be `found` in front of it."""
    before, after = step.resources[name]
    match state:
        case None:
            return found
        case StepState.DONE:
            return frozenset({after})
        case StepState.BEGAN | StepState.FAILED | StepState.UNDOING:
            return found | {before, after}
        case StepState.UNDONE:  # what the steps before it made stands again, if it can be undone
            return found if step.undo else found | {before, after}
        case _:
            assert_never(state)
