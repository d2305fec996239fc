"""Progress on a terminal: what runs has a line with a clock, what ended scrolls by above it."""

from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from pipeline.execute.run import RunOutcome
from pipeline.execute.summary import Summary
from pipeline.plan.plan import Plan
from pipeline.plan.step import Stage, Step


@dataclass(slots=True)
class RichProgress:
    """Live lines on `console`, which should write to stderr."""

    console: Console
    _bars: Bars = field(init=False)
    _lines: dict[str, TaskID] = field(default_factory=dict, init=False)
    _stage: Stage | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )

    def plan_begins(self, plan: Plan, left: int) -> None:
        """The headline; from here on, lines are live."""
        headline = f"{plan.kind} to {plan.environment}: {left} of {len(plan.steps)} steps to do"
        self._print(Text(headline, "bold"))
        self._bars.start()

    def began(self, step: Step) -> None:
        """A line with a spinner and a clock."""
        if step.stage is not self._stage:
            self._stage = step.stage
            self._print(Text(step.stage.value, "bold cyan"))
        self._add(step, step.id)

    def ended(self, step: Step, detail: str, seconds: float) -> None:
        """The line ends, and a mark stays."""
        self._done(step, ("  ✓ ", "green"), (detail, "dim"), seconds)

    def passed_over(self, step: Step, reason: str, seconds: float) -> None:
        """The line ends, and a warning stays."""
        self._done(step, ("  ! ", "bold yellow"), (reason, "yellow"), seconds)

    def failed(self, step: Step, reason: str) -> None:
        """The line ends, and the reason stays."""
        self._remove(step)
        self._print(Text.assemble(("  ✗ ", "bold red"), step.id, (f"  {reason}", "red")))

    def undoing(self, step: Step) -> None:
        """A line with a spinner and a clock."""
        self._add(step, f"putting back {step.id}")

    def undone(self, step: Step) -> None:
        """The line ends, and a mark stays."""
        self._remove(step)
        self._print(Text.assemble(("  ↶ ", "yellow"), f"put back {step.id}"))

    def note(self, text: str) -> None:
        """A line that stays."""
        self._print(Text(f"  {text}", "yellow"))

    def finished(self, summary: Summary) -> None:
        """The live lines end; the summary stays."""
        self._bars.stop()
        good = summary.outcome is RunOutcome.DONE
        self._print(Text(str(summary), "bold green" if good else "bold red"))

    def _done(
        self, step: Step, mark: tuple[str, str], detail: tuple[str, str], seconds: float
    ) -> None:
        self._remove(step)
        text, style = detail
        told = (f"  {text}" if text else "", style)
        self._print(Text.assemble(mark, step.id, told, (f"  {seconds:.1f} s", "dim")))

    def _add(self, step: Step, text: str) -> None:
        self._remove(step)
        self._lines[step.id] = self._bars.add_task(text, total=None)

    def _remove(self, step: Step) -> None:
        line = self._lines.pop(step.id, None)
        if line is not None:
            self._bars.remove_task(line)

    def _print(self, text: Text) -> None:
        self.console.print(text, soft_wrap=True, highlight=False)
