"""Two values put side by side, field by field: what differs, and which of the two is to be.

What an option hides, and what only looks different, is to be as it is in the target: then nothing
of it is ever scripted.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from pipeline.schema.diff.mssql.children import Named, is_system_named, paired
from pipeline.schema.diff.mssql.difference import Difference
from pipeline.schema.diff.mssql.ground import Ground
from pipeline.schema.diff.mssql.hidden import (
    ANY_NAMES,
    NOTHING,
    SYSTEM_NAMES,
    Names,
    hidden_by,
)
from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.words import first_difference
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Options
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.modules import normal_module, text_differences
from pipeline.schema.normalise.mssql.options import Options as Chosen

C = TypeVar("C", bound=Named)
V = TypeVar("V")
AS_WRITTEN = Chosen(frozenset())


class Rule(NamedTuple):
    """How one field is compared: what it is called, when it is the same, how it is said."""

    property: str
    same: Callable[[Any, Any], bool]
    said: Callable[[Any], str] = str


class Address(NamedTuple):
    """A part of the object that is being weighed. `name` is as written; `whole` hides it all."""

    kind: PartKind
    name: str = ""
    whole: Names = NOTHING


OBJECT = Address(PartKind.OBJECT)


class Weighing:
    """One object of each side, side by side. `found` grows with what differs."""

    __slots__ = ("found", "ground", "key", "names", "whole")

    def __init__(self, key: Key, ground: Ground, whole: Names = NOTHING) -> None:
        self.key, self.ground, self.whole = key, ground, whole
        self.found: list[Difference] = []
        self.names: dict[tuple[str, str], str] = {}
        """Names of constraints and indexes that stay the target's, by the source's name."""

    def differ(
        self, at: Address, name: str, source: str, target: str, also: Names = NOTHING
    ) -> bool:
        """Write a difference down. Gives whether it is hidden: then the target's value stays."""
        hidden = hidden_by(at.kind, name) | at.whole | self.whole | also
        part = Part(self.key, at.kind, fold(at.name))
        self.found.append(Difference(part, name, source, target, hidden, at.name))
        return self.ground.hides(hidden)

    def hides(self, at: Address) -> bool:
        """Whether an option hides a part whole."""
        return self.hides_property(at, "")

    def hides_property(self, at: Address, name: str) -> bool:
        """Whether an option hides a property of a part."""
        return self.ground.hides(hidden_by(at.kind, name) | at.whole | self.whole)

    def fields(
        self, at: Address, source: Any, target: Any, rules: Mapping[str, Rule]
    ) -> dict[str, Any]:
        """Compare fields by their rules. Gives those that are to be as in the target."""
        kept: dict[str, Any] = {}
        for field, rule in rules.items():
            mine, theirs = getattr(source, field), getattr(target, field)
            if mine == theirs:
                continue
            if rule.same(mine, theirs) or self.differ(
                at, rule.property, rule.said(mine), rule.said(theirs)
            ):
                kept[field] = theirs
        return kept

    def written(self, at: Address, source: str, target: str) -> bool:
        """Compare two names that find each other. Gives whether the target's stays.

        Other capitals count only where names are compared exactly.
        """
        return source == target or self.differ(at, "name", source, target, self.ground.by_case)

    def constraint_name(self, at: Address, source: str, target: str) -> bool:
        """Compare names of which one or both may be the server's choice.

        Where the source names none, any name will do.
        """
        if source == target or not source:
            kept = True
        elif fold(source) == fold(target):
            kept = self.written(at, source, target)
        else:
            chosen = is_system_named(source) and is_system_named(target)
            also = SYSTEM_NAMES if chosen or not target else ANY_NAMES
            kept = self.differ(at, "name", source, target, also)
        if kept and source and source != target:
            part = "INDEX" if at.kind is PartKind.INDEX else "CONSTRAINT"
            self.names[part, fold(source)] = target
        return kept

    def options(
        self,
        at: Address,
        source: Options,
        target: Options,
        read: Callable[[Options], dict[str, str]],
        defaults: Mapping[str, str],
    ) -> Options:
        """Compare options one by one; `read` leaves out what says nothing."""
        if source == target:
            return target
        mine, theirs = read(source), read(target)
        if mine == theirs:
            return target
        written, found = dict(source), dict(target)
        for name in sorted({*mine, *theirs}):
            default = defaults.get(name, "")
            one, other = mine.get(name, default), theirs.get(name, default)
            if one == other or self.differ(at, name, one, other):
                written.pop(name, None)
                if name in found:
                    written[name] = found[name]
        return tuple(sorted(written.items()))

    def text(self, at: Address, source: str, target: str) -> bool:
        """Compare the text of two modules. Gives whether the target's stays."""
        if source == target:
            return True
        mine, theirs = normal_module(source, AS_WRITTEN), normal_module(target, AS_WRITTEN)
        if mine == theirs:
            return True
        line = first_difference(source, target)
        return self.differ(at, "definition", line, line, self._of_text(source, target))

    def _of_text(self, source: str, target: str) -> Names:
        """Give the options that hide it: in force, or the one that is missing to those."""
        options, causes = self.ground.options, text_differences(source, target)
        if normal_module(source, options) == normal_module(target, options):
            return causes & options.names or options.names
        missing = causes - options.names
        return missing if len(missing) == 1 else NOTHING

    def children(
        self,
        source: tuple[C, ...],
        target: tuple[C, ...],
        shapes: tuple[Callable[[C], Hashable], ...],
        address: Callable[[C], Address],
        weigh: Callable[[C, C], C],
        fits: Callable[[C], bool] = lambda _: True,
        arrive: Callable[[C], C] = lambda new: new,
    ) -> tuple[C, ...]:
        """Compare children of one kind. Gives those that are to be, sorted by folded name.

        `arrive` takes away from a new one what is hidden. `fits` says whether a child can stand
        in the object that is to be: one that cannot is never kept, whatever hides it.
        """
        if source == target and all(map(fits, target)):
            return target
        pairs = paired(source, target, *shapes)
        goal: list[C] = []
        for mine, theirs in pairs.both:
            begun = len(self.found)
            wanted = theirs if mine == theirs else weigh(mine, theirs)
            if not fits(wanted):
                self._reveal(begun)
                wanted = mine
            goal.append(wanted)
        goal += [
            arrive(each)
            for each in pairs.source_only
            if not self.differ(address(each), "", _title(address(each)), "")
        ]
        for each in pairs.target_only:
            begun = len(self.found)
            if self.differ(address(each), "", "", _title(address(each))):
                if fits(each):
                    goal.append(each)
                else:
                    self._reveal(begun)
        if len(goal) == len(target) and set(goal) == set(target):
            return target
        return tuple(sorted(goal, key=lambda each: fold(each.name)))

    def presence(self, at: Address, source: V | None, target: V | None) -> V | None:
        """Compare a part that is on one side only. Gives the one that is to be."""
        mine = _title(at) if source is not None else ""
        theirs = _title(at) if target is not None else ""
        return target if self.differ(at, "", mine, theirs) else source

    def reveal(self, chosen: Callable[[Part], bool]) -> None:
        """What differs in these parts cannot stay hidden."""
        self.found = [
            replace(each, hidden_by=NOTHING) if chosen(each.part) else each for each in self.found
        ]

    def hide(self, at: Address, name: str, also: Names) -> None:
        """What differs in a property is hidden by these options too."""
        self.found = [
            replace(each, hidden_by=each.hidden_by | also)
            if (each.part.kind, each.property) == (at.kind, name)
            else each
            for each in self.found
        ]

    def _reveal(self, begun: int) -> None:
        """Nothing that was found since then can stay hidden."""
        self.found[begun:] = [replace(each, hidden_by=NOTHING) for each in self.found[begun:]]


def _title(at: Address) -> str:
    return at.name or at.kind.value


def plain(source: object, target: object) -> bool:
    """Nothing that is written differently is the same."""
    return source == target
