"""Tasks that change what runs (deploy, resume, rollback, unlock) and those that show it first."""

from pathlib import Path

from invoke.context import Context

from pipeline.errors import BadCall, DifferencesFound
from pipeline.tasks import edge
from pipeline.tasks.edge import ENV, OBSERVED, REPORT, SET, Overrides, farm_task

REV = "a revision: hash, branch, tag or bookmark; default: the head of the environment's branch"
ALLOW = "costs that are accepted: HAZARD:OBJECT,... (globs are fine)"


@farm_task(
    help={
        "env": ENV,
        "rev": REV,
        "plan": "a plan that was saved by: plan --out FILE",
        "dry-run": "show the plan and touch nothing",
        "yes": "answer yes to what would be asked; never to a hazard",
        "allow": ALLOW,
        "json": "the result as JSON",
        "report": REPORT,
        "set": SET,
    },
)
def deploy(
    context: Context,
    env: str,
    rev: str | None = None,
    plan: str | None = None,
    dry_run: bool = False,
    yes: bool = False,
    allow: str | None = None,
    json: bool = False,
    set: Overrides = None,
    report: str | None = None,
) -> None:
    """Bring a revision to an environment, losing no request."""
    from pipeline.flow.unlock import refuse_held
    from pipeline.flow.want import Prepared, prepare_deploy
    from pipeline.flow.world import reach
    from pipeline.tasks.act import Consent, act, show_only
    from pipeline.tasks.reporting import checked

    if plan and rev:
        raise BadCall("a saved plan has its revision", where="--rev", advice="leave one out")
    path = checked(report)
    consent = Consent(yes=yes, allow=edge.words(allow))
    world = reach(edge.project(), env, set or (), edge.say)
    dry = edge.is_dry(context, dry_run)
    if not dry:
        refuse_held(world)
    if plan:
        from pipeline.flow.saved import saved_plan

        prepared = Prepared(plan=saved_plan(world, edge.read(plan), plan))
    else:
        prepared = prepare_deploy(world, rev)
    if dry:
        show_only(world, prepared, report=path, as_json=json)
        return
    act(world, prepared.plan, consent=consent, diffs=prepared.diffs, report=path, as_json=json)


@farm_task(
    help={
        "env": ENV,
        "rev": REV,
        "out": "save the plan; deploy --plan FILE carries it out, or refuses it",
        "observed": OBSERVED,
        "json": "the plan as JSON",
        "report": REPORT,
        "set": SET,
    },
)
def plan(
    context: Context,
    env: str,
    rev: str | None = None,
    out: str | None = None,
    observed: str | None = None,
    json: bool = False,
    set: Overrides = None,
    report: str | None = None,
) -> None:
    """Show, and save, what a deploy would do and why."""
    from pipeline.plan.plan import to_json
    from pipeline.tasks.act import prepare, show_only
    from pipeline.tasks.reporting import checked

    edge.refuse_dry(context)
    path = checked(report)
    world, prepared = prepare(env, rev, observed, set, build=True)
    if out:
        from pipeline.flow.observed import refuse_unbuilt

        refuse_unbuilt(prepared.plan)
        with edge.writing(out):
            Path(out).write_text(to_json(prepared.plan), encoding="utf-8")
        edge.say(f"saved as {out}")
    show_only(world, prepared, report=path, as_json=json)


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
    """Show how an environment differs from a revision."""
    from pipeline.tasks.act import prepare, show_only

    edge.refuse_dry(context)
    world, prepared = prepare(env, rev, observed, set, build=False)
    show_only(world, prepared, as_json=False)
    if check and prepared.plan.steps:
        raise DifferencesFound(f"{env} differs in {len(prepared.plan.steps)} steps")


@farm_task(help={"env": ENV, "json": "the result as JSON", "report": REPORT, "set": SET})
def resume(
    context: Context,
    env: str,
    json: bool = False,
    set: Overrides = None,
    report: str | None = None,
) -> None:
    """Go on with a run that was killed or failed."""
    from pipeline.flow.resume import unfinished
    from pipeline.flow.run import go_on
    from pipeline.flow.world import reach
    from pipeline.tasks.act import finish, progress
    from pipeline.tasks.reporting import Reporting, checked

    edge.refuse_dry(context)
    path = checked(report)
    world = reach(edge.project(), env, set or (), edge.say)
    with Reporting(world=world, path=path) as reporting:
        plan, summary = go_on(world, unfinished(world), progress=progress(), begun=reporting.begun)
    finish(world, plan, summary, as_json=json)


@farm_task(
    help={
        "env": ENV,
        "dry-run": "show the plan and touch nothing",
        "yes": "answer yes to what would be asked; never to a hazard",
        "allow": ALLOW,
        "json": "the result as JSON",
        "report": REPORT,
        "set": SET,
    },
)
def rollback(
    context: Context,
    env: str,
    dry_run: bool = False,
    yes: bool = False,
    allow: str | None = None,
    json: bool = False,
    set: Overrides = None,
    report: str | None = None,
) -> None:
    """Return to what ran before the last deploy."""
    from pipeline.flow.rollback import prepare_rollback
    from pipeline.flow.unlock import refuse_held
    from pipeline.flow.world import reach
    from pipeline.tasks.act import Consent, act, show_only
    from pipeline.tasks.reporting import checked

    path = checked(report)
    consent = Consent(yes=yes, allow=edge.words(allow), asks=True)
    world = reach(edge.project(), env, set or (), edge.say)
    dry = edge.is_dry(context, dry_run)
    if not dry:
        refuse_held(world)
    prepared = prepare_rollback(world)
    if dry:
        show_only(world, prepared, report=path, as_json=json)
        return
    act(world, prepared.plan, consent=consent, diffs=prepared.diffs, report=path, as_json=json)


@farm_task(help={"env": ENV, "yes": "do not ask", "set": SET})
def unlock(context: Context, env: str, yes: bool = False, set: Overrides = None) -> None:
    """Break the lock of a dead deploy."""
    from pipeline.flow.unlock import break_lease, lease_of
    from pipeline.flow.world import reach

    edge.refuse_dry(context)
    world = reach(edge.project(), env, set or (), edge.say)
    lease = lease_of(world)
    if lease is None:
        edge.show(f"nobody holds the lock of {env}")
        return
    edge.say(f"held by {lease}")
    edge.confirm("Break it?", yes=yes)
    break_lease(world)
    edge.show(f"the lock of {env} is free")


TASKS = (deploy, plan, diff, resume, rollback, unlock)
