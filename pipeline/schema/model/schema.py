"""A whole database schema as one value."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pipeline.schema.model.names import Key
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.tables import Table

SchemaObject = Table | Index | View | Trigger


@dataclass(frozen=True, slots=True)
class Schema:
    """All objects of one database, sorted by kind and name, each key once."""

    dialect: str
    objects: tuple[SchemaObject, ...] = ()

    @classmethod
    def of(cls, dialect: str, objects: Iterable[SchemaObject]) -> Self:
        """Give the schema of these objects, whatever their order."""
        return cls(dialect, tuple(sorted(objects, key=lambda each: each.key)))

    def by_key(self) -> dict[Key, SchemaObject]:
        """Give the objects by what they are found by."""
        return {each.key: each for each in self.objects}

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, by name."""
        return tuple(each for each in self.objects if isinstance(each, Table))

    @property
    def views(self) -> tuple[View, ...]:
        """Its views, by name."""
        return tuple(each for each in self.objects if isinstance(each, View))

    @property
    def indexes(self) -> tuple[Index, ...]:
        """Its indexes, by name."""
        return tuple(each for each in self.objects if isinstance(each, Index))

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """Its triggers, by name."""
        return tuple(each for each in self.objects if isinstance(each, Trigger))
