"""ALTER TABLE."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

from tests.schema.mssql.oracle.alter_column import alter_column
from tests.schema.mssql.oracle.columns import Draft, elements
from tests.schema.mssql.oracle.cursor import Cursor, Name, fold
from tests.schema.mssql.oracle.drop_parts import drop_period, history_key, remove
from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.model import Column, Table
from tests.schema.mssql.oracle.options import option_list, pairs, split
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.structure import add_column, add_constraint, add_index
from tests.schema.mssql.oracle.tables import (
    history_column,
    refuse_in_transaction,
    start_versioning,
    versioning_of,
)
from tests.schema.mssql.oracle.world import World


def alter_table(c: Cursor) -> Act:
    """What follows ALTER TABLE."""
    name = c.name()
    inner = alteration(c, name)

    def act(session: Session) -> None:
        table = session.world.table(name)
        refuse_in_transaction(session, table)
        if table.history_of and inner.name not in ("options", "rebuild"):
            raise Refused(13551, f"{name} is a history table in use")
        inner.act(session, table)

    return act


@dataclass(frozen=True, slots=True)
class Alteration:
    """A change of one table; its name says which."""

    name: str
    act: Callable[[Session, Table], None]


def alteration(c: Cursor, name: Name) -> Alteration:
    trusted = not c.take("WITH", "NOCHECK")
    checked = trusted and c.take("WITH", "CHECK")
    if c.at("CHECK|NOCHECK", "CONSTRAINT"):
        return switch_constraints(c, trusted=checked)
    if c.take("ADD"):
        return addition(c, name, trusted=trusted)
    if c.take("ALTER", "COLUMN"):
        return Alteration("column", alter_column(c))
    if c.take("DROP"):
        return removal(c)
    if c.at("ENABLE|DISABLE", "TRIGGER"):
        disabled = c.word() == "DISABLE"
        c.next()
        return triggers(c, disabled=disabled)
    if c.at("ENABLE|DISABLE", "CHANGE_TRACKING"):
        return tracking(c)
    if c.take("SET"):
        return setting(c)
    if c.take("REBUILD"):
        return rebuild(c)
    if c.take("SWITCH"):
        return switch(c)
    if c.take("ALTER", "INDEX"):
        return hash_index(c)
    raise c.unknown("a clause of ALTER TABLE expected")


def addition(c: Cursor, name: Name, *, trusted: bool) -> Alteration:
    draft = Draft()
    c.take("COLUMN")
    elements(c, name, draft)

    def act(session: Session, table: Table) -> None:
        add(session, table, deepcopy(draft), trusted=trusted)

    return Alteration("add", act)


def add(session: Session, table: Table, draft: Draft, *, trusted: bool) -> None:
    world = session.world
    before = (dict(table.columns), dict(table.indexes), dict(table.constraints), table.period)
    try:
        if draft.period and table.period:
            raise Refused(13508, f"{table.name} has a period already")
        add_all(world, table, draft, trusted=trusted)
        for column in draft.columns:
            propagate(world, table, column)
    except Refused:
        table.columns, table.indexes, table.constraints, table.period = before
        raise


def add_all(world: World, table: Table, draft: Draft, *, trusted: bool) -> None:
    filled = {fold(c.columns[0]) for c in draft.constraints if c.kind == "DEFAULT" and c.columns}
    keys = {fold(n) for i in draft.indexes if i.constraint == "PRIMARY KEY" for n, _ in i.columns}
    for column in draft.columns:
        if fold(column.name) in keys - draft.stated:
            column.nullable = False
            draft.stated.add(fold(column.name))
        add_column(world, table, column, stated=fold(column.name) in draft.stated)
        valued = any(
            c.facts.get("with values") and c.uses(fold(column.name)) for c in draft.constraints
        )
        column.nulls = table.rows and column.nullable and not valued
        given = (
            column.identity
            or column.computed
            or column.generated
            or column.type.base == "timestamp"
        )
        if table.rows and not column.nullable and not given and fold(column.name) not in filled:
            raise Refused(
                4901,
                f"the column {column.name} is NOT NULL and "
                f"has no default: {table.name} may have rows",
            )
        if table.rows and column.generated.startswith("row") and fold(column.name) not in filled:
            raise Refused(
                4901, f"the period column {column.name} has no default: {table.name} may have rows"
            )
    for index in draft.indexes:
        add_index(world, table, index)
    for constraint in draft.constraints:
        if not trusted and constraint.kind != "DEFAULT":
            constraint.trusted = False
        add_constraint(world, table, constraint)
    if draft.period:
        for name in draft.period:
            column = world.column(table, name)
            if column.nullable or column.type.base != "datetime2":
                raise Refused(
                    13501, f"the period column {column.name} must be a datetime2 and not nullable"
                )
            column.generated = "row start" if name == draft.period[0] else "row end"
        table.period = draft.period


def propagate(world: World, table: Table, column: Column) -> None:
    """A versioned table's history gets its new columns too."""
    if table.versioning and not column.computed:
        history = world.tables[history_key(table)]
        history.columns[fold(column.name)] = history_column(column)


def removal(c: Cursor) -> Alteration:
    if c.take("PERIOD", "FOR", "SYSTEM_TIME"):
        return Alteration("drop", drop_period)
    steps: list[tuple[str, str, bool]] = []
    kind = "CONSTRAINT"
    while True:
        if c.at("COLUMN|CONSTRAINT|INDEX"):
            kind = c.word()
        lenient = c.take("IF", "EXISTS")
        steps.append((kind, c.identifier(), lenient))
        if c.at("WITH", "("):
            c.next()
            option_list(c)
        if not c.take(","):
            break

    def act(session: Session, table: Table) -> None:
        for what, name, lenient in steps:
            remove(session.world, table, what, name, lenient=lenient)

    return Alteration("drop", act)


def switch_constraints(c: Cursor, *, trusted: bool) -> Alteration:
    disabled = c.word() == "NOCHECK"
    c.next()
    names = [] if c.take("ALL") else [c.identifier()]
    while names and c.take(","):
        names.append(c.identifier())

    def act(session: Session, table: Table) -> None:
        for name in names:
            if fold(name) not in table.constraints:
                raise Refused(4917, f"the constraint {name} does not exist")
        for key, constraint in table.constraints.items():
            if constraint.kind != "DEFAULT" and (not names or key in map(fold, names)):
                constraint.disabled = disabled
                replication = bool(constraint.facts.get("not for replication"))
                constraint.trusted = trusted and not disabled and not replication

    return Alteration("constraints", act)


def triggers(c: Cursor, *, disabled: bool) -> Alteration:
    names = [] if c.take("ALL") else [c.parts()[-1]]
    while names and c.take(","):
        names.append(c.parts()[-1])

    def act(session: Session, table: Table) -> None:
        mine = {module.name.key[1]: module for module in session.world.triggers(table.name.key)}
        for name in map(fold, names or mine):
            if name not in mine:
                raise Refused(4920, f"the trigger {name} is not on {table.name}")
            mine[name].disabled = disabled

    return Alteration("triggers", act)


def tracking(c: Cursor) -> Alteration:
    on = c.word() == "ENABLE"
    c.next()
    columns = "off"
    if c.take("WITH"):
        columns = option_list(c).get("track_columns_updated", "off")

    def act(session: Session, table: Table) -> None:
        if on == ("change tracking" in table.options):
            raise Refused(
                4996 if on else 4998,
                f"change tracking of {table.name} is {'on' if on else 'off'} already",
            )
        if on and table.key_index() is None:
            raise Refused(4997, f"{table.name} has no primary key to track changes by")
        if on:
            table.options["change tracking"] = columns
        else:
            del table.options["change tracking"]

    return Alteration("tracking", act)


def setting(c: Cursor) -> Alteration:
    row = c.balanced()
    if row and row[0].upper == "SYSTEM_VERSIONING":
        wanted = versioning_of(Cursor(c.text, row))

        def version(session: Session, table: Table) -> None:
            if (
                wanted is not None
                and table.versioning is not None
                and wanted.get("history") in (None, history_key(table))
            ):
                table.versioning = {
                    "history": history_key(table),
                    **{k: v for k, v in wanted.items() if k == "retention"},
                }
            elif wanted is not None:
                start_versioning(session.world, table, wanted)
            else:
                stop_versioning(session.world, table)

        return Alteration("versioning", version)
    values = {option: value for item in split(row) for option, value in pairs(item).items()}

    def act(session: Session, table: Table) -> None:
        for option, value in values.items():
            if (option, value) in (("lock_escalation", "table"), ("filestream_on", "null")):
                table.options.pop(option, None)
            elif option in (
                "lock_escalation",
                "filestream_on",
                "remote_data_archive",
                "data_deletion",
            ):
                table.options[option] = value
            else:
                raise Unknown(f"ALTER TABLE SET {option}")

    return Alteration("options", act)


def stop_versioning(world: World, table: Table) -> None:
    if table.versioning is None:
        raise Refused(13591, f"system versioning of {table.name} is off")
    if "ledger" in table.options:
        raise Refused(
            37415, f"system versioning of the ledger table {table.name} cannot be turned off"
        )
    world.tables[history_key(table)].history_of = None
    table.versioning = None


def rebuild(c: Cursor) -> Alteration:
    if c.take("PARTITION", "="):
        c.next()
    values = option_list(c) if c.take("WITH") else {}

    def act(session: Session, table: Table) -> None:
        clustered = next((i for i in table.indexes.values() if i.clustered), None)
        held = clustered.options if clustered else table.options
        for option in ("data_compression", "xml_compression"):
            if values.get(option) in ("none", "off"):
                held.pop(option, None)
            elif option in values:
                held[option] = values[option]

    return Alteration("rebuild", act)


def switch(c: Cursor) -> Alteration:
    if c.take("PARTITION"):
        c.next()
    c.need("TO")
    other = c.name()
    if c.take("PARTITION"):
        c.next()

    def act(session: Session, table: Table) -> None:
        target = session.world.table(other)
        if list(target.columns) != list(table.columns):
            raise Refused(4943, f"the columns of {table.name} and {other} differ")
        for name, column in table.columns.items():
            target.columns[name].lineage |= column.lineage
            column.lineage = frozenset()

    return Alteration("switch", act)


def hash_index(c: Cursor) -> Alteration:
    name = c.identifier()
    c.need("REBUILD", "WITH")
    values = option_list(c)

    def act(session: Session, table: Table) -> None:
        index = table.indexes.get(fold(name))
        if index is None:
            raise Refused(1088, f"the index {name} is not on {table.name}")
        index.options |= values

    return Alteration("index", act)
