"""Put back, as a whole, what a failure left half-way: an instance in a roll."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.execute.ledger import Ledger, reason_of
from pipeline.plan.action import Action
from pipeline.plan.order import open_units, to_revert
from pipeline.plan.plan import Plan
from pipeline.plan.step import Step

Act = Callable[[str, Action], str]


@dataclass(frozen=True, slots=True)
class PutBack:
    """The units that are as they were, and those that are not: unit -> step and reason."""

    units: tuple[str, ...]
    stuck: dict[str, str]

    def __str__(self) -> str:
        parts = [f"put back: {', '.join(self.units)}"] if self.units else []
        parts += [f"{unit} could not be put back: {why}" for unit, why in self.stuck.items()]
        return "; ".join(parts)


def put_back(plan: Plan, ledger: Ledger, act: Act, failed: Iterable[Step]) -> PutBack:
    """Take back the steps of each unit that is half-way, the failed ones' first.

    Units that the stop has cut off, with no step of theirs failed, are half-way too. Raises
    LockLost, and whatever the journal raises.
    """
    units = [step.unit for step in failed if step.unit]
    back, stuck = [], {}
    for unit in dict.fromkeys((*units, *open_units(plan, ledger.states))):
        why = _revert(plan, ledger, act, unit)
        if why:
            stuck[unit] = why
        else:
            back.append(unit)
    return PutBack(tuple(back), stuck)


def _revert(plan: Plan, ledger: Ledger, act: Act, unit: str) -> str:
    """Take back the begun steps of a unit, last first. Gives why it could not be done, if so."""
    for step in to_revert(plan, ledger.states, unit):
        ledger.undoing(step)
        try:
            for action in step.undo:
                act(step.host, action)
        except Exception as problem:
            reason = reason_of(problem)
            ledger.failed(step, f"could not be put back: {reason}")
            return f"{step.id}: {reason}"
        ledger.undone(step)
    return ""
