"""Where each step stands: in the journal first, then told. Nothing is begun without the lease."""

import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from pipeline.errors import FarmhandError, LockLost
from pipeline.execute.progress import Progress
from pipeline.execute.run import RunOutcome
from pipeline.plan.step import Step
from pipeline.plan.step_state import StepState

FOUND_DONE: Final = "found done"
"""What the journal says of a step whose process died behind the deed, before the word."""


class EventLog(Protocol):
    """The part of a journal that is written while a plan is executed."""

    def event(self, run: int, step: str, state: StepState, *, detail: str = "") -> None:
        """Write down what happens to a step; on the disk when this returns."""

    def end_run(self, run: int, outcome: RunOutcome) -> None:
        """Write down how a run ended."""


class Fence(Protocol):
    """The part of a held lease that is asked before each step."""

    def still_ours(self) -> bool:
        """Whether nobody has taken it over."""


@dataclass(slots=True)
class Ledger:
    """The states of the steps of one run. To be used by one thread."""

    environment: str
    run: int
    journal: EventLog
    lease: Fence
    progress: Progress
    states: dict[str, StepState] = field(default_factory=dict)

    def begin(self, step: Step) -> None:
        """A step is about to be done. Raises LockLost."""
        self._need_lease()
        self._note(step, StepState.BEGAN)
        self.progress.began(step)

    def done(self, step: Step, detail: str, seconds: float) -> None:
        """A step is done."""
        self._note(step, StepState.DONE, detail)
        self.progress.ended(step, detail, seconds)

    def passed_over(self, step: Step, reason: str, seconds: float) -> None:
        """A step failed, and may: what needs it is done all the same."""
        self._note(step, StepState.DONE, reason)
        self.progress.passed_over(step, reason, seconds)

    def found_done(self, step: Step) -> None:
        """A step that was begun earlier has reached its end after all."""
        self._note(step, StepState.DONE, FOUND_DONE)
        self.progress.note(f"{step.id}: {FOUND_DONE}")

    def failed(self, step: Step, reason: str) -> None:
        """A step was not done, or could not be taken back."""
        self._note(step, StepState.FAILED, reason)
        self.progress.failed(step, reason)

    def undoing(self, step: Step) -> None:
        """A step is about to be taken back. Raises LockLost."""
        self._need_lease()
        self._note(step, StepState.UNDOING)
        self.progress.undoing(step)

    def undone(self, step: Step) -> None:
        """A step was taken back."""
        self._note(step, StepState.UNDONE)
        self.progress.undone(step)

    def _note(self, step: Step, state: StepState, detail: str = "") -> None:
        self.journal.event(self.run, step.id, state, detail=detail)
        self.states[step.id] = state

    def _need_lease(self) -> None:
        if not self.lease.still_ours():
            raise LockLost(
                "the lease is no longer ours: somebody took it over, or broke it",
                where=self.environment,
                advice="nothing more was touched; see who deploys: "
                f"invoke status --env {self.environment}",
            )


def reason_of(problem: BaseException) -> str:
    """Why something failed, in words without secrets: of an unforeseen error, only its place."""
    if isinstance(problem, FarmhandError):
        return str(problem)
    if isinstance(problem, OSError) and problem.strerror:
        return ": ".join(str(part) for part in (problem.filename, problem.strerror) if part)
    last = traceback.extract_tb(problem.__traceback__)[-1:]
    place = "".join(f" at {Path(frame.filename).name}:{frame.lineno}" for frame in last)
    return f"unforeseen {type(problem).__name__}{place}"
