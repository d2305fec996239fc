"""Which run can be resumed."""

from collections.abc import Callable

from pipeline.errors import CheckFailed
from pipeline.execute.journal import Journal
from pipeline.execute.run import Run
from pipeline.flow.world import World


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
