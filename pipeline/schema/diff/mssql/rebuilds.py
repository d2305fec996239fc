"""Why a table has to be made anew; '' where it has not."""

from pipeline.schema.diff.mssql.alterable import Alterable, Way
from pipeline.schema.diff.mssql.difference import COLUMN_ORDER
from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.diff.mssql.parts import bare
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Storage
from pipeline.schema.model.mssql.tables import Column, Index, Table, UniqueKey
from pipeline.schema.normalise.mssql.options import Options

_IN_PLACE = frozenset(
    {
        "CHANGE_TRACKING",
        "DATA_COMPRESSION",
        "LARGE VALUE TYPES OUT OF ROW",
        "LOCK_ESCALATION",
        "TABLE LOCK ON BULK LOAD",
        "TEXT IN ROW",
        "TRACK_COLUMNS_UPDATED",
        "VARDECIMAL STORAGE FORMAT",
        "XML_COMPRESSION",
    }
)


def why_rebuilt(old: Table, new: Table, alterable: Alterable, options: Options) -> str:
    """Give the first reason for which a table cannot be altered in place."""
    if old.ansi_nulls != new.ansi_nulls:
        return "ANSI_NULLS of a table cannot be altered"
    before, after = dict(old.options), dict(new.options)
    for name in sorted({*before, *after} - _IN_PLACE):
        if before.get(name) != after.get(name):
            return f"{name} of a table cannot be altered"
    if old.textimage != new.textimage:
        return "large values cannot be moved to another filegroup"
    if old.storage != new.storage and not _moved_by_index(old, new):
        return "a heap cannot be moved to another place"
    return _why_columns(old, new, alterable, options)


def _moved_by_index(old: Table, new: Table) -> bool:
    """Whether another clustered index brings the rows where they are to be."""
    return clustered_place(new) is not None and old.storage.filestream == new.storage.filestream


def clustered_place(table: Table) -> Storage | None:
    """Give where the clustered key or index puts the rows; None of a heap."""
    found: tuple[UniqueKey | Index, ...] = (*table.keys, *table.indexes)
    for each in found:
        if each.form.startswith("CLUSTERED"):
            return each.storage
    return None


def _why_columns(old: Table, new: Table, alterable: Alterable, options: Options) -> str:
    there = {fold(each.name): each for each in old.columns}
    wanted = {fold(each.name): each for each in new.columns}
    stay: list[str] = []
    partitioned = {fold(old.storage.column)} - {""}
    for name, column in there.items():
        if name not in wanted:
            if name in partitioned:
                return f"rows are kept by {column.name}, which is dropped"
            continue
        before, after = bare(column), without_period(column, bare(wanted[name]))
        way = alterable.way(PartKind.COLUMN, before, after)
        if way is Way.REBUILD:
            return _why_column(before, after)
        if way is not Way.KEEP and name in partitioned and before.type != after.type:
            return f"rows are kept by {column.name}, whose type changes"
        if way is not Way.RECREATE:
            stay.append(name)
    if not stay and there:
        return "none of its columns stays"
    arrived = [*stay, *(name for name in wanted if name not in stay)]
    if options.has(COLUMN_ORDER) and arrived != list(wanted):
        return "its columns are to be in another order"
    return ""


def without_period(old: Column, new: Column) -> Column:
    """Give the new column without what a period makes of it, or no longer makes of it."""
    rows = {"", "ROW START", "ROW END"}
    if old.generated != new.generated and {old.generated, new.generated} <= rows:
        return new._replace(generated=old.generated, hidden=old.hidden)
    return new


def _why_column(old: Column, new: Column) -> str:
    if old.computed and not new.computed:
        return f"{new.name} is no longer computed, and keeps its values"
    for what, before, after in (
        ("IDENTITY", old.identity and old.identity[:2], new.identity and new.identity[:2]),
        ("FILESTREAM", old.filestream, new.filestream),
        ("COLUMN_SET", old.column_set, new.column_set),
        ("GENERATED ALWAYS", old.generated, new.generated),
    ):
        if before != after:
            return f"{what} of {new.name} cannot be altered"
    return f"the type of {new.name} cannot be altered"
