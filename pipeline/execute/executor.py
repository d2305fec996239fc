"""Do what is left of a plan: side by side where needs allow, and safely to the first failure."""

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Final

from pipeline.errors import BadCall, FarmhandError, Interrupted, StepFailed
from pipeline.execute.clock import Clock
from pipeline.execute.crew import Answer, Crew
from pipeline.execute.interrupts import Interrupt, interrupts
from pipeline.execute.ledger import EventLog, Fence, Ledger, reason_of
from pipeline.execute.progress import Progress
from pipeline.execute.putting_back import Act, PutBack, put_back
from pipeline.execute.run import RunOutcome
from pipeline.execute.summary import StepReport, Summary
from pipeline.plan.order import check_order, open_units, ready, remaining
from pipeline.plan.plan import Plan
from pipeline.plan.staleness import found_done
from pipeline.plan.step import Step
from pipeline.plan.step_state import StepState

SIDE_BY_SIDE: Final = 8  # steps at a time


def execute(
    plan: Plan,
    *,
    journal: EventLog,
    run: int,
    act: Act,
    lease: Fence,
    progress: Progress,
    states: Mapping[str, StepState] | None = None,
    now: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> Summary:
    """Do the steps of `plan` that `states` does not know as done, and end the run in the journal.

    On resume, `now` says what was found (resource -> digest): a schema change that was committed
    by a process which died before it could say so counts as done.

    A step that fails lets those beside it finish; its unit is then put back. Raises StepFailed,
    Interrupted, LockLost, and what the journal raises when it cannot be written.
    """
    try:
        check_order(plan.steps)
    except ValueError as problem:
        raise BadCall(f"not a plan: {problem}", advice="plan again") from problem
    clock = clock or Clock()
    execution = Execution(
        plan=plan,
        ledger=Ledger(plan.environment, run, journal, lease, progress, dict(states or {})),
        crew=Crew(act, clock, SIDE_BY_SIDE),
        clock=clock,
    )
    return execution.go(now or {})


@dataclass(slots=True, kw_only=True)
class Execution:
    """One execution of a plan, while it lasts."""

    plan: Plan
    ledger: Ledger
    crew: Crew
    clock: Clock
    reports: list[StepReport] = field(default_factory=list)
    failures: list[Answer] = field(default_factory=list)

    def go(self, now: Mapping[str, str]) -> Summary:
        """Do it, and tell what came of it."""
        began = self.clock.monotonic()
        for step in found_done(self.plan, now, self.ledger.states):
            self.ledger.found_done(step)
        before = len(self.plan.steps) - len(self._left)
        self.ledger.progress.plan_begins(self.plan, len(self._left))
        outcome = RunOutcome.FAILED
        try:
            with interrupts(self.crew.wake) as interrupt:
                self._run(interrupt)
            outcome = RunOutcome.DONE
        except (Interrupted, KeyboardInterrupt):
            outcome = RunOutcome.INTERRUPTED
            raise
        finally:
            summary = Summary(
                outcome=outcome,
                steps=tuple(self.reports),
                seconds=self.clock.monotonic() - began,
                before=before,
                left=len(self._left),
            )
            self._end(summary)
        return summary

    @property
    def _left(self) -> tuple[Step, ...]:
        return remaining(self.plan, self.ledger.states)

    def _run(self, interrupt: Interrupt) -> None:
        self._forward(interrupt)
        if self.failures:
            failed = [answer.step for answer in self.failures]
            back = put_back(self.plan, self.ledger, self.crew.act, failed)
            raise self._step_failed(back) from self.failures[0].problem
        if interrupt.asked and self._left:
            raise self._interrupted()

    def _forward(self, interrupt: Interrupt) -> None:
        """Begin steps until one fails, or somebody asks to stop; wait for those that run."""
        trouble: FarmhandError | None = None
        while True:
            try:
                if not (trouble or self.failures or interrupt.asked):
                    self._begin_ready()
                if not self.crew.running:
                    break
                if answer := self.crew.next_answer():
                    self._record(answer)
                else:
                    self.ledger.progress.note("stopping: what runs is finished first")
            except FarmhandError as problem:
                trouble = trouble or problem
        if trouble:
            raise trouble

    def _begin_ready(self) -> None:
        for step in ready(self.plan, self.ledger.states):
            if not self.crew.free:
                break
            if step.id not in self.crew.running:
                self.ledger.begin(step)
                self.crew.send(step)

    def _record(self, answer: Answer) -> None:
        step, detail = answer.step, answer.detail
        passed_over = step.may_fail and isinstance(answer.problem, FarmhandError)
        if answer.problem is not None and not passed_over:
            self.failures.append(answer)
            self.ledger.failed(step, reason_of(answer.problem))
            return
        if passed_over:
            detail = f"FAILED, and is passed over: {_reason(answer)}"
        self.reports.append(
            StepReport(step.id, step.stage, detail, answer.seconds, passed_over=passed_over)
        )
        note = self.ledger.passed_over if passed_over else self.ledger.done
        note(step, detail, answer.seconds)

    def _end(self, summary: Summary) -> None:
        """End the run. A journal that fails now must not hide what failed first."""
        done = summary.outcome is RunOutcome.DONE
        with nullcontext() if done else suppress(FarmhandError):
            self.ledger.journal.end_run(self.ledger.run, summary.outcome)
        self.ledger.progress.finished(summary)

    def _step_failed(self, back: PutBack) -> StepFailed:
        first, *others = self.failures
        also = [f"{answer.step.id} failed too: {_reason(answer)}" for answer in others]
        goes_on = f"invoke resume --env {self.plan.environment} goes on from here"
        returns = f", invoke rollback --env {self.plan.environment} returns to the last release"
        advice = getattr(first.problem, "advice", "")
        parts = list(filter(None, (_reason(first), *also, str(back))))
        return StepFailed(
            ("\n" if "\n" in "".join(parts) else "; ").join(parts),
            where=f"step {first.step.id} on {first.step.host}",
            advice=(f"{advice}; " if advice else "")
            + goes_on
            + (returns if self.plan.kind == "deploy" else ""),
        )

    def _interrupted(self) -> Interrupted:
        done = len(self.plan.steps) - len(self._left)
        between = ", ".join(open_units(self.plan, self.ledger.states))
        return Interrupted(
            f"interrupted: {done} of {len(self.plan.steps)} steps are done"
            + (f"; half-way: {between}" if between else ""),
            where=self.plan.environment,
            advice=f"invoke resume --env {self.plan.environment} goes on from here",
        )


def _reason(answer: Answer) -> str:
    return reason_of(answer.problem) if answer.problem else ""
