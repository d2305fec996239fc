"""What hangs on tables: indexes, views and triggers, as plain values."""

from dataclasses import dataclass

from pipeline.schema.model.names import Key, fold
from pipeline.schema.model.tables import Term


@dataclass(frozen=True, slots=True)
class Index:
    """An index that somebody made by name; `where` makes it partial."""

    name: str
    table: str
    terms: tuple[Term, ...]
    unique: bool = False
    where: str = ""
    schema: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return Key("Index", self.schema, fold(self.name))


@dataclass(frozen=True, slots=True)
class View:
    """A view: its whole CREATE statement as it was written."""

    name: str
    definition: str
    schema: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return Key("View", self.schema, fold(self.name))


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger on a table or a view: its whole CREATE statement as it was written."""

    name: str
    table: str
    definition: str
    schema: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return Key("Trigger", self.schema, fold(self.name))
