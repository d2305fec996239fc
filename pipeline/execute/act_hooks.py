"""Run a step of the site's own: a task, a program or a script."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.command import Command
from pipeline.errors import Failed
from pipeline.execute.act_files import blob
from pipeline.execute.act_release import TIED
from pipeline.farm.layout import Layout
from pipeline.farm.scripts import bytes_of, ending, interpreter
from pipeline.plan.action import RunHook
from pipeline.transport.base import Transport
from pipeline.transport.process import KILLED, TIMED_OUT

LAST_LINES = 10
# What it says comes in one stream, in its order.
IN_ORDER = f"exec 2>&1\n{TIED}"
AS_USER = """
exec 2>&1
HOME=$(getent passwd "$0" | cut -d: -f6) USER=$0 LOGNAME=$0
export HOME USER LOGNAME
exec setpriv --reuid "$0" --regid "$(id -g "$0")" --init-groups --pdeathsig KILL "$@"
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hook runs, and what is known there: a host, or the control machine."""

    way: Transport
    layout: Layout


def run_hook(
    action: RunHook, place: Place, control: Place, blobs: Mapping[str, str], project: str
) -> str:
    """Run it to its end, or for as long as it may: then it is killed with all that it has started.

    Gives the last line that it said. Raises Failed with the last lines; all of them are kept in a
    file of the control machine.
    """
    script = _put_script(action, place, blobs)
    try:
        outcome = place.way.run(
            Command(
                argv=_tied(action, place, _words(action, place, script)),
                folder=action.folder or project,
                environ={**action.environ, **action.secrets},
                timeout=action.timeout,
            )
        )
    finally:
        if script:
            place.way.remove(script)
    late = outcome.exit_code == TIMED_OUT and outcome.err.endswith(KILLED)
    said = outcome.out + ("" if late else outcome.err)
    log = control.layout.path("hooks", f"{action.hook}.log")
    control.way.make_folder(control.layout.path("hooks"))
    control.way.write(log, said.encode(), mode=0o600)
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    if outcome.exit_code != 0:
        end = "".join(f"\n  {line}" for line in lines[-LAST_LINES:])
        why = f"exit code {outcome.exit_code}"
        if late:
            why = f"killed with all that it had started: no end within {action.timeout:g} s"
        raise Failed(why + end, where=f"hook {action.hook}", advice=f"all it said: {log}")
    return lines[-1].strip() if lines else ""


def _put_script(action: RunHook, place: Place, blobs: Mapping[str, str]) -> str:
    """Put a script where it is run; gives its path, or nothing when there is none."""
    if not action.script:
        return ""
    path = place.layout.path("hooks", f"{action.hook}{ending(action.script)}")
    place.way.make_folder(place.layout.path("hooks"))
    content = bytes_of(action.script, blob(blobs, action.text))
    place.way.write(path, content, mode=0o500, owner=action.user)
    return path


def _words(action: RunHook, place: Place, script: str) -> tuple[str, ...]:
    if action.task:
        return (sys.executable, "-m", "invoke", action.task)
    if script:
        return (*interpreter(action.script, windows=place.layout.windows), script)
    return action.argv


def _tied(action: RunHook, place: Place, words: tuple[str, ...]) -> tuple[str, ...]:
    if place.layout.windows:
        return words
    if action.user:
        return ("sh", "-c", AS_USER, action.user, *words)
    return ("sh", "-c", IN_ORDER, "farmhand", *words)
