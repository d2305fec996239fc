"""A whole SQL Server database as one value."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from pipeline.schema.model.mssql.items import AliasType, Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key

Object = Table | Module | TableType | AliasType | Item | Unreadable


@dataclass(frozen=True, slots=True)
class Rename:
    """A hint from a script, `-- @renamed from=dbo.Old`: what stands here was called otherwise.

    `column` is '' when the object itself was renamed; else the column of `key` that was `old`.
    """

    key: Key
    old_schema: str
    old: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Database:
    """All objects by key, in the order of their keys.

    `places` says where each object was read, `file:line`, for messages. `skipped` counts the
    statements that speak of rows, by their first word: INSERT, UPDATE, ...
    """

    objects: dict[Key, Object]
    collation: str = ""
    renames: tuple[Rename, ...] = ()
    places: dict[Key, str] = field(default_factory=dict, compare=False)
    skipped: dict[str, int] = field(default_factory=dict, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    """What the reader wants to be known: `USE [shop] in a.sql:3 is not followed`."""
    dropped: tuple[str, ...] = ()
    """Names of hints `-- @dropped NAME`: what is gone for good, and was not renamed."""

    dialect = "mssql"

    @classmethod
    def of(cls, objects: Iterable[Object]) -> Self:
        """Give the database of these objects, whatever their order."""
        return cls({each.key: each for each in sorted(objects, key=lambda each: each.key)})
