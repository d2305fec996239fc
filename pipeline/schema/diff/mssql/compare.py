"""Two databases compared: what differs, what is hidden, and the state to arrive at. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.schema.diff.mssql.carried import carried, respelled
from pipeline.schema.diff.mssql.difference import Difference, is_hidden
from pipeline.schema.diff.mssql.differences import renamed, renamed_columns
from pipeline.schema.diff.mssql.ground import KEEP, Ground, ground_of
from pipeline.schema.diff.mssql.likeness import ALLOWED, likes, refuse
from pipeline.schema.diff.mssql.renames import Renames, columns_of, resolve
from pipeline.schema.diff.mssql.standing import Kept, histories, kept_for_others, without_gone
from pipeline.schema.diff.mssql.weigh import Weighed, weigh, weigh_gone, weigh_new
from pipeline.schema.diff.mssql.words import full_name, words
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import Item, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.filters import EVERYTHING, Filter
from pipeline.schema.normalise.mssql.options import Options
from pipeline.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Compared:
    """One object. `target` is as it is found there, under its old name if it was renamed.

    `because` says what differs, `ignored` what an option hides, in words for people.
    """

    key: Key
    verdict: Verdict
    because: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    source: Object | None = None
    target: Object | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two databases compared. `goal` is the state to arrive at: what an option hides and what the
    filter leaves out is there as it is in the target. `objects` are in the order of their keys.
    """

    source: Database
    target: Database
    goal: Database
    renames: Renames
    objects: tuple[Compared, ...]
    left_out: int = 0
    """How many objects the filter leaves out."""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    objects: list[Compared] = field(default_factory=list)
    goal: dict[Key, Object] = field(default_factory=dict)
    left_out: int = 0


def compare(
    source: Database, target: Database, options: Options, chosen: Filter = EVERYTHING
) -> Comparison:
    """Compare two databases.

    CheckFailed when hints of renames cannot be followed, or when something that would be dropped
    looks like something that would be made.
    """
    hints = tuple(each for each in source.renames if _takes(chosen, source.objects.get(each.key)))
    renames = resolve(replace(source, renames=hints), target)
    ground = ground_of(source, target, options)
    there = carried(target, renames.carry(source))
    found = _Found()
    implied = histories(there)
    for key in sorted(source.objects.keys() | there.keys()):
        mine, theirs = source.objects.get(key), there.get(key)
        if not _takes(chosen, mine or theirs):
            found.left_out += 1
            if theirs is not None:
                found.goal[key] = theirs
            continue
        if theirs is None and key in implied:
            made = f"made by the server in the target: {implied[key]}"
            found.objects.append(Compared(key, Verdict.SAME, (), (made,), mine))
            continue
        old = target.objects.get(renames.objects.get(key, key)) if theirs is not None else None
        _compare_one(found, key, (mine, theirs, old), ground, renames)
    kept = kept_for_others(found.goal, there)
    _keep(found, kept)
    _take_along(found, without_gone(found.goal, there))
    if not options.has(ALLOWED):
        _refuse_lookalikes(source, there, found, renames, options)
    goal = Database.of(found.goal.values())
    return Comparison(
        source=source,
        target=target,
        goal=Database(goal.objects, target.collation or source.collation),
        renames=renames,
        objects=tuple(found.objects),
        left_out=found.left_out,
        notes=(*renames.notes, *_collations(source, target), *kept.notes),
    )


def _takes(chosen: Filter, each: Object | None) -> bool:
    return each is None or chosen.takes(Kind(each.key.kind), each.schema, each.name)


Three = tuple[Object | None, Object | None, Object | None]


def _compare_one(found: _Found, key: Key, sides: Three, ground: Ground, renames: Renames) -> None:
    mine, theirs, old = sides
    if mine is not None and mine == theirs and mine == old and not _unreadable(mine):
        found.goal[key] = theirs
        found.objects.append(Compared(key, Verdict.SAME, source=mine, target=old))
        return
    reasons = _reasons(mine, theirs)
    if reasons:
        if theirs is not None:
            found.goal[key] = theirs
        found.objects.append(Compared(key, Verdict.CANNOT_TELL, reasons, (), mine, old))
        return
    if mine is not None and theirs is not None and key in renames.objects:
        theirs = respelled(theirs, mine)
    weighed = _weighed(mine, theirs, ground)
    differences = (*_names(key, mine, old, renames), *weighed.differences)
    real = tuple(each for each in differences if not is_hidden(each, ground.options))
    hidden = tuple(each for each in differences if is_hidden(each, ground.options))
    goal = weighed.goal
    verdict = _verdict(mine, theirs, bool(real))
    if goal is None and theirs is not None and _stays(theirs, ground):
        goal = theirs
    if goal is not None:
        found.goal[key] = goal
    found.objects.append(
        Compared(
            key,
            verdict,
            tuple(map(words, real)),
            tuple(map(words, hidden)),
            mine,
            old,
            differences,
        )
    )


def _weighed(mine: Object | None, theirs: Object | None, ground: Ground) -> Weighed:
    if mine is not None and theirs is not None:
        return weigh(mine, theirs, ground)
    if mine is not None:
        bare = _bare(mine)
        return weigh(mine, bare, ground) if bare is not None else weigh_new(mine, ground)
    if theirs is None:
        return Weighed(None)
    bare = _bare(theirs)
    return weigh_gone(theirs, ground) if bare is None else weigh(bare, theirs, ground)


def _bare(each: Object) -> Item | None:
    """Give a built-in as it is in every database; None for anything else."""
    if isinstance(each, Item) and each.built_in:
        return each._replace(facts=(), permissions=(), properties=(), authorization="")
    return None


def _verdict(mine: Object | None, theirs: Object | None, real: bool) -> Verdict:  # noqa: FBT001
    if not real:
        return Verdict.SAME
    if theirs is None and mine is not None and _bare(mine) is None:
        return Verdict.SOURCE_ONLY
    if mine is None and theirs is not None and _bare(theirs) is None:
        return Verdict.TARGET_ONLY
    return Verdict.DIFFERENT


def _stays(theirs: Object, ground: Ground) -> bool:
    """Whether an object that only the target has is kept, though it is reported."""
    return ground.hides(ground.keeps(full_name(theirs.schema, theirs.name)))


def _names(
    key: Key, mine: Object | None, old: Object | None, renames: Renames
) -> tuple[Difference, ...]:
    if mine is None or old is None:
        return ()
    columns = renames.columns.get(key, {})
    written = {fold(each.name): each.name for each in (*columns_of(old), *columns_of(mine))}
    moved = {written[new]: written.get(was, was) for new, was in columns.items()}
    return (*renamed(mine, old), *renamed_columns(mine, moved))


def _unreadable(each: Object | None) -> str:
    if isinstance(each, Unreadable):
        return each.reason or "cannot be read"
    if isinstance(each, Module) and each.encrypted and not each.definition:
        return "it is encrypted"
    return ""


def _reasons(mine: Object | None, theirs: Object | None) -> tuple[str, ...]:
    sides = (("source", _unreadable(mine)), ("target", _unreadable(theirs)))
    return tuple(f"cannot be told in the {side}: {reason}" for side, reason in sides if reason)


def _collations(source: Database, target: Database) -> tuple[str, ...]:
    mine, theirs = source.collation, target.collation
    if mine and theirs and fold(mine) != fold(theirs):
        return (
            f"the source's collation is {mine}, the target's {theirs}: it is not changed, and "
            "columns without a collation of their own have their database's",
        )
    return ()


def _keep(found: _Found, kept: Kept) -> None:
    """Put back what other things need that stay."""
    found.goal.update(kept.objects)
    for place, each in enumerate(found.objects):
        if each.key in kept.objects:
            why = (*each.because, f"kept: {kept.why[each.key]}")
            found.objects[place] = (
                replace(each, verdict=Verdict.SAME, because=(), ignored=(*each.ignored, *why))
                if each.key in kept.histories
                else replace(each, because=why)
            )


def _take_along(found: _Found, changed: Mapping[Key, str]) -> None:
    """What goes with a principal is a difference, also where an option hides permissions."""
    for place, each in enumerate(found.objects):
        if each.key in changed:
            found.objects[place] = replace(
                each,
                verdict=Verdict.DIFFERENT if each.verdict is Verdict.SAME else each.verdict,
                because=(*each.because, changed[each.key]),
            )


def _refuse_lookalikes(
    source: Database,
    there: Mapping[Key, Object],
    found: _Found,
    renames: Renames,
    options: Options,
) -> None:
    goal = found.goal
    made = [goal[key] for key in _only(found, Verdict.SOURCE_ONLY) if key in goal]
    gone = [there[key] for key in _only(found, Verdict.TARGET_ONLY) if key not in goal]
    pairs: list[tuple[Table, Table]] = []
    if not options.has(KEEP):
        for each in found.objects:
            mine, theirs = goal.get(each.key), there.get(each.key)
            if (
                each.verdict is Verdict.DIFFERENT
                and isinstance(mine, Table)
                and isinstance(theirs, Table)
            ):
                pairs.append((mine, theirs))
    refuse(likes(source, made, gone, pairs, renames))


def _only(found: _Found, verdict: Verdict) -> Iterable[Key]:
    return [each.key for each in found.objects if each.verdict is verdict]
