"""A run of a plan, and what happened in it: what the journal tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.plan.plan import Plan
from pipeline.plan.step_state import StepState


class RunOutcome(StrEnum):
    """How a run ended. One that was killed has none: its process could not say."""

    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One plan, being executed or executed. Its outcome is None while it runs, or was killed."""

    id: int
    environment: str
    kind: str
    plan_hash: str
    who: str
    started: datetime
    ended: datetime | None = None
    outcome: RunOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one step. `attempt` counts how often it was begun."""

    run: int
    seq: int
    step: str
    attempt: int
    state: StepState
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """All that the journal has of one run. `allowed`: by what each of its hazards was."""

    run: Run
    plan: Plan
    events: tuple[Event, ...]
    allowed: Mapping[str, str]
