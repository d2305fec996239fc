"""Services that run without a keeper, of an earlier farmhand or because it was killed, get one."""

from collections.abc import Iterable, Iterator

from pipeline.facts.host import HostFacts
from pipeline.facts.question import Service
from pipeline.plan.action import StartService
from pipeline.plan.step import Stage, Step


def keep(found: HostFacts, services: Iterable[Service], planned: Iterable[Step]) -> Iterator[Step]:
    """A step for each of these that lacks one and is not started by a planned step anyway.

    A service that runs is not touched by its start: it only gets its keeper.
    """
    started = {step.action.service for step in planned if isinstance(step.action, StartService)}
    for service in services:
        if found.service(service.name).keeping.missing and service not in started:
            yield Step(
                id=f"roll:{service.name}:keep",
                stage=Stage.ROLL,
                host=found.name,
                action=StartService(service=service),
                why="it runs, and nobody would start it again if it were killed",
                unit=service.name,
            )
