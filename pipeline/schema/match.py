"""Match two lists by key."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from operator import eq
from typing import Generic, TypeVar

from pipeline.errors import BadSchema

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Matched(Generic[T]):
    """What only one side has, and what both have: different or the same."""

    only_old: tuple[T, ...]
    only_new: tuple[T, ...]
    differing: tuple[tuple[T, T], ...]
    same: tuple[tuple[T, T], ...]

    @property
    def both(self) -> tuple[tuple[T, T], ...]:
        """All pairs."""
        return (*self.same, *self.differing)


def match(
    old: Iterable[T],
    new: Iterable[T],
    key: Callable[[T], Hashable],
    same: Callable[[T, T], bool] = eq,
) -> Matched[T]:
    """Pair items by key. The order is that of reading; two items of one key are BadSchema."""
    before, after = index(old, key), index(new, key)
    both = [(item, after[name]) for name, item in before.items() if name in after]
    return Matched(
        only_old=tuple(item for name, item in before.items() if name not in after),
        only_new=tuple(item for name, item in after.items() if name not in before),
        differing=tuple((was, now) for was, now in both if not same(was, now)),
        same=tuple((was, now) for was, now in both if same(was, now)),
    )


def index(items: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, T]:
    """Give items by key. Two with one key are BadSchema: one of them would be lost."""
    found: dict[Hashable, T] = {}
    for item in items:
        if found.setdefault(key(item), item) is not item:
            raise BadSchema(f"two things are named {key(item)}")
    return found


def distinct(items: Iterable[T], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Give the first item of each key: a constraint may be said twice."""
    found: dict[Hashable, T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return tuple(found.values())
