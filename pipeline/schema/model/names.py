"""How names compare, and what an object is called."""

from typing import NamedTuple

_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class Key(NamedTuple):
    """What one object is found by: its kind, its schema and its folded name."""

    kind: str
    schema: str
    name: str


def fold(name: str) -> str:
    """Give the form in which names are compared: SQLite ignores the case of ASCII letters only."""
    return name.translate(_LOWER)


def qualified(schema: str, name: str) -> str:
    """Give `schema.name`, or the name alone where the dialect has no schemas."""
    return f"{schema}.{name}" if schema else name
