"""Put names in an order that respects every "must come before", and find who belongs together."""

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from pipeline.errors import BadSchema

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edge:
    """`first` comes before `then`."""

    first: str
    then: str


@dataclass(frozen=True, slots=True)
class must_run:  # noqa: N801  reads as a sentence: must_run("drop fk").before("drop table")
    """The first half of an edge."""

    name: str

    def before(self, other: str) -> Edge:
        """Give the edge to what comes later."""
        return Edge(self.name, other)


def in_order(names: Iterable[str], edges: Iterable[Edge]) -> tuple[str, ...]:
    """Sort by edges, then by name. Edges to names that are not present do no harm.

    BadSchema names the circle if the edges close one.
    """
    present = frozenset(names)
    sorter = TopologicalSorter[str](dict.fromkeys(sorted(present), ()))
    for edge in edges:
        if {edge.first, edge.then} <= present:
            sorter.add(edge.then, edge.first)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise BadSchema(f"each of these would have to come before the next: {circle}") from error
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)


def without_circles(pairs: Iterable[tuple[T, T]], names: Iterable[T]) -> tuple[tuple[T, T], ...]:
    """Give the (first, then) pairs, less those that close a circle: wishes, not needs.

    One walk along all pairs, beginning in the order of `names`; each step back is left out.
    """
    ways: dict[T, list[T]] = {}
    for first, then in pairs:
        ways.setdefault(first, []).append(then)
    kept: list[tuple[T, T]] = []
    entered: set[T] = set()
    left: set[T] = set()
    for start in names:
        stack = [] if start in entered else [(start, iter(ways.get(start, ())))]
        entered.add(start)
        while stack:
            name, rest = stack[-1]
            for then in rest:
                if then not in entered or then in left:
                    kept.append((name, then))
                if then not in entered:
                    entered.add(then)
                    stack.append((then, iter(ways.get(then, ()))))
                    break
            else:
                stack.pop()
                left.add(name)
    return tuple(kept)


def together(names: Iterable[str], edges: Iterable[Edge]) -> tuple[frozenset[str], ...]:
    """Give the connected sets of names, in the order of their first name."""
    home = {name: name for name in names}

    def root(name: str) -> str:
        while home[name] != name:
            home[name] = home[home[name]]
            name = home[name]
        return name

    for edge in edges:
        if edge.first in home and edge.then in home:
            home[root(edge.then)] = root(edge.first)
    sets: dict[str, set[str]] = {}
    for name in home:
        sets.setdefault(root(name), set()).add(name)
    return tuple(frozenset(each) for each in sorted(sets.values(), key=min))
