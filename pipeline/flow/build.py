"""Make a release, and nothing else."""

from pipeline.facts.changeset import Release
from pipeline.flow.observe import ask_software
from pipeline.flow.release import release_of, repository
from pipeline.flow.world import World


def build_release(world: World, rev: str | None) -> Release:
    """The release of a revision, for the Python of the first host. Windows hosts are not asked."""
    python = "" if world.inventory.windows else ask_software(world)[world.first_host].python
    with repository(world) as source:
        changeset = source.resolve(rev, world.inventory.branch)
        return release_of(world, source, changeset, python)
