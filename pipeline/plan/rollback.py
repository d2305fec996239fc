"""Where a rollback returns to, worked out from what the hosts themselves remember."""

from collections.abc import Mapping

from pipeline.errors import CheckFailed
from pipeline.facts.host import HostFacts
from pipeline.facts.question import Service
from pipeline.facts.record import Record
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER
from pipeline.plan.action import Remove, StopService
from pipeline.plan.draft import Draft, barrier
from pipeline.plan.plan import Plan
from pipeline.plan.resources import MARKS, PRESENT, of, of_file, resources
from pipeline.plan.step import Stage, Step
from pipeline.plan.wanted import Observed

FOLDERS = ("instances", "balancer", "releases", "venvs", "static")


def target(found: HostFacts, killed: Plan | None = None) -> Record | None:
    """The record that a rollback of this host returns to; None: to before its first deploy.

    After an unfinished deploy that is the newest record; else the one that stood before it. An
    unfinished rollback goes where it went. `killed` is the plan of the journal's unfinished run:
    the host alone shows no trace of one that had only drained and stopped.
    Raises CheckFailed when its first deploy is all that it remembers.
    """
    newest = found.record
    if newest is None or _stays(found, newest, killed):
        return newest
    previous = found.records.get(newest.previous) if newest.previous is not None else None
    if previous is None:
        raise CheckFailed(
            f"{newest.release} is all that this host remembers",
            where=f"host {found.name}",
            advice="deploy what you want instead: invoke deploy --rev ...",
        )
    return previous


def _stays(found: HostFacts, newest: Record, killed: Plan | None) -> bool:
    """Whether the newest record is what there is to return to.

    A killed plan counts as long as nobody has finished another one since, from elsewhere.
    """
    if killed is None:
        return is_unfinished(found)
    path = f"records/{newest.number}.json"
    name, digest = of_file(found.name, path), found.texts[path].sha256
    seen = killed.seen.get(name) == digest
    made = any(step.resources.get(name, ("", ""))[1] == digest for step in killed.steps)
    if killed.kind == "rollback" and (seen or made):
        return newest.digest == killed.release_digest
    return is_unfinished(found) or (killed.kind == "deploy" and seen)


def is_unfinished(found: HostFacts) -> bool:
    """Whether a deploy began on this host and its record was never written."""
    newest = found.record
    if newest is None:
        return bool(found.releases or found.instances)
    recorded = {record.release for record in found.records.values()}
    deployed = {
        path: fact.text
        for path, fact in found.texts.items()
        if path.startswith(("instances/", "balancer/"))
    }
    return bool(found.releases.keys() - recorded) or deployed != dict(newest.files)


def same_release(targets: Mapping[str, Record]) -> Record:
    """The one record that all hosts agree on. Raises CheckFailed when they do not."""
    first = next(iter(targets.values()))
    if any(record.digest != first.digest for record in targets.values()):
        names = ", ".join(f"{host} -> {record.release}" for host, record in targets.items())
        raise CheckFailed(
            f"the hosts would return to different releases: {names}",
            advice="deploy the one you want instead: invoke deploy --rev ...",
        )
    return first


def plan_removal(
    inventory: Inventory, services: Mapping[str, Mapping[str, Service]], observed: Observed
) -> Plan:
    """Back to before the first deploy: nothing runs, nothing of the site is left but its data."""
    draft = Draft()
    for name in inventory.environment.hosts:
        found = observed.host(name)
        stops = [
            _stop(inventory, name, service)
            for key, service in sorted(
                services[name].items(), key=lambda item: item[0] != BALANCER
            )
            if found.service(key).alive
        ]
        draft.add(*stops)
        remove = _remove(inventory, found)
        if remove.resources:
            draft.add(remove, after=barrier(draft.steps))
    return Plan(
        kind="rollback",
        environment=inventory.name,
        steps=tuple(draft.steps),
        seen=resources(observed),
        notes=("no deploy was ever finished here: this goes back to before the first one",),
    )


def _stop(inventory: Inventory, host: str, service: Service) -> Step:
    return Step(
        id=f"roll:{service.name}:stop",
        stage=Stage.ROLL,
        host=host,
        action=StopService(service=service, timeout=inventory.environment.rollout.stop_timeout),
        why="it was started by a deploy that never finished",
    )


def _remove(inventory: Inventory, found: HostFacts) -> Step:
    layout = inventory.layout(found.name)
    gone = {of_file(found.name, path): (fact.sha256, "") for path, fact in found.texts.items()}
    gone |= {of(found.name, "venv", key): (PRESENT, "") for key in found.venvs}
    gone |= {
        of(found.name, "folder", folder): (PRESENT, "")
        for folder in found.folders
        if folder.split("/")[0] in FOLDERS
    }
    gone |= {
        of(found.name, "secret", key): (value, "") for key, value in found.secrets.items() if value
    }
    for release, digest in found.releases.items():
        gone[of(found.name, "release", release)] = (digest, "")
        for kind, mark in MARKS.items():
            if found.marked(release, mark):
                gone[of(found.name, kind, release)] = (PRESENT, "")
    return Step(
        id=f"finish:{found.name}:remove",
        stage=Stage.FINISH,
        host=found.name,
        action=Remove(paths=tuple(layout.path(folder) for folder in FOLDERS)),
        why="no finished deploy needs them; data stays",
        resources=gone,
    )
