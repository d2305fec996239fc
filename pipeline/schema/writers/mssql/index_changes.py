"""What ALTER INDEX can change of an index that stays, its options and whether it is disabled."""

from pipeline.schema.model.mssql.names import bracket, two_part
from pipeline.schema.model.mssql.shared import Options
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.clauses import option
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target

BY_SET = {
    "ALLOW_PAGE_LOCKS": "ON",
    "ALLOW_ROW_LOCKS": "ON",
    "COMPRESSION_DELAY": "0",
    "IGNORE_DUP_KEY": "OFF",
    "OPTIMIZE_FOR_SEQUENTIAL_KEY": "OFF",
    "STATISTICS_NORECOMPUTE": "OFF",
}
"""Options that ALTER INDEX SET changes at once, and what the server takes where none is said."""

BY_REBUILD = {"DATA_COMPRESSION": "NONE", "FILLFACTOR": "100", "PAD_INDEX": "OFF"}
"""Options that need ALTER INDEX REBUILD."""


def index_exists(full: str, name: str) -> str:
    """Give the condition that is true when the table or view has the index."""
    where = f"[object_id] = OBJECT_ID({quote_string(full)}) AND [name] = {quote_string(name)}"
    return f"EXISTS (SELECT 1 FROM sys.indexes WHERE {where})"


def changed_in_place(
    table: Table, name: str, old: Options, new: Options, target: Target
) -> tuple[Statement, ...]:
    """Give what makes `new` of the options `old` by ALTER INDEX; nothing where it cannot."""
    return options_changed(two_part(table.schema, table.name), name, old, new, target)


def options_changed(
    full: str, name: str, old: Options, new: Options, target: Target
) -> tuple[Statement, ...]:
    """The same for the table or view called `full`."""
    before, after = dict(old), dict(new)
    changed = [each for each in sorted({*before, *after}) if before.get(each) != after.get(each)]
    if not all(each in BY_SET or each in BY_REBUILD for each in changed):
        return ()
    rebuilt = [_now(each, after, BY_REBUILD) for each in changed if each in BY_REBUILD]
    if "DATA_COMPRESSION" in before and "PARTITIONS" in before["DATA_COMPRESSION"]:
        return ()
    begin, there = f"ALTER INDEX {bracket(name)} ON {full}", index_exists(full, name)
    found = []
    if rebuilt:
        online = ["ONLINE = ON"] if target.online else []
        said = ", ".join((*rebuilt, *online))
        found.append(Statement(f"{begin} REBUILD WITH ({said})", there, making=False))
    if at_once := [_now(each, after, BY_SET) for each in changed if each in BY_SET]:
        found.append(Statement(f"{begin} SET ({', '.join(at_once)})", there, making=False))
    return tuple(found)


def _now(name: str, after: dict[str, str], defaults: dict[str, str]) -> str:
    return option(name, after.get(name, defaults[name]))


def switched(full: str, name: str, *, disabled: bool) -> Statement:
    """ALTER INDEX DISABLE, or REBUILD, which is how one is enabled."""
    verb = "DISABLE" if disabled else "REBUILD"
    sql = f"ALTER INDEX {bracket(name)} ON {full} {verb}"
    return Statement(sql, index_exists(full, name), making=False)
