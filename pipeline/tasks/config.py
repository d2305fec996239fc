"""Tasks about rendered files: config.render, config.diff, config.explain."""

from pathlib import Path

from invoke.context import Context

from pipeline.tasks import edge
from pipeline.tasks.edge import ENV, OBSERVED, SET, Overrides, farm_task

REV = "a revision; default: the head of the environment's branch"


@farm_task(
    help={"env": ENV, "rev": REV, "out": "write the files below this folder", "set": SET},
)
def render(
    context: Context,
    env: str,
    rev: str | None = None,
    out: str | None = None,
    set: Overrides = None,
) -> None:
    """Show the files that an environment should have."""
    from pipeline.flow.config import rendered
    from pipeline.flow.own_folder import OwnFolder
    from pipeline.flow.world import world_of

    edge.refuse_dry(context)
    folder = OwnFolder(Path(out), "config.render") if out else None
    if folder:
        folder.refuse()
    files = rendered(world_of(edge.project(), env, set or (), edge.say), rev)
    if folder:
        with edge.writing(str(folder.path)):
            removed = folder.write(files)
        edge.show("\n".join(str(folder.path / path) for path in sorted(files)))
        if removed:
            edge.say(f"removed, for the environment no longer has it: {removed}")
        return
    for path, text in sorted(files.items()):
        edge.show(f"==> {path} <==\n{text}")


@farm_task(
    help={
        "env": ENV,
        "rev": REV,
        "observed": OBSERVED,
        "check": "exit 2 when anything differs",
        "set": SET,
    },
)
def diff(
    context: Context,
    env: str,
    rev: str | None = None,
    observed: str | None = None,
    check: bool = False,
    set: Overrides = None,
) -> None:
    """Show how deployed files differ from the wanted ones."""
    from pipeline.errors import DifferencesFound
    from pipeline.tasks.act import prepare

    edge.refuse_dry(context)
    _, prepared = prepare(env, rev, observed, set, build=False)
    for line in prepared.plan.notes:
        edge.say(f"note: {line}")
    if prepared.view:
        edge.show(prepared.view)
    edge.show(prepared.diffs or "No difference.")
    if check and prepared.diffs:
        raise DifferencesFound(f"the files of {env} differ")


@farm_task(
    help={
        "name": "a token, SERVER_NAME, or a key, balancer.port; globs are fine",
        "env": ENV,
        "set": SET,
    },
)
def explain(context: Context, name: str, env: str = "local", set: Overrides = None) -> None:
    """Say what a token or a key of the inventory is, and why."""
    from pipeline.flow.config import explanations
    from pipeline.flow.world import world_of

    edge.refuse_dry(context)
    for line in explanations(world_of(edge.project(), env, set or (), edge.say), name):
        edge.show(line)


TASKS = (render, diff, explain)
