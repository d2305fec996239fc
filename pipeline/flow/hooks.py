"""What hooks need: the texts of their scripts, tasks and programs that are there, what is owed."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from pipeline.errors import CheckFailed
from pipeline.facts.changeset import Release
from pipeline.farm.layout import Layout
from pipeline.farm.scripts import interpreter
from pipeline.flow.release import SITE, site_folder
from pipeline.flow.world import World
from pipeline.plan.action import RunHook
from pipeline.plan.order import remaining
from pipeline.plan.plan import Plan
from pipeline.plan.step import CONTROL
from pipeline.transport.process import run_program

TASKS_TIMEOUT = 60.0  # seconds
WINDOWS = sys.platform == "win32"


def control_layout(world: World) -> Layout:
    """Where the scripts and the output of hooks lie on this machine."""
    return Layout(root=str(world.settings.state), windows=WINDOWS)


def scripts(world: World, kind: str, release: Release) -> dict[str, str]:
    """The texts of the scripts that a deploy or a rollback may run, by their places.

    Those of the site are the release's: from the store before a deploy; a rollback takes them
    from the host, where all is that it returns to. Raises CheckFailed for one that is not there.
    """
    return {
        deed.script: _script(world, kind, release, deed.script, hook.name)
        for hook in world.inventory.hooks(kind)
        for deed in hook.deeds
        if deed.script
    }


def _script(world: World, kind: str, release: Release, place: str, hook: str) -> str:
    path = place.removeprefix(SITE)
    try:
        if path == place or kind == "deploy":
            content: bytes | None = site_folder(world, release, place).read_bytes()
        else:
            host = world.first_host
            content = world.ways[host].read(
                f"{world.layout(host).release(release.id)}/code/{path}"
            )
    except OSError as problem:
        raise _no_script(hook, place, (problem.strerror or str(problem)).lower()) from problem
    if content is None:
        raise _no_script(hook, place, "no such file or directory")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _no_script(hook, place, f"not UTF-8 text at byte {problem.start}") from problem


def _no_script(hook: str, place: str, why: str) -> CheckFailed:
    return CheckFailed(
        f"{place}: {why}",
        where=f"hook {hook}",
        advice="SITE: is the changeset's own tree; without it, the project's folder is meant",
    )


def refuse_impossible_hooks(world: World, plan: Plan) -> None:
    """Raise CheckFailed for a task that tasks.py does not have, or a script that cannot run there.

    Else that would show in the middle of the roll.
    """
    tasks: frozenset[str] | None = None
    for host, action in _hook_actions(plan):
        windows = WINDOWS if host == CONTROL else world.layout(host).windows
        if action.script and not interpreter(action.script, windows=windows):
            raise CheckFailed(
                f"{action.script} cannot run on {'Windows' if windows else 'this system'}",
                where=f"hook {action.hook} on {host}",
                advice=".sh is for Linux; .cmd, .bat and .ps1 are for Windows",
            )
        if action.task:
            tasks = known_tasks(world.settings.project) if tasks is None else tasks
            if action.task not in tasks:
                raise CheckFailed(
                    f"tasks.py has no task {action.task}",
                    where=f"hook {action.hook}",
                    advice="invoke --list shows what there is",
                )


def _hook_actions(plan: Plan) -> Iterator[tuple[str, RunHook]]:
    for step in plan.steps:
        for action in (step.action, *step.undo):
            if isinstance(action, RunHook):
                yield step.host, action


def known_tasks(project: Path) -> frozenset[str]:
    """All tasks of the project's own tasks.py, as invoke lists them in a process of its own."""
    words = (sys.executable, "-m", "invoke", "--list", "--list-format=json")
    outcome = run_program(words, folder=project, environ={}, timeout=TASKS_TIMEOUT)
    if outcome.exit_code != 0:
        raise CheckFailed(
            f"its tasks cannot be listed: {outcome.said}",
            where=str(project / "tasks.py"),
            advice="see what is wrong: invoke --list",
        )
    return frozenset(_names(json.loads(outcome.out), ""))


def _names(collection: Mapping[str, object], above: str) -> Iterator[str]:
    """The names and other names of a collection's tasks, and of those in it."""
    tasks, collections = collection.get("tasks"), collection.get("collections")
    for task in tasks if isinstance(tasks, list) else ():
        yield from (f"{above}{name}" for name in (task["name"], *task["aliases"]))
    for each in collections if isinstance(collections, list) else ():
        yield from _names(each, f"{above}{each['name']}.")


def owed(world: World) -> frozenset[str]:
    """The hooks of a deploy that was killed or failed, which it has not done."""
    if not world.inventory.hooks("deploy"):
        return frozenset()
    from pipeline.execute.journal import read_journal  # its SQL: not worth its import before

    journal = read_journal(world.settings.journal)
    if journal is None:
        return frozenset()
    with closing(journal):
        run = journal.unfinished(world.inventory.name)
        if run is None or run.kind != "deploy":
            return frozenset()
        left = remaining(journal.plan_of(run.id), journal.states(run.id))
    return frozenset(
        step.action.hook.partition("@")[0] for step in left if isinstance(step.action, RunHook)
    )
