"""What happened in a run as bars on a line of seconds; the order of a plan as columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from graphlib import TopologicalSorter
from typing import Final

from pipeline.execute.ledger import FOUND_DONE
from pipeline.execute.run import RunRecord
from pipeline.plan.step import Stage, Step
from pipeline.plan.step_state import StepState

IDLE: Final = 10.0
"""Seconds: a longer time in which no step runs is folded."""


class BarKind(StrEnum):
    """What became of one attempt at a step, or of one at putting it back."""

    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    STUCK = "stuck"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One attempt: `step` is its place in the plan, times are seconds since the run began.

    `end` is None where nobody knows it: the process was killed, or still runs.
    """

    step: int
    kind: BarKind
    attempt: int
    start: float
    end: float | None
    detail: str = ""

    @property
    def until(self) -> float:
        """The last moment that is known of it."""
        return self.start if self.end is None else self.end


@dataclass(frozen=True, slots=True)
class Span:
    """From a second to a second; `name` is a stage's, or empty."""

    start: float
    end: float
    name: str = ""


def bars(record: RunRecord) -> tuple[Bar, ...]:
    """All attempts, in the order in which they began."""
    return tuple(sorted(_bars(record), key=lambda bar: (bar.start, bar.step, bar.attempt)))


def _bars(record: RunRecord) -> Iterator[Bar]:
    places = {step.id: place for place, step in enumerate(record.plan.steps)}
    begun: dict[int, Bar] = {}
    for event in record.events:
        place, at = places[event.step], _seconds(record.run.started, event.at)
        left = begun.pop(place, None)
        if event.state in {StepState.BEGAN, StepState.UNDOING} or left is None:
            if left:
                yield left
            begun[place] = Bar(
                step=place,
                kind=BarKind.UNFINISHED,
                attempt=event.attempt,
                start=at,
                end=None,
                detail="putting back" if event.state is StepState.UNDOING else "",
            )
            continue
        yield Bar(
            step=place,
            kind=_kind(left, event.state),
            attempt=left.attempt,
            start=left.start,
            end=left.start if event.detail == FOUND_DONE else at,
            detail=event.detail,
        )
    yield from begun.values()


_KINDS = {
    StepState.DONE: (BarKind.DONE, BarKind.DONE),
    StepState.FAILED: (BarKind.FAILED, BarKind.STUCK),
    StepState.UNDONE: (BarKind.UNDONE, BarKind.UNDONE),
}


def _kind(begun: Bar, state: StepState) -> BarKind:
    forward, back = _KINDS[state]
    return back if begun.detail else forward


def busy(found: Sequence[Bar]) -> tuple[Span, ...]:
    """The times in which something was done, without the long ones between in which nothing was.

    A run that is resumed the next day has such a time.
    """
    spans: list[Span] = []
    for bar in found:
        if spans and bar.start - spans[-1].end <= IDLE:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, bar.until))
        else:
            spans.append(Span(bar.start if spans else 0.0, bar.until))
    return tuple(spans)


def bands(steps: Sequence[Step], found: Sequence[Bar], within: Sequence[Span]) -> tuple[Span, ...]:
    """From when to when each stage was worked on, for each busy time, in the stages' order."""
    return tuple(
        Span(min(bar.start for bar in own), max(bar.until for bar in own), stage)
        for span in within
        for stage in Stage
        if (
            own := [
                bar
                for bar in found
                if steps[bar.step].stage is stage and span.start <= bar.start <= span.end
            ]
        )
    )


def columns(steps: Iterable[Step]) -> tuple[int, ...]:
    """For each step how many must come before it, one behind the other."""
    needs = {step.id: step.needs for step in steps}
    level: dict[str, int] = {}
    for name in TopologicalSorter(needs).static_order():
        level[name] = max((level[need] + 1 for need in needs.get(name, ())), default=0)
    return tuple(level[name] for name in needs)


def states(found: Iterable[Bar], steps: Sequence[Step]) -> tuple[str, ...]:
    """What became of each step in the end: the kind of its last bar; "left": never begun.

    One that failed stays failed, though it was put back.
    """
    last: dict[int, Bar] = {}
    for bar in found:
        before = last.get(bar.step)
        if bar.kind is not BarKind.UNDONE or before is None or before.kind is not BarKind.FAILED:
            last[bar.step] = bar
    return tuple(str(last[place].kind) if place in last else "left" for place in range(len(steps)))


def _seconds(started: datetime, at: datetime) -> float:
    return round(max(0.0, (at - started).total_seconds()), 3)
