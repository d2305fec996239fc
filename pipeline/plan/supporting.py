"""What the site leans on beside its instances: memcached, and the static server of HAProxy."""

from collections.abc import Iterable, Iterator

from pipeline.facts.host import HostFacts
from pipeline.facts.question import Service
from pipeline.farm.inventory import Rollout
from pipeline.farm.layout import BALANCER, CACHE, NO_INSTANCES
from pipeline.plan.action import Action, ReloadService, StartService, StopService
from pipeline.plan.draft import Draft, FileChange
from pipeline.plan.step import Stage, Step

SUPPORTING = NO_INSTANCES - {BALANCER}


def support(
    draft: Draft,
    rollout: Rollout,
    found: HostFacts,
    *,
    service: Service,
    files: FileChange,
    recorded: bool,
    after: Iterable[str],
) -> tuple[str, ...]:
    """Add the steps that make a service run on its wanted files. Gives what to wait for.

    `recorded`: a deploy with these files came to its end, so that the service has read them.
    """
    running = found.service(service.name).running
    steps: list[Step] = []
    restarts = running and bool(files) and service.name == CACHE
    if restarts:
        steps.append(stop_supporting(rollout, found.name, service, why="it reads its files once"))
    if files:
        back = (StartService(service=service), ReloadService(service=service))
        steps.append(
            _step(
                found.name,
                service,
                "files",
                files.action,
                why="its configuration differs",
                files=files,
                undo=(files.undo, *(back if running and not restarts else ())),
            )
        )
    if restarts or not running:
        steps.append(start_supporting(rollout, found.name, service))
    elif files or not (recorded or service.name == CACHE):
        why = "open connections go on under the old configuration"
        steps.append(_step(found.name, service, "reload", ReloadService(service=service), why=why))
    return draft.add(*steps, after=after)


def start_supporting(rollout: Rollout, host: str, service: Service) -> Step:
    """The step that starts one."""
    return _step(
        host,
        service,
        "start",
        StartService(service=service),
        why="the site leans on it",
        undo=(StopService(service=service, timeout=rollout.stop_timeout),),
    )


def stop_supporting(rollout: Rollout, host: str, service: Service, *, why: str) -> Step:
    """The step that stops one."""
    return _step(
        host,
        service,
        "stop",
        StopService(service=service, timeout=rollout.stop_timeout),
        why=why,
        undo=(StartService(service=service),),
    )


def supporting(services: Iterable[Service]) -> Iterator[Service]:
    """Those of a host's services, in the order of their start."""
    return (service for service in services if service.name in SUPPORTING)


def _step(
    host: str,
    service: Service,
    verb: str,
    action: Action,
    *,
    why: str,
    files: FileChange | None = None,
    undo: tuple[Action, ...] = (),
) -> Step:
    unit = f"{service.name}@{host}"  # every host may have its own
    return Step(
        id=f"roll:{unit}:{verb}",
        stage=Stage.ROLL,
        host=host,
        action=action,
        why=why,
        undo=undo,
        resources=files.resources if files else {},
        hazards=files.hazards if files else (),
        unit=unit,
    )
