"""Which step comes before which; and the steps in an order that keeps to it.

The order is that of the graph of needs, then a natural one: what is dropped first, then types,
tables, what stands on them, modules, permissions. Wishes give way where they close a circle.
"""

from collections import defaultdict
from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from itertools import pairwise

from pipeline.schema.diff.mssql.fate import Fates, How
from pipeline.schema.diff.mssql.operation import Part, PartKind, Verb
from pipeline.schema.diff.mssql.parts import object_part
from pipeline.schema.diff.mssql.ranks import rank
from pipeline.schema.diff.mssql.slots import Slot, slots
from pipeline.schema.diff.mssql.state import Tie
from pipeline.schema.diff.mssql.steps import Step, Steps
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key


class Circles(Exception):
    """Rings of steps each of which would have to come before the next."""

    def __init__(self, rings: tuple[tuple[Step, ...], ...]) -> None:
        self.rings = rings
        super().__init__()


class Edges:
    """What comes before what: needs have to be met, wishes may be given up."""

    def __init__(self) -> None:
        self.needs: dict[int, set[int]] = defaultdict(set)
        """By the number of a step, those that have to come before it."""
        self.wishes: dict[int, set[int]] = defaultdict(set)

    def add(self, first: Iterable[Step], then: Iterable[Step], *, hard: bool) -> None:
        """Let each of the first come before each of the others."""
        found = self.needs if hard else self.wishes
        for later in then:
            for earlier in first:
                if earlier.number != later.number:
                    found[later.number].add(earlier.number)


def edges_of(steps: Steps) -> Edges:
    """Give all edges between steps."""
    edges, fates = Edges(), steps.fates
    chained = frozenset(key for split in fates.splits.values() for key in split.schemes)
    for part in sorted(fates.of):
        _going(edges, steps, fates, part)
        _coming(edges, steps, fates, part, chained)
        edges.add(steps.takes.get(part, ()), steps.makes.get(part, ()), hard=True)
    for first, then in steps.chains:
        edges.add([first], [then], hard=True)
    _slots(edges, steps)
    _columns(edges, steps)
    _moved_rows(edges, steps)
    return edges


def _going(edges: Edges, steps: Steps, fates: Fates, part: Part) -> None:
    """What stands on a part goes before it."""
    was = fates.old.piece(part)
    if was is None:
        return
    taken, altered = steps.takes.get(part, ()), steps.alters.get(part, ())
    if not taken and not altered:
        return
    now = fates.new.piece(part)
    silent = fates.of[part].goes is How.WITH
    kept = {need.part for need in fates.arriving.needs(now)} if altered and now else set()
    for need in fates.dependents.needs(was):
        hard = need.tie is Tie.HOLDING
        if silent and need.part in was.within:
            continue
        disturbing = steps.disturbs(need.part)
        if need.part == object_part(part.key):
            # An object may be altered while its parts are there.
            disturbing = [step for step in disturbing if step.verb is not Verb.ALTER]
        if part.kind is not PartKind.PROPERTY:
            # Only what names it notices that another part has another name.
            disturbing = [step for step in disturbing if step.verb is not Verb.RENAME]
        edges.add(taken, disturbing, hard=hard)
        if need.part not in kept:
            edges.add(altered, disturbing, hard=hard)


def _coming(edges: Edges, steps: Steps, fates: Fates, part: Part, chained: frozenset[Key]) -> None:
    """What a part needs comes before it."""
    now = fates.new.piece(part)
    made = steps.provides(part)
    if now is None or not made:
        return
    own = object_part(part.key)
    beside = own in fates.of and fates.of[own].aside is not None
    for need in fates.arriving.needs(now):
        if need.part == own and beside and part.kind is not PartKind.PERMISSION:
            continue
        if not (part.key in chained and need.part.key in fates.splits):
            edges.add(steps.provides(need.part), made, hard=need.tie is not Tie.WISH)


def _slots(edges: Edges, steps: Steps) -> None:
    """A name is free before it is taken."""
    freed: dict[Slot, list[Step]] = defaultdict(list)
    taken: dict[Slot, list[Step]] = defaultdict(list)
    for part, places in (*steps.takes.items(), *steps.alters.items()):
        was = steps.fates.old.piece(part)
        for slot in slots(part, was.value) if was is not None else ():
            freed[slot] += places
    for part, places in (*steps.makes.items(), *steps.alters.items()):
        now = steps.fates.new.piece(part)
        for slot in slots(part, now.value) if now is not None else ():
            taken[slot] += places
    for slot, later in taken.items():
        stay = {step.number for step in freed.get(slot, ()) if step in later}
        first = [step for step in freed.get(slot, ()) if step.number not in stay]
        edges.add(first, [step for step in later if step.number not in stay], hard=True)


def _columns(edges: Edges, steps: Steps) -> None:
    """New columns of a table come in its order."""
    made: dict[tuple[str, ...], list[Step]] = defaultdict(list)
    for step in steps.all:
        if step.part.kind is PartKind.COLUMN and step.verb is Verb.CREATE:
            made[step.part.key].append(step)
    for found in made.values():
        table = steps.fates.new.objects.get(found[0].part.key)
        places = {
            fold(column.name): place for place, column in enumerate(getattr(table, "columns", ()))
        }
        found.sort(key=lambda step: places.get(step.part.name, 0))
        for first, then in pairwise(found):
            edges.add([first], [then], hard=True)


def _moved_rows(edges: Edges, steps: Steps) -> None:
    """The rows of a table leave their place when its clustered index is made elsewhere."""
    fates = steps.fates
    for part, places in steps.makes.items():
        if part.kind not in {PartKind.UNIQUE_KEY, PartKind.INDEX}:
            continue
        old, now = fates.old.table(part.key), fates.new.piece(part)
        form = str(getattr(now.value, "form", "")) if now is not None else ""
        if not isinstance(old, Table) or not old.storage.column or form[:9] != "CLUSTERED":
            continue
        for need in fates.dependents.needs(fates.old.pieces(part.key)[0]):
            if need.part in steps.takes and need.part.key.kind == "PartitionScheme":
                edges.add(places, steps.takes[need.part], hard=True)


def in_order(steps: Iterable[Step], edges: Edges) -> tuple[Step, ...]:
    """Give the steps in order. Circles names those that cannot be put in one."""
    ranked = sorted(steps, key=rank)
    place = {step.number: n for n, step in enumerate(ranked)}
    waits = {n: len(edges.needs[n] & place.keys()) for n in place}
    hopes = {n: len((edges.wishes[n] - edges.needs[n]) & place.keys()) for n in place}
    followers: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for n in place:
        for first in edges.needs[n]:
            followers[first].append((n, True))
        for first in edges.wishes[n] - edges.needs[n]:
            followers[first].append((n, False))
    ready = [place[n] for n in place if not waits[n] and not hopes[n]]
    could = [place[n] for n in place if not waits[n]]
    heapify(ready)
    heapify(could)
    done: list[Step] = []
    taken: set[int] = set()
    rings: list[tuple[Step, ...]] = []
    while len(done) < len(ranked):
        step = _next(ranked, ready, taken) or _next(ranked, could, taken)
        if step is None:
            # Cut it here as well, to see whether there are more.
            rings.append(_ring(ranked, taken, edges))
            step = rings[-1][0]
        done.append(step)
        taken.add(step.number)
        for n, hard in followers[step.number]:
            if n not in place or n in taken:
                continue
            counted = waits if hard else hopes
            counted[n] -= 1
            if not waits[n]:
                heappush(ready if not hopes[n] else could, place[n])
    if rings:
        raise Circles(tuple(rings))
    return tuple(done)


def _next(ranked: list[Step], heap: list[int], taken: set[int]) -> Step | None:
    while heap:
        step = ranked[heappop(heap)]
        if step.number not in taken:
            return step
    return None


def _ring(ranked: list[Step], taken: set[int], edges: Edges) -> tuple[Step, ...]:
    """Give steps that wait for each other."""
    left = {step.number: step for step in ranked if step.number not in taken}
    way: list[int] = []
    seen: dict[int, int] = {}
    number = next(iter(left))
    while number not in seen:
        seen[number] = len(way)
        way.append(number)
        number = min(n for n in edges.needs[number] if n in left)
    return tuple(left[each] for each in reversed(way[seen[number] :]))
