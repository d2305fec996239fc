"""The balancer itself: started last, reconfigured after the roll, never during one."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.facts.host import CURRENT, HostFacts
from pipeline.facts.question import Service
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER
from pipeline.hazard import Hazard, HazardName
from pipeline.plan.action import (
    Action,
    ReloadService,
    Remove,
    StartService,
    StopService,
    WriteFiles,
    WriteSecrets,
)
from pipeline.plan.draft import Draft, FileChange
from pipeline.plan.resources import of
from pipeline.plan.roll import awaiting
from pipeline.plan.step import Stage, Step


def front(
    draft: Draft,
    inventory: Inventory,
    found: HostFacts,
    *,
    service: Service,
    files: FileChange,
    recorded: bool,
    certificate: bool,
    after: Iterable[str],
) -> tuple[str, ...]:
    """Add the steps that make the balancer run on its wanted files. Gives what to wait for.

    `recorded`: a deploy with these files came to its end, so that the balancer has read them.
    `certificate`: it has one, which may have changed.
    """
    running = found.service(BALANCER).running
    steps: list[Step] = []
    there = found.secrets.get(BALANCER, "")
    renewed = certificate and there != CURRENT
    if renewed:
        steps.append(_certificate(inventory, there))
    if files:
        steps.append(
            _step(
                inventory,
                "files",
                files.action,
                why="its configuration differs",
                files=files,
                undo=(files.undo, *(_again(service) if running else ())),
            )
        )
    if not running:
        steps += start_front(inventory, service)
    elif files or renewed or not recorded:
        what = "certificate" if renewed and not files else "configuration"
        why = f"open connections go on under the old {what}"
        steps.append(_step(inventory, "reload", ReloadService(service=service), why=why))
        steps.append(_healthy(inventory))
    return draft.add(*steps, after=after)


def _certificate(inventory: Inventory, there: str) -> Step:
    path = inventory.layout(inventory.balancer_host).secret_file(BALANCER)
    step = _step(
        inventory,
        "certificate",
        WriteSecrets(path=path, secrets=inventory.certificate, form="pem"),
        why=f"the certificate and its key: {'changed' if there else 'not there'}",
    )
    name = of(inventory.balancer_host, "secret", BALANCER)
    return replace(step, resources={name: (there, CURRENT)})


def _again(service: Service) -> tuple[Action, Action]:
    """Back on the files of before, even if the new ones were its end."""
    return StartService(service=service), ReloadService(service=service)


def start_front(inventory: Inventory, service: Service) -> tuple[Step, Step]:
    """The steps that start the balancer and see that it reaches an instance."""
    timeout = inventory.environment.rollout.stop_timeout
    start = _step(
        inventory,
        "start",
        StartService(service=service),
        why="it does not run",
        undo=(StopService(service=service, timeout=timeout),),
    )
    return start, _healthy(inventory)


def retire(
    draft: Draft,
    inventory: Inventory,
    host: HostFacts,
    *,
    service: Service,
    files: FileChange,
    secrets: WriteSecrets,
    after: Iterable[str],
) -> tuple[str, ...]:
    """Add the steps that end an instance which is no longer wanted, now out of the balancer.

    `secrets` would write its secret file again.
    """
    name = service.name
    timeout = inventory.environment.rollout.stop_timeout
    steps = [
        Step(
            id=f"roll:{name}:retire",
            stage=Stage.ROLL,
            host=host.name,
            action=StopService(service=service, timeout=timeout),
            undo=(StartService(service=service),),
            why="no longer in the inventory, and the balancer no longer knows it",
            unit=name,
        ),
        Step(
            id=f"roll:{name}:remove",
            stage=Stage.ROLL,
            host=host.name,
            action=WriteFiles(files={}, remove=files.action.remove),
            undo=(files.undo,),
            why="its files have no use; logs stay",
            resources=files.resources,
            hazards=files.hazards,
            unit=name,
        ),
    ]
    if there := host.secrets.get(name):
        steps.append(
            Step(
                id=f"roll:{name}:forget",
                stage=Stage.ROLL,
                host=host.name,
                action=Remove(paths=(secrets.path,)),
                undo=(secrets,),
                why="nobody needs its secrets there any more",
                resources={of(host.name, "secret", name): (there, "")},
                unit=name,
            )
        )
    return draft.add(*steps, after=after)


def stop_front(inventory: Inventory, service: Service) -> Step:
    """The step that stops the balancer: nobody is served from then on."""
    reason = "nobody is served until it starts again"
    return _step(
        inventory,
        "stop",
        StopService(service=service, timeout=inventory.environment.rollout.stop_timeout),
        why="asked for",
        undo=(StartService(service=service),),
        hazards=(Hazard(HazardName.STOPS_SERVICE, inventory.name, reason),),
    )


def _healthy(inventory: Inventory) -> Step:
    url = inventory.through_balancer(inventory.environment.health.path)
    return _step(inventory, "healthy", awaiting(inventory, url), why="the whole way through")


def _step(
    inventory: Inventory,
    verb: str,
    action: Action,
    *,
    why: str,
    files: FileChange | None = None,
    undo: tuple[Action, ...] = (),
    hazards: tuple[Hazard, ...] = (),
) -> Step:
    return Step(
        id=f"roll:{BALANCER}:{verb}",
        stage=Stage.ROLL,
        host=inventory.balancer_host,
        action=action,
        why=why,
        undo=undo,
        resources=files.resources if files else {},
        hazards=(*hazards, *(files.hazards if files else ())),
        unit=BALANCER,
    )
