"""Plans of a few file writes, and what carries them out: small enough to see through."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import Failed
from pipeline.facts.answer import sha256
from pipeline.plan.action import Action, Remove, WriteFiles
from pipeline.plan.plan import Plan
from pipeline.plan.step import Stage, Step

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def noon() -> datetime:
    return NOON


def write(
    name: str,
    text: str,
    *,
    before: str | None = None,
    needs: tuple[str, ...] = (),
    unit: str = "",
    stage: Stage = Stage.PUSH,
) -> Step:
    """A step that writes one file, and whose undo brings back what was there."""
    undo: Action = Remove(paths=(name,))
    if before is not None:
        undo = WriteFiles(files={name: sha256(before.encode())})
    return Step(
        id=f"write-{name}",
        stage=stage,
        host="box",
        action=WriteFiles(files={name: sha256(text.encode())}),
        why="it differs",
        needs=needs,
        resources={
            f"box:{name}": (
                sha256(before.encode()) if before is not None else "",
                sha256(text.encode()),
            )
        },
        undo=(undo,),
        unit=unit,
    )


def plan_of(*steps: Step, texts: tuple[str, ...] = (), environment: str = "local") -> Plan:
    seen: dict[str, str] = {}
    for step in reversed(steps):
        seen |= {name: before for name, (before, _) in step.resources.items() if before}
    return Plan(
        kind="deploy",
        environment=environment,
        steps=steps,
        seen=seen,
        blobs={sha256(text.encode()): text for text in texts},
    )


class Actor:
    """Carries out file writes and removals in a folder. Writing the text `broken` fails."""

    def __init__(self, folder: Path, blobs: Mapping[str, str], broken: str = "") -> None:
        self.folder, self.blobs, self.broken = folder, blobs, broken

    def __call__(self, host: str, action: Action) -> str:
        match action:
            case WriteFiles():
                for name, digest in action.files.items():
                    if self.blobs[digest] == self.broken:
                        raise Failed("disk full", where=name)
                    (self.folder / name).write_text(self.blobs[digest])
                return f"wrote {len(action.files)}"
            case Remove():
                for name in action.paths:
                    (self.folder / name).unlink(missing_ok=True)
                return f"removed {len(action.paths)}"
            case _:
                raise AssertionError(action)
