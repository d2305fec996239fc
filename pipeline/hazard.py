"""What a step may cost, by name; and which costs were allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class HazardName(StrEnum):
    """The closed list. docs/reference/hazards.md says what each one means."""

    LOSES_DATA = "loses-data"
    REBUILDS_TABLE = "rebuilds-table"
    LOCKS_TABLE = "locks-table"
    MAY_FAIL = "may-fail"
    CHANGES_BEHAVIOUR = "changes-behaviour"
    BREAKS_OLD_CODE = "breaks-old-code"
    DROPS_OBJECT = "drops-object"
    NOT_TRANSACTIONAL = "not-transactional"
    LOCKSTEP = "lockstep"
    DRIFTED = "drifted"
    STOPS_SERVICE = "stops-service"
    EXCLUDES_HOST = "excludes-host"
    INSTALLS_SOFTWARE = "installs-software"
    NO_UNDO = "no-undo"


@dataclass(frozen=True, slots=True, order=True)
class Hazard:
    """One cost, the object that pays it, and why."""

    name: HazardName
    object: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.object}"

    def to_dict(self) -> dict[str, str]:
        """Give it as plain JSON values."""
        return {"name": str(self.name), "object": self.object, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody allowed: hazard and object, with globs; a bare hazard means any object."""

    patterns: tuple[str, ...] = ()

    def by(self, hazard: Hazard) -> str:
        """The first of the patterns that allows this hazard of this object; '' for none."""
        return next((each for each in self.patterns if _allows(each, hazard)), "")

    def covers(self, hazard: Hazard) -> bool:
        """Whether this hazard of this object was allowed."""
        return bool(self.by(hazard))

    def refuses(self, hazards: Iterable[Hazard]) -> tuple[Hazard, ...]:
        """Those of `hazards` that were not allowed, sorted, each once."""
        return tuple(sorted({hazard for hazard in hazards if not self.covers(hazard)}))


def _allows(pattern: str, hazard: Hazard) -> bool:
    name, colon, glob = pattern.partition(":")
    return pattern == str(hazard) or (
        fnmatchcase(hazard.name, name) and (not colon or fnmatchcase(hazard.object, glob))
    )
