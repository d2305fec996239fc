"""Tasks that change no file: bounce, stop, start, drain and undrain instances."""

from invoke.context import Context

from pipeline.tasks import edge
from pipeline.tasks.edge import ENV, REPORT, SET, InvokeTask, Overrides, farm_task

HELP = {
    "env": ENV,
    "instance": "which: NAME,...; default: all",
    "dry-run": "show the plan and touch nothing",
    "yes": "answer yes to what would be asked; never to a hazard",
    "allow": "costs that are accepted: HAZARD:OBJECT,... (globs are fine)",
    "json": "the result as JSON",
    "report": REPORT,
    "set": SET,
}


def instance_task(
    kind: str, line: str, *, asks: bool = False, implied: tuple[str, ...] = ()
) -> InvokeTask:
    """One of these tasks: they differ in the kind of their plan, and in what they ask first."""

    def body(
        context: Context,
        env: str,
        instance: str | None = None,
        dry_run: bool = False,
        yes: bool = False,
        allow: str | None = None,
        json: bool = False,
        set: Overrides = None,
        report: str | None = None,
    ) -> None:
        from pipeline.flow.instances import prepare_instances
        from pipeline.flow.unlock import refuse_held
        from pipeline.flow.want import Prepared
        from pipeline.flow.world import reach
        from pipeline.tasks.act import Consent, act, show_only
        from pipeline.tasks.reporting import checked

        path = checked(report)
        consent = Consent(yes=yes, allow=edge.words(allow), asks=asks, implied=implied)
        world = reach(edge.project(), env, set or (), edge.say)
        dry = edge.is_dry(context, dry_run)
        if not dry:
            refuse_held(world)
        plan = prepare_instances(world, kind, edge.words(instance))
        if dry:
            show_only(world, Prepared(plan=plan), report=path, as_json=json)
            return
        act(world, plan, consent=consent, report=path, as_json=json)

    body.__name__, body.__doc__ = kind, line
    return farm_task(help=HELP)(body)


TASKS = (
    instance_task("bounce", "Restart instances one by one, without losing a request."),
    instance_task(
        "stop",
        "Stop instances; without names all, the balancer first.",
        asks=True,
        implied=("stops-service",),
    ),
    instance_task("start", "Start what does not run: instances, then the balancer."),
    instance_task("drain", "Take instances out of rotation; they go on running."),
    instance_task("undrain", "Put instances back into rotation."),
)
