"""Indexes, statistics and full-text indexes of tables and views: made, changed and dropped."""

from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.tables import FullTextIndex, Index, Statistics, Table
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.clauses import option
from pipeline.schema.writers.mssql.index_changes import index_exists, options_changed, switched
from pipeline.schema.writers.mssql.index_text import (
    full_text,
    full_text_column,
    full_text_option,
    index_text,
    inline_index,
    need_index,
    statistics_text,
)
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target

Owner = Table | Module | None
ROWSTORE = frozenset({"CLUSTERED", "NONCLUSTERED"})


def in_memory(owner: object) -> bool:
    """Whether a table is memory-optimised: its indexes are part of it."""
    return isinstance(owner, Table) and dict(owner.options).get("MEMORY_OPTIMIZED") == "ON"


def add_index(full: str, owner: Owner, index: Index, target: Target) -> tuple[Statement, ...]:
    """CREATE INDEX, and DISABLE for one that is to be there and not used."""
    need_index(full, index, target)
    there = index_exists(full, index.name)
    if in_memory(owner):
        return (Statement(f"ALTER TABLE {full} ADD {inline_index(index)}", there),)
    made = Statement(index_text(full, index, *_online(index, target)), there)
    off = [switched(full, index.name, disabled=True)] if index.disabled else []
    return (made, *off)


def _online(index: Index, target: Target) -> tuple[str, ...]:
    return ("ONLINE = ON",) if target.online and index.form in ROWSTORE else ()


def drop_index(full: str, owner: Owner, index: Index) -> tuple[Statement, ...]:
    """DROP INDEX."""
    there = index_exists(full, index.name)
    sql = f"DROP INDEX {bracket(index.name)} ON {full}"
    if in_memory(owner):
        sql = f"ALTER TABLE {full} DROP INDEX {bracket(index.name)}"
    return (Statement(sql, there, making=False),)


def alter_index(
    full: str, owner: Owner, old: Index, new: Index, target: Target
) -> tuple[Statement, ...]:
    """The least that does: options in place, DISABLE, or CREATE over the old one."""
    need_index(full, new, target)
    if in_memory(owner):
        return (*drop_index(full, owner, old), *add_index(full, owner, new, target))
    if old._replace(disabled=new.disabled) == new:
        return (switched(full, new.name, disabled=new.disabled),)
    same = old._replace(options=new.options) == new and not new.disabled
    if same and (said := options_changed(full, new.name, old.options, new.options, target)):
        return said
    if old.form != new.form or new.form == "SELECTIVE XML":
        return (*drop_index(full, owner, old), *add_index(full, owner, new, target))
    more = ("DROP_EXISTING = ON", *_online(new, target))
    made = Statement(index_text(full, new, *more), index_exists(full, new.name), making=False)
    off = [switched(full, new.name, disabled=True)] if new.disabled else []
    return (made, *off)


def _statistics_exist(full: str, name: str) -> str:
    where = f"[object_id] = OBJECT_ID({quote_string(full)}) AND [name] = {quote_string(name)}"
    return f"EXISTS (SELECT 1 FROM sys.stats WHERE {where})"


def add_statistics(full: str, statistics: Statistics, target: Target) -> tuple[Statement, ...]:
    """CREATE STATISTICS."""
    for name, _ in statistics.options:
        if name == "INCREMENTAL":
            target.need("incremental statistics", f"{full}.{bracket(statistics.name)}")
        if name == "AUTO_DROP":
            target.need("AUTO_DROP of statistics", f"{full}.{bracket(statistics.name)}")
    there = _statistics_exist(full, statistics.name)
    return (Statement(statistics_text(full, statistics), there),)


def drop_statistics(full: str, statistics: Statistics) -> tuple[Statement, ...]:
    """DROP STATISTICS."""
    sql = f"DROP STATISTICS {full}.{bracket(statistics.name)}"
    return (Statement(sql, _statistics_exist(full, statistics.name), making=False),)


def _full_text_exists(full: str) -> str:
    where = f"[object_id] = OBJECT_ID({quote_string(full)})"
    return f"EXISTS (SELECT 1 FROM sys.fulltext_indexes WHERE {where})"


def add_full_text(full: str, index: FullTextIndex, target: Target) -> tuple[Statement, ...]:
    """CREATE FULLTEXT INDEX, which fills itself unless an option says no."""
    if target.has("add-no-population-to-fulltext-indexes"):
        kept = [pair for pair in index.options if pair[0] != "CHANGE_TRACKING"]
        empty = ("CHANGE_TRACKING", "OFF, NO POPULATION")
        index = index._replace(options=(empty, *kept))
    _need_full_text(full, index, target)
    text = full_text(full, index)
    there = _full_text_exists(full)
    off = Statement(f"ALTER FULLTEXT INDEX ON {full} DISABLE", there, making=False)
    return (Statement(text, there), *([off] if index.disabled else []))


def _need_full_text(full: str, index: FullTextIndex, target: Target) -> None:
    if "SEARCH PROPERTY LIST" in dict(index.options):
        target.need("a search property list", full)
    if any(column.statistical_semantics for column in index.columns):
        target.need("STATISTICAL_SEMANTICS", full)


def drop_full_text(full: str) -> tuple[Statement, ...]:
    """DROP FULLTEXT INDEX."""
    there = _full_text_exists(full)
    return (Statement(f"DROP FULLTEXT INDEX ON {full}", there, making=False),)


def alter_full_text(
    full: str, old: FullTextIndex, new: FullTextIndex, target: Target
) -> tuple[Statement, ...]:
    """Columns added and dropped, options set; another key or catalog means a new index."""
    kept = old._replace(columns=new.columns, options=new.options, disabled=new.disabled)
    if kept != new:
        return (*drop_full_text(full), *add_full_text(full, new, target))
    _need_full_text(full, new, target)
    said = [f"DROP ({bracket(c.name)})" for c in old.columns if c not in new.columns]
    said += [f"ADD ({full_text_column(c)})" for c in new.columns if c not in old.columns]
    before, after = dict(old.options), dict(new.options)
    defaults = {"CHANGE_TRACKING": "AUTO", "STOPLIST": "SYSTEM", "SEARCH PROPERTY LIST": "OFF"}
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            value = after.get(name, defaults.get(name, "OFF"))
            said.append(f"SET {option(*full_text_option(name, value))}")
    if old.disabled != new.disabled:
        said.append("DISABLE" if new.disabled else "ENABLE")
    there = _full_text_exists(full)
    return tuple(
        Statement(f"ALTER FULLTEXT INDEX ON {full} {each}", there, making=False) for each in said
    )


def full_of(owner: Table | Module) -> str:
    """Give `[schema].[name]` of a table or a view."""
    return two_part(owner.schema, owner.name)
