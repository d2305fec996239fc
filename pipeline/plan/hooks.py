"""The site's own steps (hooks) put among a plan's: each at its place, waited for by what follows.

Steps have ranks: what stands before a stage, the stage, what stands after it, then the next one.
All that is added here waits for lower ranks, or for hooks of its own rank that are named before it
in the files. So there is no circle, and sorted by rank each step stands behind all that it needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.farm.inventory import Hook
from pipeline.plan.action import AwaitHealthy, RunHook
from pipeline.plan.draft import barrier
from pipeline.plan.hook_step import HookSteps
from pipeline.plan.step import Stage, Step

RANKS = {stage: 3 * number + 1 for number, stage in enumerate(Stage)}
FIRST, LAST = -1, 3 * len(RANKS)  # before all, after all


@dataclass(slots=True)
class Placed:
    """A step, its rank, and the host that it has to do with: none for all of them."""

    step: Step
    rank: int
    host: str | None

    def wait_for(self, *needs: str) -> None:
        """Let it need these as well."""
        self.step = replace(self.step, needs=tuple(dict.fromkeys((*self.step.needs, *needs))))


def with_hooks(
    steps: Iterable[Step], hooks: Iterable[Hook], owed: frozenset[str], make: HookSteps
) -> tuple[Step, ...]:
    """`steps` with the hooks among them. Where nothing is to be done, no hook is.

    `owed` are those that an unfinished run has not come to: they stand also around a stage in
    which nothing is left to do.
    """
    steps, hooks = tuple(steps), tuple(hooks)
    if not (steps and hooks):
        return steps
    weaving = Weaving(make, owed, [Placed(step, RANKS[step.stage], step.host) for step in steps])
    for hook in hooks:
        weaving.add(hook)
    return tuple(each.step for each in weaving.in_order)


@dataclass(slots=True)
class Weaving:
    """Steps while hooks are put among them."""

    make: HookSteps
    owed: frozenset[str]
    placed: list[Placed] = field(default_factory=list)

    @property
    def in_order(self) -> list[Placed]:
        """All by rank; those of one rank in the order in which they came."""
        return sorted(self.placed, key=lambda each: each.rank)

    def add(self, hook: Hook) -> None:
        """Put a hook at its place, or at its places."""
        match hook.per:
            case "deploy":
                if self._around(hook) or hook.name in self.owed:
                    self._at_stage(hook, None)
            case "host":
                for host in self.make.hosts:
                    if own := [each for each in self._around(hook) if each.host == host]:
                        self._at_host(hook, host, own)
                    elif hook.name in self.owed:
                        self._at_stage(hook, host)
            case "instance":
                for instance in self.make.instances:
                    if unit := self._bounce(instance):
                        self._at_instance(hook, instance, unit)

    def _bounce(self, instance: str) -> list[Placed]:
        """The steps that bounce an instance. One that only gets a keeper serves meanwhile."""
        unit = [each for each in self.placed if each.step.unit == instance]
        waits = any(isinstance(each.step.action, AwaitHealthy) for each in unit)
        return unit if waits else []

    def _around(self, hook: Hook) -> list[Placed]:
        """The steps of the plan that a hook stands around."""
        ranks = {rank for stage, rank in RANKS.items() if hook.stage in {"all", stage.value}}
        return [each for each in self.placed if each.rank in ranks]

    def _at_stage(self, hook: Hook, host: str | None) -> None:
        """It waits for all that comes before, and all that comes later waits for it."""
        rank, step = _rank(hook), self.make.step(hook, host)
        needs = barrier(each.step for each in self.placed if each.rank <= rank)
        for each in self._first_of_later(rank):
            each.wait_for(step.id)
        self.placed.append(Placed(replace(step, needs=needs), rank, host))

    def _at_host(self, hook: Hook, host: str, own: list[Placed]) -> None:
        """Of the stage, only what its host does is waited for, or waits."""
        rank, step = _rank(hook), self.make.step(hook, host)
        behind = Behind.of(self.in_order)
        if hook.before:
            needs = self._outside(own, rank)
            waiting = behind.first_of(own)
        else:
            ends = behind.last_of(own)
            needs = [each.step.id for each in ends]
            waiting = [each for each in self._first_of_later(rank) if behind.any(each, ends)]
        for each in waiting:
            each.wait_for(step.id)
        beside = barrier(
            each.step for each in self.placed if each.rank == rank and each.host in {None, host}
        )
        step = replace(step, needs=tuple(dict.fromkeys((*needs, *beside))))
        self.placed.append(Placed(step, rank, host))

    def _at_instance(self, hook: Hook, instance: str, unit: list[Placed]) -> None:
        """It belongs to the bounce of its instance, and is put back with it."""
        step = replace(self.make.step(hook, instance), unit=instance)
        if hook.before:
            next_to = next(each for each in unit if not isinstance(each.step.action, RunHook))
            step = replace(step, needs=next_to.step.needs)
            next_to.step = replace(next_to.step, needs=(step.id,))
        else:
            next_to = unit[-1]
            last = next_to.step.id
            for each in self.placed:
                if last in each.step.needs:
                    needs = tuple(step.id if need == last else need for need in each.step.needs)
                    each.step = replace(each.step, needs=needs)
            step = replace(step, needs=(last,))
        at = next(n for n, each in enumerate(self.placed) if each is next_to) + (not hook.before)
        self.placed.insert(at, Placed(step, next_to.rank, next_to.host))

    def _first_of_later(self, rank: int) -> list[Placed]:
        """Of the steps behind a rank, those that wait for no other one of them."""
        later = [each for each in self.placed if each.rank > rank]
        ids = {each.step.id for each in later}
        return [each for each in later if ids.isdisjoint(each.step.needs)]

    def _outside(self, own: list[Placed], rank: int) -> list[str]:
        """What these steps wait for, through others behind a rank, up to that rank."""
        by_id = {each.step.id: each for each in self.placed}
        found: dict[str, None] = {}
        seen: set[str] = set()
        left = [need for each in own for need in each.step.needs]
        while left:
            need = left.pop(0)
            if need in seen:
                continue
            seen.add(need)
            if by_id[need].rank <= rank:
                found[need] = None
            else:
                left += by_id[need].step.needs
        return list(found)


@dataclass(frozen=True, slots=True)
class Behind:
    """Which steps are behind which, directly or not: bits, for a big farm has thousands."""

    own: Mapping[str, int]
    before: Mapping[str, int]

    @classmethod
    def of(cls, placed: Iterable[Placed]) -> "Behind":
        """From steps that stand behind all that they need."""
        own: dict[str, int] = {}
        before: dict[str, int] = {}
        for number, each in enumerate(placed):
            own[each.step.id] = 1 << number
            before[each.step.id] = 0
            for need in each.step.needs:
                before[each.step.id] |= own[need] | before[need]
        return cls(own, before)

    def any(self, step: Placed, others: Iterable[Placed]) -> bool:
        """Whether a step is behind one of the others."""
        return bool(self.before[step.step.id] & self._bits(others))

    def first_of(self, steps: list[Placed]) -> list[Placed]:
        """Those that are behind no other one."""
        return [each for each in steps if not self.any(each, steps)]

    def last_of(self, steps: list[Placed]) -> list[Placed]:
        """Those that no other one is behind."""
        inner = 0
        for each in steps:
            inner |= self.before[each.step.id]
        return [each for each in steps if not inner & self.own[each.step.id]]

    def _bits(self, steps: Iterable[Placed]) -> int:
        return sum(self.own[each.step.id] for each in steps)


def _rank(hook: Hook) -> int:
    if hook.stage == "all":
        return FIRST if hook.before else LAST
    return RANKS[Stage(hook.stage)] + (-1 if hook.before else 1)
