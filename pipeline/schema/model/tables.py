"""Tables with their columns and constraints, as plain values. No SQL is made here."""

from dataclasses import dataclass

from pipeline.schema.model.names import Key, fold


@dataclass(frozen=True, slots=True)
class Generated:
    """How a column is computed, and whether the result is stored."""

    expression: str
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `default` is the text after DEFAULT; `conflict` says what a NULL does."""

    name: str
    type: str = ""
    nullable: bool = True
    default: str | None = None
    collate: str = ""
    generated: Generated | None = None
    conflict: str = ""

    @property
    def hidden(self) -> bool:
        """Whether an INSERT may not name it."""
        return self.generated is not None

    @property
    def fills_itself(self) -> bool:
        """Whether an INSERT that does not name it succeeds."""
        return self.nullable or self.default is not None or self.generated is not None


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a key or an index: a column by name, or else an expression."""

    column: str = ""
    expression: str = ""
    collate: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """The primary key; `conflict` is what ON CONFLICT says, or nothing."""

    terms: tuple[Term, ...]
    autoincrement: bool = False
    conflict: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unique:
    """A UNIQUE constraint."""

    terms: tuple[Term, ...]
    conflict: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint: the text between its parentheses."""

    expression: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference to `parent`; without `parent_columns` it means the parent's primary key."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...] = ()
    on_update: str = "NO ACTION"
    on_delete: str = "NO ACTION"
    match: str = ""
    deferrable: bool = False
    deferred: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Its indexes and triggers are objects of their own."""

    name: str
    columns: tuple[Column, ...]
    primary_key: PrimaryKey | None = None
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    without_rowid: bool = False
    strict: bool = False
    schema: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return Key("Table", self.schema, fold(self.name))

    def column(self, name: str) -> Column | None:
        """Give the column of this name, or None."""
        return next((c for c in self.columns if fold(c.name) == fold(name)), None)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The folded names of the primary key's columns, in order."""
        return tuple(fold(t.column) for t in self.primary_key.terms) if self.primary_key else ()
