"""What a database holds, as values that statements change."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.schema.mssql.oracle.cursor import Name, fold
from tests.schema.mssql.oracle.datatypes import DataType
from tests.schema.mssql.oracle.expressions import Node
from tests.schema.mssql.oracle.lexer import Token

Key: TypeAlias = tuple[str, str]
Target: TypeAlias = tuple[str, ...]
"""What a permission is on: ("object", schema, name[, "column", name]), ("schema", name) ..."""
Fact: TypeAlias = (
    str | bool | int | DataType | tuple[Any, ...] | frozenset[Any] | dict[str, Any] | None
)


@dataclass(slots=True)
class Column:
    """A column; `facts` are the plain properties that are only compared."""

    name: str
    type: DataType
    nullable: bool = True
    collation: str = ""  # as written; empty is the database's
    identity: tuple[str, str] | None = None
    computed: Node | None = None
    computed_text: str = ""
    persisted: bool = False
    generated: str = ""  # row start, row end, ...
    facts: dict[str, Fact] = field(default_factory=dict)
    bound_default: Key | None = None
    bound_rule: Key | None = None
    lineage: frozenset[str] = frozenset()
    nulls: bool = False  # whether rows may hold NULL here


@dataclass(slots=True)
class Index:
    """An index, also that of a PRIMARY KEY or a UNIQUE constraint (`constraint` says which)."""

    name: str
    kind: str  # clustered, nonclustered, clustered columnstore, xml, spatial, ...
    columns: tuple[tuple[str, bool], ...] = ()  # name, descending
    included: tuple[str, ...] = ()
    unique: bool = False
    constraint: str = ""
    invented: bool = False
    filter: Node | None = None
    filter_text: str = ""
    space: tuple[str, ...] = ()  # where it lies: a filegroup, or a scheme and its column
    disabled: bool = False
    options: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)

    @property
    def clustered(self) -> bool:
        return self.kind.startswith("clustered")

    def uses(self, column: str) -> bool:
        mine = {fold(name) for name, _ in self.columns} | set(map(fold, self.included))
        scheme = {fold(name) for name in self.space[1:]}
        return column in mine | scheme or bool(self.filter and column in self.filter.mentioned())


@dataclass(slots=True)
class Constraint:
    """A FOREIGN KEY, a CHECK or a DEFAULT."""

    kind: str
    name: str
    invented: bool
    columns: tuple[str, ...] = ()
    expression: Node | None = None
    text: str = ""
    parent: Key = ("", "")
    parent_columns: tuple[str, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)
    trusted: bool = True
    disabled: bool = False

    def uses(self, column: str) -> bool:
        if self.kind == "CHECK":
            return bool(self.expression and column in self.expression.mentioned())
        return column in map(fold, self.columns)


@dataclass(slots=True)
class Table:
    """A table, or a table type (which lies with the types)."""

    name: Name
    columns: dict[str, Column] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)
    constraints: dict[str, Constraint] = field(default_factory=dict)
    statistics: dict[str, dict[str, Fact]] = field(default_factory=dict)
    options: dict[str, Fact] = field(default_factory=dict)
    space: tuple[str, ...] = ()
    period: tuple[str, str] | None = None
    versioning: dict[str, Fact] | None = None
    history_of: Key | None = None
    full_text: dict[str, Fact] | None = None
    settings: tuple[bool, bool] = (True, True)  # ANSI_NULLS, QUOTED_IDENTIFIER
    rows: bool = False  # whether it may hold rows
    made: bool = False  # by the system, as the history of another

    @property
    def memory(self) -> bool:
        return self.options.get("memory_optimized") == "on"

    def key_index(self) -> Index | None:
        return next((i for i in self.indexes.values() if i.constraint == "PRIMARY KEY"), None)


@dataclass(slots=True)
class Module:
    """A procedure, function, view or trigger. `body` is what follows its name, in normal form."""

    kind: str
    name: Name
    body: str
    text: str
    row: tuple[Token, ...]
    settings: tuple[bool, bool]  # ANSI_NULLS, QUOTED_IDENTIFIER
    shape: str = ""  # scalar, inline, table, clr
    bound: bool = False
    reads: frozenset[Key] = frozenset()
    parent: Key | None = None
    disabled: bool = False
    order: frozenset[tuple[str, str]] = frozenset()  # event, First or Last
    columns: tuple[str, ...] | None = None
    parameters: tuple[str, ...] = ()
    types: frozenset[Key] = frozenset()  # the user's types of its parameters and results
    indexes: dict[str, Index] = field(default_factory=dict)
    statistics: dict[str, dict[str, Fact]] = field(default_factory=dict)
    full_text: dict[str, Fact] | None = None
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(slots=True)
class Thing:
    """Whatever else has a name. `uses` are the targets that may not go before it."""

    kind: str
    name: Name
    facts: dict[str, Fact] = field(default_factory=dict)
    uses: frozenset[Target] = frozenset()
    text: str = ""
    body: Table | None = None  # of a table type
