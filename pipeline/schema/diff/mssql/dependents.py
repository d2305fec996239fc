"""The old state seen from the other end: what stands on a part, and what goes away with it.

All objects are looked at once, by the names in them only. An object is taken apart when one that
it names is asked for.
"""

import re
from collections import defaultdict
from typing import NamedTuple

from pipeline.schema.diff.mssql.dependencies import needs
from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.parts import Piece, facing_tables
from pipeline.schema.diff.mssql.state import Need, State, Tie
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.model.names import Key

_SEEN_FROM_OUTSIDE = frozenset(
    {PartKind.OBJECT, PartKind.COLUMN, PartKind.UNIQUE_KEY, PartKind.INDEX}
)
"""Foreign keys of other tables stand on keys and indexes too."""
_WORD = re.compile(r"\w[\w$#@]*")
_PLAIN = re.compile(r"\w[\w$#@]*\Z")


class Dependent(NamedTuple):
    """A part that needs another one, and how much."""

    piece: Piece
    tie: Tie


class Dependents:
    """Who needs a part, in one state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._needs: dict[Part, tuple[Need, ...]] = {}
        self._known: dict[Part, list[Dependent]] = defaultdict(list)
        self._contents: dict[Part, list[Piece]] = defaultdict(list)
        self._looked_at: set[Part] = set()
        self._taken_apart: set[Key] = set()
        self._facing: set[Key] = set()
        self._needs_known: set[Part] = set()
        self._mentioned: dict[str, list[Key]] | None = None

    def needs(self, piece: Piece) -> tuple[Need, ...]:
        """Give what a part needs."""
        found = self._needs.get(piece.part)
        if found is None:
            found = self._needs[piece.part] = needs(piece, self.state)
        return found

    def of(self, part: Part) -> tuple[Dependent, ...]:
        """Give what needs this part, in a fixed order."""
        self._look_at(part)
        return tuple(self._known.get(part, ()))

    def contents(self, part: Part) -> tuple[Piece, ...]:
        """Give what goes away with this part."""
        self._look_at(part)
        return tuple(self._contents.get(part, ()))

    def _look_at(self, part: Part) -> None:
        if part in self._looked_at:
            return
        self._looked_at.add(part)
        self._take_apart(part.key)
        if part.kind not in _SEEN_FROM_OUTSIDE:
            return
        names = {part.key.name, self.state.before.get(part.key, part.key).name}
        for key in dict.fromkeys(key for name in sorted(names) for key in self._who(name)):
            if part.key.kind == Kind.TABLE:
                self._face_tables(key)
            else:
                self._take_apart(key)

    def _take_apart(self, key: Key) -> None:
        if key not in self._taken_apart:
            self._taken_apart.add(key)
            for piece in self.state.pieces(key):
                self._know(piece)

    def _face_tables(self, key: Key) -> None:
        """Most of what is in a table stands on nothing outside of it."""
        if key not in self._taken_apart and key not in self._facing:
            self._facing.add(key)
            for piece in facing_tables(self.state.objects[key]):
                self._know(piece)

    def _know(self, piece: Piece) -> None:
        if piece.part in self._needs_known:
            return
        self._needs_known.add(piece.part)
        for container in piece.within:
            self._contents[container].append(piece)
        for need in self.needs(piece):
            self._known[need.part].append(Dependent(piece, need.tie))

    def _who(self, name: str) -> list[Key]:
        if self._mentioned is None:
            self._mentioned = defaultdict(list)
            known = frozenset(key.name for key in self.state.objects)
            known |= {key.name for key in self.state.before.values()}
            odd = tuple(sorted(each for each in known if not _PLAIN.match(each)))
            for key, found in self.state.objects.items():
                for each in _names_in(found, known, odd):
                    self._mentioned[each].append(key)
        return self._mentioned.get(name, [])


def _names_in(found: Object, known: frozenset[str], odd: tuple[str, ...]) -> set[str]:
    """Give the names of objects that may be meant in an object: rather too many."""
    if isinstance(found, Unreadable):
        return set()
    names = {fold(each.grantee) for each in found.permissions}
    names.update(fold(each.grantor) for each in found.permissions if each.grantor)
    if found.authorization:
        names.add(fold(found.authorization))
    texts: list[str] = []
    match found:
        case Table():
            _of_table(found, names, texts)
        case TableType():
            _of_columns(found.columns, names, texts)
            texts += [each.expression for each in found.checks]
        case Module():
            texts.append(found.definition)
            for index in found.indexes:
                names.add(fold(index.storage.name))
            if found.full_text is not None:
                names.add(fold(found.full_text.catalog))
                texts += [value for _, value in found.full_text.options]
            texts += [each.definition for each in found.triggers]
        case Item():
            for name, value in found.facts:
                names.add(fold(name.partition(":")[2]))
                texts += [name, value]
        case _:
            pass
    text = "\n".join(texts).lower()
    words = names | set(_WORD.findall(text))
    return (words & known) | {each for each in odd if each in names or each in text}


def _of_table(table: Table, names: set[str], texts: list[str]) -> None:
    _of_columns(table.columns, names, texts)
    names.update(fold(each.parent) for each in table.foreign_keys)
    names.add(fold(table.storage.name))
    for key in table.keys:
        if key.storage.column:
            names.add(fold(key.storage.name))
    for index in table.indexes:
        if index.storage.column:
            names.add(fold(index.storage.name))
    texts += [each.expression for each in table.checks if "." in each.expression]
    texts += table.connections
    texts += [each.definition for each in table.triggers]
    if table.temporal is not None:
        names.add(fold(table.temporal.history))
    if table.full_text is not None:
        names.add(fold(table.full_text.catalog))
        texts += [value for _, value in table.full_text.options]


def _of_columns(columns: tuple[Column, ...], names: set[str], texts: list[str]) -> None:
    for column in columns:
        found = column.type
        if found is not None and found.schema:
            names.add(fold(found.name))
        elif found is not None and found.name == "xml" and found.arguments:
            names.add(fold(found.arguments[-1].rpartition(".")[2]))
        if column.computed is not None:
            texts.append(column.computed.expression)
        if column.default is not None and _calls(column.default.expression):
            texts.append(column.default.expression)
        if column.bound_default or column.bound_rule:
            names.add(fold(column.bound_default.rpartition(".")[2]))
            names.add(fold(column.bound_rule.rpartition(".")[2]))


def _calls(text: str) -> bool:
    return "." in text or "next" in text.lower()
