"""What it costs to make, to change and to drop a part of a table or view that is there."""

from collections.abc import Iterable

from pipeline.hazard import HazardName
from pipeline.phase import Phase
from pipeline.schema.diff.mssql import guards
from pipeline.schema.diff.mssql.cost import Cost
from pipeline.schema.diff.mssql.fate import Fates, How
from pipeline.schema.diff.mssql.operation import Part, PartKind, Value, Verb
from pipeline.schema.diff.mssql.steps import Step
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.shared import Permission
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Default,
    ForeignKey,
    Index,
    Table,
    Temporal,
    Trigger,
    UniqueKey,
)
from pipeline.schema.normalise.mssql.options import Options

_SHOWN_AS_DROPPED = frozenset(
    {
        PartKind.CHECK,
        PartKind.FOREIGN_KEY,
        PartKind.FULL_TEXT,
        PartKind.INDEX,
        PartKind.TRIGGER,
        PartKind.UNIQUE_KEY,
    }
)


def object_created(cost: Cost, value: Value | None) -> None:
    """A new object changes something only where others notice it."""
    if isinstance(value, Module) and value.kind is Kind.DDL_TRIGGER and not value.disabled:
        cost.changes("it fires for what others do to the database")
    if isinstance(value, Item) and value.kind is Kind.SECURITY_POLICY:
        cost.changes("it decides who sees which rows")


def built_again(cost: Cost, step: Step, options: Options) -> None:
    """A part that was in the way, and is made again as it was."""
    match step.new:
        case UniqueKey() | Index():
            if not _online(options):
                cost.locks("it is built again")
        case (ForeignKey() | Check()) as rule if rule.trusted and not rule.disabled:
            cost.locks("every row is checked again")
        case Column() as column if column.computed is not None and column.computed.persisted:
            cost.locks("the column is computed for every row")
        case _:
            pass


def _online(options: Options) -> bool:
    return options.has("online") and options.edition in {"enterprise", "azure"}


def part_changed(cost: Cost, step: Step, fates: Fates) -> None:
    """A part that differs, or is on one side only."""
    if step.verb is Verb.RENAME:
        return
    again = step.fate.goes is not How.NOT and step.fate.comes is not How.NOT
    if step.verb is Verb.DROP:
        if not again:
            _dropped(cost, step.part, step.old)
        return
    was = fates.old.piece(step.part)
    old = was.value if was is not None else None
    match step.new:
        case Default() as default:
            if isinstance(old, Default) and old.expression != default.expression:
                cost.changes(f"the default {old.expression} becomes {default.expression}")
        case UniqueKey() as unique:
            _unique_key(cost, step, unique, old, fates)
        case Index() as index:
            _index(cost, step, index, old, fates)
        case ForeignKey() as foreign:
            _foreign_key(cost, step, foreign, old, fates)
        case Check() as check:
            _check(cost, step, check, old, fates)
        case Trigger() as trigger:
            _trigger(cost, trigger, old)
        case Permission() as permission:
            if permission.state == "DENY":
                cost.at(Phase.CONTRACT)
                cost.changes(f"{permission.grantee} may not {permission.action} any more")
        case Temporal() as temporal:
            _temporal(cost, step.part, temporal, old)
        case str() if step.part.kind is PartKind.BOUND_RULE:
            cost.at(Phase.CONTRACT)
            cost.changes("values have to follow the rule")
        case str() if step.part.kind is PartKind.CONNECTION:
            cost.at(Phase.CONTRACT)
            cost.add(HazardName.MAY_FAIL, "edges may not connect what they are to connect")
        case _:
            pass


def _dropped(cost: Cost, part: Part, old: Value | None) -> None:
    kind = part.kind
    if kind in _SHOWN_AS_DROPPED:
        cost.add(HazardName.DROPS_OBJECT, f"only the target has this {kind.value}")
    if isinstance(old, Index) and not old.unique:
        cost.at(Phase.CONTRACT)
    elif kind is PartKind.TRIGGER:
        cost.at(Phase.CONTRACT)
        cost.changes("it does not fire any more")
    elif kind is PartKind.FULL_TEXT:
        cost.at(Phase.CONTRACT)
        cost.breaks("old code may search in it")
    elif isinstance(old, Default):
        cost.at(Phase.CONTRACT)
        cost.changes(f"the default {old.expression} is taken away")
    elif kind in {PartKind.VERSIONING, PartKind.PERIOD}:
        cost.at(Phase.CONTRACT)
        cost.changes("the history of rows is not kept any more")
    elif kind is PartKind.BOUND_DEFAULT:
        cost.at(Phase.CONTRACT)
        cost.changes("the bound default is taken away")
    elif kind in {PartKind.MEMBER, PartKind.PERMISSION}:
        cost.at(Phase.CONTRACT)
        if not (isinstance(old, Permission) and old.state == "DENY"):
            cost.breaks("old code may need it")


def _unique_key(cost: Cost, step: Step, new: UniqueKey, old: Value | None, fates: Fates) -> None:
    if not _online(fates.options):
        cost.locks("it is built over all rows")
    before = {fold(each.name) for each in old.columns} if isinstance(old, UniqueKey) else set()
    if before and before <= {fold(each.name) for each in new.columns}:
        return
    cost.at(Phase.CONTRACT)
    if not new.not_enforced:
        _duplicates(cost, step, [each.name for each in new.columns], "", fates)


def _duplicates(cost: Cost, step: Step, columns: list[str], condition: str, fates: Fates) -> None:
    hazard = cost.add(HazardName.MAY_FAIL, f"rows may be alike in {', '.join(columns)}")
    table = fates.new.objects.get(step.part.key)
    if isinstance(table, Table):
        cost.guards.append(guards.duplicates(hazard, table, columns, condition))


def _index(cost: Cost, step: Step, new: Index, old: Value | None, fates: Fates) -> None:
    switched = isinstance(old, Index) and old._replace(disabled=new.disabled) == new
    if not _online(fates.options) and not (switched and new.disabled):
        cost.locks("it is built over all rows")
    if not new.unique or new.disabled:
        return
    columns = [each.name for each in new.columns]
    was_unique = isinstance(old, Index) and old.unique and not old.disabled
    if isinstance(old, Index) and was_unique and old.filter == new.filter:
        before = {fold(each.name) for each in old.columns}
        if before <= set(map(fold, columns)):
            return
    cost.at(Phase.CONTRACT)
    _duplicates(cost, step, columns, new.filter, fates)


def _empty(step: Step, fates: Fates, columns: Iterable[str]) -> bool:
    """Whether all these columns are new and have no values, so that nothing can be wrong."""
    found = [Part(step.part.key, PartKind.COLUMN, fold(name)) for name in columns]
    for part in found:
        piece = fates.new.piece(part)
        column = piece.value if piece is not None else None
        if fates.old.has(part) or not isinstance(column, Column) or column.computed is not None:
            return False
        if not column.nullable or fates.new.has(part._replace(kind=PartKind.DEFAULT)):
            return False
    return bool(found)


def _foreign_key(cost: Cost, step: Step, new: ForeignKey, old: Value | None, fates: Fates) -> None:
    if isinstance(old, ForeignKey) and _switched_off(cost, old, new):
        return
    if isinstance(old, ForeignKey) and step.verb is Verb.CREATE:
        cost.changes("the foreign key acts otherwise")
    cost.at(Phase.CONTRACT)
    if not new.trusted or new.disabled or _empty(step, fates, new.columns):
        return
    cost.locks("every row is checked")
    hazard = cost.add(HazardName.MAY_FAIL, f"rows may refer to nothing in {new.parent}")
    table = fates.new.objects.get(step.part.key)
    parent = fates.new.table(key(Kind.TABLE, new.parent_schema, new.parent))
    named = new.parent_columns or tuple(
        column.name
        for unique in (parent.keys if parent is not None else ())
        if unique.primary
        for column in unique.columns
    )
    if isinstance(table, Table) and named:
        cost.guards.append(guards.orphans(hazard, table, new, named))


def _switched_off(cost: Cost, old: ForeignKey | Check, new: ForeignKey | Check) -> bool:
    """Whether only its state differs, and it asks for less than before."""
    same = old._replace(trusted=new.trusted, disabled=new.disabled) == new
    if same and (new.disabled or (old.trusted and not new.trusted)):
        cost.changes("new rows are not checked any more" if new.disabled else "it is not trusted")
        return True
    return False


def _check(cost: Cost, step: Step, new: Check, old: Value | None, fates: Fates) -> None:
    if isinstance(old, Check) and _switched_off(cost, old, new):
        return
    cost.at(Phase.CONTRACT)
    if not new.trusted or new.disabled:
        return
    needed = [
        need.part.name
        for piece in (fates.new.piece(step.part),)
        if piece is not None
        for need in fates.arriving.needs(piece)
        if need.part.kind is PartKind.COLUMN
    ]
    if _empty(step, fates, needed):
        return
    cost.locks("every row is checked")
    hazard = cost.add(HazardName.MAY_FAIL, "rows may not pass the check")
    table = fates.new.objects.get(step.part.key)
    if isinstance(table, Table):
        cost.guards.append(guards.guard(hazard, table, guards.violates(new)))


def _trigger(cost: Cost, new: Trigger, old: Value | None) -> None:
    if not isinstance(old, Trigger):
        if not new.disabled:
            cost.changes("writes of old code fire the new trigger too")
        return
    if old.definition != new.definition:
        cost.changes("it has another text")
    if old.disabled != new.disabled:
        cost.changes("it is disabled now" if new.disabled else "it is enabled now")


def _temporal(cost: Cost, part: Part, new: Temporal, old: Value | None) -> None:
    if part.kind is PartKind.VERSIONING and isinstance(old, Temporal):
        if _months(new.retention) < _months(old.retention):
            cost.at(Phase.CONTRACT)
            cost.add(HazardName.LOSES_DATA, f"history is kept for {new.retention} only")
        if (old.history_schema, old.history) != (new.history_schema, new.history):
            cost.changes("history is kept in another table")


def _months(retention: str) -> float:
    number, _, unit = retention.upper().partition(" ")
    if not number.isdigit():
        return float("inf")
    length = {"DAY": 1 / 30, "WEEK": 7 / 30, "MONTH": 1, "YEAR": 12}
    return int(number) * length.get(unit.removesuffix("S"), 1)
