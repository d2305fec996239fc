"""Partition functions whose boundaries change: what their schemes have to say for each of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.facts import default_of, facts, listed
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.names import Key

ALL = "ALL "


@dataclass(frozen=True, slots=True)
class Split:
    """The way from one set of boundaries to another: (before, after) of one object at a time."""

    function: Key
    schemes: frozenset[Key]
    way: tuple[tuple[Item, Item], ...]


def splits(old: Mapping[Key, Object], new: Mapping[Key, Object]) -> tuple[Split, ...]:
    """Give the ways of all functions that can be split and merged with their schemes as wanted."""
    found = []
    for key, after in new.items():
        before = old.get(key)
        if key.kind != Kind.PARTITION_FUNCTION or before == after:
            continue
        if isinstance(before, Item) and isinstance(after, Item):
            way = _way(before, after, _schemes(key, old, new))
            found += [way] if way is not None else []
    return tuple(found)


def _schemes(
    function: Key, old: Mapping[Key, Object], new: Mapping[Key, Object]
) -> list[tuple[Item, Item]]:
    found = []
    for key, after in new.items():
        before = old.get(key)
        if key.kind != Kind.PARTITION_SCHEME or not isinstance(after, Item):
            continue
        named = fold(after.fact("function").strip("[]"))
        if named != function.name or not isinstance(before, Item):
            continue
        if fold(before.fact("function")) == fold(after.fact("function")):
            found.append((before, after))
    return found


def _way(before: Item, after: Item, schemes: list[tuple[Item, Item]]) -> Split | None:
    fixed = [(b.fact(name), a.fact(name)) for b, a in ((before, after),) for name in _FIXED]
    if not schemes or any(one != other for one, other in fixed):
        return None
    right = (after.fact("range") or default_of(after.kind, "range")) == "RIGHT"
    drafts = [_Scheme(old, new) for old, new in schemes]
    way = tuple(_steps(before, after, drafts, right=right))
    if not all(draft.arrived for draft in drafts):
        return None
    return Split(after.key, frozenset(new.key for _, new in schemes), way)


_FIXED = ("type", "range")


class _Scheme:
    """A scheme on its way: the filegroup of each partition, and of the next one."""

    def __init__(self, old: Item, new: Item) -> None:
        self.item, self.new = old, new
        self.groups = list(listed(old.fact("filegroups")))
        self.wanted = list(listed(new.fact("filegroups")))
        self.all = old.fact("filegroups").startswith(ALL)
        self.next = old.fact("filegroups").removeprefix(ALL) if self.all else ""
        self.next = self.next or old.fact("next_used")

    @property
    def arrived(self) -> bool:
        """Whether it has become what it is to be."""
        return self.all or self.groups == self.wanted

    def merged(self, place: int) -> None:
        if not self.all and place < len(self.groups):
            del self.groups[place]

    def to_use(self, place: int) -> Iterator[tuple[Item, Item]]:
        """Say which filegroup the partition at a place of the wanted ones is to have."""
        group = self.item.fact("filegroups").removeprefix(ALL)
        if not self.all:
            group = self.wanted[place] if place < len(self.wanted) else ""
        yield from self._use(group)
        if not self.all:
            self.groups.insert(place, group)
        self.next = ""

    def at_last(self) -> Iterator[tuple[Item, Item]]:
        """Say what is to be used next."""
        if self.all:
            yield from self._use(self.item.fact("filegroups").removeprefix(ALL))
        else:
            yield from self._use(self.new.fact("next_used"))

    def _use(self, group: str) -> Iterator[tuple[Item, Item]]:
        if fold(group) == fold(self.next):
            return
        before = dict(self.item.facts)
        before["next_used"] = self.next
        after = {**before, "next_used": group}
        kind = self.item.kind
        yield (
            self.item._replace(facts=facts(kind, before)),
            self.item._replace(facts=facts(kind, after)),
        )
        self.next = group


def _steps(
    before: Item, after: Item, schemes: Iterable[_Scheme], *, right: bool
) -> Iterator[tuple[Item, Item]]:
    drafts = list(schemes)
    values, wanted = list(listed(before.fact("values"))), listed(after.fact("values"))
    now = before
    for value in [each for each in values if each not in wanted]:
        place = values.index(value)
        for draft in drafts:
            draft.merged(place + right)
        values.remove(value)
        made = _with(after, values)
        yield now, made
        now = made
    for value in [each for each in wanted if each not in values]:
        values = [each for each in wanted if each in values or each == value]
        place = values.index(value)
        for draft in drafts:
            yield from draft.to_use(place + right)
        made = _with(after, values)
        yield now, made
        now = made
    for draft in drafts:
        yield from draft.at_last()


def _with(function: Item, values: list[str]) -> Item:
    said = {**dict(function.facts), "values": ", ".join(values)}
    return function._replace(facts=facts(function.kind, said))
