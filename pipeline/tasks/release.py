"""Tasks that make something on this machine alone: build, venv."""

from invoke.context import Context

from pipeline.tasks import edge
from pipeline.tasks.edge import ENV, SET, Overrides, farm_task


@farm_task(
    help={"rev": "a revision; default: the head of the branch", "env": ENV, "set": SET},
)
def build(
    context: Context, rev: str | None = None, env: str = "local", set: Overrides = None
) -> None:
    """Make a revision's release, or name the one there is."""
    from pipeline.flow.build import build_release
    from pipeline.flow.world import world_of

    edge.refuse_dry(context)
    world = world_of(edge.project(), env, set or (), edge.say)
    release = build_release(world, rev)
    edge.show(release.id)
    edge.say(f"{release.files} files, {release.size / 1e6:.1f} MB, manifest {release.digest[:12]}")


@farm_task(
    help={
        "name": "its name; default: the project's",
        "python": "a Python by path or version; default: the one that runs this",
        "env": ENV,
        "set": SET,
    },
)
def venv(
    context: Context,
    name: str = "",
    python: str = "",
    env: str = "local",
    set: Overrides = None,
) -> None:
    """Make or refresh your own virtualenv, for `workon`, from the site's pins."""
    from pipeline.flow.venv import make_venv
    from pipeline.flow.world import world_of
    from pipeline.settings import workon

    edge.refuse_dry(context)
    world = world_of(edge.project(), env, set or (), edge.say)
    edge.show(str(make_venv(world, name, python, workon())))


TASKS = (build, venv)
