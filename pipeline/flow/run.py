"""Carry out a plan: the lease, the last look, the journal, the steps."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager

from pipeline.build.store import prune
from pipeline.errors import CheckFailed, Failed, StalePlan
from pipeline.execute.acts import Acts
from pipeline.execute.clock import Clock
from pipeline.execute.executor import execute
from pipeline.execute.journal import Journal, open_journal
from pipeline.execute.lease import HeldLease, acquire
from pipeline.execute.owner import this_process
from pipeline.execute.progress import Progress
from pipeline.execute.run import Run
from pipeline.execute.summary import Summary
from pipeline.flow import tls
from pipeline.flow.hooks import control_layout
from pipeline.flow.observe import ask_software, observe, services_of
from pipeline.flow.publish import publishing
from pipeline.flow.world import World, utc
from pipeline.plan.plan import Plan
from pipeline.plan.resources import resources
from pipeline.plan.show import headline
from pipeline.plan.staleness import Moved, moved
from pipeline.plan.step import CONTROL
from pipeline.plan.step_state import StepState
from pipeline.settings import who
from pipeline.transport.local import LocalTransport

States = Mapping[str, StepState]
Begun = Callable[[int], None]


def carry_out(
    world: World,
    plan: Plan,
    *,
    progress: Progress,
    allowed: Mapping[str, str],
    begun: Begun = lambda run: None,
) -> Summary:
    """Carry out a plan from its beginning.

    `allowed` says by what each of its hazards was; `begun` is told the number of the run.
    Raises LockHeld, StalePlan (saying what moved) and CheckFailed before anything is touched.
    """
    with ExitStack() as opened:
        with not_begun():
            journal = opened.enter_context(closing(_journal(world)))
            lease = opened.enter_context(_lease(world, headline(plan), wait=False))
            refuse_moved(plan, {}, look_again(world))
            refuse_missing_release(world, plan)
            _refuse_bad_certificate(world, plan)
            run = journal.begin_run(plan, who(), allowed)
        begun(run)
        with publishing(world):
            summary = _execute(world, plan, journal, run, lease, progress, {}, None)
    prune_store(world, plan)
    return summary


def go_on(
    world: World,
    find: Callable[[Journal], Run],
    *,
    progress: Progress,
    begun: Begun = lambda run: None,
) -> tuple[Plan, Summary]:
    """Carry out what is left of a run that did not end well.

    `find` chooses it; `begun` is told its number, also when it is refused after that. A holder of
    the lease that gives no sign of life is waited out. Raises StalePlan when the world is not as
    the run can have left it.
    """
    with ExitStack() as opened:
        with not_begun():
            journal = opened.enter_context(closing(_journal(world)))
            run = find(journal)
            begun(run.id)
            plan = journal.plan_of(run.id)
            reason = f"resume {headline(plan)}"
            lease = opened.enter_context(_lease(world, reason, wait=True))
            states = journal.states(run.id)
            now = look_again(world)
            refuse_moved(plan, states, now)
            refuse_missing_release(world, plan)
            journal.resume_run(run.id)
        with publishing(world):
            summary = _execute(world, plan, journal, run.id, lease, progress, states, now)
    prune_store(world, plan)
    return plan, summary


@contextmanager
def not_begun() -> Iterator[None]:
    """What fails in here (a journal that cannot be written) is refused: nothing was begun."""
    try:
        yield
    except Failed as problem:
        if type(problem) is not Failed:
            raise
        advice = problem.advice.removesuffix(", then resume")
        raise CheckFailed(problem.what, where=problem.where, advice=advice) from problem


def refuse_stale(world: World, plan: Plan) -> None:
    """Raise StalePlan unless a saved plan still fits the world as it is now."""
    refuse_moved(plan, {}, look_again(world))


def prune_store(world: World, plan: Plan) -> None:
    """Let go of old releases on this machine: all but the newest, and those that hosts have."""
    if plan.release:
        there = {name.rsplit(":", 1)[-1] for name in plan.seen if ":release:" in name}
        prune(world.store, world.inventory.farm.build.keep, {plan.release, *there}, say=world.say)


def look_again(world: World) -> dict[str, str]:
    """What the world looks like now, as plans see it."""
    observed, _ = observe(world, services_of(world.inventory, ask_software(world)))
    return resources(observed)


def refuse_moved(plan: Plan, states: States, now: Mapping[str, str]) -> None:
    """Raise StalePlan that names everything which is not as the plan expects it."""
    if moves := moved(plan, now, states):
        raise StalePlan(_moved_lines(moves), where=headline(plan), advice="look, then plan again")


def refuse_missing_release(world: World, plan: Plan) -> None:
    """Raise CheckFailed when a release that has to be pushed is not in the store, or another."""
    for step in plan.steps:
        if step.action.kind == "push-release":
            folder = world.store.folder(step.action.release)
            if not (folder / "manifest.json").is_file():
                raise CheckFailed(
                    f"release {step.action.release} is not in {folder.parent}",
                    where=headline(plan),
                    advice=f"build it: invoke build --rev {plan.changeset.short}"
                    if plan.changeset
                    else "build it again",
                )


def _refuse_bad_certificate(world: World, plan: Plan) -> None:
    """Raise CheckFailed when a certificate that is to be written has become unusable meanwhile."""
    for step in plan.steps:
        if step.action.kind == "write-secrets" and step.action.form == "pem":
            tls.notes(world)


def _moved_lines(moves: tuple[Moved, ...]) -> str:
    first = f"{len(moves)} thing{'s have' if len(moves) > 1 else ' has'} changed since the plan"
    return "\n".join((f"{first} was made", *(f"  {move}" for move in moves)))


def _execute(
    world: World,
    plan: Plan,
    journal: Journal,
    run: int,
    lease: HeldLease,
    progress: Progress,
    states: States,
    now: Mapping[str, str] | None,
) -> Summary:
    acts = Acts(
        ways={**world.ways, CONTROL: LocalTransport(world.resolve)},
        store=world.store.releases,
        blobs=plan.blobs,
        resolve=world.resolve,
        layouts={
            **{host: world.layout(host) for host in world.ways},
            CONTROL: control_layout(world),
        },
        project=str(world.settings.project),
    )
    return execute(
        plan,
        journal=journal,
        run=run,
        act=acts.act,
        lease=lease,
        progress=progress,
        states=states,
        now=now,
    )


def _journal(world: World) -> Journal:
    return open_journal(world.settings.journal, now=utc)


@contextmanager
def _lease(world: World, reason: str, *, wait: bool) -> Iterator[HeldLease]:
    """The lease of the environment, on the first host; `wait`: a dead holder is waited out."""
    with acquire(
        world.ways[world.first_host],
        world.layout(world.first_host).lock,
        environment=world.inventory.name,
        owner=this_process(who()),
        reason=reason,
        clock=Clock(),
        wait=wait,
        tell=world.say,
    ) as lease:
        yield lease
