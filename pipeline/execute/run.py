"""A run of a plan, and what happened in it: what the journal tells."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
