"""The deploy planner: wanted and observed give a plan. The stages stand in the other modules."""

from pipeline.facts.answer import MemberMode
from pipeline.facts.host import CURRENT, HostFacts
from pipeline.farm.instances import Instance
from pipeline.farm.layout import BALANCER, CACHE, service_folder
from pipeline.plan.action import FlushCache
from pipeline.plan.database import after_bounce, before_bounce
from pipeline.plan.draft import Draft, FileChange, barrier
from pipeline.plan.finish import is_recorded, next_record, prune, record
from pipeline.plan.front import front, retire
from pipeline.plan.hook_step import HookSteps
from pipeline.plan.hooks import with_hooks
from pipeline.plan.keep import keep
from pipeline.plan.plan import Plan
from pipeline.plan.prepare import prepare
from pipeline.plan.push import push, writing_secrets
from pipeline.plan.refusals import refuse_what_is_not_safe
from pipeline.plan.resources import resources
from pipeline.plan.roll import Bounce, Roller, whole_farm
from pipeline.plan.rollback import is_unfinished
from pipeline.plan.step import Stage, Step
from pipeline.plan.supporting import support, supporting
from pipeline.plan.wanted import Observed, Wanted, service_for, surplus


def plan_deploy(wanted: Wanted, observed: Observed) -> Plan:
    """What must be done so that the farm runs the wanted release. Nothing, when it does already.

    Raises Unreachable for a host that did not answer, CheckFailed for what cannot be done safely.
    """
    refuse_what_is_not_safe(wanted, observed)
    draft = Draft()
    _prepare_and_push(draft, wanted, observed)
    _expand(draft, wanted)
    bounces = _bounces(draft, wanted, observed)
    left_out = _left_out(wanted, observed, bounces)
    _support(draft, wanted, observed)
    _roll(draft, wanted, observed, left_out, bounces)
    _contract(draft, wanted)
    if bounces:
        _flush(draft, wanted)
    _finish(draft, wanted, observed)
    hazards = whole_farm(wanted.inventory, observed, bounces)
    if hazards and not left_out:  # those serve again before anybody goes
        units = {bounce.instance.name for bounce in bounces}
        first = next(i for i, step in enumerate(draft.steps) if step.unit in units)
        draft.cost(first, hazards)
    return Plan(
        kind=wanted.kind,
        environment=wanted.inventory.name,
        changeset=wanted.release.changeset,
        release=wanted.release.id,
        release_digest=wanted.release.digest,
        changelog=wanted.changelog,
        steps=with_hooks(
            draft.steps,
            wanted.inventory.hooks(wanted.kind),
            wanted.owed,
            HookSteps(wanted, draft),
        ),
        seen=resources(observed),
        blobs=draft.blobs,
        notes=_notes(wanted, observed, draft),
    )


def _prepare_and_push(draft: Draft, wanted: Wanted, observed: Observed) -> None:
    farm, site = wanted.inventory.farm, wanted.inventory.environment.site
    for name, host in wanted.hosts.items():
        layout = wanted.inventory.layout(name)
        found = observed.host(name)
        prepared = draft.add(*prepare(host, found, layout))
        push(
            draft,
            host,
            found,
            layout=layout,
            release=wanted.release,
            build=farm.build,
            secrets=site.secrets,
            after=prepared,
        )


def _expand(draft: Draft, wanted: Wanted) -> None:
    after = barrier(draft.steps)
    host = next(iter(wanted.hosts))
    for work in wanted.databases:
        draft.add(*before_bounce(draft, work, host), after=after)


def _support(draft: Draft, wanted: Wanted, observed: Observed) -> None:
    """What instances and the balancer need runs before they do."""
    after = barrier(draft.steps)
    rollout = wanted.inventory.environment.rollout
    for name, host in wanted.hosts.items():
        found, layout = observed.host(name), wanted.inventory.layout(name)
        for service in supporting(host.services.values()):
            folder = service_folder(service.name)
            if not host.below(folder):  # a rollback to before there was one: it stays
                continue
            files = draft.files(found, layout, folder, host.below(folder))
            support(
                draft,
                rollout,
                found,
                service=service,
                files=files,
                recorded=host.was_finished(folder, found.record),
                after=after,
            )


def _bounces(draft: Draft, wanted: Wanted, observed: Observed) -> tuple[Bounce, ...]:
    """The instances that need a bounce; first those that do not serve: nobody misses them."""
    found = []
    for instance in wanted.inventory.instances:
        host = observed.host(instance.host)
        files = _instance_files(draft, wanted, host, instance)
        state = host.service(instance.name)
        if why := _why(wanted, host, instance, files):
            found.append(
                Bounce(
                    instance=instance,
                    service=wanted.hosts[instance.host].services[instance.name],
                    files=files if files else None,
                    running=state.alive,
                    why=why,
                )
            )
    return tuple(sorted(found, key=lambda bounce: observed.serves(bounce.instance)))


def _instance_files(
    draft: Draft, wanted: Wanted, host: HostFacts, instance: Instance
) -> FileChange:
    folder = service_folder(instance.name)
    files = wanted.hosts[instance.host].below(folder)
    return draft.files(host, wanted.inventory.layout(instance.host), folder, files)


def _why(wanted: Wanted, host: HostFacts, instance: Instance, files: FileChange) -> str:
    """Why an instance is bounced; empty when it need not be."""
    state, running = host.service(instance.name), host.running(instance.name)
    if not state.running:
        return "it does not run" if running else "new"
    if running is None or running.release != wanted.release.id:
        return f"{running.release if running else 'nothing known'} -> {wanted.release.id}"
    if files:
        names = [path.rsplit("/", 1)[-1] for path in sorted(files.resources)]
        told = [name for name in names if name != "current.json"]  # it differs whenever they do
        return f"its files differ: {', '.join(told or names)}"
    secret = host.secrets.get(instance.name, "")
    if instance.name in wanted.hosts[instance.host].secrets and secret != CURRENT:
        return "its secrets changed"
    return ""


def _left_out(
    wanted: Wanted, observed: Observed, bounces: tuple[Bounce, ...]
) -> tuple[Bounce, ...]:
    """The instances that an unfinished run left out of rotation, and that need no bounce."""
    if not (wanted.unfinished or any(is_unfinished(observed.host(name)) for name in wanted.hosts)):
        return ()
    bounced = {bounce.instance for bounce in bounces}
    members = observed.balancer.members
    return tuple(
        Bounce(
            instance=instance,
            service=wanted.hosts[instance.host].services[instance.name],
            files=None,
            running=True,
            why="left out of rotation",
        )
        for instance in wanted.inventory.instances
        if instance not in bounced
        and instance.name in members
        and members[instance.name].mode is not MemberMode.READY
    )


def _roll(
    draft: Draft,
    wanted: Wanted,
    observed: Observed,
    left_out: tuple[Bounce, ...],
    bounces: tuple[Bounce, ...],
) -> None:
    inventory = wanted.inventory
    roller = Roller(inventory=inventory, balancer=wanted.balancer, state=observed.balancer)
    after = barrier(draft.steps)
    for bounce in left_out:
        after = draft.add(*roller.return_steps(bounce), after=after)
    roller.roll(draft, bounces, after)
    after = barrier(draft.steps)
    if wanted.balancer is not None:
        after = _front(draft, wanted, observed, after)
    for name, host in wanted.hosts.items():
        found = observed.host(name)
        layout = inventory.layout(name)
        for gone in found.instances:
            if gone not in host.services:
                files = draft.files(found, layout, service_folder(gone), {})
                secrets = inventory.environment.site.secrets
                retire(
                    draft,
                    inventory,
                    found,
                    service=service_for(layout, host.programs, surplus(gone)),
                    files=files,
                    secrets=writing_secrets(layout, gone, secrets, host.user),
                    after=after,
                )
    for name, host in wanted.hosts.items():
        for step in keep(observed.host(name), host.services.values(), tuple(draft.steps)):
            draft.add(step, after=after)


def _front(
    draft: Draft, wanted: Wanted, observed: Observed, after: tuple[str, ...]
) -> tuple[str, ...]:
    name = wanted.inventory.balancer_host
    host, found = wanted.hosts[name], observed.host(name)
    layout = wanted.inventory.layout(name)
    return front(
        draft,
        wanted.inventory,
        found,
        service=host.services[BALANCER],
        files=draft.files(found, layout, BALANCER, host.below(BALANCER)),
        recorded=host.was_finished(BALANCER, found.record),
        certificate=BALANCER in host.secrets,
        after=after,
    )


def _contract(draft: Draft, wanted: Wanted) -> None:
    after = barrier(draft.steps)
    host = next(iter(wanted.hosts))
    for work in wanted.databases:
        draft.add(*after_bounce(draft, work, host), after=after)


def _flush(draft: Draft, wanted: Wanted) -> None:
    """Nobody runs the old code any more: what it has cached may go."""
    if wanted.inventory.environment.cache.on_deploy != "flush":
        return
    after = barrier(draft.steps)
    for name, host in wanted.hosts.items():
        if service := host.services.get(CACHE):
            address = wanted.inventory.cache(name)
            step = Step(
                id=f"finish:{name}:flush",
                stage=Stage.FINISH,
                host=name,
                action=FlushCache(python=host.python, address=address, port=service.port),
                why="the old release cached what the new one may not understand",
            )
            draft.add_apart(step, after=after)


def _finish(draft: Draft, wanted: Wanted, observed: Observed) -> None:
    after = barrier(draft.steps)
    keep = wanted.inventory.farm.build.keep
    for name, host in wanted.hosts.items():
        found, layout = observed.host(name), wanted.inventory.layout(name)
        newest = found.record
        if is_recorded(host, found, wanted.release) and newest is not None:
            value, behind = newest, after
        else:
            value = next_record(host, found, wanted.release)
            behind = draft.add(record(draft, layout, name, value), after=after)
        draft.add(
            *prune(found, layout, keep=keep, newest=value, running=(wanted.release.id,)),
            after=behind,
        )


def _notes(wanted: Wanted, observed: Observed, draft: Draft) -> tuple[str, ...]:
    """What is left as it is, and people should know. A bounce puts its member back."""
    notes = [
        *wanted.idle,
        *wanted.notes,
        *(note for work in wanted.databases for note in work.notes),
    ]
    rolled = {step.unit for step in draft.steps}
    for name, member in sorted(observed.balancer.members.items()):
        if member.mode != "ready" and name not in rolled:
            notes.append(f"{name} is out of rotation ({member.mode}); invoke undrain puts it back")
    if wanted.owed and not draft.steps:
        names = ", ".join(sorted(wanted.owed))
        notes.append(f"the last run has not done what is its own: {names}; invoke resume does it")
    return tuple(notes)
