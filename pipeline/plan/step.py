"""A step: one thing to do in one place, why, at what cost, and how to take it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.hazard import Hazard
from pipeline.plan.action import Action

CONTROL = "control machine"  # where a hook runs that is on no host; no host can be named so


class Stage(StrEnum):
    """The stages of a deploy, in their order."""

    PREPARE = "prepare"
    PUSH = "push"
    EXPAND = "expand"
    ROLL = "roll"
    CONTRACT = "contract"
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a plan.

    `needs` are the ids of steps that must be done before. `resources` says what it changes, by
    name: the digest before and after; "" stands for absence. `done` says how to see that it is
    done: by its resources, or ("repeat") only by doing it again, which is harmless. `undo` takes
    it back, in order. `unit` names what is put back as a whole when one of its steps fails (an
    instance, in a roll). One that may fail is passed over when it does, not without a word.
    """

    id: str
    stage: Stage
    host: str
    action: Action
    why: str
    needs: tuple[str, ...] = ()
    resources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    hazards: tuple[Hazard, ...] = ()
    undo: tuple[Action, ...] = ()
    unit: str = ""
    may_fail: bool = False

    @property
    def done(self) -> str:
        """How to see that it is done: `resources` or `repeat`."""
        return "resources" if self.resources else "repeat"
