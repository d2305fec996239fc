"""Random databases as scripts that SQL Server would take, and pairs of them that are alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

TYPES = (
    "int",
    "bigint",
    "bit",
    "decimal(10, 2)",
    "decimal(12, 4)",
    "varchar(10)",
    "varchar(40)",
    "nvarchar(40)",
    "nvarchar(max)",
    "datetime",
    "datetime2(3)",
    "date",
    "uniqueidentifier",
    "varbinary(16)",
)
NUMBERS = frozenset({"int", "bigint", "decimal(10, 2)", "decimal(12, 4)"})
KEYABLE = frozenset(TYPES) - {"nvarchar(max)"}
COLUMNS = ("A", "b", "Order", "x y", "C]d", "Größe")
TABLES = ("Orders", "Lines", "old stuff", "T4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that a table may have."""

    name: str
    type: str
    nullable: bool = True
    default: str = ""
    named: bool = True
    doubled: bool = False
    """A computed column beside it: `[name2] AS ([name] * 2)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with an Id; everything else as drawn."""

    name: str
    columns: tuple[Column, ...] = ()
    identity: bool = False
    key: str = "CLUSTERED"
    """CLUSTERED, NONCLUSTERED, or '' for none."""
    parent: str = ""
    indexed: tuple[str, ...] = ()
    unique_index: bool = False
    checked: str = ""
    limit: int = 0
    trigger: str = ""
    property: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view of a table's Id, or of another view."""

    name: str
    reads: str
    bound: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A database to be written as a script."""

    tables: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    procedures: tuple[tuple[str, str, int], ...] = ()
    granted: tuple[str, ...] = ()

    def script(self) -> str:
        """Give the script that makes it."""
        parts = [_table(each) for each in self.tables]
        parts += [_references(each) for each in self.tables if self._has(each.parent)]
        parts += [_view(each) for each in self.views]
        parts += [
            f"CREATE PROCEDURE [dbo].{quote(name)} @n int = {number}\nAS\n"
            f"SELECT [Id] FROM [dbo].{quote(reads)} WHERE [Id] > @n"
            for name, reads, number in self.procedures
        ]
        if self.granted:
            parts.insert(0, "CREATE USER [clerk] WITHOUT LOGIN")
        parts += [f"GRANT SELECT ON [dbo].{quote(name)} TO [clerk]" for name in self.granted]
        return "".join(f"{part}\nGO\n" for part in parts)

    def _has(self, table: str) -> bool:
        return any(each.name == table and each.key for each in self.tables)

    def tidy(self) -> "Spec":
        """Give what of it can stand: a view reads what is there, a grant has an object."""
        tables = {each.name for each in self.tables}
        views = tuple(each for each in self.views if each.reads in tables)
        known = tables | {each.name for each in views}
        return replace(
            self,
            views=views,
            procedures=tuple(each for each in self.procedures if each[1] in known),
            granted=tuple(name for name in self.granted if name in known),
        )


def quote(name: str) -> str:
    """Give a name in brackets."""
    return f"[{name.replace(']', ']]')}]"


def _table(table: Table) -> str:
    lines = [f"[Id] int NOT NULL{' IDENTITY(1, 1)' * table.identity}"]
    for column in table.columns:
        lines.append(_column(table, column))
        if column.doubled and column.type in NUMBERS:
            lines.append(f"{quote(column.name + '2')} AS ({quote(column.name)} * 2)")
    if table.parent:
        lines.append("[ParentId] int NULL")
    if table.key:
        name = quote("PK_" + table.name)
        lines.append(f"CONSTRAINT {name} PRIMARY KEY {table.key} ([Id])")
    numbers = [each for each in table.columns if each.type in NUMBERS]
    if table.checked in {each.name for each in numbers}:
        name = quote("CK_" + table.name)
        lines.append(f"CONSTRAINT {name} CHECK ({quote(table.checked)} > {table.limit})")
    body = ",\n    ".join(lines)
    found = [f"CREATE TABLE [dbo].{quote(table.name)} (\n    {body}\n)"]
    indexed = [each for each in table.columns if each.name in table.indexed]
    if indexed and all(each.type in KEYABLE for each in indexed):
        columns = ", ".join(quote(each.name) for each in indexed)
        unique = "UNIQUE " * table.unique_index
        name = quote("IX_" + table.name)
        found.append(f"CREATE {unique}INDEX {name} ON [dbo].{quote(table.name)} ({columns})")
    if table.trigger:
        found.append(
            f"CREATE TRIGGER [dbo].{quote('TR_' + table.name)} ON [dbo].{quote(table.name)} "
            f"AFTER INSERT\nAS\nPRINT '{table.trigger}'"
        )
    if table.property:
        found.append(
            f"EXEC sys.sp_addextendedproperty N'MS_Description', N'{table.property}', "
            f"N'SCHEMA', N'dbo', N'TABLE', N'{table.name}'"
        )
    return "\nGO\n".join(found)


def _column(table: Table, column: Column) -> str:
    null = "NULL" if column.nullable else "NOT NULL"
    default = ""
    if column.default:
        value = column.default if column.type in NUMBERS else "NULL"
        name = f" CONSTRAINT {quote(f'DF_{table.name}_{column.name}')}" * column.named
        default = f"{name} DEFAULT ({value})"
    return f"{quote(column.name)} {column.type} {null}{default}"


def _references(table: Table) -> str:
    return (
        f"ALTER TABLE [dbo].{quote(table.name)} ADD CONSTRAINT {quote('FK_' + table.name)} "
        f"FOREIGN KEY ([ParentId]) REFERENCES [dbo].{quote(table.parent)} ([Id])"
    )


def _view(view: View) -> str:
    bound = " WITH SCHEMABINDING" * view.bound
    more = f", {view.more} AS [More]" if view.more else ""
    body = f"SELECT [Id]{more} FROM [dbo].{quote(view.reads)}"
    return f"CREATE VIEW [dbo].{quote(view.name)}{bound}\nAS\n{body}"


_columns = st.builds(
    Column,
    name=st.sampled_from(COLUMNS),
    type=st.sampled_from(TYPES),
    nullable=st.booleans(),
    default=st.sampled_from(("", "", "0", "1")),
    named=st.just(True),  # where the source names none, any name will do: cases have those
    doubled=st.booleans(),
)


def _table_named(name: str) -> st.SearchStrategy[Table]:
    return st.builds(
        Table,
        name=st.just(name),
        columns=st.lists(_columns, max_size=4, unique_by=lambda c: c.name).map(tuple),
        identity=st.booleans(),
        key=st.sampled_from(("CLUSTERED", "CLUSTERED", "NONCLUSTERED", "")),
        parent=st.sampled_from(("", *TABLES)),
        indexed=st.lists(st.sampled_from(COLUMNS), max_size=2, unique=True).map(tuple),
        unique_index=st.booleans(),
        checked=st.sampled_from(("", *COLUMNS)),
        limit=st.integers(0, 2),
        trigger=st.sampled_from(("", "a", "b")),
        property=st.sampled_from(("", "x", "it is")),
    )


@st.composite
def _spec(draw: st.DrawFn, tables: Sequence[str] = TABLES) -> Spec:
    chosen = draw(st.lists(st.sampled_from(tables), max_size=4, unique=True))
    views = draw(
        st.lists(
            st.builds(
                View,
                name=st.sampled_from(("V1", "a view", "Z")),
                reads=st.sampled_from(tables),
                bound=st.booleans(),
                more=st.integers(0, 1),
            ),
            max_size=3,
            unique_by=lambda v: v.name,
        )
    )
    procedures = draw(
        st.lists(
            st.tuples(st.sampled_from(("P1", "P2")), st.sampled_from(tables), st.integers(0, 2)),
            max_size=2,
            unique_by=lambda p: p[0],
        )
    )
    granted = draw(st.lists(st.sampled_from((*tables, "V1", "Z")), max_size=3, unique=True))
    return Spec(
        tables=tuple(draw(_table_named(name)) for name in sorted(chosen)),
        views=tuple(views),
        procedures=tuple(procedures),
        granted=tuple(granted),
    ).tidy()


specs = _spec()


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Spec, Spec]:
    """Give two databases: the second is drawn anew, or keeps most of the first."""
    old = draw(specs)
    new = draw(specs)
    if draw(st.booleans()):
        return old, new
    by_name = {each.name: each for each in new.tables}
    tables = tuple(
        _between(each, by_name[each.name]) if each.name in by_name else each for each in old.tables
    )
    return old, replace(old, tables=tables, views=new.views or old.views).tidy()


def _between(old: Table, new: Table) -> Table:
    """Give the old table with some of the new one's ways."""
    fresh = {each.name: each for each in new.columns}
    columns = tuple(fresh.get(each.name, each) for each in old.columns)
    return replace(new, columns=columns, identity=old.identity)
