"""Tables and what stands inside them."""

from typing import NamedTuple

from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.shared import (
    Options,
    Permission,
    Property,
    Sensitivity,
    Storage,
    TypeName,
)
from pipeline.schema.model.names import Key


class Identity(NamedTuple):
    """IDENTITY(seed, increment), both as written numbers."""

    seed: str = "1"
    increment: str = "1"
    not_for_replication: bool = False


class Default(NamedTuple):
    """A default constraint; `name` is '' where the server is to choose one."""

    expression: str
    name: str = ""


class Computed(NamedTuple):
    """How a column is computed; `not_null` is what PERSISTED NOT NULL said."""

    expression: str
    persisted: bool = False
    not_null: bool = False


class Column(NamedTuple):
    """One column. `type` is None of a computed column."""

    name: str
    type: TypeName | None
    nullable: bool = True
    collation: str = ""
    default: Default | None = None
    identity: Identity | None = None
    computed: Computed | None = None
    rowguidcol: bool = False
    sparse: bool = False
    column_set: bool = False
    filestream: bool = False
    mask: str = ""
    """The function of MASKED WITH, as written between the quotes."""
    generated: str = ""
    """ROW START, ROW END, TRANSACTION_ID START, ... of GENERATED ALWAYS AS."""
    hidden: bool = False
    bound_default: str = ""
    """`schema.name` of what sp_bindefault bound."""
    bound_rule: str = ""
    encryption: Options = ()
    """Always Encrypted: COLUMN_ENCRYPTION_KEY, ENCRYPTION_TYPE, ALGORITHM."""
    sensitivity: Sensitivity | None = None


class KeyColumn(NamedTuple):
    """A column of a key or an index."""

    name: str
    descending: bool = False


class UniqueKey(NamedTuple):
    """PRIMARY KEY or UNIQUE; `name` is '' where the server is to choose one.

    `form` is CLUSTERED, NONCLUSTERED or NONCLUSTERED HASH: what the server makes of it, also where
    the script says nothing.
    """

    name: str
    primary: bool
    form: str
    columns: tuple[KeyColumn, ...]
    options: Options = ()
    storage: Storage = Storage()
    not_enforced: bool = False


class ForeignKey(NamedTuple):
    """`trusted` is False after WITH NOCHECK; `disabled` after NOCHECK CONSTRAINT."""

    name: str
    columns: tuple[str, ...]
    parent_schema: str
    parent: str
    parent_columns: tuple[str, ...]
    """Empty where the script names none: the parent's primary key is meant."""
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"
    not_for_replication: bool = False
    trusted: bool = True
    disabled: bool = False


class Check(NamedTuple):
    """A CHECK constraint: `expression` is what stands between its parentheses."""

    name: str
    expression: str
    not_for_replication: bool = False
    trusted: bool = True
    disabled: bool = False


class Index(NamedTuple):
    """An index of a table or a view.

    `form` is NONCLUSTERED, CLUSTERED, NONCLUSTERED HASH, CLUSTERED COLUMNSTORE, NONCLUSTERED
    COLUMNSTORE, PRIMARY XML, XML (secondary), SELECTIVE XML, SPATIAL or JSON. `detail` is what
    such a special index says besides, token by token with single spaces (USING XML INDEX [p] FOR
    PATH; USING GEOMETRY_GRID ...; ORDER ( [a] ) of a columnstore).
    """

    name: str
    form: str
    unique: bool
    columns: tuple[KeyColumn, ...]
    included: tuple[str, ...] = ()
    filter: str = ""
    options: Options = ()
    storage: Storage = Storage()
    detail: str = ""
    disabled: bool = False


class Statistics(NamedTuple):
    """CREATE STATISTICS; a sample size is not part of what is wanted."""

    name: str
    columns: tuple[str, ...]
    filter: str = ""
    options: Options = ()


class Trigger(NamedTuple):
    """A DML trigger: `definition` is its whole CREATE statement as written, with its comments.

    `order` has (INSERT|UPDATE|DELETE, First|Last) as sp_settriggerorder said.
    """

    schema: str
    name: str
    definition: str
    disabled: bool = False
    order: Options = ()
    quoted_identifier: bool = True
    ansi_nulls: bool = True


class FullTextColumn(NamedTuple):
    """A column of a full-text index."""

    name: str
    type_column: str = ""
    language: str = ""
    statistical_semantics: bool = False


class FullTextIndex(NamedTuple):
    """The full-text index of a table or an indexed view."""

    columns: tuple[FullTextColumn, ...]
    key_index: str
    catalog: str = ""
    filegroup: str = ""
    options: Options = ()
    """CHANGE_TRACKING, STOPLIST, SEARCH PROPERTY LIST as said; defaults left out."""
    disabled: bool = False


class Temporal(NamedTuple):
    """PERIOD FOR SYSTEM_TIME, and the history where SYSTEM_VERSIONING is on."""

    start: str
    end: str
    versioned: bool = False
    history_schema: str = ""
    history: str = ""
    """'' where the server is to choose a name."""
    retention: str = ""
    """`6 MONTHS`; '' is INFINITE."""
    consistency_check: bool = True


class Table(NamedTuple):
    """A table. Children are sorted by folded name, but columns, which keep their order.

    `options`: MEMORY_OPTIMIZED, DURABILITY, CHANGE_TRACKING (ON), TRACK_COLUMNS_UPDATED, LEDGER,
    APPEND_ONLY, LEDGER_VIEW, LOCK_ESCALATION, DATA_COMPRESSION, XML_COMPRESSION, AS (NODE, EDGE,
    FILETABLE), FILETABLE_*, ... : whatever was said and is not the server's default.
    """

    schema: str
    name: str
    columns: tuple[Column, ...] = ()
    keys: tuple[UniqueKey, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    statistics: tuple[Statistics, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    full_text: FullTextIndex | None = None
    temporal: Temporal | None = None
    storage: Storage = Storage()
    textimage: str = ""
    options: Options = ()
    ansi_nulls: bool = True
    connections: tuple[str, ...] = ()
    """Edge constraints of graph tables: `name: from TO to`, as written."""
    permissions: tuple[Permission, ...] = ()
    properties: tuple[Property, ...] = ()
    authorization: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return key(Kind.TABLE, self.schema, self.name)
