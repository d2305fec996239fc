"""Which run can be resumed, and what it has meant to do."""

from collections.abc import Callable
from contextlib import closing

from pipeline.errors import CheckFailed
from pipeline.execute.journal import Journal, read_journal
from pipeline.execute.run import Run
from pipeline.flow.world import World
from pipeline.plan.plan import Plan


def unfinished(world: World) -> Callable[[Journal], Run]:
    """How to find the last run that did not end well. It raises CheckFailed when there is none."""
    environment = world.inventory.name
    nothing = CheckFailed(
        "there is nothing to resume",
        where=environment,
        advice=f"invoke history --env {environment} shows what was done; "
        "deploying again finishes anything",
    )
    if not world.settings.journal.is_file():  # which is not made for this
        raise nothing

    def find(journal: Journal) -> Run:
        run = journal.unfinished(environment)
        if run is None:
            raise nothing
        world.say(f"resuming run {run.id}: {run.kind}, begun by {run.who} at {run.started:%F %T}")
        return run

    return find


def unfinished_plan(world: World) -> Plan | None:
    """The plan of the last run that did not end well; None without one. Nothing is written."""
    journal = read_journal(world.settings.journal)
    if journal is None:
        return None
    with closing(journal):
        run = journal.unfinished(world.inventory.name)
        return journal.plan_of(run.id) if run else None
