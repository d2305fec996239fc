"""What is kept by the server as the text of its CREATE statement."""

from typing import NamedTuple

from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.model.mssql.tables import FullTextIndex, Index, Statistics, Trigger
from pipeline.schema.model.names import Key


class Module(NamedTuple):
    """A view, function, stored procedure or DDL trigger.

    `definition` is the whole statement as written, from the first comment of its batch to its end,
    beginning with CREATE (a script's ALTER or CREATE OR ALTER is kept as written: what it is
    called there does not matter). `form` of a function is SCALAR, INLINE, TABLE or CLR; '' else.
    Indexes, triggers, statistics and full text belong to views only. `encrypted` with an empty
    definition is one that cannot be read. `number` procedures (`;2`) are part of the definition.
    `disabled` and `order` are of DDL triggers.
    """

    kind: Kind
    schema: str
    name: str
    definition: str
    form: str = ""
    quoted_identifier: bool = True
    ansi_nulls: bool = True
    schema_bound: bool = False
    encrypted: bool = False
    indexes: tuple[Index, ...] = ()
    statistics: tuple[Statistics, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    full_text: FullTextIndex | None = None
    disabled: bool = False
    order: tuple[tuple[str, str], ...] = ()
    permissions: tuple[Permission, ...] = ()
    properties: tuple[Property, ...] = ()
    authorization: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return key(self.kind, self.schema, self.name)
