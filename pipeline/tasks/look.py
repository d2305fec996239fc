"""Tasks that only look: status, history, check, doctor."""

import json as to_json
import sys
from pathlib import Path

from invoke.context import Context

from pipeline.errors import BadCall
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
        "report": "with --run: write all of that run into this HTML file",
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
    report: str | None = None,
) -> None:
    """Show who did what, when, and how it ended."""
    from pipeline.flow.history import as_dicts, as_table, events_table, runs_of
    from pipeline.flow.world import reach
    from pipeline.tasks.reporting import Reporting, checked

    edge.refuse_dry(context)
    path = checked(report)
    if path and not run:
        raise BadCall("of which run?", where="--report", advice="say it too: --run NUMBER")
    world = reach(edge.project(), env, set or (), edge.say)
    if run:
        Reporting(world=world, path=path, run=edge.number(run, "--run")).write()
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


@farm_task(
    help={
        "env": f"look at what it needs, too: {ENV}",
        "json": "the answer as JSON",
        "set": SET,
    }
)
def doctor(context: Context, env: str = "", json: bool = False, set: Overrides = None) -> None:
    """See what this machine lacks, and how to get it; touch nothing."""
    from pipeline.errors import BadCall, Failed
    from pipeline.flow.doctor import examine_environment, examine_machine, examine_programs
    from pipeline.flow.world import unmade
    from pipeline.report.doctor import lines
    from pipeline.report.doctor import to_json as as_json
    from pipeline.report.terminal import width_of, write_lines
    from pipeline.settings import load, workon

    edge.refuse_dry(context)
    try:
        folder = edge.project()
    except BadCall:
        if env:
            raise
        folder = Path.cwd()
    world = unmade(load(folder, env, set or ()), edge.say) if env else None
    findings = [
        *examine_machine(folder, workon()),
        *(examine_environment(world) if world else examine_programs()),
    ]
    if json:
        edge.show(as_json(findings))
    else:
        columns = width_of(sys.stdout) if sys.stdout.isatty() else 0
        write_lines(sys.stdout, lines(findings, columns))
    missing = [each.what for each in findings if each.state == "missing"]
    if missing:
        raise Failed(f"missing: {', '.join(missing)}")


TASKS = (status, history, check, doctor)
