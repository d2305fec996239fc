"""What people are told while a plan is executed. It goes to stderr; results go to stdout."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TextIO

from pipeline.execute.clock import utc_now
from pipeline.execute.summary import Summary
from pipeline.plan.plan import Plan
from pipeline.plan.step import Step


class Progress(Protocol):
    """Told of everything right after it stands in the journal, always by the same thread."""

    def plan_begins(self, plan: Plan, left: int) -> None:
        """A plan is executed, `left` of its steps are not done."""

    def began(self, step: Step) -> None:
        """A step is about to be done."""

    def ended(self, step: Step, detail: str, seconds: float) -> None:
        """A step is done."""

    def passed_over(self, step: Step, reason: str, seconds: float) -> None:
        """A step failed, and may: `reason` says so."""

    def failed(self, step: Step, reason: str) -> None:
        """A step was not done, or could not be taken back."""

    def undoing(self, step: Step) -> None:
        """A step is about to be taken back."""

    def undone(self, step: Step) -> None:
        """A step was taken back: it is to be done again."""

    def note(self, text: str) -> None:
        """Something else that people should know."""

    def finished(self, summary: Summary) -> None:
        """Nothing more will come."""


class NoProgress:
    """Tells nobody."""

    def plan_begins(self, plan: Plan, left: int) -> None:
        """Nothing."""

    def began(self, step: Step) -> None:
        """Nothing."""

    def ended(self, step: Step, detail: str, seconds: float) -> None:
        """Nothing."""

    def passed_over(self, step: Step, reason: str, seconds: float) -> None:
        """Nothing."""

    def failed(self, step: Step, reason: str) -> None:
        """Nothing."""

    def undoing(self, step: Step) -> None:
        """Nothing."""

    def undone(self, step: Step) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def finished(self, summary: Summary) -> None:
        """Nothing."""


@dataclass(slots=True)
class PlainProgress:
    """One line for each thing that ended: for logs, and for whoever pipes."""

    stream: TextIO
    now: Callable[[], datetime] = utc_now
    _left: int = field(default=0, init=False)
    _ended: int = field(default=0, init=False)

    def plan_begins(self, plan: Plan, left: int) -> None:
        """How much there is to do."""
        self._left = left
        self._say(f"{plan.kind} to {plan.environment}: {left} of {len(plan.steps)} steps to do")

    def began(self, step: Step) -> None:
        """Nothing: its end has a line."""

    def ended(self, step: Step, detail: str, seconds: float) -> None:
        """A step is done."""
        self._ended += 1
        self._say(
            f"[{self._ended}/{self._left}] {step.id} ({seconds:.1f} s)"
            + (detail and f": {detail}")
        )

    def passed_over(self, step: Step, reason: str, seconds: float) -> None:
        """It has ended as others have; the reason says that it failed."""
        self.ended(step, reason, seconds)

    def failed(self, step: Step, reason: str) -> None:
        """A step was not done."""
        self._say(f"FAILED {step.id}: {reason}")

    def undoing(self, step: Step) -> None:
        """Nothing: its end has a line."""

    def undone(self, step: Step) -> None:
        """A step was taken back."""
        self._say(f"put back {step.id}")

    def note(self, text: str) -> None:
        """Something else."""
        self._say(text)

    def finished(self, summary: Summary) -> None:
        """How it ended."""
        self._say(str(summary))

    def _say(self, text: str) -> None:
        at = self.now().strftime("%Y-%m-%d %H:%M:%S")
        with suppress(OSError, ValueError):  # nobody reads any more: no reason to stop a deploy
            self.stream.write("".join(f"{at} {line}\n" for line in text.splitlines()))
            self.stream.flush()
