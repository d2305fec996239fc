"""What came of comparing two schemas, in any dialect: for the outputs, which only show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectOutcome:
    """One object. `type` is a name of RedGate's list of 32.

    `because` says what differs, `ignored` what an option hides; both in words for people.
    `source` and `target` are the object's script on each side, '' where it is not.
    """

    type: str
    schema: str
    name: str
    verdict: Verdict
    because: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    phase: Phase | None = None
    hazards: tuple[Hazard, ...] = ()
    source: str = ""
    target: str = ""
    place: str = ""
    advice: tuple[str, ...] = ()
    """How a rename, a narrowing or a lockstep change is made in two releases."""

    @property
    def full_name(self) -> str:
        """`schema.name`, or the name alone."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """One change of the script, in the order of running. `needs` are numbers of earlier steps."""

    number: int
    title: str
    type: str
    object: str
    phase: Phase
    sql: str
    because: str = ""
    hazards: tuple[Hazard, ...] = ()
    guards: tuple[str, ...] = ()
    needs: tuple[int, ...] = ()
    transactional: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Two sides compared. `script` makes the target like the source; `undo` is the way back.

    `lost` says what undo cannot bring back. `same` counts the objects that are the same: they
    are not in `objects` unless asked for. `notes` are the readers' and the writer's.
    """

    dialect: str
    source: str
    target: str
    objects: tuple[ObjectOutcome, ...]
    same: int = 0
    steps: tuple[StepOutcome, ...] = ()
    script: str = ""
    undo: str = ""
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Names of the options in force, with the preset first."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Statements about rows that were not read, by their first word."""

    @property
    def differs(self) -> bool:
        """Whether any object is not the same on both sides."""
        return any(each.verdict is not Verdict.SAME for each in self.objects)

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """All hazards, sorted, each once."""
        return tuple(sorted({hazard for each in self.objects for hazard in each.hazards}))
