"""The roll: instances are bounced one window after the other, each out of rotation meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.facts.answer import BalancerState, MemberMode
from pipeline.facts.question import BalancerAddress, Service
from pipeline.farm.instances import Instance, Inventory
from pipeline.hazard import Hazard, HazardName
from pipeline.plan.action import (
    Action,
    AwaitHealthy,
    Drain,
    StartService,
    StopService,
    Undrain,
)
from pipeline.plan.draft import Draft, FileChange
from pipeline.plan.step import Stage, Step
from pipeline.plan.wanted import Observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One instance to be bounced: what it runs now, what changes while it is down, and why."""

    instance: Instance
    service: Service
    files: FileChange | None
    running: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roller:
    """How instances of one environment are bounced."""

    inventory: Inventory
    balancer: BalancerAddress | None
    state: BalancerState

    def roll(self, draft: Draft, bounces: tuple[Bounce, ...], after: tuple[str, ...]) -> None:
        """Add the steps: a sliding window of `max_parallel` instances."""
        window = self.inventory.environment.rollout.max_parallel
        ends: list[tuple[str, ...]] = []
        for number, bounce in enumerate(bounces):
            behind = ends[number - window] if number >= window else after
            ends.append(draft.add(*self.steps(bounce), after=behind))

    def steps(self, bounce: Bounce) -> tuple[Step, ...]:
        """One instance: drain, stop, switch, start, wait until healthy, put back."""
        switch = self._switch(bounce)
        down = self.stop_steps(bounce) if bounce.running else self.shield_steps(bounce)
        first, *rest = (*down, *switch, *self.start_steps(bounce))
        return (replace(first, why=bounce.why), *rest)

    def member(self, instance: str) -> bool:
        """Whether the balancer that runs now knows this instance."""
        return self.balancer is not None and instance in self.state.members

    def stop_steps(self, bounce: Bounce) -> tuple[Step, ...]:
        """Take one instance away: drain and stop."""
        return (*self.drain_steps(bounce), self._stop(bounce))

    def start_steps(self, bounce: Bounce) -> tuple[Step, ...]:
        """Bring one instance back: start, wait until healthy, put back."""
        return (self._start(bounce), self._healthy(bounce), *self.undrain_steps(bounce))

    def return_steps(self, bounce: Bounce) -> tuple[Step, ...]:
        """Put back one that runs as it should, and was left out of rotation."""
        return (self._healthy(bounce), *self.undrain_steps(bounce))

    def healthy(self, instance: Instance) -> AwaitHealthy:
        """The wait for one instance."""
        environment = self.inventory.environment
        return awaiting(self.inventory, instance.url + environment.health.path)

    def drain_steps(self, bounce: Bounce) -> tuple[Step, ...]:
        """Take one instance out of rotation, if the balancer knows it."""
        actions = self._rotation(bounce)
        if not actions:
            return ()
        drain, undrain = actions
        return (self._step(bounce, "drain", drain, undo=(undrain,), why=bounce.why),)

    def shield_steps(self, bounce: Bounce) -> tuple[Step, ...]:
        """Take one that is down out of rotation: else people are sent to it before it is healthy.

        Put back, it is down and out: nothing would answer there.
        """
        member = self.state.members.get(bounce.instance.name)
        if member is None or member.mode is not MemberMode.READY:
            return ()
        return tuple(replace(step, undo=()) for step in self.drain_steps(bounce))

    def _stop(self, bounce: Bounce) -> Step:
        timeout = self.inventory.environment.rollout.stop_timeout
        return self._step(
            bounce,
            "stop",
            StopService(service=bounce.service, timeout=timeout),
            undo=(StartService(service=bounce.service), self.healthy(bounce.instance)),
            why="what it still does is finished first",
        )

    def _switch(self, bounce: Bounce) -> tuple[Step, ...]:
        if not bounce.files:
            return ()
        return (
            self._step(
                bounce,
                "switch",
                bounce.files.action,
                undo=(bounce.files.undo,),
                why=bounce.why,
                resources=bounce.files.resources,
                hazards=bounce.files.hazards,
            ),
        )

    def _start(self, bounce: Bounce) -> Step:
        timeout = self.inventory.environment.rollout.stop_timeout
        return self._step(
            bounce,
            "start",
            StartService(service=bounce.service),
            undo=(StopService(service=bounce.service, timeout=timeout),),
            why="on the new files" if bounce.files else "on the same files",
        )

    def _healthy(self, bounce: Bounce) -> Step:
        count = self.inventory.environment.rollout.healthy_count
        why = f"{count} times in a row" if count > 1 else "once"
        return self._step(bounce, "healthy", self.healthy(bounce.instance), why=why)

    def undrain_steps(self, bounce: Bounce) -> tuple[Step, ...]:
        """Put one instance back into rotation, if the balancer knows it."""
        actions = self._rotation(bounce)
        if not actions:
            return ()
        drain, undrain = actions
        return (self._step(bounce, "undrain", undrain, undo=(drain,), why="healthy again"),)

    def _rotation(self, bounce: Bounce) -> tuple[Drain, Undrain] | None:
        """The two actions on a member of the balancer, if it is one."""
        name, balancer = bounce.instance.name, self.balancer
        if balancer is None or not self.member(name):
            return None
        timeout = self.inventory.environment.rollout.drain_timeout
        drain = Drain(balancer=balancer, member=name, timeout=timeout)
        return drain, Undrain(balancer=balancer, member=name)

    def _step(
        self,
        bounce: Bounce,
        verb: str,
        action: Action,
        *,
        why: str,
        undo: tuple[Action, ...] = (),
        resources: Mapping[str, tuple[str, str]] | None = None,
        hazards: tuple[Hazard, ...] = (),
    ) -> Step:
        name = bounce.instance.name
        return Step(
            id=f"roll:{name}:{verb}",
            stage=Stage.ROLL,
            host=bounce.instance.host,
            action=action,
            why=why,
            undo=undo,
            resources=resources or {},
            hazards=hazards,
            unit=name,
        )


def awaiting(inventory: Inventory, url: str) -> AwaitHealthy:
    """The wait for one URL, as the environment's rollout policy has it."""
    environment = inventory.environment
    return AwaitHealthy(
        url=url,
        host_header=environment.site.server_name,
        count=environment.rollout.healthy_count,
        interval=environment.rollout.healthy_interval,
        timeout=environment.health.timeout,
        deadline=environment.rollout.healthy_deadline,
    )


def whole_farm(
    inventory: Inventory, observed: Observed, bounces: tuple[Bounce, ...]
) -> tuple[Hazard, ...]:
    """The hazard of a roll in which nobody is left to serve: all of it fits into one window.

    In a longer roll somebody serves at any time, since those whom nobody misses go first.
    """
    if len(bounces) > inventory.environment.rollout.max_parallel:
        return ()
    return nobody_left(inventory, observed, tuple(bounce.instance for bounce in bounces))


def nobody_left(
    inventory: Inventory, observed: Observed, gone: tuple[Instance, ...]
) -> tuple[Hazard, ...]:
    """The hazard of taking these instances away at the same time, when no other one serves."""
    serving = tuple(each for each in inventory.instances if observed.serves(each))
    if not serving or not set(serving) <= set(gone):
        return ()
    reason = f"all {len(serving)} instances that serve are out at the same time"
    if len(serving) == 1:
        reason = f"{serving[0].name} is the only instance that serves"
    return (Hazard(HazardName.STOPS_SERVICE, inventory.name, reason),)
