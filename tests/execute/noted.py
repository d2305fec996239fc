"""Stands in for a journal, a lease and a screen: each keeps what it was told."""

from dataclasses import dataclass, field

from pipeline.execute.progress import NoProgress
from pipeline.execute.run import RunOutcome
from pipeline.plan.step import Step
from pipeline.plan.step_state import StepState


@dataclass
class NotedJournal:
    """A journal in memory. `full` is the number of events that fit on its disk."""

    events: list[tuple[str, StepState]] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    outcomes: list[RunOutcome] = field(default_factory=list)
    full: int | None = None
    problem: Exception = field(default_factory=OSError)

    def event(self, run: int, step: str, state: StepState, *, detail: str = "") -> None:
        if len(self.events) == self.full:
            raise self.problem
        self.events.append((step, state))
        self.details[step] = detail

    def end_run(self, run: int, outcome: RunOutcome) -> None:
        if len(self.events) == self.full:
            raise self.problem
        self.outcomes.append(outcome)

    @property
    def states(self) -> dict[str, StepState]:
        return dict(self.events)


@dataclass
class Lease:
    """Ours for so many questions."""

    ours_for: int = 1_000_000

    def still_ours(self) -> bool:
        self.ours_for -= 1
        return self.ours_for >= 0


@dataclass
class NotedProgress(NoProgress):
    """Keeps what it was told, in words."""

    told: list[str] = field(default_factory=list)

    def began(self, step: Step) -> None:
        self.told.append(f"began {step.id}")

    def ended(self, step: Step, detail: str, seconds: float) -> None:
        self.told.append(f"ended {step.id}: {detail}")

    def passed_over(self, step: Step, reason: str, seconds: float) -> None:
        self.told.append(f"passed over {step.id}: {reason}")

    def failed(self, step: Step, reason: str) -> None:
        self.told.append(f"failed {step.id}: {reason}")

    def undoing(self, step: Step) -> None:
        self.told.append(f"undoing {step.id}")

    def undone(self, step: Step) -> None:
        self.told.append(f"undone {step.id}")

    def note(self, text: str) -> None:
        self.told.append(text)
