"""A farm that carries out plans in memory, and refuses what would hurt a real one.

It knows what actions do, not what steps say of themselves: each step's `resources` must be just
what its action changed. It keeps count of what people would notice: a request lost, a file in use
that is overwritten, a service started on files that are not there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import assert_never

from pipeline.facts.answer import (
    BalancerState,
    FileFact,
    MemberMode,
    MemberState,
    ServiceState,
    sha256,
)
from pipeline.facts.host import CURRENT, TEXTS, HostFacts
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER, CACHE, NO_INSTANCES, STATIC
from pipeline.plan.action import (
    Action,
    ApplySchema,
    AwaitHealthy,
    CompileBytecode,
    CreateUser,
    Drain,
    FlushCache,
    MakeFolders,
    MakeVenv,
    PublishStatic,
    PushRelease,
    ReloadService,
    Remove,
    RemoveUser,
    RunHook,
    StartService,
    StopService,
    Undrain,
    WriteFiles,
    WriteSecrets,
)
from pipeline.plan.plan import Plan
from pipeline.plan.prepare import wanted_folders
from pipeline.plan.resources import resources
from pipeline.plan.step import Step
from pipeline.plan.wanted import Observed
from tests.plan.farm_of import changed, secrets_of, services_of

Blobs = Mapping[str, str]
UP, DOWN = ServiceState(running=True, pid=1), ServiceState(running=False)


class Impossible(AssertionError):
    """What a real farm would not survive, or could not do."""


def refuse(problem: bool, what: str) -> None:
    """Raise Impossible if there is a problem."""
    if problem:
        raise Impossible(what)


def carry_out(
    inventory: Inventory, plan: Plan, observed: Observed, steps: Iterable[Step] | None = None
) -> Observed:
    """The farm after a plan, or after some of its steps in this order."""
    farm = Simulator(inventory, plan.blobs)
    for step in plan.steps if steps is None else steps:
        observed = farm.do(step, observed)
    return observed


def take_back(
    inventory: Inventory, plan: Plan, observed: Observed, steps: Iterable[Step]
) -> Observed:
    """The farm after the undo of these steps, last step first."""
    farm = Simulator(inventory, plan.blobs)
    for step in reversed(tuple(steps)):
        for action in step.undo:
            observed = farm.act(step.host, action, observed)
    return observed


def look(inventory: Inventory, observed: Observed) -> Observed:
    """What of this would be seen by somebody who knows the inventory: he asks for no more."""
    services = services_of(inventory)
    for name in inventory.environment.hosts:
        host = observed.host(name)
        asked = {*secrets_of(inventory, name), *host.instances}
        host = replace(
            host,
            folders=host.folders & set(wanted_folders(services[name])),
            secrets={key: value for key, value in host.secrets.items() if key in asked},
            services={key: host.service(key) for key in services[name]},
        )
        observed = changed(observed, host)
    return observed


@dataclass(frozen=True, slots=True)
class Simulator:
    """What actions do to a farm. `blobs` are a plan's texts."""

    inventory: Inventory
    blobs: Blobs

    def do(self, step: Step, observed: Observed) -> Observed:
        """The farm after one step. Raises Impossible if it changed anything but its resources."""
        before = resources(observed)
        if isinstance(step.action, ApplySchema):
            ((_, after),) = step.resources.values()
            schemas = {**observed.schemas, step.action.database: after}
            observed = replace(observed, schemas=schemas)
        else:
            observed = self.act(step.host, step.action, observed)
        now = resources(observed)
        names = [name for name in before | now if before.get(name) != now.get(name)]
        change = {name: (before.get(name, ""), now.get(name, "")) for name in names}
        said = {name: values for name, values in step.resources.items() if values[0] != values[1]}
        refuse(change != said, f"{step.id} says it changes {said}, and changes {change}")
        return observed

    def act(self, name: str, action: Action, observed: Observed) -> Observed:
        """The farm after one action on a host. What a hook does is the site's own affair."""
        if isinstance(action, RunHook):
            return observed
        host = observed.host(name)
        match action:
            case CreateUser() | RemoveUser():
                exists = isinstance(action, CreateUser)
                return changed(observed, replace(host, user_exists=exists))
            case MakeFolders(paths=paths):
                made = {self._relative(name, path) for path in paths}
                return changed(observed, replace(host, folders=host.folders | made))
            case PushRelease(path=path, digest=digest):
                folder = self._relative(name, path)
                host = self._without(observed, host, (folder,))
                return changed(observed, _marked(host, f"{folder}/manifest.json", digest))
            case MakeVenv(marker=marker, release_path=release):
                self._refuse_absent(host, release)
                return changed(observed, _marked(host, self._relative(name, marker)))
            case (
                CompileBytecode(marker=marker, path=source)
                | PublishStatic(marker=marker, source=source)
            ):
                self._refuse_absent(host, str(PurePosixPath(source).parent))
                return changed(observed, _marked(host, self._relative(name, marker)))
            case WriteFiles():
                return changed(observed, self._write(observed, host, action))
            case WriteSecrets(path=path):
                service = self._relative(name, path).removeprefix("instances/").split("/")[0]
                secrets = {**host.secrets, service: CURRENT}
                return changed(observed, replace(host, secrets=secrets))
            case Remove(paths=paths):
                gone = tuple(self._relative(name, path) for path in paths)
                return changed(observed, self._without(observed, host, gone))
            case ApplySchema():
                raise Impossible("only a step knows what a schema becomes")
            case Drain(member=member):
                return _in_mode(observed, member, MemberMode.DRAIN)
            case Undrain(member=member):
                refuse(not self._runs(observed, member), f"{member} is undrained and down")
                return _in_mode(observed, member, MemberMode.READY)
            case StartService(service=service):
                return self._start(observed, host, service.name)
            case StopService(service=service):
                return self._stop(observed, host, service.name)
            case ReloadService(service=service):
                refuse(not host.service(service.name).running, f"{service.name} does not run")
                return self._with_members(observed, host)
            case FlushCache():
                refuse(not host.service(CACHE).running, "nobody is there to be flushed")
                return observed
            case AwaitHealthy(url=url):
                refuse(not self._answers(observed, url), f"{url} never gets healthy")
                return observed
            case _:
                assert_never(action)

    def _relative(self, host: str, path: str) -> str:
        return self.inventory.layout(host).relative(path)

    def _runs(self, observed: Observed, instance: str) -> bool:
        return any(answering(observed.host(name).service(instance)) for name in observed.hosts)

    def _refuse_absent(self, host: HostFacts, release: str) -> None:
        folder = self._relative(host.name, release)
        refuse(folder.split("/")[1] not in host.releases, f"{folder} is not there")

    def _write(self, observed: Observed, host: HostFacts, action: WriteFiles) -> HostFacts:
        texts = dict(host.texts)
        new = {self._relative(host.name, path): blob for path, blob in action.files.items()}
        gone = [self._relative(host.name, path) for path in action.remove]
        for path in (*new, *gone):
            seen = any(PurePosixPath(path).match(pattern) for pattern in TEXTS)
            refuse(not seen, f"nobody would ever see {path}")
            kind, owner, *_ = path.split("/")
            rereads = owner == STATIC  # when it is told to
            in_use = kind == "instances" and not rereads and host.service(owner).running
            refuse(in_use, f"{path} is written while {owner} runs on it")
        for path, blob in new.items():
            text = self.blobs[blob]
            refuse(sha256(text.encode()) != blob, f"the text for {path} is another")
            texts[path] = FileFact(size=len(text.encode()), sha256=blob, text=text)
        for path in gone:
            texts.pop(path, None)
        return replace(host, texts=texts)

    def _without(self, observed: Observed, host: HostFacts, gone: tuple[str, ...]) -> HostFacts:
        """A host without these files and folders. Raises Impossible if somebody runs on them."""

        def stays(path: str) -> bool:
            return not any(path == folder or path.startswith(f"{folder}/") for folder in gone)

        for instance in host.instances:
            running = host.running(instance)
            if running and host.service(instance).running:
                path = f"releases/{running.release}"
                refuse(not stays(path), f"{path} is replaced while {instance} runs on it")
        return replace(
            host,
            texts={path: fact for path, fact in host.texts.items() if stays(path)},
            marks={path: fact for path, fact in host.marks.items() if stays(path)},
            folders=frozenset(filter(stays, host.folders)),
            secrets={
                name: value
                for name, value in host.secrets.items()
                if stays(f"instances/{name}/secret/site.json")
            },
        )

    def _start(self, observed: Observed, host: HostFacts, name: str) -> Observed:
        if host.service(name).keeping.missing:
            pass  # it runs, and gets its keeper
        elif name == BALANCER:
            refuse("balancer/run" not in host.folders, "the balancer has no folders")
            observed = self._with_members(observed, host)
        elif name in NO_INSTANCES:
            refuse(host.running(name) is None, f"{name} is started without its files")
            refuse(f"instances/{name}/run" not in host.folders, f"{name} has no folders")
        else:
            folder = f"instances/{name}"
            running = host.running(name)
            conf = host.text(f"{folder}/conf/{name}.conf")
            refuse(running is None or conf is None, f"{name} is started without its files")
            release = running.release if running else ""
            refuse(release not in host.releases, f"{name} is started without {release}")
            refuse(not host.venvs, f"{name} is started without a virtualenv")
            refuse(f"{folder}/run" not in host.folders, f"{name} has no folders")
            keyless = name in secrets_of(self.inventory, host.name) and not host.secrets.get(name)
            refuse(keyless, f"{name} is started without its secrets")
            member = observed.balancer.members.get(name)
            early = member is not None and member.mode is MemberMode.READY
            refuse(early, f"people are sent to {name} before it is healthy")
        services = {**host.services, name: UP}
        return changed(observed, replace(host, services=services))

    def _stop(self, observed: Observed, host: HostFacts, name: str) -> Observed:
        if name == BALANCER:
            silent = BalancerState(reachable=False, because="connection refused")
            observed = replace(observed, balancer=silent)
        member = observed.balancer.members.get(name)
        serving = member and member.mode is MemberMode.READY and answering(host.service(name))
        refuse(bool(serving), f"{name} is stopped while people are sent to it")
        services = {**host.services, name: DOWN}
        return changed(observed, replace(host, services=services))

    def _with_members(self, observed: Observed, host: HostFacts) -> Observed:
        """The balancer has read its configuration."""
        files = host.below("balancer/conf").values()
        text = next((file.text for file in files), None)
        refuse(text is None, "the balancer has no configuration")
        words = [line.split() for line in (text or "").splitlines()]
        members = {
            name: MemberState(name=name, url=url, mode=MemberMode.READY, usable=True, in_flight=0)
            for name, url in (line[1:] for line in words if line[0] == "member")
        }
        return replace(observed, balancer=BalancerState(reachable=True, members=members))

    def _answers(self, observed: Observed, url: str) -> bool:
        for each in self.inventory.instances:
            if url.startswith(f"{each.url}/"):
                return self._runs(observed, each.name)
        return any(
            member.mode is MemberMode.READY and self._runs(observed, name)
            for name, member in observed.balancer.members.items()
        )


def answering(state: ServiceState) -> bool:
    """Whether anybody answers: orphans do, until they are stopped."""
    return state.running or bool(state.orphans)


def _marked(host: HostFacts, path: str, digest: str = "") -> HostFacts:
    return replace(host, marks={**host.marks, path: FileFact(size=0, sha256=digest)})


def _in_mode(observed: Observed, name: str, mode: MemberMode) -> Observed:
    state = observed.balancer
    refuse(name not in state.members, f"the balancer has no member {name}")
    members = {**state.members, name: replace(state.members[name], mode=mode)}
    return replace(observed, balancer=replace(state, members=members))
