"""What a plan changes in files and databases: both sides stand in the plan itself."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import urlsplit

from pipeline.plan.action import Action, ApplySchema, AwaitHealthy, Remove, WriteFiles
from pipeline.plan.plan import Plan
from pipeline.plan.step import Step
from pipeline.schema.writers.sqlite_rebuild import PREFIX

_OWN: Final = re.compile(r"[/\\](records[/\\][^/\\]+\.json|current\.json)$")
"""Notes that farmhand writes for itself: they tell people nothing."""
_CREATE: Final = re.compile(
    r"\s*CREATE\s+(?:OR\s+(?:ALTER|REPLACE)\s+)?(?:UNIQUE\s+)?(?:TEMP\w*\s+)?"
    r"(TABLE|VIEW|TRIGGER|INDEX|FUNCTION|PROC(?:EDURE)?)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"""((?:"[^"]+"|\[[^\]]+\]|`[^`]+`|[\w$#@]+)(?:\.(?:"[^"]+"|\[[^\]]+\]|[\w$#@]+))*)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file that a step writes or removes. A text is None where there is, or will be, none.

    `known` is False where the plan does not say what was there. `like` is the place of the first
    file that changes in the same way, but for its instance's name and port; -1 for that one.
    """

    step: int
    host: str
    path: str
    before: str | None
    after: str | None
    known: bool = True
    like: int = -1

    @property
    def what(self) -> Literal["new", "changed", "gone"]:
        """What becomes of it."""
        if self.after is None:
            return "gone"
        return "new" if self.known and self.before is None else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One object that is written as a whole on both sides, or on one."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaChange:
    """The statements of one step and of its undo; `undo` is None where there is no way back."""

    step: int
    database: str
    group: str
    statements: tuple[str, ...]
    undo: tuple[str, ...] | None

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The objects that are made anew, with what they were: what can be read side by side."""
        after, before = _definitions(self.statements), _definitions(self.undo or ())
        return tuple(
            Definition(name=name, before=before[name], after=text)
            for name, text in after.items()
            if name in before and before[name] != text
        )


def file_changes(plan: Plan) -> tuple[FileChange, ...]:
    """The files that the steps write and remove, in the order of the steps."""
    found = [
        change
        for place, step in enumerate(plan.steps)
        if isinstance(step.action, WriteFiles)
        for change in _files(plan, place, step, step.action)
        if not _OWN.search(change.path)
    ]
    return tuple(_with_likes(plan, found))


def schema_changes(plan: Plan) -> tuple[SchemaChange, ...]:
    """What the steps do to databases, in their order."""
    return tuple(
        SchemaChange(
            step=place,
            database=step.action.database,
            group=step.action.group,
            statements=_statements(plan, step.action),
            undo=_undo(plan, step.undo),
        )
        for place, step in enumerate(plan.steps)
        if isinstance(step.action, ApplySchema)
    )


def _files(plan: Plan, place: int, step: Step, action: WriteFiles) -> Iterator[FileChange]:
    old: dict[str, str | None] = {}
    for undo in step.undo:
        match undo:
            case WriteFiles(files=files, remove=remove):
                old |= dict.fromkeys(remove)
                old |= {path: plan.blobs.get(digest) for path, digest in files.items()}
            case Remove(paths=paths):
                old |= dict.fromkeys(paths)
            case _:
                pass
    new: dict[str, str | None] = {path: plan.blobs[name] for path, name in action.files.items()}
    for path, after in (new | dict.fromkeys(action.remove)).items():
        yield FileChange(
            step=place,
            host=step.host,
            path=path,
            before=old.get(path),
            after=after,
            known=path in old,
        )


def _with_likes(plan: Plan, found: Sequence[FileChange]) -> Iterator[FileChange]:
    """Say of each file which one before it changes in the same way."""
    ports = {
        step.unit: str(urlsplit(step.action.url).port or "")
        for step in plan.steps
        if step.unit and isinstance(step.action, AwaitHealthy)
    }
    first: dict[tuple[str | None, ...], int] = {}
    for place, change in enumerate(found):
        unit = plan.steps[change.step].unit
        own = tuple(filter(None, (unit, ports.get(unit, ""))))
        key = tuple(_without(text, own) for text in (change.path, change.before, change.after))
        like = first.setdefault(key, place)
        yield change if like == place else replace(change, like=like)


def _without(text: str | None, names: Sequence[str]) -> str | None:
    """A text with an instance's own name and port taken out of it."""
    for number, name in enumerate(names):
        text = text.replace(name, f"\0{number}") if text else text
    return text


def _undo(plan: Plan, actions: Sequence[Action]) -> tuple[str, ...] | None:
    applied = [action for action in actions if isinstance(action, ApplySchema)]
    if not applied:
        return None
    return tuple(text for action in applied for text in _statements(plan, action))


def _statements(plan: Plan, action: ApplySchema) -> tuple[str, ...]:
    return tuple(json.loads(plan.blobs[action.statements]))


def _definitions(statements: Sequence[str]) -> dict[str, str]:
    """The statements that make an object, by its kind and name."""
    named = [text.replace(PREFIX, "") for text in statements]  # a table that is made anew
    found = ((_CREATE.match(text), text) for text in named)
    return {f"{made[1].lower()} {made[2]}": text for made, text in found if made}
