"""One of the two states of a database, taken apart only where somebody asks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import NamedTuple

from pipeline.schema.diff.mssql.operation import Part
from pipeline.schema.diff.mssql.parts import Piece, explode, object_part
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key

_NAMED = frozenset(
    {
        Kind.DEFAULT.value,
        Kind.FUNCTION.value,
        Kind.QUEUE.value,
        Kind.RULE.value,
        Kind.SEQUENCE.value,
        Kind.STORED_PROCEDURE.value,
        Kind.SYNONYM.value,
        Kind.TABLE.value,
        Kind.USER_DEFINED_TYPE.value,
        Kind.VIEW.value,
        Kind.XML_SCHEMA_COLLECTION.value,
    }
)
"""Kinds of objects that the text of a module can name."""


class Tie(IntEnum):
    """How much one part needs another."""

    WISH = 0
    """It had better come later: a procedure's names are looked up when it runs."""
    MAKING = 1
    """It cannot be made before the other is there; the other may go all the same."""
    HOLDING = 2
    """The server does not let the other go while this one is there."""


class Need(NamedTuple):
    """One part that another part needs."""

    part: Part
    tie: Tie


class State:
    """The objects of a database, their parts, and names as a module's text has them.

    Texts do not follow a rename: `before` has the old keys of renamed objects, and by the key of
    their table the old names of columns.
    """

    def __init__(
        self,
        objects: Mapping[Key, Object],
        before: Mapping[Key, Key] | None = None,
        columns_before: Mapping[Key, Mapping[str, str]] | None = None,
    ) -> None:
        self.objects, self.before = objects, before or {}
        self._columns_before = columns_before or {}
        self._pieces: dict[Key, tuple[Piece, ...]] = {}
        self._by_part: dict[Key, dict[Part, Piece]] = {}
        self._names: dict[tuple[str, str], list[Key]] | None = None

    def pieces(self, key: Key) -> tuple[Piece, ...]:
        """Give all parts of an object; none when it is not there."""
        found = self._pieces.get(key)
        if found is None:
            each = self.objects.get(key)
            found = explode(each) if each is not None else ()
            self._pieces[key] = found
            self._by_part[key] = {piece.part: piece for piece in found}
        return found

    def piece(self, part: Part) -> Piece | None:
        """Give one part, if it is there."""
        found = self._by_part.get(part.key)
        if found is None:
            self.pieces(part.key)
            found = self._by_part[part.key]
        return found.get(part)

    def has(self, part: Part) -> bool:
        """Whether the part is there."""
        return self.piece(part) is not None

    def table(self, key: Key) -> Table | None:
        """Give a table by its key."""
        found = self.objects.get(key)
        return found if isinstance(found, Table) else None

    def named(self, schema: str, name: str, home: str = "dbo") -> tuple[Key, ...]:
        """Give what a text may mean by a folded name; without a schema it is looked up at home."""
        if self._names is None:
            names: dict[tuple[str, str], list[Key]] = defaultdict(list)
            for key in self.objects:
                if key.kind in _NAMED:
                    called = self.before.get(key, key)
                    names[(called.schema, called.name)].append(key)
            self._names = names
        for each in (schema,) if schema else (fold(home), "dbo"):
            found = self._names.get((each, name))
            if found:
                return tuple(found)
        return ()

    def column_named(self, part: Part) -> str:
        """Give the folded name of a column in texts."""
        return self._columns_before.get(part.key, {}).get(part.name, part.name)

    def objects_named(
        self, names: Iterable[tuple[str, str]], home: str = "dbo"
    ) -> tuple[Part, ...]:
        """Give the objects that a text names, each once, in a fixed order."""
        found = {key for schema, name in names for key in self.named(schema, name, home)}
        return tuple(object_part(key) for key in sorted(found))
