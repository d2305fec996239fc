"""When two values say the same to the server though they are written differently."""

from collections.abc import Mapping

from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Options, Storage, TypeName
from pipeline.schema.model.mssql.tables import (
    Check,
    ForeignKey,
    FullTextColumn,
    Index,
    KeyColumn,
    Table,
    UniqueKey,
)
from pipeline.schema.normalise.mssql.expressions import normal_expression

CHARACTER_TYPES = frozenset(
    {"char", "varchar", "nchar", "nvarchar", "text", "ntext", "sysname", "sql_variant"}
)
IDENTITY_TYPES = frozenset({"tinyint", "smallint", "int", "bigint", "decimal", "numeric"})
ONLY_WHILE_MADE = frozenset(
    {
        "ABORT_AFTER_WAIT",
        "DROP_EXISTING",
        "FULLSCAN",
        "MAXDOP",
        "MAX_DURATION",
        "ONLINE",
        "RESAMPLE",
        "RESUMABLE",
        "SAMPLE",
        "SORT_IN_TEMPDB",
        "WAIT_AT_LOW_PRIORITY",
    }
)
"""Options that say how something is made, and are not kept."""
INDEX_DEFAULTS: Mapping[str, str] = {
    "ALLOW_PAGE_LOCKS": "ON",
    "ALLOW_ROW_LOCKS": "ON",
    "COMPRESSION_DELAY": "0",
    "DATA_COMPRESSION": "NONE",
    "FILLFACTOR": "0",
    "IGNORE_DUP_KEY": "OFF",
    "OPTIMIZE_FOR_SEQUENTIAL_KEY": "OFF",
    "PAD_INDEX": "OFF",
    "STATISTICS_INCREMENTAL": "OFF",
    "STATISTICS_NORECOMPUTE": "OFF",
    "XML_COMPRESSION": "OFF",
}
COLUMNSTORE_DEFAULTS: Mapping[str, str] = {**INDEX_DEFAULTS, "DATA_COMPRESSION": "COLUMNSTORE"}
STATISTICS_DEFAULTS: Mapping[str, str] = {
    "AUTO_DROP": "OFF",
    "INCREMENTAL": "OFF",
    "NORECOMPUTE": "OFF",
    "PERSIST_SAMPLE_PERCENT": "OFF",
}
FULL_TEXT_DEFAULTS: Mapping[str, str] = {
    "CHANGE_TRACKING": "AUTO",
    "SEARCH PROPERTY LIST": "OFF",
    "STOPLIST": "SYSTEM",
}
TABLE_DEFAULTS: Mapping[str, str] = {
    "CHANGE_TRACKING": "OFF",
    "DATA_COMPRESSION": "NONE",
    "DURABILITY": "SCHEMA_AND_DATA",
    "LEDGER": "OFF",
    "LOCK_ESCALATION": "TABLE",
    "MEMORY_OPTIMIZED": "OFF",
    "TRACK_COLUMNS_UPDATED": "OFF",
    "XML_COMPRESSION": "OFF",
}
_DEFAULT_FILEGROUPS = frozenset({"", "primary", "default"})


def same_name(source: str, target: str) -> bool:
    """Whether two names are the same when case does not matter."""
    return fold(source) == fold(target)


def same_names(source: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether two lists of names are the same in the same order."""
    return folded(source) == folded(target)


def same_set(source: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether two lists have the same names in any order."""
    return sorted(folded(source)) == sorted(folded(target))


def folded(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give all names folded."""
    return tuple(map(fold, names))


def same_expression(source: str, target: str) -> bool:
    """Whether the server would keep the same text."""
    return normal_expression(source) == normal_expression(target)


def normal_type(found: TypeName | None) -> TypeName | None:
    """Give a type in the form in which types compare."""
    if found is None:
        return None
    schema = fold(found.schema)
    return TypeName("" if schema == "sys" else schema, fold(found.name), folded(found.arguments))


def same_type(source: TypeName | None, target: TypeName | None) -> bool:
    """Whether two columns hold the same values."""
    return normal_type(source) == normal_type(target)


def takes_collation(found: TypeName | None) -> bool:
    """Whether a column of this type has a collation of its own."""
    return found is not None and not found.schema and fold(found.name) in CHARACTER_TYPES


def takes_identity(found: TypeName | None) -> bool:
    """Whether a column of this type may be an identity. An alias type may."""
    return found is not None and (bool(found.schema) or fold(found.name) in IDENTITY_TYPES)


def same_key_columns(source: tuple[KeyColumn, ...], target: tuple[KeyColumn, ...]) -> bool:
    """Whether rows are sorted by the same columns in the same order."""
    return key_columns(source) == key_columns(target)


def key_columns(found: tuple[KeyColumn, ...]) -> tuple[tuple[str, bool], ...]:
    """Give the columns of an index in the form in which they compare."""
    return tuple((fold(each.name), each.descending) for each in found)


def place(storage: Storage) -> tuple[str, str, str]:
    """Give where rows are kept in a form that compares: PRIMARY is the default."""
    name = fold(storage.name)
    stream = fold(storage.filestream)
    return (
        "" if name in _DEFAULT_FILEGROUPS else name,
        fold(storage.column),
        "" if stream == "default" else stream,
    )


def table_place(table: Table) -> Storage:
    """Give where a table's rows are: where its clustered index is, if there is one that says."""
    clustered: tuple[UniqueKey | Index, ...] = (*table.keys, *table.indexes)
    for each in clustered:
        if is_clustered(each.form) and each.storage.name:
            return each.storage._replace(filestream=table.storage.filestream)
    return table.storage


def is_clustered(form: str) -> bool:
    """Whether an index or a key holds the rows themselves."""
    return form.startswith("CLUSTERED")


def option_values(options: Options, defaults: Mapping[str, str]) -> dict[str, str]:
    """Give what options say, without defaults and what only says how a thing is made."""
    found = {
        name: _option_value(name, value) for name, value in options if name not in ONLY_WHILE_MADE
    }
    return {name: value for name, value in found.items() if defaults.get(name, "") != value}


def _option_value(name: str, value: str) -> str:
    shown = " ".join(value.upper().split())
    if name == "FILLFACTOR" and shown == "100":
        return "0"
    if name == "COMPRESSION_DELAY":
        return shown.removesuffix("S").removesuffix(" MINUTE")
    return shown


def same_value(source: str, target: str) -> bool:
    """Whether two values of an extended property are the same; N'x' is 'x' here."""
    return _plain_string(source) == _plain_string(target)


def _plain_string(value: str) -> str:
    shown = value.strip()
    return shown[1:] if shown[:2] in {"N'", "n'"} else shown


def same_text(source: str, target: str) -> bool:
    """Whether two pieces of T-SQL are the same but for case and space outside of strings."""
    return source == target or fold_outside_strings(source) == fold_outside_strings(target)


def fold_outside_strings(text: str) -> str:
    """Fold all but what stands in '...'; runs of space are one."""
    parts = text.split("'")
    return "'".join(
        part if place % 2 else " ".join(fold(part).split()) for place, part in enumerate(parts)
    )


def key_shape(key: UniqueKey) -> object:
    """Give what a key says without its name."""
    return (key.primary, key_columns(key.columns))


def primary_shape(key: UniqueKey) -> object:
    """A table has one primary key at most, whatever its name and columns."""
    return True if key.primary else None


def foreign_key_pairs(key: ForeignKey, parents: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Give (column, parent column) pairs; their order means nothing."""
    named = folded(key.parent_columns or parents)
    own = folded(key.columns)
    if len(named) != len(own):
        return tuple((column, "") for column in own)
    return tuple(sorted(zip(own, named, strict=True)))


def foreign_key_shape(key: ForeignKey) -> object:
    """Give what a foreign key says without its name."""
    return (sorted_tuple(folded(key.columns)), fold(key.parent_schema), fold(key.parent))


def sorted_tuple(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give names in order."""
    return tuple(sorted(names))


def check_shape(check: Check) -> object:
    """Give what a check says without its name."""
    return normal_expression(check.expression)


def index_shape(index: Index) -> object:
    """Give what an index says without its name."""
    return (
        index.form,
        index.unique,
        key_columns(index.columns),
        sorted_tuple(folded(index.included)),
        normal_expression(index.filter) if index.filter else "",
        fold_outside_strings(index.detail),
    )


def full_text_columns(columns: tuple[FullTextColumn, ...]) -> tuple[FullTextColumn, ...]:
    """Give the columns of a full-text index as they compare: their order means nothing."""
    return tuple(
        sorted(
            each._replace(
                name=fold(each.name),
                type_column=fold(each.type_column),
                language=fold(each.language),
            )
            for each in columns
        )
    )
