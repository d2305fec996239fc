"""What SQLite makes of a declared type."""

from enum import StrEnum


class Affinity(StrEnum):
    """How a column stores values (sqlite.org/datatype3.html, 3.1)."""

    INTEGER = "INTEGER"
    TEXT = "TEXT"
    BLOB = "BLOB"
    REAL = "REAL"
    NUMERIC = "NUMERIC"


_RULES = (
    (("INT",), Affinity.INTEGER),
    (("CHAR", "CLOB", "TEXT"), Affinity.TEXT),
    (("BLOB",), Affinity.BLOB),
    (("REAL", "FLOA", "DOUB"), Affinity.REAL),
)


def affinity(type_name: str) -> Affinity:
    """Give the affinity of a declared type: the first rule that fits, as SQLite has them."""
    if not type_name:
        return Affinity.BLOB
    text = type_name.upper()
    fits = (kind for words, kind in _RULES if any(word in text for word in words))
    return next(fits, Affinity.NUMERIC)


def loses_text(old: str, new: str) -> bool:
    """Whether values change form for good: '007' becomes 7 in a numeric column."""
    numeric = (Affinity.INTEGER, Affinity.REAL, Affinity.NUMERIC)
    return affinity(old) not in numeric and affinity(new) in numeric
