"""Plans that change no file: bounce, stop, start, drain and undrain instances."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from pipeline.errors import BadCall
from pipeline.facts.question import Service
from pipeline.farm.instances import Instance, Inventory
from pipeline.farm.inventory import Rollout
from pipeline.farm.layout import BALANCER
from pipeline.plan.draft import Draft, barrier
from pipeline.plan.front import start_front, stop_front
from pipeline.plan.keep import keep
from pipeline.plan.plan import Kind, Plan
from pipeline.plan.resources import resources
from pipeline.plan.roll import Bounce, Roller, nobody_left, whole_farm
from pipeline.plan.supporting import start_supporting, stop_supporting, supporting
from pipeline.plan.wanted import Observed, balancer_address


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncePlanner:
    """Plans for `chosen` instances. `services`: host -> name -> service."""

    inventory: Inventory
    services: Mapping[str, Mapping[str, Service]]
    observed: Observed
    chosen: tuple[Instance, ...]
    draft: Draft = field(default_factory=Draft)

    def plan(self, kind: Kind) -> Plan:
        """The plan of this kind."""
        match kind:
            case "bounce":
                self._bounce()
            case "stop":
                self._stop()
            case "start":
                self._start()
            case "drain" | "undrain":
                self._rotation(kind)
            case _:
                raise ValueError(f"{kind} is planned elsewhere")
        return Plan(
            kind=kind,
            environment=self.inventory.name,
            steps=tuple(self.draft.steps),
            seen=resources(self.observed),
            blobs=self.draft.blobs,
        )

    @property
    def _whole_farm(self) -> bool:
        return len(self.chosen) == len(self.inventory.instances)

    @property
    def _roller(self) -> Roller:
        return Roller(
            inventory=self.inventory,
            balancer=balancer_address(self.inventory),
            state=self.observed.balancer,
        )

    def _of(self, instance: Instance, why: str) -> Bounce:
        state = self.observed.host(instance.host).service(instance.name)
        return Bounce(
            instance=instance,
            service=self.services[instance.host][instance.name],
            files=None,
            running=state.alive,
            why=why,
        )

    def _bounce(self) -> None:
        chosen = sorted(self.chosen, key=self.observed.serves)  # first those whom nobody misses
        bounces = tuple(self._of(instance, "asked for") for instance in chosen)
        self._roller.roll(self.draft, bounces, ())
        if hazards := whole_farm(self.inventory, self.observed, bounces):
            self.draft.cost(0, hazards)

    def _stop(self) -> None:
        front = self._front
        if self._whole_farm and front is not None and self._front_runs:
            after = self.draft.add(stop_front(self.inventory, front))
            roller = Roller(inventory=self.inventory, balancer=None, state=self.observed.balancer)
        else:
            after, roller = (), self._roller
        for instance in self.chosen:
            bounce = self._of(instance, "asked for")
            if bounce.running:
                ends = self.draft.add(*roller.stop_steps(bounce), after=after)
                after = after if self._whole_farm else ends
        if self._whole_farm:
            for host, service in self._supporting():
                if self.observed.host(host).service(service.name).alive:
                    step = stop_supporting(self._rollout, host, service, why="asked for")
                    self.draft.add(step, after=barrier(self.draft.steps))
        self._nobody_left()

    def _supporting(self) -> Iterator[tuple[str, Service]]:
        """What the site leans on, and on which host."""
        for host, services in self.services.items():
            for service in supporting(services.values()):
                yield host, service

    @property
    def _rollout(self) -> Rollout:
        return self.inventory.environment.rollout

    def _nobody_left(self) -> None:
        """Say so when what is asked takes away all that serve."""
        hazards = nobody_left(self.inventory, self.observed, self.chosen)
        if hazards and not any(step.hazards for step in self.draft.steps):
            self.draft.cost(0, hazards)

    def _start(self) -> None:
        roller = self._roller
        for host, service in self._supporting():
            if not self.observed.host(host).service(service.name).running:
                self.draft.add(start_supporting(self._rollout, host, service))
        after = barrier(self.draft.steps)
        for instance in self.chosen:
            bounce = self._of(instance, "asked for")
            state = self.observed.host(instance.host).service(instance.name)
            if not state.running:  # what is left of it is ended first
                away = roller.stop_steps if bounce.running else roller.shield_steps
                self.draft.add(*away(bounce), *roller.start_steps(bounce), after=after)
        front = self._front
        if front is not None and not self._front_runs:
            self.draft.add(*start_front(self.inventory, front), after=barrier(self.draft.steps))
        self._keep()

    def _keep(self) -> None:
        """What runs already, and was asked for or serves all, gets a keeper if it has none."""
        others = {
            instance.name for instance in self.inventory.instances if instance not in self.chosen
        }
        after = barrier(self.draft.steps)
        for host, services in self.services.items():
            asked = [service for name, service in services.items() if name not in others]
            for step in keep(self.observed.host(host), asked, tuple(self.draft.steps)):
                self.draft.add(step, after=after)

    def _rotation(self, kind: Kind) -> None:
        roller = self._roller
        for instance in self.chosen:
            if not roller.member(instance.name):
                raise BadCall(
                    f"the balancer has no member {instance.name}",
                    where=self.inventory.name,
                    advice="see invoke status",
                )
            bounce = self._of(instance, "asked for")
            steps = roller.drain_steps if kind == "drain" else roller.undrain_steps
            self.draft.add(*steps(bounce))
        if kind == "drain":
            self._nobody_left()

    @property
    def _front(self) -> Service | None:
        return self.services[self.inventory.balancer_host].get(BALANCER)

    @property
    def _front_runs(self) -> bool:
        return self.observed.host(self.inventory.balancer_host).service(BALANCER).running


def choose(inventory: Inventory, names: Collection[str]) -> tuple[Instance, ...]:
    """The instances of these names, in the inventory's order; without names, all."""
    known = [instance.name for instance in inventory.instances]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise BadCall(
                f"no instance {name!r} in {inventory.name}",
                advice=f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}",
            )
    return tuple(i for i in inventory.instances if not names or i.name in names)
