"""Tasks that only look: status, history, check."""

import json as to_json

from invoke.context import Context

from pipeline.tasks import edge
from pipeline.tasks.edge import ENV, SET, Overrides, farm_task


@farm_task(
    help={
        "env": ENV,
        "watch": "look again every second, until interrupted",
        "json": "the answer as JSON",
        "set": SET,
    }
)
def status(
    context: Context, env: str, watch: bool = False, json: bool = False, set: Overrides = None
) -> None:
    """Show instances: release, health, requests in flight."""
    from pipeline.flow.status import as_dict, as_table, look_at
    from pipeline.flow.world import reach

    edge.refuse_dry(context)
    world = reach(edge.project(), env, set or (), edge.say)
    while True:
        found = look_at(world)
        edge.show(to_json.dumps(as_dict(found), indent=1) if json else as_table(found))
        if not watch:
            return
        edge.pause(1.0)


@farm_task(
    help={
        "env": ENV,
        "limit": "how many runs, newest first",
        "run": "the steps of this run",
        "json": "the answer as JSON",
        "set": SET,
    }
)
def history(
    context: Context,
    env: str,
    limit: str = "20",
    run: str = "",
    json: bool = False,
    set: Overrides = None,
) -> None:
    """Show who did what, when, and how it ended."""
    from pipeline.flow.history import as_dicts, as_table, events_table, runs_of
    from pipeline.flow.world import reach

    edge.refuse_dry(context)
    world = reach(edge.project(), env, set or (), edge.say)
    if run:
        edge.show(events_table(world, edge.number(run, "--run")))
        return
    found = runs_of(world, edge.number(limit, "--limit"))
    edge.show(to_json.dumps(as_dicts(found), indent=1) if json else as_table(found))


@farm_task(help={"env": ENV, "set": SET})
def check(context: Context, env: str, set: Overrides = None) -> None:
    """See whether a deploy has what it needs; touch nothing."""
    from pipeline.flow.check import check_environment
    from pipeline.flow.world import reach

    edge.refuse_dry(context)
    world = reach(edge.project(), env, set or (), edge.say)
    for line in check_environment(world):
        edge.show(line)


TASKS = (status, history, check)
