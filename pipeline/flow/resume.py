"""Which run can be resumed."""

from collections.abc import Callable

from pipeline.errors import CheckFailed
from pipeline.execute.journal import Journal
from pipeline.execute.run import Run
from pipeline.flow.world import World


def unfinished(world: World) -> Callable[[Journal], Run]:
    """How to find the last run that did not end well. It raises CheckFailed when there is none."""
    environment = world.inventory.name

    def find(journal: Journal) -> Run:
        run = journal.unfinished(environment)
        if run is None:
            raise CheckFailed(
                "there is nothing to resume",
                where=environment,
                advice="invoke history shows what was done; deploying again finishes anything",
            )
        world.say(f"resuming run {run.id}: {run.kind}, begun by {run.who} at {run.started:%F %T}")
        return run

    return find
