"""What happens to a part, and to all parts of two states that are touched."""

from dataclasses import dataclass
from enum import IntEnum

from pipeline.schema.diff.mssql.alterable import Alterable
from pipeline.schema.diff.mssql.carried_parts import carried_parts
from pipeline.schema.diff.mssql.dependents import Dependents
from pipeline.schema.diff.mssql.operation import Part, PartKind, Value
from pipeline.schema.diff.mssql.splits import splits
from pipeline.schema.diff.mssql.state import State
from pipeline.schema.diff.mssql.words import full_name
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.options import Options


class How(IntEnum):
    """How a part goes, or comes."""

    NOT = 0
    ALONE = 1
    """By an operation of its own."""
    WITH = 2
    """With another part."""


@dataclass(slots=True)
class Fate:
    """What happens to one part. All that is left out does not happen.

    `aside` is the value that it has for a while; `becomes` its new address, where only its name
    changes; `way_of` the part for whose sake it is touched though it stays as it is. What is
    `early` has to go before anything is renamed.
    """

    goes: How = How.NOT
    comes: How = How.NOT
    altered: bool = False
    rebuilt: bool = False
    aside: Value | None = None
    becomes: Part | None = None
    way_of: Part | None = None
    because: str = ""
    early: bool = False

    @property
    def removed(self) -> bool:
        """Whether the part as it is goes."""
        return self.goes is not How.NOT or self.rebuilt


class Fates:
    """The fates of all parts that are touched, between two states.

    New parts that are `apart` are not made with their table: what they need comes later.
    """

    def __init__(
        self, old: State, new: State, options: Options, apart: frozenset[Part] = frozenset()
    ) -> None:
        self.old, self.new, self.options, self.apart = old, new, options, apart
        self.dependents, self.arriving = Dependents(old), Dependents(new)
        self.alterable = Alterable(old, new, options)
        self.of: dict[Part, Fate] = {}
        self.following: dict[Part, dict[Part, Fate]] = {}
        """By the system versioning of a table: what the server does to its history by itself."""
        self.splits = {each.function: each for each in splits(old.objects, new.objects)}
        self._carried: dict[Key, frozenset[Part]] = {}

    def fate(self, part: Part) -> Fate:
        """Give the fate of a part, to be changed."""
        found = self.of.get(part)
        if found is None:
            found = self.of[part] = Fate()
        return found

    def carried(self, key: Key) -> frozenset[Part]:
        """Give the parts that are made with an object when it is new."""
        found = self._carried.get(key)
        if found is None:
            each = self.new.objects.get(key)
            pieces = self.new.pieces(key)
            found = carried_parts(each, pieces, self.apart) if each is not None else frozenset()
            self._carried[key] = found
        return found


def describe(part: Part, state: State) -> str:
    """Give a part as people call it: `dbo.T.c`, `dbo.T`, `dbo.T.IX_1`."""
    each = state.objects.get(part.key)
    schema, name = (each.schema, each.name) if each else (part.key.schema, part.key.name)
    whole = full_name(schema, name)
    piece = state.piece(part)
    own = getattr(piece.value, "name", "") if piece is not None else part.name
    if part.kind is PartKind.OBJECT:
        return whole
    return f"{whole}.{own or part.name}" if own or part.name else f"{whole} ({part.kind})"
