"""The front door: two schemas in, what differs and what would be done about it out. Pure.

    comparison = compare(source, target)
    for group in groups(comparison): ...

`source` is what is wanted, `target` is what will be changed. The change has two parts: expand
gives a schema that old code and new code can both live with, contract gives the wanted one.

Indexes and triggers are objects of their own here, beside tables and views: SQLite names them so.
"""

from collections.abc import Collection
from dataclasses import dataclass

from pipeline.errors import BadCall
from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.schema.change import Change
from pipeline.schema.diff.leg import Leg
from pipeline.schema.diff.middle import middle
from pipeline.schema.diff.objects import ObjectVerdict, Way, verdicts
from pipeline.schema.diff.side import Side, differing
from pipeline.schema.drops import EVERYTHING, DropPolicy, wanted
from pipeline.schema.groups import Group, groups_between, ordered
from pipeline.schema.model.schema import Schema
from pipeline.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two schemas compared.

    `wanted` is the schema to arrive at: the source's, with what the target keeps. `middle` is
    the schema after expand. `expand` and `contract` are in the order of running them.
    """

    source: Schema
    target: Schema
    wanted: Schema
    middle: Schema
    objects: tuple[ObjectVerdict, ...]
    expand: tuple[Change, ...]
    contract: tuple[Change, ...]

    @property
    def dialect(self) -> str:
        """The dialect of both."""
        return self.source.dialect

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes: expand, then contract."""
        return (*self.expand, *self.contract)

    @property
    def differs(self) -> bool:
        """Whether any object is not the same on both sides, to be changed or not."""
        return any(each.verdict is not Verdict.SAME for each in self.objects)

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """All hazards of all changes, sorted, each once."""
        return tuple(sorted({hazard for change in self.changes for hazard in change.hazards}))


def compare(
    source: Schema,
    target: Schema,
    *,
    drops: DropPolicy = EVERYTHING,
    manage: Collection[str] = ("*",),
) -> Comparison:
    """Compare two schemas of one dialect.

    `drops=EVERYTHING` makes the target equal to the source. A set of names keeps and reports
    whatever only the target has, unless its name (`users`, or `users.email` for a column) is
    in the set. Objects whose name fits none of the `manage` globs are left alone.
    """
    if source.dialect != target.dialect:
        raise BadCall(f"{source.dialect} cannot be compared with {target.dialect}")
    goal = wanted(source, target, drops, manage)
    between = middle(target, goal.schema)
    here, there, end = Side.of(target), Side.of(between), Side.of(goal.schema)
    expand = _changes(here, there, Phase.EXPAND)
    contract = _changes(there, end, Phase.CONTRACT)
    return Comparison(
        source=source,
        target=target,
        wanted=goal.schema,
        middle=between,
        objects=verdicts(Way(Side.of(source), here, there, end, goal), (*expand, *contract)),
        expand=expand,
        contract=contract,
    )


def _changes(old: Side, new: Side, phase: Phase) -> tuple[Change, ...]:
    return ordered(Leg(old, new, differing(old, new), phase).changes())


def groups(comparison: Comparison) -> tuple[Group, ...]:
    """Give the changes as transactions: all of expand, then all of contract."""
    here, there = Side.of(comparison.target), Side.of(comparison.middle)
    end = Side.of(comparison.wanted)
    return (
        *groups_between(here, there, Phase.EXPAND),
        *groups_between(there, end, Phase.CONTRACT),
    )
