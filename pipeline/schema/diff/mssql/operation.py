"""The closed list of things that a change of a SQL Server database is made of. Data only.

An operation does one thing to one part: an object, or what can be made and dropped inside one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.shared import Permission, Property, Sensitivity
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    Default,
    ForeignKey,
    FullTextIndex,
    Index,
    Statistics,
    Temporal,
    Trigger,
    UniqueKey,
)
from pipeline.schema.model.names import Key


class PartKind(StrEnum):
    """What can be made, altered and dropped by itself."""

    OBJECT = "object"
    """A whole object, without the parts below (a new table: with its columns)."""
    COLUMN = "column"
    DEFAULT = "default constraint"
    UNIQUE_KEY = "key"
    FOREIGN_KEY = "foreign key"
    CHECK = "check constraint"
    INDEX = "index"
    STATISTICS = "statistics"
    TRIGGER = "trigger"
    FULL_TEXT = "full-text index"
    VERSIONING = "system versioning"
    """SYSTEM_VERSIONING = ON with its history; the PERIOD belongs to the table."""
    PERIOD = "period"
    BOUND_DEFAULT = "bound default"
    BOUND_RULE = "bound rule"
    SENSITIVITY = "sensitivity classification"
    CONNECTION = "edge constraint"
    MEMBER = "role member"
    PERMISSION = "permission"
    PROPERTY = "extended property"


class Part(NamedTuple):
    """The address of one part. `name` is folded, and unique among the parts of its kind and key.

    A default's name here is its column's; a permission's is `ACTION to grantee (columns)`.
    """

    key: Key
    kind: PartKind
    name: str = ""


Value = (
    Object
    | Column
    | Default
    | UniqueKey
    | ForeignKey
    | Check
    | Index
    | Statistics
    | Trigger
    | FullTextIndex
    | Temporal
    | Sensitivity
    | Permission
    | Property
    | str
)


class Verb(StrEnum):
    """What an operation does to its part."""

    CREATE = "create"
    DROP = "drop"
    ALTER = "alter"
    """In place: the server has a statement for it."""
    REBUILD = "rebuild"
    """A table is made anew beside the old one, its rows are copied, names are changed over."""
    RENAME = "rename"
    REFRESH = "refresh"
    """sp_refreshview or sp_refreshsqlmodule: what the module reads has changed."""
    TRANSFER = "transfer"
    """ALTER SCHEMA ... TRANSFER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing to do to one part.

    `old` is None for CREATE, `new` is None for DROP. `before` and `after` are the objects that
    the part belongs to, in the target as it is found and as it is to be (None where it is not).
    `because` says why; `in_the_way` that the part itself stays as it is, and is only
    taken down and put back around the change of another.
    """

    verb: Verb
    part: Part
    old: Value | None = None
    new: Value | None = None
    before: Object | None = None
    after: Object | None = None
    because: str = ""
    in_the_way: bool = False
    phase: Phase = Phase.EXPAND
    hazards: tuple[Hazard, ...] = ()
    guards: tuple["Guard", ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """The question that decides by the rows whether a hazard is real.

    `exists` is a SELECT that finds a row exactly when it is; `count` is a SELECT of one number for
    people. `message` is what the script says before it stops.
    """

    hazard: Hazard
    exists: str
    count: str
    message: str
