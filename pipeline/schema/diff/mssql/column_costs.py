"""What it costs to add, to alter and to drop a column."""

from pipeline.hazard import HazardName
from pipeline.phase import Phase
from pipeline.schema.diff.mssql import guards
from pipeline.schema.diff.mssql.alterable import Alterable
from pipeline.schema.diff.mssql.conversions import (
    Fit,
    How,
    fit,
    how,
    is_lengthened,
    same_sort,
)
from pipeline.schema.diff.mssql.cost import Cost
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.normalise.mssql.options import Options

MAY_FAIL, LOSES = HazardName.MAY_FAIL, HazardName.LOSES_DATA
NO_VALUE = "there may be rows without a value"
_EACH_ROW_ITS_OWN = ("newid", "newsequentialid", "next value", "rand")


def added(cost: Cost, table: Table, column: Column, options: Options) -> None:
    """A new column of a table that is there."""
    if fills_itself(column):
        if column.computed is not None and column.computed.persisted:
            cost.locks("the column is computed for every row")
        if column.identity is not None:
            cost.locks("every row gets a number")
        return
    if column.default is None:
        hazard = cost.add(MAY_FAIL, "the new column is NOT NULL and has no default")
        cost.guards.append(guards.guard(hazard, table, ""))
        cost.breaks("old code inserts rows without it")
        cost.lockstep("old code does not know the new column, and it has to have a value")
    elif not column.nullable and not _is_quick(column, options):
        cost.locks("every row gets the default")


def fills_itself(column: Column) -> bool:
    """Whether rows need no value for it."""
    version = column.type is not None and column.type.name.lower() in {"timestamp", "rowversion"}
    return bool(
        column.computed
        or column.identity
        or column.generated
        or version
        or (column.nullable and column.default is None)
        or column.column_set
    )


def _is_quick(column: Column, options: Options) -> bool:
    """Whether the server only notes the default: Enterprise since 2012, one value for all."""
    text = column.default.expression.lower() if column.default else ""
    constant = not any(word in text for word in _EACH_ROW_ITS_OWN)
    enterprise = options.edition in {"enterprise", "azure"}
    return constant and enterprise and options.target_version >= 2012


def dropped(cost: Cost, column: Column) -> None:
    """A column that is only in the target."""
    cost.at(Phase.CONTRACT)
    if column.computed is None and not column.column_set:
        cost.add(LOSES, "the values of the column are dropped")
    cost.breaks("old code may use the column")


def altered(
    cost: Cost, table: Table, old: Column, new: Column, alterable: Alterable, options: Options
) -> None:
    """One column becomes another: in place, or while its table is made anew."""
    if old.computed or new.computed:
        _computed(cost, old, new)
        return
    _nullability(cost, table, old, new)
    _type(cost, table, old, new, alterable, options)
    if fold(old.collation) != fold(new.collation):
        cost.changes("values compare and sort by other rules")
        if old.type == new.type:
            cost.locks("every row is written anew")
    if old.mask != new.mask:
        cost.changes("who may not unmask it sees other values")
    if old.encryption != new.encryption:
        cost.add(MAY_FAIL, "the server encrypts in place only with a secure enclave")
        cost.lockstep("old and new code have to know the same encryption")
    _identity(cost, old, new)


def _nullability(cost: Cost, table: Table, old: Column, new: Column) -> None:
    if not old.nullable or new.nullable:
        return
    cost.at(Phase.CONTRACT)
    hazard = cost.add(MAY_FAIL, NO_VALUE)
    cost.guards.append(guards.guard(hazard, table, guards.is_null(new.name)))
    if old.type == new.type:
        cost.locks("every row is looked at")


def _type(
    cost: Cost, table: Table, old: Column, new: Column, alterable: Alterable, options: Options
) -> None:
    if old.type is None or new.type is None:
        return
    one, other = alterable.base(old.type, new=False), alterable.base(new.type, new=True)
    if one == other:
        return
    way = how(one, other)
    if way is How.NEVER:
        cost.add(LOSES, f"values of {one.name} cannot become {other.name}: they are dropped")
        cost.lockstep("old and new code use different types")
        return
    found = fit(one, other)
    if not same_sort(one, other):
        cost.lockstep("old and new code use different types")
        cost.breaks(f"the column is {other.name} now, not {one.name}")
    elif not found.widens:
        cost.at(Phase.CONTRACT)
    _values(cost, table, new.name, (one, other), found, options)
    if not is_lengthened(one, other):
        cost.locks("every row is written anew")


def _values(
    cost: Cost,
    table: Table,
    name: str,
    types: tuple[TypeName, TypeName],
    found: Fit,
    options: Options,
) -> None:
    one, other = types
    if found.fails:
        hazard = cost.add(MAY_FAIL, found.fails)
        if found.too_long:
            condition = guards.too_long(name, one, found.too_long)
        else:
            condition = guards.not_convertible(name, other, options.target_version)
        if condition:
            cost.guards.append(guards.guard(hazard, table, condition))
    if found.loses:
        hazard = cost.add(LOSES, found.loses)
        condition = guards.not_same(name, one, other, options.target_version)
        cost.guards.append(guards.guard(hazard, table, condition))


def _computed(cost: Cost, old: Column, new: Column) -> None:
    if old.computed is None:
        cost.add(LOSES, "stored values give way to computed ones")
        cost.breaks("old code writes into the column, which is computed now")
        cost.lockstep("old code writes into the column, which is computed now")
        return
    if new.computed is None:
        cost.changes("values are no longer computed")
        cost.lockstep("no longer computed: old code leaves it empty")
        return
    if old.computed.expression != new.computed.expression:
        cost.changes("it is computed by another expression")
    if new.computed.persisted:
        cost.locks("the column is computed for every row")


def _identity(cost: Cost, old: Column, new: Column) -> None:
    if old.identity is None and new.identity is not None:
        cost.breaks("the server gives the numbers now: old code may not")
        cost.lockstep("old code gives the numbers, new code leaves that to the server")
    elif old.identity is not None and new.identity is None:
        cost.breaks("the server no longer gives the numbers")
        cost.lockstep("old code leaves the numbers to the server, new code gives them")
    elif old.identity and new.identity and old.identity[:2] != new.identity[:2]:
        cost.changes("new rows get other numbers")
