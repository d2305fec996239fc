"""Which child on one side is which on the other: by name, and by what it says."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pipeline.schema.model.mssql.names import fold

_SYSTEM_NAME = re.compile(r"(DF|PK|UQ|FK|CK)__.*__[0-9A-F]{8,16}", re.IGNORECASE)


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """Its name as written."""

    def _replace(self, *, name: str) -> Hashable:
        """Give the same with another name."""


C = TypeVar("C", bound=Named)


@dataclass(frozen=True, slots=True)
class Paired(Generic[C]):
    """Children of both sides, and those of one side only; each in the order it came in."""

    both: tuple[tuple[C, C], ...]
    source_only: tuple[C, ...]
    target_only: tuple[C, ...]


def is_system_named(name: str) -> bool:
    """Whether the server chose a constraint's name, or is to choose it."""
    return not name or _SYSTEM_NAME.fullmatch(name) is not None


def paired(
    source: Sequence[C], target: Sequence[C], *contents: Callable[[C], Hashable]
) -> Paired[C]:
    """Pair children by their names, then what is left by what it says: by each of `contents`.

    What says the very same comes first. A content of None is like no other.
    """
    both: list[tuple[C, C]] = []
    for found in (_name, *((_nameless, *contents) if contents else ())):
        matched = _match(source, target, found)
        both += [(source[one], target[other]) for one, other in matched]
        source = _without(source, {one for one, _ in matched})
        target = _without(target, {other for _, other in matched})
    return Paired(tuple(both), tuple(source), tuple(target))


def _without(children: Sequence[C], places: set[int]) -> list[C]:
    return [each for place, each in enumerate(children) if place not in places]


def _name(each: Named) -> Hashable:
    return fold(each.name) or None


def _nameless(each: Named) -> Hashable:
    return each._replace(name="")


def _match(
    source: Sequence[C], target: Sequence[C], content: Callable[[C], Hashable]
) -> list[tuple[int, int]]:
    """Give the places of children with the same content, the first ones first."""
    if not source or not target:
        return []
    there: dict[Hashable, list[int]] = defaultdict(list)
    for place in reversed(range(len(target))):
        there[content(target[place])].append(place)
    there.pop(None, None)
    return [
        (place, places.pop())
        for place, each in enumerate(source)
        if (places := there.get(content(each)))
    ]
