"""A connection: its variables, its options, its transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.schema.mssql.oracle.world import World


class Maybe:
    """The answer to a question about rows, which are not modelled."""

    def __repr__(self) -> str:
        return "MAYBE"


MAYBE = Maybe()

Value: TypeAlias = str | int | float | bool | Maybe | None


@dataclass(slots=True)
class Session:
    world: World
    variables: dict[str, Value] = field(default_factory=dict)
    ansi_nulls: bool = True
    quoted: bool = True
    executing: bool = True  # not NOEXEC
    rowcount: int = 0
    nulls: bool = False  # whether what may hold NULL is refused to become NOT NULL
    unsure: bool = False  # what runs now may, on a server, not run: an IF asked about rows
    depth: int = 0
    kept: World | None = None  # as it was when the transaction began
    messages: list[str] = field(default_factory=list)
    database: str = "oracle"
    identity_insert: tuple[str, str] | None = None
    loading: bool = False  # scripts of a folder: any order, data is passed over

    @property
    def settings(self) -> tuple[bool, bool]:
        return self.ansi_nulls, self.quoted


Act: TypeAlias = Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that was read. `changes` says whether it may change a schema or move rows."""

    title: str
    act: Act
    changes: bool = True
    guards: bool = False  # stops a script: RAISERROR, THROW, NOEXEC, RETURN
    compile: Act | None = None  # checked before the first statement of the batch runs
