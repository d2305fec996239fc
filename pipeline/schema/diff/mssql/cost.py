"""What a step costs, and when it may run: a small value that others add to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.schema.diff.mssql.operation import Guard

_SEVERITY = {Phase.EXPAND: 0, Phase.CONTRACT: 1, Phase.LOCKSTEP: 2}


def later(phases: Iterable[Phase]) -> Phase:
    """Give the phase that allows least."""
    return max(phases, key=_SEVERITY.__getitem__, default=Phase.EXPAND)


@dataclass(slots=True)
class Cost:
    """The hazards of one step of the thing called `name`, with their guards; and its phase."""

    name: str
    phase: Phase = Phase.EXPAND
    hazards: list[Hazard] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)

    def add(self, hazard: HazardName, reason: str, name: str = "") -> Hazard:
        """Add a hazard, and give it."""
        found = Hazard(hazard, name or self.name, reason)
        if found not in self.hazards:
            self.hazards.append(found)
        return found

    def forget(self, reason: str) -> None:
        """Take away the hazards with this reason, and their guards."""
        self.hazards = [each for each in self.hazards if each.reason != reason]
        self.guards = [each for each in self.guards if each.hazard.reason != reason]

    def at(self, phase: Phase) -> None:
        """Let it run in this phase at the earliest."""
        self.phase = later((self.phase, phase))

    def lockstep(self, reason: str) -> None:
        """Say that neither the old nor the new code can run while it is done."""
        self.add(HazardName.LOCKSTEP, reason)
        self.at(Phase.LOCKSTEP)

    def breaks(self, reason: str) -> None:
        """Say that old code does not work afterwards."""
        self.add(HazardName.BREAKS_OLD_CODE, reason)

    def changes(self, reason: str) -> None:
        """Say that things go otherwise afterwards."""
        self.add(HazardName.CHANGES_BEHAVIOUR, reason)

    def locks(self, reason: str) -> None:
        """Say that others wait for it."""
        self.add(HazardName.LOCKS_TABLE, reason)
