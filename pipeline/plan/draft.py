"""What planners share while they put steps together: blobs, needs, file changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.facts.answer import sha256
from pipeline.facts.host import HostFacts
from pipeline.farm.layout import Layout
from pipeline.hazard import Hazard, HazardName
from pipeline.plan.action import WriteFiles
from pipeline.plan.drift import Deed, deeds
from pipeline.plan.resources import of_file
from pipeline.plan.step import Step


@dataclass(frozen=True, slots=True)
class FileChange:
    """Files of one folder as they should be: what to write, what to remove, and the way back."""

    action: WriteFiles
    undo: WriteFiles
    resources: Mapping[str, tuple[str, str]]
    hazards: tuple[Hazard, ...]

    def __bool__(self) -> bool:
        return bool(self.resources)


@dataclass(slots=True)
class Draft:
    """A plan in the making: steps in order, and the texts that they name."""

    steps: list[Step] = field(default_factory=list)
    blobs: dict[str, str] = field(default_factory=dict)

    def add(self, *steps: Step, after: Iterable[str] = ()) -> tuple[str, ...]:
        """Add steps one behind the other, the first behind `after`. Gives the last one's id."""
        needs = tuple(after)
        for step in steps:
            self.steps.append(replace(step, needs=(*step.needs, *needs)))
            needs = (step.id,)
        return needs

    def add_apart(self, *steps: Step, after: Iterable[str] = ()) -> tuple[str, ...]:
        """Add steps that may run side by side, all behind `after`. Gives their ids, or `after`."""
        needs = tuple(after)
        self.steps += [replace(step, needs=(*step.needs, *needs)) for step in steps]
        return tuple(step.id for step in steps) or needs

    def cost(self, number: int, hazards: tuple[Hazard, ...]) -> None:
        """Say what the step of this number costs beside what it says itself."""
        step = self.steps[number]
        self.steps[number] = replace(step, hazards=(*step.hazards, *hazards))

    def blob(self, text: str) -> str:
        """Keep a text in the plan; gives the name it goes by."""
        digest = sha256(text.encode())
        self.blobs[digest] = text
        return digest

    def files(
        self, host: HostFacts, layout: Layout, folder: str, wanted: Mapping[str, str]
    ) -> FileChange:
        """Make the small files below `folder` be `wanted`, path -> text, and no others."""
        found = host.below(folder)
        changed = {
            path: text
            for path, text in wanted.items()
            if path not in found or found[path].text != text
        }
        surplus = sorted(found.keys() - wanted.keys())
        old = {path: found[path].text or "" for path in (*changed, *surplus) if path in found}
        absent = sorted(changed.keys() - found.keys())
        return FileChange(
            action=self._write(layout, changed, surplus),
            undo=self._write(layout, old, absent),
            resources={
                **{
                    of_file(host.name, path): (
                        found[path].sha256 if path in found else "",
                        sha256(text.encode()),
                    )
                    for path, text in changed.items()
                },
                **{of_file(host.name, path): (found[path].sha256, "") for path in surplus},
            },
            hazards=drifted(host, folder, (*changed, *surplus)),
        )

    def _write(self, layout: Layout, files: Mapping[str, str], gone: Iterable[str]) -> WriteFiles:
        return WriteFiles(
            files={layout.path(path): self.blob(text) for path, text in sorted(files.items())},
            remove=tuple(layout.path(path) for path in gone),
        )


def drifted(host: HostFacts, folder: str, paths: Iterable[str]) -> tuple[Hazard, ...]:
    """A hazard for each of `paths` that is no longer as it was deployed: somebody edited it."""
    done = deeds(host, folder)
    return tuple(
        Hazard(HazardName.DRIFTED, f"{host.name}:{path}", f"{Deed.EDITED} since it was deployed")
        for path in sorted(paths)
        if done.get(path) is Deed.EDITED
    )


def barrier(steps: Iterable[Step]) -> tuple[str, ...]:
    """The ids that must be done for all of `steps` to be done: those that no other needs."""
    steps = tuple(steps)
    needed = {need for step in steps for need in step.needs}
    return tuple(step.id for step in steps if step.id not in needed)
