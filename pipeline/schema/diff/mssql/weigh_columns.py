"""Two columns, and all columns of two tables, side by side."""

from collections.abc import Callable
from typing import Any

from pipeline.schema.diff.mssql.children import paired
from pipeline.schema.diff.mssql.difference import IGNORES_ORDER
from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.diff.mssql.same import (
    same_expression,
    same_name,
    same_text,
    same_type,
    takes_collation,
    takes_identity,
)
from pipeline.schema.diff.mssql.weighing import OBJECT, Address, Rule, Weighing, plain
from pipeline.schema.diff.mssql.words import default_words, identity_words, type_words, yes_or_no
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Options
from pipeline.schema.model.mssql.tables import Column, Computed, Default, Identity


def _null(nullable: object) -> str:
    return "NULL" if nullable else "NOT NULL"


def _options(options: Options) -> str:
    return ", ".join(f"{name} = {value}" for name, value in options)


TYPE = {"type": Rule("type", same_type, type_words)}
NULLABLE = {"nullable": Rule("nullability", plain, _null)}
REST = {
    "rowguidcol": Rule("ROWGUIDCOL", plain, yes_or_no),
    "sparse": Rule("SPARSE", plain, yes_or_no),
    "column_set": Rule("column set", plain, yes_or_no),
    "filestream": Rule("FILESTREAM", plain, yes_or_no),
    "mask": Rule("mask", same_text),
    "generated": Rule("generated", plain),
    "hidden": Rule("hidden", plain, yes_or_no),
    "encryption": Rule("encryption", plain, _options),
}
COMPUTED = {
    "expression": Rule("expression", same_expression),
    "persisted": Rule("PERSISTED", plain, yes_or_no),
    "not_null": Rule("NOT NULL", plain, yes_or_no),
}
IDENTITY = {
    "seed": Rule("identity seed", plain),
    "increment": Rule("identity increment", plain),
    "not_for_replication": Rule("not for replication", plain, yes_or_no),
}
BOUND = {
    "bound_default": PartKind.BOUND_DEFAULT,
    "bound_rule": PartKind.BOUND_RULE,
}


def weigh_columns(
    w: Weighing,
    source: tuple[Column, ...],
    target: tuple[Column, ...],
    keeps: Callable[[str], frozenset[str]] = lambda _: frozenset(),
) -> tuple[Column, ...]:
    """Give the columns that are to be. `keeps` gives what hides that one is in the target only."""
    if source == target:
        return target
    pairs = paired(source, target)
    goal = {
        fold(mine.name): theirs if mine == theirs else weigh_column(w, mine, theirs)
        for mine, theirs in pairs.both
    }
    for each in pairs.source_only:
        w.differ(_at(each), "", each.name, "")
        goal[fold(each.name)] = arriving_column(w, each)
    for each in pairs.target_only:
        if w.differ(_at(each), "", "", each.name, keeps(each.name)):
            goal[fold(each.name)] = each
    return _in_order(w, source, target, goal)


def _in_order(
    w: Weighing,
    source: tuple[Column, ...],
    target: tuple[Column, ...],
    goal: dict[str, Column],
) -> tuple[Column, ...]:
    """Put columns as the source has them, or leave them where they are and the new ones last."""
    mine, theirs = [fold(each.name) for each in source], [fold(each.name) for each in target]
    own, others = set(mine), set(theirs)
    wanted = [*mine, *(name for name in theirs if name in goal and name not in own)]
    left = [name for name in theirs if name in goal] + [n for n in mine if n not in others]
    if wanted != left:
        place = next(
            n for n, (one, other) in enumerate(zip(wanted, left, strict=True)) if one != other
        )
        name = wanted[place]
        said = (f"{goal[name].name} is column {place + 1}", f"column {left.index(name) + 1}")
        if w.differ(OBJECT, "column order", *said, IGNORES_ORDER):
            wanted = left
    return tuple(goal[name] for name in wanted)


def _at(column: Column) -> Address:
    return Address(PartKind.COLUMN, column.name)


def weigh_column(w: Weighing, source: Column, target: Column) -> Column:
    """Give the column that is to be."""
    at = _at(source)
    kept: dict[str, Any] = {}
    if w.written(at, source.name, target.name):
        kept["name"] = target.name
    kept |= _weigh_values(w, at, source, target)
    kept |= w.fields(at, source, target, REST)
    if source.default != target.default:
        kept["default"] = _weigh_default(w, source.name, source.default, target.default)
    for field, kind in BOUND.items():
        mine, theirs = getattr(source, field), getattr(target, field)
        if not same_name(mine, theirs):
            if w.differ(Address(kind, source.name), _bound(mine, theirs), mine, theirs):
                kept[field] = theirs
        else:
            kept[field] = theirs
    if source.sensitivity != target.sensitivity:
        address = Address(PartKind.SENSITIVITY, source.name)
        mine = _options(source.sensitivity.options) if source.sensitivity else ""
        theirs = _options(target.sensitivity.options) if target.sensitivity else ""
        if w.differ(address, _bound(mine, theirs), mine, theirs):
            kept["sensitivity"] = target.sensitivity
    return source._replace(**kept)


def _bound(mine: str, theirs: str) -> str:
    return "value" if mine and theirs else ""


def _weigh_values(w: Weighing, at: Address, source: Column, target: Column) -> dict[str, Any]:
    """Compare what a column may hold."""
    if source.computed and target.computed:
        held = w.fields(at, source.computed, target.computed, COMPUTED)
        computed = source.computed._replace(**held)
        return {"computed": computed, "nullable": target.nullable, "type": target.type}
    if source.computed or target.computed:
        w.differ(at, "computed", _computed(source.computed), _computed(target.computed))
        return {}
    kept = w.fields(at, source, target, TYPE) | w.fields(at, source, target, NULLABLE)
    if _collation_stays(w, at, source, target):
        kept["collation"] = target.collation
    kept["identity"] = _weigh_identity(w, at, source, target)
    return kept


def _computed(computed: Computed | None) -> str:
    return computed.expression if computed else ""


def _collation_stays(w: Weighing, at: Address, source: Column, target: Column) -> bool:
    if not source.collation and not target.collation:
        return True
    if not (takes_collation(source.type) and takes_collation(target.type)):
        return same_name(source.collation, target.collation)
    mine = source.collation or w.ground.source_collation
    theirs = target.collation or w.ground.target_collation
    return same_name(mine, theirs) or w.differ(
        at, "collation", mine or "the database's", theirs or "the database's"
    )


def _weigh_identity(w: Weighing, at: Address, source: Column, target: Column) -> Identity | None:
    mine, theirs = source.identity, target.identity
    if mine == theirs:
        return mine
    if mine and theirs:
        return mine._replace(**w.fields(at, mine, theirs, IDENTITY))
    hidden = w.differ(at, "identity", identity_words(mine), identity_words(theirs))
    return theirs if hidden and takes_identity(source.type) else mine


def _weigh_default(
    w: Weighing, column: str, source: Default | None, target: Default | None
) -> Default | None:
    at = Address(PartKind.DEFAULT, column)
    if source is None or target is None:
        mine, theirs = source and default_words(source), target and default_words(target)
        return target if w.differ(at, "", mine or "", theirs or "") else source
    kept: dict[str, Any] = {}
    if w.constraint_name(at, source.name, target.name):
        kept["name"] = target.name
    kept |= w.fields(at, source, target, {"expression": Rule("expression", same_expression)})
    return source._replace(**kept)


def arriving_column(w: Weighing, column: Column) -> Column:
    """Give a new column without what is made by a statement of its own and is hidden."""
    kept: dict[str, Any] = {}
    for field, kind in BOUND.items():
        bound = getattr(column, field)
        if bound and w.hides(Address(kind, column.name)):
            w.differ(Address(kind, column.name), "", bound, "")
            kept[field] = ""
    sensitive = Address(PartKind.SENSITIVITY, column.name)
    if column.sensitivity and w.hides(sensitive):
        w.differ(sensitive, "", _options(column.sensitivity.options), "")
        kept["sensitivity"] = None
    return column._replace(**kept) if kept else column
