"""Everything that a deploy wants and all that there is, put together for the planner."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pipeline.facts.answer import MemberMode
from pipeline.facts.changeset import Release
from pipeline.farm.layout import service_folder
from pipeline.farm.software import Software
from pipeline.flow import tls
from pipeline.flow.database import schema_works
from pipeline.flow.former_balancer import refuse_former_balancer
from pipeline.flow.hooks import owed, refuse_impossible_hooks, scripts
from pipeline.flow.observe import Services, ask_software, observe, secret_files, services_of
from pipeline.flow.ports import refuse_taken_ports
from pipeline.flow.release import changelog, release_of, repository, templates_of
from pipeline.flow.render import Renderer
from pipeline.flow.world import World
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.drift import done_by_hand
from pipeline.plan.plan import Plan
from pipeline.plan.refusals import refuse_unreachable
from pipeline.plan.wanted import Observed, Wanted, WantedHost
from pipeline.render.difference import diff_files
from pipeline.schema.model.schema import Schema
from pipeline.source.repository import Repository
from pipeline.wording import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A plan, and how the small files differ, for people to read beside it.

    `view` says who observed what it is made from, and when; empty when that was just now.
    """

    plan: Plan
    diffs: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What was found of an environment before anything is wanted of it."""

    software: dict[str, Software]
    services: Services
    observed: Observed
    schemas: dict[str, Schema]


def look(world: World, *, secrets: bool = True) -> Here:
    """See what there is. Raises Unreachable unless every host answers.

    Without `secrets`, none is resolved and none compared: who only looks need not have them.
    """
    software = ask_software(world)
    services = services_of(world.inventory, software)
    observed, schemas = observe(world, services, secrets=secrets)
    refuse_unreachable(observed)
    return Here(software=software, services=services, observed=observed, schemas=schemas)


def prepare_deploy(world: World, rev: str | None) -> Prepared:
    """Plan the deploy of a revision; without one, of the head of the environment's branch."""
    with ThreadPoolExecutor(max_workers=1) as pool, repository(world) as source:
        looking = pool.submit(look, world)  # while Mercurial works
        changeset = source.resolve(rev, world.inventory.branch)
        here = looking.result()
        refuse_former_balancer(world, here.software, here.observed)
        refuse_taken_ports(world, here.software, here.observed)
        told = tls.notes(world)
        python = here.software[world.first_host].python
        release = release_of(world, source, changeset, python)
        renderer = renderer_of(world, here, release)
        hosts = wanted_hosts(world, here, renderer)
        check_changed(renderer, hosts, here.observed)
        prepared = put_together(
            world,
            here,
            source,
            renderer,
            hosts,
            unfinished=was_left(world, here.observed),
            owed=owed(world),
            notes=told,
        )
        refuse_impossible_hooks(world, prepared.plan)
        return prepared


def renderer_of(world: World, here: Here, release: Release) -> Renderer:
    """What renders the files of a release for the hosts as they were found."""
    templates = templates_of(world, release)
    return Renderer(world=world, release=release, software=here.software, templates=templates)


def wanted_hosts(world: World, here: Here, renderer: Renderer) -> dict[str, WantedHost]:
    """What each host should hold."""
    return {name: _wanted_host(world, here, renderer, name) for name in world.ways}


def put_together(
    world: World,
    here: Here,
    source: Repository,
    renderer: Renderer,
    hosts: Mapping[str, WantedHost],
    *,
    unfinished: bool,
    owed: frozenset[str],
    notes: tuple[str, ...],
) -> Prepared:
    """The plan for a release, from what there is and what the hosts should hold."""
    release = renderer.release
    running = running_node(here.observed, world.first_host)
    wanted = Wanted(
        inventory=world.inventory,
        release=release,
        hosts=hosts,
        databases=schema_works(world, here.schemas, here.observed, source, release),
        unfinished=unfinished,
        owed=owed,
        scripts=scripts(world, "deploy", release),
        idle=renderer.idle,
        changelog=changelog(source, running, release.changeset),
        notes=notes,
    )
    return Prepared(
        plan=plan_deploy(wanted, here.observed),
        diffs=file_diffs(world, hosts, here.observed),
    )


def was_left(world: World, observed: Observed) -> bool:
    """Whether a member is out of rotation, and a run that was killed or failed may be why."""
    if all(member.mode is MemberMode.READY for member in observed.balancer.members.values()):
        return False
    from pipeline.flow.resume import unfinished_plan  # the journal's SQL: seldom worth its import

    plan = unfinished_plan(world)
    return plan is not None and plan.kind not in {"drain", "stop"}


def _wanted_host(world: World, here: Here, renderer: Renderer, name: str) -> WantedHost:
    newest = here.observed.host(name).record
    return WantedHost(
        name=name,
        user=world.inventory.user(name),
        programs=here.software[name].programs,
        python=here.software[name].python,
        venv=renderer.venv(name),
        files=renderer.files(name),
        services=here.services[name],
        secrets=secret_files(world, name),
        previous=newest.number if newest else None,
    )


def check_changed(renderer: Renderer, hosts: Mapping[str, WantedHost], observed: Observed) -> None:
    """Let Apache read what will change. What is deployed already was read before."""
    for name, host in hosts.items():
        found = observed.host(name)
        changed = {
            service
            for service in host.services
            for path, text in host.below(service_folder(service)).items()
            if path.endswith((".conf", ".cfg")) and found.text(path) != text
        }
        if changed:
            renderer.check(name, changed, user_exists=found.user_exists)


def file_diffs(world: World, hosts: Mapping[str, WantedHost], observed: Observed) -> str:
    """How the small files of all hosts differ from what is deployed.

    A changed file is a unified diff; one that comes or goes whole is a line with its size. Where
    somebody did something to a file by hand, that is said too.
    """
    parts = []
    for name, host in hosts.items():
        found = observed.host(name)
        old = _shown(world, name, {path: fact.text or "" for path, fact in found.texts.items()})
        new = _shown(world, name, host.files)
        drift = _shown(world, name, done_by_hand(found))
        for what, here, there in (("new", new, old), ("gone", old, new)):
            only = sorted(here.keys() - there.keys())
            parts += [_whole(what, path, here[path], drift.get(path, "")) for path in only]
        parts += _changed(world, name, old, new, drift)
    return "".join(parts)


def _changed(
    world: World,
    host: str,
    old: Mapping[str, str],
    new: Mapping[str, str],
    drift: Mapping[str, str],
) -> Iterator[str]:
    """One difference for each file that changed; what many instances share is shown once."""
    shown: dict[str, tuple[str, list[str]]] = {}
    for path in sorted(old.keys() & new.keys()):
        if found := diff_files({path: old[path]}, {path: new[path]}):
            if path in drift:
                found = f"drifted: {path}: {drift[path]}\n{found}"
            shown.setdefault(_without_names(world, host, found), (found, []))[1].append(path)
    for found, (_, *others) in shown.values():
        yield found
        if others:
            yield f"the same in: {', '.join(others)}\n"


def _without_names(world: World, host: str, text: str) -> str:
    """A difference with the instances' own names, ports and positions taken out of it."""
    for instance in world.inventory.on(host):
        text = text.replace(instance.name, "INSTANCE").replace(str(instance.port), "PORT")
    return text


def _whole(what: str, path: str, text: str, drift: str) -> str:
    """A file that comes or goes, and what was done to it by hand, if anything was."""
    said = f", {drift}" if drift else ""
    return f"{what}: {path} ({count(len(text.splitlines()), 'line')}){said}\n"


def _shown(world: World, host: str, files: Mapping[str, str]) -> dict[str, str]:
    """The files whose differences tell people something, by their full path."""
    layout = world.layout(host)
    return {
        layout.path(path): text
        for path, text in files.items()
        if not path.startswith("records/") and not path.endswith("current.json")
    }


def running_node(observed: Observed, host: str) -> str | None:
    """The changeset that a host ran last, as its newest record has it."""
    newest = observed.host(host).record
    return newest.changeset.node if newest else None
