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

    A content of None is like no other.
    """
    both: list[tuple[C, C]] = []
    for found in (_name, *contents):
        matched = _match(source, target, found)
        both += matched
        taken_source = {id(one) for one, _ in matched}
        taken_target = {id(other) for _, other in matched}
        source = [each for each in source if id(each) not in taken_source]
        target = [each for each in target if id(each) not in taken_target]
    return Paired(tuple(both), tuple(source), tuple(target))


def _name(each: Named) -> Hashable:
    return fold(each.name) or None


def _match(
    source: Sequence[C], target: Sequence[C], content: Callable[[C], Hashable]
) -> list[tuple[C, C]]:
    if not source or not target:
        return []
    there: dict[Hashable, list[C]] = defaultdict(list)
    for each in reversed(target):
        there[content(each)].append(each)
    there.pop(None, None)
    return [
        (each, candidates.pop()) for each in source if (candidates := there.get(content(each)))
    ]
