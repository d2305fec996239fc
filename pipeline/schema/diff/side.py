"""One side of a comparison, with what is asked of it again and again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pipeline.schema.model.names import Key, fold
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.normalise.sqlite import Normal
from pipeline.schema.syntax.sqlite.tokens import mentions

Keys = dict[str, frozenset[Key]]


@dataclass(frozen=True, slots=True)
class Side:
    """A schema by key, as written and in its one spelling, and who hangs on whom."""

    objects: dict[Key, SchemaObject]
    normal: dict[Key, SchemaObject]
    spelling: Normal
    hanging: Keys
    mentioning: Keys

    @classmethod
    def of(cls, schema: Schema) -> Self:
        """Look through a schema once."""
        spelling = Normal.of(schema)
        programs = [each for each in schema.objects if isinstance(each, View | Trigger)]
        pairs = [(name, each.key) for each in programs for name in mentions(each.definition)]
        hung = [each for each in schema.objects if isinstance(each, Index | Trigger)]
        return cls(
            objects=schema.by_key(),
            normal={each.key: spelling.object(each) for each in schema.objects},
            spelling=spelling,
            hanging=_collect((fold(each.table), each.key) for each in hung),
            mentioning=_collect(pairs),
        )


def _collect(pairs: Iterable[tuple[str, Key]]) -> Keys:
    found: dict[str, set[Key]] = {}
    for name, key in pairs:
        found.setdefault(name, set()).add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


def differing(old: Side, new: Side) -> frozenset[Key]:
    """Give the keys of all that is not the same on both sides."""
    keys = old.normal.keys() | new.normal.keys()
    return frozenset(key for key in keys if old.normal.get(key) != new.normal.get(key))
