"""A SQL Server database as JSON text and back. Pure; who keeps it compresses it.

Values are lists of their fields, without the last ones that have their defaults; `fields` in the
file says which fields those are. So a snapshot stays readable when a later farmhand adds a field,
and is refused, not misread, when it knows one that this farmhand does not.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Database, Object, Rename
from pipeline.schema.model.names import Key

FORMAT = 1
DIALECT = "mssql"
MADE_BY = "farmhand schema.snapshot"
AGAIN = "make the snapshot again: schema.snapshot"
_OBJECTS = {kind.__name__: kind for kind in get_args(Object)}

Decoder = Callable[[Any], Any]


def to_text(database: Database) -> str:
    """Give the snapshot as JSON: the same text for the same database."""
    known = dict(sorted(_value_types().items()))
    return json.dumps(
        {
            "format": FORMAT,
            "made_by": MADE_BY,
            "dialect": DIALECT,
            "fields": {name: list(kind._fields) for name, kind in known.items()},
            "model": {
                "collation": database.collation,
                "renames": [
                    [*hint.key, hint.old_schema, hint.old, hint.column]
                    for hint in database.renames
                ],
                "dropped": list(database.dropped),
                "notes": list(database.notes),
                "skipped": dict(sorted(database.skipped.items())),
                "objects": [
                    [type(each).__name__, database.places.get(key, ""), _shortened(each)]
                    for key, each in database.objects.items()
                ],
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_values(values: Mapping[str, object]) -> Database:
    """Give the database of what stood in the file. BadSchema for anything but a whole snapshot."""
    if values.get("format") != FORMAT:
        raise BadSchema(
            f"a snapshot of format {values.get('format')!r}, and this farmhand reads {FORMAT}",
            advice="use the farmhand that made it, or make the snapshot again",
        )
    try:
        return _database(_mapping(values["model"]), _Reader(_mapping(values["fields"])))
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise BadSchema(f"this is no snapshot, or a damaged one: {error}", advice=AGAIN) from error


def _database(model: Mapping[str, Any], reader: "_Reader") -> Database:
    decoders = {name: reader.of(kind) for name, kind in _OBJECTS.items()}
    objects: dict[Key, Object] = {}
    places: dict[Key, str] = {}
    for kind, place, fields in model["objects"]:
        found: Object = decoders[kind](fields)
        objects[found.key] = found
        if place:
            places[found.key] = _text(place)
    if len(objects) != len(model["objects"]):
        raise ValueError("an object is in it twice")
    return Database(
        objects=objects,
        collation=_text(model["collation"]),
        renames=tuple(_rename(*map(_text, hint)) for hint in model["renames"]),
        places=places,
        skipped={_text(word): int(number) for word, number in model["skipped"].items()},
        notes=tuple(map(_text, model["notes"])),
        dropped=tuple(map(_text, model["dropped"])),
    )


def _rename(kind: str, schema: str, name: str, old_schema: str, old: str, column: str) -> Rename:
    return Rename(Key(kind, schema, name), old_schema, old, column)


def _shortened(value: Any) -> Any:
    """Give a value's fields up to the last one that has not its default."""
    if not isinstance(value, tuple):
        return value
    kind: Any = type(value)
    if kind is tuple:
        return [_shortened(each) for each in value]
    end, names, defaults = len(value), kind._fields, kind._field_defaults
    while end and names[end - 1] in defaults and value[end - 1] == defaults[names[end - 1]]:
        end -= 1
    return [_shortened(each) for each in value[:end]]


class _Reader:
    """Makes a decoder for each type of value, by the fields that the file says it has."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.made: dict[Any, Decoder] = {}

    def of(self, kind: Any) -> Decoder:
        """Give the decoder of a type."""
        if kind not in self.made:
            self.made[kind] = self._make(kind)
        return self.made[kind]

    def _make(self, kind: Any) -> Decoder:
        if kind is str:
            return _text
        if kind is bool:
            return _flag
        if get_origin(kind) is UnionType:
            (inner,) = (each for each in get_args(kind) if each is not NoneType)
            decode = self.of(inner)
            return lambda value: None if value is None else decode(value)
        if get_origin(kind) is tuple:
            return self._list(get_args(kind))
        if issubclass(kind, StrEnum):
            return lambda value: kind(value)
        return self._value(kind)

    def _list(self, inner: tuple[Any, ...]) -> Decoder:
        if inner[-1] is not Ellipsis:
            parts = tuple(map(self.of, inner))
            return lambda values: tuple(
                part(value) for part, value in zip(parts, values, strict=True)
            )
        decode = self.of(inner[0])
        return lambda values: tuple([decode(value) for value in values]) if values else ()

    def _value(self, kind: Any) -> Decoder:
        fields = tuple(self.said[kind.__name__])
        unknown = [name for name in fields if name not in kind._fields]
        if unknown:
            raise BadSchema(
                f"a newer farmhand wrote this snapshot: {kind.__name__} has {unknown[0]}",
                advice="use that farmhand, or make the snapshot again with this one",
            )
        hints = get_type_hints(kind)
        decoders = tuple(self.of(hints[name]) for name in fields)
        if fields == kind._fields[: len(fields)]:
            return lambda values: kind(
                *[decode(value) for decode, value in zip(decoders, _list(values), strict=False)]
            )
        return lambda values: kind(
            **{
                name: decode(value)
                for name, decode, value in zip(fields, decoders, _list(values), strict=False)
            }
        )


@cache
def _value_types() -> dict[str, Any]:
    """Every named tuple that can stand in a database, by its name."""
    found: dict[str, Any] = {}
    waiting: list[Any] = list(_OBJECTS.values())
    while waiting:
        kind = waiting.pop()
        if kind.__name__ not in found:
            found[kind.__name__] = kind
            for hint in get_type_hints(kind).values():
                waiting += [each for each in _inside(hint) if hasattr(each, "_fields")]
    return found


def _inside(hint: Any) -> Iterator[Any]:
    """The types that an annotation is made of."""
    if get_args(hint):
        for each in get_args(hint):
            yield from _inside(each)
    else:
        yield hint


def _text(value: Any) -> str:
    if type(value) is not str:
        raise ValueError(f"{value!r} where a text should be")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{value!r} where true or false should be")
    return value


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise ValueError(f"{value!r} where a list should be")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} where an object should be")
    return value
