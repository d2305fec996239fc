"""Deploys a scripted plan, and is killed right after the event that its third argument counts."""

import os
import signal
import sys
from pathlib import Path

from pipeline.execute.clock import Clock, utc_now
from pipeline.execute.executor import execute
from pipeline.execute.journal import open_journal
from pipeline.execute.lease import acquire
from pipeline.execute.owner import this_process
from pipeline.execute.progress import NoProgress
from pipeline.plan.plan import Plan, from_json
from pipeline.plan.step import Step
from pipeline.transport.local import LocalTransport
from tests.execute.scripted import Actor

if sys.platform == "win32":
    KILL = signal.SIGTERM  # ends a process there and then
else:
    KILL = signal.SIGKILL


class Deadly(NoProgress):
    """Kills its own process at the `last` event."""

    def __init__(self, last: int) -> None:
        self.left = last

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), KILL)

    def plan_begins(self, plan: Plan, left: int) -> None:
        self.count()

    def began(self, step: Step) -> None:
        self.count()

    def ended(self, step: Step, detail: str, seconds: float) -> None:
        self.count()

    def passed_over(self, step: Step, reason: str, seconds: float) -> None:
        self.count()

    def failed(self, step: Step, reason: str) -> None:
        self.count()

    def undoing(self, step: Step) -> None:
        self.count()

    def undone(self, step: Step) -> None:
        self.count()


def deploy(folder: Path, progress: NoProgress, *, broken: str = "") -> None:
    """Begin the plan of a folder, or resume it."""
    journal = open_journal(folder / "journal.db", now=utc_now)
    unfinished = journal.unfinished("local")
    if unfinished is None:
        plan = from_json((folder / "plan.json").read_text(), where="plan.json")
        run, states = journal.begin_run(plan, "ann@desk"), {}
    else:
        run, plan = unfinished.id, journal.plan_of(unfinished.id)
        states = journal.states(run)
        journal.resume_run(run)
    owner = this_process("ann@desk")
    lock = str(folder / "lock.json")
    with acquire(
        LocalTransport(),
        lock,
        environment="local",
        owner=owner,
        reason="deploy",
        clock=Clock(),
    ) as lease:
        execute(
            plan,
            journal=journal,
            run=run,
            act=Actor(folder / "site", plan.blobs, broken),
            lease=lease,
            progress=progress,
            states=states,
        )
    journal.close()


if __name__ == "__main__":
    deploy(Path(sys.argv[1]), Deadly(int(sys.argv[2])), broken=sys.argv[3])
