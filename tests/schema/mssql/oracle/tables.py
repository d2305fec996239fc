"""CREATE TABLE and DROP TABLE."""

from copy import deepcopy

from tests.schema.mssql.oracle.columns import Draft, elements
from tests.schema.mssql.oracle.cursor import Cursor, Name, fold
from tests.schema.mssql.oracle.dependence import bound_modules, foreign_keys_to
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Column, Fact, Index, Key, Table
from tests.schema.mssql.oracle.options import pairs, space, split
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.structure import add_column, add_constraint, add_index
from tests.schema.mssql.oracle.world import World, identity, object_target

DEFAULTS = (("data_compression", "none"), ("durability", "schema_and_data"))


def create_table(c: Cursor) -> Act:
    """What follows CREATE TABLE."""
    name = c.name()
    table = Table(name)
    draft = Draft()
    if c.take("AS", "FILETABLE"):
        table.options["file table"] = True
    if c.take("("):
        elements(c, name, draft)
        c.need(")")
    versioning = table_tail(c, table)

    def act(session: Session) -> None:
        build(session, deepcopy(table), deepcopy(draft), versioning)

    return act


def table_tail(c: Cursor, table: Table) -> dict[str, Fact] | None:
    versioning: dict[str, Fact] | None = None
    while True:
        if c.take("ON"):
            table.space = space(c)
        elif c.at("TEXTIMAGE_ON|FILESTREAM_ON"):
            word = c.word().lower()
            where = space(c)
            if where:
                table.options[word] = where
        elif c.take("AS"):
            table.options["graph"] = c.need("NODE|EDGE").lower()
        elif c.take("WITH"):
            versioning = table_options(c, table)
        else:
            return versioning


def table_options(c: Cursor, table: Table) -> dict[str, Fact] | None:
    versioning: dict[str, Fact] | None = None
    for item in split(c.balanced()):
        if item[0].upper == "SYSTEM_VERSIONING":
            versioning = versioning_of(Cursor(c.text, item))
        else:
            for option, value in pairs(item).items():
                if (option, value) not in DEFAULTS:
                    table.options[option] = value
    return versioning


def versioning_of(c: Cursor) -> dict[str, Fact] | None:
    """SYSTEM_VERSIONING = ON (...): the history table's name and how long it is kept."""
    c.need("SYSTEM_VERSIONING")
    c.take("=")
    if c.take("OFF"):
        return None
    c.need("ON")
    found: dict[str, Fact] = {"history": None}
    if c.at("("):
        for item in split(c.balanced()):
            inner = Cursor(c.text, item)
            if inner.take("HISTORY_TABLE", "="):
                found["history"] = inner.name().key
                found["history name"] = item[-1].value
            elif inner.take("HISTORY_RETENTION_PERIOD", "="):
                text = " ".join(token.text.casefold().removesuffix("s") for token in item[2:])
                if text != "infinite":
                    found["retention"] = text
            elif not inner.take("DATA_CONSISTENCY_CHECK"):
                raise inner.unknown("an option of SYSTEM_VERSIONING expected")
    return found


def build(
    session: Session, table: Table, draft: Draft, versioning: dict[str, Fact] | None
) -> None:
    world = session.world
    world.free(table.name)
    refuse_in_transaction(session, table)
    check_space(world, table.space)
    table.settings = session.settings
    fill(world, table, draft)
    world.tables[table.name.key] = table
    if versioning is not None:
        try:
            start_versioning(world, table, versioning)
        except Refused:
            del world.tables[table.name.key]
            raise


def fill(world: World, table: Table, draft: Draft) -> None:
    for index in draft.indexes:
        if index.constraint == "PRIMARY KEY":
            named = {fold(name) for name, _ in index.columns}
            for column in draft.columns:
                if fold(column.name) in named - draft.stated:
                    column.nullable = False
                    draft.stated.add(fold(column.name))
    for column in draft.columns:
        if column.computed is None:
            add_column(world, table, column, stated=fold(column.name) in draft.stated)
    for column in draft.columns:
        if column.computed is not None:
            add_column(world, table, column, stated=False)
    table.columns = {fold(column.name): column for column in draft.columns}
    explicit = [i for i in draft.indexes if i.clustered]
    rest = [i for i in draft.indexes if not i.clustered]
    for index in [*explicit, *sorted(rest, key=lambda i: i.constraint != "PRIMARY KEY")]:
        add_index(world, table, index)
    for constraint in draft.constraints:
        add_constraint(world, table, constraint)
    table.period = draft.period
    for name in draft.period or ():
        world.column(table, name)


def check_space(world: World, where: tuple[str, ...]) -> None:
    if len(where) > 1 and ("PARTITION SCHEME", "", where[0]) not in world.things:
        raise Refused(1921, f"the partition scheme {where[0]} does not exist")


def refuse_in_transaction(session: Session, table: Table) -> None:
    if table.memory and session.depth:
        raise Refused(
            12331,
            f"{table.name} is memory-optimized: its definition cannot change in a transaction",
        )


def start_versioning(world: World, table: Table, wanted: dict[str, Fact]) -> None:
    if table.versioning is not None:
        raise Refused(13551, f"system versioning of {table.name} is on already")
    if table.period is None and "ledger" not in table.options:
        raise Refused(13510, f"{table.name} has no period")
    if table.key_index() is None and "ledger" not in table.options:
        raise Refused(13553, f"{table.name} has no primary key")
    key, name = history_name(table, wanted)
    history = world.tables.get(key)
    if history is None:
        if not world.inventing and isinstance(wanted["history"], tuple):
            raise Refused(13524, f"the history table {name} is not there yet")
        world.need_schema(key[0])
        history = make_history(table, name)
        world.free(name)
        world.tables[key] = history
    else:
        compare_history(table, history)
    history.history_of = table.name.key
    kept: dict[str, Fact] = {"history": key}
    if "retention" in wanted:
        kept["retention"] = wanted["retention"]
    table.versioning = kept


def history_name(table: Table, wanted: dict[str, Fact]) -> tuple[Key, Name]:
    given = wanted["history"]
    if isinstance(given, tuple):
        return (str(given[0]), str(given[1])), Name(str(given[0]), str(wanted["history name"]))
    name = Name(table.name.schema, f"MSSQL_TemporalHistoryFor_{identity(*table.name.key)}")
    return name.key, name


def history_column(column: Column) -> Column:
    return Column(
        column.name, column.type, column.nullable, column.collation,
        facts={k: v for k, v in column.facts.items() if k in ("sparse", "masked")},
        lineage=column.lineage,
    )  # fmt: skip


def make_history(table: Table, name: Name) -> Table:
    history = Table(name, settings=table.settings, made=True)
    history.columns = {
        key: history_column(column) for key, column in table.columns.items() if not column.computed
    }
    if table.period:
        start, end = (table.columns[name].name for name in table.period)
        index = Index(f"ix_{name.name}", "clustered", ((end, False), (start, False)))
        index.options["data_compression"] = "page"
        history.indexes[fold(index.name)] = index
    return history


def compare_history(table: Table, history: Table) -> None:
    mine = {k: (c.type.normal(), c.nullable) for k, c in table.columns.items() if not c.computed}
    theirs = {k: (c.type.normal(), c.nullable) for k, c in history.columns.items()}
    if mine != theirs:
        raise Refused(13523, f"the columns of {history.name} differ from those of {table.name}")
    if history.key_index() or any(column.identity for column in history.columns.values()):
        raise Refused(
            13515, f"{history.name} cannot be a history table: it has keys or an identity"
        )


def drop_table(c: Cursor) -> Act:
    """What follows DROP TABLE."""
    lenient = c.take("IF", "EXISTS")
    names = [c.name()]
    while c.take(","):
        names.append(c.name())

    def act(session: Session) -> None:
        for name in names:
            if lenient and name.key not in session.world.tables:
                continue
            dropped(session, session.world.table(name, 3701))

    return act


def dropped(session: Session, table: Table) -> None:
    world, key = session.world, table.name.key
    if table.versioning is not None or table.history_of:
        raise Refused(13552, f"cannot drop {table.name}: it is system-versioned")
    for other, name in foreign_keys_to(world, key):
        if other is not table:
            raise Refused(
                3726,
                f"cannot drop {table.name}: the foreign key {name} of {other.name} references it",
            )
    bound = bound_modules(world, key)
    if bound:
        raise Refused(3729, f"cannot drop {table.name}: {bound[0].name} is bound to it")
    users = list(world.users_of(object_target(table.name)))
    if users:
        raise Refused(
            3729, f"cannot drop {table.name}: {users[0].kind.lower()} {users[0].name} uses it"
        )
    refuse_in_transaction(session, table)
    del world.tables[key]
    for trigger in list(world.triggers(key)):
        del world.modules[trigger.name.key]
        world.forget(object_target(trigger.name))
    world.forget(object_target(table.name))


def truncate(c: Cursor) -> Act:
    c.take("TABLE")
    name = c.name()

    def act(session: Session) -> None:
        table = session.world.table(name, 4701)
        for column in table.columns.values():
            column.lineage = frozenset()

    return act
