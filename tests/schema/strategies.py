"""Random schemas: few names, so that two of them meet, and among those names nasty ones."""

from hypothesis import strategies as st

from pipeline.schema.model.names import fold
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.model.tables import (
    Check,
    Column,
    ForeignKey,
    Generated,
    PrimaryKey,
    Table,
    Term,
    Unique,
)
from pipeline.schema.syntax.sqlite.tokens import quote

TABLES = ("users", "order", 'say "hi"', "[box]", "nåde", "a`b c")
COLUMNS = ("id", "name", "select", 'a"b', "x y", "ærø", "it's")
TYPES = ("INTEGER", "TEXT", "varchar(30)", "REAL", "decimal(10,2)", "")
STRICT_TYPES = ("INTEGER", "TEXT", "REAL")
DEFAULTS = (None, "0", "'it''s'", "-1.5", "CURRENT_TIMESTAMP", "(1 + 1)", "NULL", "x'00'")


@st.composite
def columns(draw: st.DrawFn, name: str) -> Column:
    return Column(
        name=name,
        type=draw(st.sampled_from(TYPES)),
        nullable=draw(st.booleans()),
        default=draw(st.sampled_from(DEFAULTS)),
        collate=draw(st.sampled_from(("", "", "NOCASE"))),
    )


@st.composite
def tables(draw: st.DrawFn, name: str) -> Table:
    names = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=5, unique=True))
    plain = tuple(draw(columns(each)) for each in names)
    strict = draw(st.booleans()) and all(column.type in STRICT_TYPES for column in plain)
    key = draw(st.none() | st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    uniques = draw(st.lists(some, max_size=2, unique_by=lambda each: tuple(sorted(each))))
    checked = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    parents = st.tuples(st.sampled_from(names), st.sampled_from(TABLES))
    references = draw(st.lists(parents, max_size=2, unique=True))
    primary_key = _primary_key(draw, key, plain)
    counts = primary_key is not None and primary_key.autoincrement
    return Table(
        name=name,
        columns=(*plain, *_generated(draw, names)),
        primary_key=primary_key,
        uniques=tuple(Unique(tuple(map(Term, each))) for each in uniques),
        checks=tuple(Check(f"{quote(each)} <> 'no -- ''way'") for each in checked),
        foreign_keys=tuple(ForeignKey((child,), parent, ("id",)) for child, parent in references),
        without_rowid=bool(key) and not counts and draw(st.booleans()),
        strict=strict,
    )


def _primary_key(
    draw: st.DrawFn, names: list[str] | None, plain: tuple[Column, ...]
) -> PrimaryKey | None:
    if not names:
        return None
    types = {column.name: column.type for column in plain}
    counts = len(names) == 1 and types[names[0]] == "INTEGER" and draw(st.booleans())
    return PrimaryKey(tuple(map(Term, names)), autoincrement=counts)


def _generated(draw: st.DrawFn, names: list[str]) -> tuple[Column, ...]:
    if not draw(st.booleans()):
        return ()
    expression = f"{quote(draw(st.sampled_from(names)))} || '/* no comment */'"
    return (Column("computed", "TEXT", generated=Generated(expression, draw(st.booleans()))),)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    names = draw(st.lists(st.sampled_from(TABLES), max_size=3, unique=True))
    made = [draw(tables(name)) for name in names]
    objects: list[SchemaObject] = list(made)
    for number, table in enumerate(made):
        objects += _index(draw, f"ix {number}", table)
        objects += _view(draw, f"v{number}", table)
        objects += _trigger(draw, f"t'r {number}", table, made)
    return Schema.of("sqlite", objects)


def _index(draw: st.DrawFn, name: str, table: Table) -> list[Index]:
    column = draw(st.none() | st.sampled_from([column.name for column in table.columns]))
    if column is None:
        return []
    term = draw(
        st.sampled_from(
            (
                Term(column),
                Term(column, "", "RTRIM", descending=True),
                Term("", f"lower({quote(column)})"),
            )
        )
    )
    where = draw(st.sampled_from(("", f"{quote(column)} IS NOT NULL")))
    return [Index(name, table.name, (term,), draw(st.booleans()), where)]


def _view(draw: st.DrawFn, name: str, table: Table) -> list[View]:
    if not draw(st.booleans()):
        return []
    column = draw(st.sampled_from(["*", *(quote(column.name) for column in table.columns)]))
    return [View(name, f"CREATE VIEW {name} AS SELECT {column} FROM {quote(table.name)}")]


def _trigger(draw: st.DrawFn, name: str, table: Table, made: list[Table]) -> list[Trigger]:
    other = draw(st.none() | st.sampled_from(made))
    if other is None:
        return []
    body = f"BEGIN DELETE FROM {quote(other.name)} WHERE 1 = 0; END"
    text = f"CREATE TRIGGER {quote(name)} AFTER INSERT ON {quote(table.name)} {body}"
    return [Trigger(name, table.name, text)]


identifiers = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12
).filter(lambda name: not fold(name).startswith("sqlite_"))
