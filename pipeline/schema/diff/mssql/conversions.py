"""What becomes of values when their type changes: whether it is made, and what may go wrong.

The chart of conversions: learn.microsoft.com, Transact-SQL reference, "CAST and CONVERT".
"""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.schema.model.mssql.shared import TypeName

_FAMILIES = {
    "char": ("char", "varchar", "nchar", "nvarchar", "sysname"),
    "text": ("text", "ntext"),
    "binary": ("binary", "varbinary"),
    "image": ("image",),
    "day": ("date",),
    "time": ("time",),
    "moment": ("datetime2", "datetimeoffset"),
    "old moment": ("datetime", "smalldatetime"),
    "exact": ("bit", "tinyint", "smallint", "int", "bigint", "decimal", "numeric"),
    "float": ("float", "real"),
    "money": ("money", "smallmoney"),
    "guid": ("uniqueidentifier",),
    "variant": ("sql_variant",),
    "xml": ("xml",),
    "clr": ("hierarchyid", "geometry", "geography"),
    "version": ("timestamp", "rowversion"),
    "json": ("json",),
    "vector": ("vector",),
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}
_NUMBERS = frozenset({"exact", "float", "money"})
_DAYS = frozenset({"day", "time", "moment", "old moment"})
_IMPLICIT: dict[str, frozenset[str]] = {
    "char": frozenset({"char", "text", "guid", "variant", "xml", "json"}) | _DAYS | _NUMBERS,
    "text": frozenset({"char", "text", "xml"}),
    "binary": frozenset(
        {"char", "binary", "image", "old moment", "exact", "money", "guid", "variant", "xml"}
    ),
    "image": frozenset({"binary", "image"}),
    "day": frozenset({"char", "day", "moment", "old moment", "variant"}),
    "time": frozenset({"char", "time", "moment", "old moment", "variant"}),
    "moment": frozenset({"char", "variant"}) | _DAYS,
    "old moment": frozenset({"char", "variant"}) | _DAYS,
    "exact": frozenset({"char", "binary", "old moment", "variant"}) | _NUMBERS,
    "float": frozenset({"char", "binary", "old moment", "variant"}) | _NUMBERS,
    "money": frozenset({"binary", "old moment", "variant"}) | _NUMBERS,
    "guid": frozenset({"char", "binary", "guid", "variant"}),
    "variant": frozenset({"variant"}),
    "xml": frozenset({"xml"}),
    "json": frozenset({"json", "char"}),
    "vector": frozenset({"vector", "char"}),
}
_EXPLICIT: dict[str, frozenset[str]] = {
    "char": frozenset({"binary", "clr"}),
    "binary": frozenset({"clr"}),
    "day": frozenset({"binary"}),
    "time": frozenset({"binary"}),
    "moment": frozenset({"binary"}),
    "old moment": frozenset({"binary", "exact", "float", "money"}),
    "money": frozenset({"char"}),
    "variant": frozenset({"char", "binary", "guid"}) | _DAYS | _NUMBERS,
    "xml": frozenset({"char", "binary"}),
    "clr": frozenset({"char", "binary"}),
    "version": frozenset({"char", "binary", "exact", "money", "old moment"}),
}
LENGTHENED = frozenset({"varchar", "nvarchar", "varbinary"})
_BYTES_EACH = {"nchar": 2, "nvarchar": 2}
_UNICODE = frozenset({"nchar", "nvarchar", "ntext", "sysname", "xml", "json"})
_DIGITS = {"bit": 1, "tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}
_SPAN = ("bit", "tinyint", "smallint", "int", "bigint")
_ONE_DAY = {"smalldatetime": (4, -1), "datetime": (6, 3)}
MAX = 1 << 31


class How(StrEnum):
    """How the values of a column become those of another type."""

    ITSELF = "by itself"
    """ALTER COLUMN does it."""
    COPIED = "copied"
    """Only CONVERT does it: the rows have to be copied."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Fit:
    """What a change of type may do to the values that are there; '' for nothing.

    `fails` says why the change may be refused, `loses` what is lost without a word.
    """

    fails: str = ""
    loses: str = ""
    too_long: int = 0
    """Values of more characters (bytes, of binary ones) than this do not fit."""

    @property
    def widens(self) -> bool:
        """Whether every value stays as it is."""
        return not (self.fails or self.loses)


def how(old: TypeName, new: TypeName) -> How:
    """Give how values are converted. Both types are the server's own."""
    if old == new:
        return How.ITSELF
    before, after = _FAMILY.get(old.name.lower(), ""), _FAMILY.get(new.name.lower(), "")
    if "version" in (before, after) and before != after:
        return How.COPIED if after in _EXPLICIT["version"] else How.NEVER
    if "clr" in (before, after) and old.name.lower() != new.name.lower():
        return How.COPIED if after in _EXPLICIT.get(before, ()) else How.NEVER
    if before == after or after in _IMPLICIT.get(before, ()):
        return How.ITSELF
    return How.COPIED if after in _EXPLICIT.get(before, ()) else How.NEVER


def same_sort(old: TypeName, new: TypeName) -> bool:
    """Whether code that knows the one type can live with the other."""
    before, after = _FAMILY.get(old.name.lower(), ""), _FAMILY.get(new.name.lower(), "")
    sorts = ({"char", "text"}, {"binary", "image"}, _NUMBERS, _DAYS)
    return before == after or any({before, after} <= each for each in sorts)


def is_lengthened(old: TypeName, new: TypeName) -> bool:
    """Whether a type of varying length only grows: what stands on the column may stay."""
    same = old.name.lower() == new.name.lower() and not old.schema and not new.schema
    if not same or old.name.lower() not in LENGTHENED:
        return False
    return length(old) <= length(new) < MAX or old == new


def length(found: TypeName) -> int:
    """Give the length in characters, or bytes; that of `max` is longer than any."""
    name = found.name.lower()
    if name in {"text", "ntext", "image", "xml", "json"}:
        return MAX
    if name == "sysname":
        return 128
    said = found.arguments[0] if found.arguments else ""
    if said.lower() == "max":
        return MAX
    return int(said) if said.isdigit() else MAX


def fit(old: TypeName, new: TypeName) -> Fit:
    """Give what a change of type may do to values."""
    before, after = _FAMILY.get(old.name.lower(), ""), _FAMILY.get(new.name.lower(), "")
    if old == new or after == "variant":
        return Fit()
    text = {"char", "text", "xml", "json"}
    if before in text and after in {"char", "text"}:
        return _text(old, new)
    if {before, after} <= {"binary", "image"}:
        return _shorter(old, new, "bytes") if length(new) < length(old) else Fit()
    if before in _NUMBERS and after in _NUMBERS:
        return _number(old, new)
    if before in _DAYS and after in _DAYS:
        return _moment(old, new)
    if after == "char" and before in (_NUMBERS | _DAYS | {"guid"}):
        return _shown(old, new)
    if before == after:
        return Fit() if before != "xml" else Fit(fails="values may not be valid in the schema")
    return Fit(fails=f"values may not be {new.name.lower()}")


def _text(old: TypeName, new: TypeName) -> Fit:
    found = Fit()
    if length(new) < length(old):
        found = _shorter(old, new, "characters")
    if old.name.lower() in _UNICODE and new.name.lower() not in _UNICODE:
        lost = f"characters that {new.name.lower()} does not have become ?"
        found = Fit(found.fails, lost, found.too_long)
    return found


def _shorter(old: TypeName, new: TypeName, what: str) -> Fit:
    size = length(new)
    return Fit(fails=f"values may be longer than {size} {what}", too_long=size)


def _number(old: TypeName, new: TypeName) -> Fit:
    one, other = old.name.lower(), new.name.lower()
    if other == "bit":
        return Fit(loses="all numbers but 0 become 1")
    if one in _SPAN and other in _SPAN:
        wider = _SPAN.index(other) >= _SPAN.index(one)
        return Fit() if wider else Fit(fails=f"numbers may be too big for {other}")
    if other in {"float", "real"}:
        return _float(one, other, old)
    if one in {"float", "real"}:
        return Fit(fails=f"numbers may be too big for {other}", loses="digits are rounded away")
    whole, scale = _precision(old)
    new_whole, new_scale = _precision(new)
    return Fit(
        fails=f"numbers may be too big for {_said(new)}" if new_whole < whole else "",
        loses=f"digits behind the {new_scale}. are rounded away" if new_scale < scale else "",
    )


def _float(one: str, other: str, old: TypeName) -> Fit:
    whole, scale = (15, 0) if one in {"float", "real"} else _precision(old)
    if other == "real":
        exact = one == "real" or whole + scale <= 6
    else:
        exact = one in {"float", "real"} or whole + scale <= 15
    return Fit() if exact else Fit(loses="digits are rounded away")


def _precision(found: TypeName) -> tuple[int, int]:
    """Give (digits before the point, digits behind it)."""
    name = found.name.lower()
    if name in _DIGITS:
        return _DIGITS[name], 0
    if name == "money":
        return 15, 4
    if name == "smallmoney":
        return 6, 4
    numbers = [int(each) for each in found.arguments if each.isdigit()]
    precision, scale = (*numbers, 18, 0)[:2] if len(numbers) != 1 else (numbers[0], 0)
    return precision - scale, scale


def _said(found: TypeName) -> str:
    arguments = f"({', '.join(found.arguments)})" if found.arguments else ""
    return f"{found.name.lower()}{arguments}"


def _moment(old: TypeName, new: TypeName) -> Fit:
    one, other = old.name.lower(), new.name.lower()
    if one == "time" and other != "time":
        return Fit()
    if other == "date":
        return Fit() if one == "date" else Fit(loses="the time of day is cut off")
    if other == "time":
        digits = _fraction(new)
        if one != "time":
            return Fit(loses="the day is cut off")
        return Fit() if digits >= _fraction(old) else Fit(loses="fractions are rounded away")
    lost = ""
    if one == "datetimeoffset" and other != "datetimeoffset":
        lost = "the time zone is cut off"
    elif one != "date" and _fraction(new) < _fraction(old):
        lost = "fractions of seconds are rounded away"
    narrow = other in _ONE_DAY and (one not in _ONE_DAY or other == "smalldatetime" != one)
    return Fit(f"days may be before or after what {other} has" if narrow else "", lost)


def _fraction(found: TypeName) -> int:
    """Give how many digits a second has; -1 where only minutes are kept."""
    name = found.name.lower()
    if name in _ONE_DAY:
        return _ONE_DAY[name][1]
    return int(found.arguments[0]) if found.arguments else 7


def _shown(old: TypeName, new: TypeName) -> Fit:
    """Text that a value of another type becomes."""
    longest = {
        "bit": 1,
        "tinyint": 3,
        "smallint": 6,
        "int": 11,
        "bigint": 20,
        "float": 23,
        "real": 23,
        "uniqueidentifier": 36,
        "date": 10,
        "smalldatetime": 19,
        "datetime": 19,
        "time": 16,
        "datetime2": 27,
        "datetimeoffset": 34,
        "money": 22,
        "smallmoney": 12,
    }
    name = old.name.lower()
    if name in {"float", "real"}:
        lost = "digits are rounded away"
    elif name == "datetime":
        lost = "seconds are cut off"
    else:
        lost = ""
    whole, scale = _precision(old) if name in {"decimal", "numeric"} else (0, 0)
    needed = longest.get(name, whole + scale + 2)
    if length(new) >= needed:
        return Fit(loses=lost)
    return Fit(f"values may be longer than {length(new)} characters", lost, length(new))
