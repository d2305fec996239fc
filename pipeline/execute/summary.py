"""What a run came to."""

from collections import Counter
from dataclasses import dataclass

from pipeline.execute.run import RunOutcome
from pipeline.wording import count


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step that was done in this run: what its action said, and how many seconds it took.

    One that was passed over has failed, and was allowed to.
    """

    step: str
    stage: str
    detail: str
    seconds: float
    passed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run ended: `before` steps were done when it began, `left` are not done yet."""

    outcome: RunOutcome
    steps: tuple[StepReport, ...]
    seconds: float
    before: int = 0
    left: int = 0

    @property
    def done(self) -> int:
        """How many steps this run did."""
        return len(self.steps)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The steps that failed and were passed over, each with its reason."""
        return tuple(f"{it.step}: {it.detail}" for it in self.steps if it.passed_over)

    @property
    def stages(self) -> dict[str, int]:
        """How many steps of each stage this run did."""
        return dict(Counter(report.stage for report in self.steps))

    def __str__(self) -> str:
        counts = [f"{count(self.done, 'step')} in {self.seconds:.1f} s"]
        counts += [f"{self.before} done before"] if self.before else []
        counts += [f"{self.left} left"] if self.left else []
        return f"{self.outcome}: {', '.join(counts)}"
