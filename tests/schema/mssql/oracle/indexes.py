"""Indexes and statistics of tables and views."""

from collections.abc import Callable
from copy import deepcopy

from tests.schema.mssql.oracle.columns import filter_clause, index_tail, key_columns
from tests.schema.mssql.oracle.cursor import Cursor, Name, fold, normal
from tests.schema.mssql.oracle.dependence import foreign_keys_to
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Fact, Index, Module, Table
from tests.schema.mssql.oracle.options import index_options, lasting, option_list
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.structure import add_index, check_expression, matching_key
from tests.schema.mssql.oracle.tables import check_space
from tests.schema.mssql.oracle.world import object_target


def create_index(c: Cursor) -> Act:
    """What follows CREATE, up to where INDEX stands."""
    found = Index("", "nonclustered")
    found.unique = c.take("UNIQUE")
    if c.take("CLUSTERED"):
        found.kind = "clustered"
    else:
        c.take("NONCLUSTERED")
    if c.take("COLUMNSTORE"):
        found.kind += " columnstore"
    if c.take("PRIMARY", "XML"):
        found.kind, found.facts["primary"] = "xml", True
    elif c.take("SELECTIVE", "XML"):
        found.kind, found.facts["selective"] = "xml", True
    elif c.take("XML"):
        found.kind = "xml"
    elif c.take("SPATIAL"):
        found.kind = "spatial"
    elif c.take("JSON"):
        found.kind = "json"
    c.need("INDEX")
    found.name = c.identifier()
    c.need("ON")
    host = c.name()
    if c.at("("):
        found.columns = key_columns(c)
    given = index_clauses(c, found)

    def act(session: Session) -> None:
        made(session, host, deepcopy(found), replacing=given.get("drop_existing") == "on")

    return act


def index_clauses(c: Cursor, found: Index) -> dict[str, str]:
    while True:
        if c.take("INCLUDE"):
            found.included = c.names()
        elif c.take("WHERE"):
            filter_clause(c, found)
        elif c.take("USING", "XML", "INDEX"):
            found.facts["of"] = fold(c.identifier())
            if c.take("FOR") and not c.at("("):
                found.facts["for"] = c.word().lower()
        elif c.take("USING"):
            found.facts["tessellation"] = c.word().lower()
        elif c.at("WITH", "XMLNAMESPACES"):
            c.position += 2
            found.facts["namespaces"] = normal(c.balanced())
        elif c.take("FOR"):
            found.facts["paths"] = normal(c.balanced())
        elif c.take("ORDER"):
            found.facts["order"] = normal(c.balanced())
        else:
            return index_tail(c, found)


def made(session: Session, host: Name, found: Index, *, replacing: bool) -> None:
    world = session.world
    held = world.host(host)
    if isinstance(held, Table) and held.memory:
        raise Refused(10794, f"CREATE INDEX is not supported on the memory-optimized {host}")
    check_space(world, found.space)
    existing = held.indexes.get(fold(found.name)) if replacing else None
    if replacing and existing is None:
        raise Refused(7999, f"there is no index {found.name} on {host} to replace")
    if existing is not None:
        found.constraint, found.invented = existing.constraint, existing.invented
    if found.kind == "xml" and isinstance(held, Table):
        check_xml(held, found)
    if found.kind == "spatial" and isinstance(held, Table) and held.key_index() is None:
        raise Refused(12008, f"{host} has no clustered primary key: no spatial index can be on it")
    check_options(session, held, found)
    add_index(world, held, found, existing=existing)


def check_options(session: Session, host: Table | Module, found: Index) -> None:
    """Some indexes are made under ANSI_NULLS and QUOTED_IDENTIFIER only."""
    computed = isinstance(host, Table) and any(
        column.computed and found.uses(key) for key, column in host.columns.items()
    )
    special = isinstance(host, Module) or found.filter or found.kind in ("xml", "spatial")
    if (special or computed) and session.settings != (True, True):
        raise Refused(1934, f"{found.name} needs ANSI_NULLS and QUOTED_IDENTIFIER on")


def check_xml(table: Table, found: Index) -> None:
    key = table.key_index()
    if key is None or not key.clustered:
        raise Refused(
            6332, f"{table.name} has no clustered primary key: no XML index can be on it"
        )
    of = found.facts.get("of")
    if of and of not in table.indexes:
        raise Refused(6364, f"the primary XML index {of} is not on {table.name}")


def drop_index(c: Cursor) -> Act:
    """What follows DROP INDEX."""
    lenient = c.take("IF", "EXISTS")
    steps = [index_and_host(c)]
    while c.take(","):
        steps.append(index_and_host(c))

    def act(session: Session) -> None:
        for name, host in steps:
            there = host.key in session.world.tables or host.key in session.world.modules
            if lenient and (not there or fold(name) not in session.world.host(host).indexes):
                continue
            drop(session, name, session.world.host(host, 3701))

    return act


def index_and_host(c: Cursor) -> tuple[str, Name]:
    parts = c.parts()
    host = c.name() if c.take("ON") else Name(parts[-3] if len(parts) > 2 else "dbo", parts[-2])
    if c.take("WITH"):
        option_list(c)
    return parts[-1], host


def drop(session: Session, name: str, host: Table | Module) -> None:
    index = host.indexes.get(fold(name))
    if index is None:
        raise Refused(3701, f"there is no index {name} on {host.name}")
    if index.constraint:
        raise Refused(3723, f"the index {name} of {host.name} enforces a {index.constraint}")
    if isinstance(host, Table):
        refuse_needed(session, host, index)
    elif index.clustered and len(host.indexes) > 1:
        for other in [i for i in host.indexes.values() if i is not index]:
            del host.indexes[fold(other.name)]
    del host.indexes[fold(name)]
    session.world.forget((*object_target(host.name), "index", fold(name)))


def refuse_needed(session: Session, table: Table, index: Index) -> None:
    if table.memory:
        raise Refused(10794, f"DROP INDEX is not supported on the memory-optimized {table.name}")
    if table.full_text and table.full_text.get("key") == fold(index.name):
        raise Refused(3734, f"the full-text index of {table.name} uses {index.name}")
    dependants = [i.name for i in table.indexes.values() if i.facts.get("of") == fold(index.name)]
    if dependants and index.facts.get("primary"):
        for name in dependants:
            del table.indexes[fold(name)]
    kept = table.indexes.pop(fold(index.name))
    try:
        for other, foreign in foreign_keys_to(session.world, table.name.key):
            if matching_key(table, other.constraints[fold(foreign)]) is None:
                raise Refused(
                    3723, f"the foreign key {foreign} of {other.name} needs the index {index.name}"
                )
    finally:
        table.indexes[fold(index.name)] = kept


def alter_index(c: Cursor) -> Act:
    """What follows ALTER INDEX."""
    name = "" if c.take("ALL") else c.identifier()
    c.need("ON")
    host = c.name()
    change = index_change(c)

    def act(session: Session) -> None:
        held = session.world.host(host)
        if name and fold(name) not in held.indexes:
            raise Refused(2727, f"cannot find the index {name}")
        for key, index in held.indexes.items():
            if not name or key == fold(name):
                change(index)

    return act


def index_change(c: Cursor) -> Callable[[Index], None]:
    if c.take("DISABLE"):
        return disable
    if c.take("SET"):
        return options_change(option_list(c), enable=False)
    if c.take("REORGANIZE"):
        partition(c)
        if c.take("WITH"):
            option_list(c)
        return unchanged
    c.need("REBUILD")
    partition(c)
    return options_change(index_options(c) if c.take("WITH") else {}, enable=True)


def partition(c: Cursor) -> None:
    if c.take("PARTITION", "="):
        c.next()


def unchanged(index: Index) -> None:
    """What REORGANIZE does to a definition."""


def disable(index: Index) -> None:
    index.disabled = True


def options_change(values: dict[str, str], *, enable: bool) -> Callable[[Index], None]:
    def change(index: Index) -> None:
        index.options = lasting(index.options | values)
        if enable:
            index.disabled = False

    return change


def create_statistics(c: Cursor) -> Act:
    """What follows CREATE STATISTICS."""
    name = c.identifier()
    c.need("ON")
    host = c.name()
    facts: dict[str, Fact] = {"columns": ",".join(fold(column) for column, _ in key_columns(c))}
    holder = Index(name, "")
    if c.take("WHERE"):
        filter_clause(c, holder)
        facts["filter"] = holder.filter.normal() if holder.filter else ""
    if c.take("WITH"):
        statistics_options(c, facts)

    def act(session: Session) -> None:
        held = session.world.host(host)
        if fold(name) in held.statistics or fold(name) in held.indexes:
            raise Refused(1927, f"there are statistics {name} on {host} already")
        if isinstance(held, Table):
            for column in str(facts["columns"]).split(","):
                session.world.column(held, column)
            if holder.filter:
                check_expression(session.world, held, holder.filter)
        held.statistics[fold(name)] = {**facts, "name": name, "filter text": holder.filter_text}

    return act


def statistics_options(c: Cursor, facts: dict[str, Fact]) -> None:
    while True:
        if c.take("FULLSCAN"):
            pass
        elif c.take("SAMPLE"):
            c.number()
            c.need("PERCENT|ROWS")
        elif c.take("NORECOMPUTE"):
            facts["norecompute"] = True
        elif c.at("INCREMENTAL|AUTO_DROP|MAXDOP|PERSIST_SAMPLE_PERCENT", "="):
            option = c.word().lower()
            c.next()
            value = c.next().normal()
            if value == "on" and option in ("incremental", "auto_drop"):
                facts[option] = True
        elif c.take("STATS_STREAM", "="):
            c.next()
        else:
            raise c.unknown("an option of statistics expected")
        if not c.take(","):
            return


def drop_statistics(c: Cursor) -> Act:
    """What follows DROP STATISTICS."""
    steps = [c.parts()]
    while c.take(","):
        steps.append(c.parts())

    def act(session: Session) -> None:
        for parts in steps:
            host = session.world.host(
                Name(parts[-3] if len(parts) > 2 else "dbo", parts[-2]), 3701
            )
            if fold(parts[-1]) not in host.statistics:
                raise Refused(3701, f"there are no statistics {parts[-1]} on {host.name}")
            del host.statistics[fold(parts[-1])]
            session.world.forget((*object_target(host.name), "statistics", fold(parts[-1])))

    return act
