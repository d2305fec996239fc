"""CREATE INDEX of every form, statistics and full-text indexes, as text."""

from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.model.mssql.tables import FullTextColumn, FullTextIndex, Index, Statistics
from pipeline.schema.writers.mssql.clauses import (
    key_columns,
    names,
    on_storage,
    option,
    with_options,
)
from pipeline.schema.writers.mssql.target import Target

NO_VALUE = frozenset({"NORECOMPUTE", "FULLSCAN"})


def index_text(full: str, index: Index, *more: str) -> str:
    """Give CREATE INDEX on the table or view `full`; `more` are options of the moment."""
    head = f"CREATE {_kind(index)} {bracket(index.name)} ON {full}"
    if index.form == "CLUSTERED COLUMNSTORE":
        return head + _detail(index) + _tail(index, more)
    if index.form == "NONCLUSTERED COLUMNSTORE":
        columns = f" ({key_columns(index.columns)})"
        return head + columns + _detail(index) + _where(index) + _tail(index, more)
    head += f" ({key_columns(index.columns)})"
    if index.form in {"PRIMARY XML", "XML", "SELECTIVE XML", "SPATIAL", "JSON", "VECTOR"}:
        return head + _detail(index) + _tail(index, more)
    head += f" INCLUDE ({names(index.included)})" if index.included else ""
    return head + _detail(index) + _where(index) + _tail(index, more)


def inline_index(index: Index) -> str:
    """Give an index as CREATE TABLE and ALTER TABLE ADD have it: `INDEX [i] HASH ([a])`."""
    text = f"INDEX {bracket(index.name)} {'UNIQUE ' if index.unique else ''}{index.form}"
    if index.form != "CLUSTERED COLUMNSTORE":
        text += f" ({key_columns(index.columns)})"
    text += f" INCLUDE ({names(index.included)})" if index.included else ""
    return text + _where(index) + _tail(index, ())


def _kind(index: Index) -> str:
    unique = "UNIQUE " if index.unique else ""
    return f"{unique}{index.form} INDEX"


def _where(index: Index) -> str:
    return f" WHERE {index.filter}" if index.filter else ""


def _detail(index: Index) -> str:
    return f" {index.detail}" if index.detail else ""


def _tail(index: Index, more: tuple[str, ...]) -> str:
    return with_options(index.options, *more) + on_storage(index.storage)


def need_index(full: str, index: Index, target: Target) -> None:
    """Refuse an index that the server cannot have."""
    where = f"{full}.{bracket(index.name)}"
    if "COLUMNSTORE" in index.form:
        target.need("a columnstore index", where)
        if index.form == "CLUSTERED COLUMNSTORE":
            target.need("a clustered columnstore index", where)
        if "ORDER" in index.detail:
            target.need("an ordered columnstore index", where)
    if index.form == "SELECTIVE XML":
        target.need("a selective XML index", where)
    if index.form in {"JSON", "VECTOR"}:
        target.need(f"a {index.form} index", where)
    need_options(where, index.options, target)
    if index.storage.column:
        target.need("partitioning", where)


def need_options(where: str, options: tuple[tuple[str, str], ...], target: Target) -> None:
    """Refuse options of an index or a key that the server cannot have."""
    for name, value in options:
        if name in {"OPTIMIZE_FOR_SEQUENTIAL_KEY", "XML_COMPRESSION", "COMPRESSION_DELAY"}:
            target.need(name, where)
        if name in {"INCREMENTAL", "STATISTICS_INCREMENTAL"}:
            target.need("incremental statistics", where)
        if name == "DATA_COMPRESSION" and not value.startswith(("NONE", "COLUMNSTORE")):
            target.need("compression", where)


def statistics_text(full: str, statistics: Statistics) -> str:
    """Give CREATE STATISTICS."""
    text = f"CREATE STATISTICS {bracket(statistics.name)} ON {full}"
    text += f" ({names(statistics.columns)})"
    text += f" WHERE {statistics.filter}" if statistics.filter else ""
    said = [
        name if name in NO_VALUE else option(name, value) for name, value in statistics.options
    ]
    return text + (f" WITH {', '.join(said)}" if said else "")


def full_text(full: str, index: FullTextIndex) -> str:
    """Give CREATE FULLTEXT INDEX."""
    columns = ", ".join(full_text_column(each) for each in index.columns)
    text = f"CREATE FULLTEXT INDEX ON {full}" + (f" ({columns})" if columns else "")
    text += f" KEY INDEX {bracket(index.key_index)}"
    places = [bracket(index.catalog)] if index.catalog else []
    places += [f"FILEGROUP {bracket(index.filegroup)}"] if index.filegroup else []
    if len(places) == 1 and index.catalog:
        text += f" ON {places[0]}"
    elif places:
        text += f" ON ({', '.join(places)})"
    return text + with_options(tuple(full_text_option(*pair) for pair in index.options))


def full_text_option(name: str, value: str) -> tuple[str, str]:
    """Give an option with its value as a statement has it: lists are called by name."""
    named = name in {"STOPLIST", "SEARCH PROPERTY LIST"} and value not in {"OFF", "SYSTEM"}
    return name, bracket(value) if named else value


def full_text_column(column: FullTextColumn) -> str:
    """Give `[c] TYPE COLUMN [t] LANGUAGE 1033 STATISTICAL_SEMANTICS`."""
    text = bracket(column.name)
    text += f" TYPE COLUMN {bracket(column.type_column)}" if column.type_column else ""
    text += f" LANGUAGE {column.language}" if column.language else ""
    return text + (" STATISTICAL_SEMANTICS" if column.statistical_semantics else "")
