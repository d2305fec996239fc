"""A plan as text for people: what, where, why, at what cost."""

import json
import re
from collections.abc import Iterator, Sequence

from pipeline.facts.changeset import Changeset
from pipeline.plan.action import (
    Action,
    ApplySchema,
    AwaitHealthy,
    CompileBytecode,
    CreateUser,
    Drain,
    FlushCache,
    MakeFolders,
    MakeVenv,
    PublishStatic,
    PushRelease,
    ReloadService,
    Remove,
    RemoveUser,
    RunHook,
    StartService,
    StopService,
    Undrain,
    WriteFiles,
    WriteSecrets,
)
from pipeline.plan.plan import Plan
from pipeline.plan.step import Step
from pipeline.wording import count

_PLAIN = re.compile(r"[\w./:=@%+,\\-]+")

NOTHING = "Nothing to do."


def show(plan: Plan, *, diffs: str = "", view: str = "") -> str:
    """The whole plan, for a terminal or a log.

    `diffs`: how the files differ, already made; `view`: who observed what it is made from.
    """
    return "\n".join(_lines(plan, diffs, view)) + "\n"


def headline(plan: Plan) -> str:
    """What kind of plan it is, of what, where."""
    what = f" {plan.release}" if plan.release else ""
    return (
        f"{plan.kind}{what} to {plan.environment}" if what else f"{plan.kind} {plan.environment}"
    )


def describe(action: Action) -> str:
    """What an action does, in a few words."""
    match action:
        case CreateUser(name=name):
            return f"create user {name}"
        case RemoveUser(name=name):
            return f"remove user {name}"
        case MakeFolders(paths=paths):
            return f"make {count(len(paths), 'folder')}"
        case PushRelease(release=release):
            return f"push release {release}"
        case MakeVenv(path=path):
            return f"make virtualenv {_last(path)}"
        case CompileBytecode():
            return "compile bytecode"
        case PublishStatic():
            return "publish static files"
        case WriteFiles(files=files, remove=remove):
            return _files(tuple(files), remove)
        case WriteSecrets(path=path, form=form):
            return f"write {'secrets' if form == 'json' else 'certificate'} {path}"
        case Remove(paths=paths):
            return f"remove {', '.join(_last(path) for path in paths)}"
        case ApplySchema(database=database):
            return f"change schema of database {database}"
        case Drain(member=member):
            return f"drain {member}"
        case Undrain(member=member):
            return f"put {member} back into rotation"
        case StartService(service=service):
            return f"start {service.name}"
        case StopService(service=service):
            return f"stop {service.name}"
        case ReloadService(service=service):
            return f"reload {service.name}"
        case FlushCache(address=address, port=port):
            return f"flush memcached {address}:{port}"
        case AwaitHealthy(url=url):
            return f"wait until {url} is healthy"
        case RunHook():
            return f"run {command_line(action)}"


def command_line(action: RunHook) -> str:
    """What a hook runs, as people write it."""
    if action.task:
        return f"invoke {action.task}"
    words = [word if _PLAIN.fullmatch(word) else json.dumps(word) for word in action.argv]
    return action.script or " ".join(words)


def title(step: Step) -> str:
    """One line for one step."""
    return f"{step.host}: {describe(step.action)} ({step.why})"


def _lines(plan: Plan, diffs: str, view: str) -> Iterator[str]:
    yield f"Plan: {headline(plan)}"
    if view:
        yield f"  {view}"
    if plan.changeset:
        yield f"  changeset {_changeset(plan.changeset)}"
    yield from _changelog(plan)
    for note in plan.notes:
        yield f"  note: {note}"
    if not plan.steps:
        yield ""
        yield NOTHING
        return
    for stage, steps in plan.stages():
        yield ""
        yield stage.upper()
        for unit in _units(steps):
            yield from _unit(unit)
    yield from _schema(plan)
    yield from _scripts(plan)
    if diffs:
        yield ""
        yield "FILES"
        yield diffs.rstrip("\n")
    yield from _hazards(plan)
    yield ""
    yield f"{count(len(plan.steps), 'step')}."


def _changelog(plan: Plan) -> Iterator[str]:
    if plan.changelog:
        yield f"  {count(len(plan.changelog), 'changeset')} since what runs now:"
        for changeset in plan.changelog:
            yield f"    {_changeset(changeset)}"


def _changeset(changeset: Changeset) -> str:
    author = changeset.author.split(" <")[0]
    return f"{changeset.short} {changeset.date[:10]} {author}: {changeset.summary}"


def _units(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Neighbours that are put back together stand together."""
    unit: list[Step] = []
    for step in steps:
        if unit and (not step.unit or step.unit != unit[-1].unit):
            yield tuple(unit)
            unit = []
        unit.append(step)
    if unit:
        yield tuple(unit)


def _unit(steps: tuple[Step, ...]) -> Iterator[str]:
    own = [step for step in steps if not isinstance(step.action, RunHook)]
    first = own[0] if own else steps[0]
    if not (first.unit and own):
        yield f"  + {title(first)}"
    else:
        verbs = " > ".join(step.id.rsplit(":", 1)[-1] for step in steps)
        yield f"  ~ {first.host}: {first.unit} ({first.why})"
        yield f"      {verbs}"
        for step in steps:
            if isinstance(step.action, RunHook):
                yield f"      + {title(step)}"
    for step in steps:
        for hazard in step.hazards:
            yield f"      ! {hazard}: {hazard.reason}"


def _schema(plan: Plan) -> Iterator[str]:
    """The statements themselves: whoever reviews a schema change wants to read nothing less."""
    steps = [(step.id, step.action) for step in plan.steps]
    applied = [(name, action) for name, action in steps if isinstance(action, ApplySchema)]
    if applied:
        yield ""
        yield "SCHEMA"
    for name, action in applied:
        yield f"-- {name}: one transaction on database {action.database}"
        for statement in json.loads(plan.blobs[action.statements]):
            yield f"{statement};"


def _scripts(plan: Plan) -> Iterator[str]:
    """The scripts of hooks, each once: they are as much of the plan as statements are."""
    actions = [action for step in plan.steps for action in (step.action, *step.undo)]
    found = {it.script: it.text for it in actions if isinstance(it, RunHook) and it.script}
    if found:
        yield ""
        yield "SCRIPTS"
    for name, text in found.items():
        yield f"-- {name}"
        yield plan.blobs[text].rstrip("\n")


def _hazards(plan: Plan) -> Iterator[str]:
    if plan.hazards:
        yield ""
        yield f"HAZARDS ({len(plan.hazards)}); each must be allowed: --allow HAZARD:OBJECT"
        for hazard in plan.hazards:
            yield f"  ! {hazard}: {hazard.reason}"


def _files(files: tuple[str, ...], remove: tuple[str, ...]) -> str:
    parts = []
    if files:
        parts.append("write " + ", ".join(_last(path) for path in files))
    if remove:
        parts.append("remove " + ", ".join(_last(path) for path in remove))
    return "; ".join(parts)


def _last(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def names(words: Sequence[str], most: int = 4) -> str:
    """The first of many names, and how many more there are."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
