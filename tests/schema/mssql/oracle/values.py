"""Values of expressions: how they are compared, added and converted."""

import re

from tests.schema.mssql.oracle.cursor import quote
from tests.schema.mssql.oracle.errors import Unknown
from tests.schema.mssql.oracle.session import MAYBE, Maybe, Value


def both(word: str, left: Value, right: Value) -> Value:
    stop = word == "or"
    for value in (left, right):
        if not isinstance(value, Maybe) and value is not None and bool(value) is stop:
            return stop
    if isinstance(left, Maybe) or isinstance(right, Maybe):
        return MAYBE
    return None if left is None or right is None else not stop


def number(text: str) -> Value:
    if text.startswith("0x"):
        return int(text, 16) if len(text) > 2 else 0
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text.lstrip("$"))


def added(left: Value, right: Value) -> Value:
    if isinstance(left, str) or isinstance(right, str):
        return f"{left}{right}"
    return number(str(left)) if right is None else int(str(left)) + int(str(right))


def added_values(left: Value, right: Value) -> Value:
    """`+` with NULL and with what is not known."""
    if isinstance(left, Maybe) or isinstance(right, Maybe):
        return MAYBE
    return None if left is None or right is None else added(left, right)


def plain(value: Value) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return str(value).rstrip().casefold()


def same(left: Value, right: Value) -> bool:
    return left is not None and right is not None and plain(left) == plain(right)


def compare(operator: str, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    if operator in ("=", "<>"):
        return same(left, right) is (operator == "=")
    try:
        low, high = float(str(left)), float(str(right))
    except ValueError as error:
        raise Unknown(
            f"a comparison that is not evaluated: {left!r} {operator} {right!r}"
        ) from error
    return {"<": low < high, ">": low > high, "<=": low <= high, ">=": low >= high}[operator]


def like(text: str, pattern: str) -> bool:
    wanted = re.escape(pattern).replace("%", ".*").replace("_", ".")
    wanted = re.sub(r"\\\[(.*?)\\\]", r"[\1]", wanted)
    return re.fullmatch(wanted, text, re.IGNORECASE | re.DOTALL) is not None


def quoted(text: str, mark: str) -> str:
    if mark in ("'", '"'):
        return mark + text.replace(mark, mark * 2) + mark
    return quote(text)


def changed(name: str, text: str) -> str:
    return {
        "upper": text.upper(),
        "lower": text.lower(),
        "rtrim": text.rstrip(),
        "ltrim": text.lstrip(),
        "trim": text.strip(),
    }[name]


def converted(name: str, value: Value) -> Value:
    kind = name.split(" ")[1].split("(")[0]
    if value is None or isinstance(value, Maybe):
        return value
    if kind in ("int", "bigint", "smallint", "tinyint", "bit"):
        return int(float(str(value).split(".")[0]))
    return (
        str(int(value))
        if isinstance(value, bool)
        else value
        if kind == "sql_variant"
        else str(value)
    )
