"""What may be written into a file as it is, and the filters for what may not.

A value is inserted by a template, in a place that the engine does not understand: between quotes,
after a word, in a comment. What could end a line or a quoted word there, or begin an
interpolation of Apache's, is refused unless a filter has made a literal of it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]

# Control characters, line and paragraph separators, and halves of characters that no encoding has.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HINT = "write it through |apache, |python or |json, whichever the file is"


class Literal(str):
    """Text made safe for its kind of file. Whatever is done to it gives ordinary text again."""

    __slots__ = ()


class Unwritable(ValueError):
    """A value that must not be written as it is; its text says why, never the value."""

    def __init__(self, why: str, *, advice: str = "") -> None:
        super().__init__(why)
        self.advice = advice


def written(value: object) -> str:
    """A value as the file gets it. Raises Unwritable for what needs a filter."""
    if isinstance(value, Literal):
        return value
    if isinstance(value, bool) or value is None:
        raise Unwritable(
            f"is {value}, which every kind of file spells differently",
            advice='say it, for instance {{ "On" if NAME else "Off" }}',
        )
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return _plain(value)
    raise Unwritable(
        f"is a {type(value).__name__}, not text", advice="loop over it, or use |python or |json"
    )


def _plain(value: str) -> str:
    if control := _CONTROL.search(value):
        raise Unwritable(f"holds {_named(control.group())}", advice=_HINT)
    for danger, name in (('"', "a quote"), ("'", "a quote"), ("\\", "a backslash")):
        if danger in value:
            raise Unwritable(f"holds {name} ({danger})", advice=_HINT)
    _no_interpolation(value)
    return str(value)


def _named(control: str) -> str:
    return "a newline" if control in "\r\n" else f"a control character (U+{ord(control):04X})"


def _no_interpolation(value: str) -> None:
    if "${" in value:
        raise Unwritable("holds ${, which Apache replaces, even between quotes")


def apache(value: object) -> Literal:
    """One double-quoted argument of an Apache directive, whatever characters it holds."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unwritable(f"is a {type(value).__name__}: |apache takes text or a number")
    text = str(value)
    if control := _CONTROL.search(text):
        raise Unwritable(f"holds {_named(control.group())}, which no Apache directive can hold")
    _no_interpolation(text)
    return Literal('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


def rewrite(value: object) -> Literal:
    """One argument of a RewriteRule, whose own reader knows no escapes: a backslash is one."""
    if not isinstance(value, str):
        raise Unwritable(f"is a {type(value).__name__}: |rewrite takes text")
    if control := _CONTROL.search(value):
        raise Unwritable(f"holds {_named(control.group())}, which no Apache directive can hold")
    if '"' in value:
        raise Unwritable('holds a quote ("), which no RewriteRule can hold', advice="write \\x22")
    _no_interpolation(value)
    return Literal(f'"{value}"')


def python(value: object) -> Literal:
    """A Python literal: `ast.literal_eval` gives the value back."""
    return Literal(repr(_data(value)))


def as_json(value: object) -> Literal:
    """The value as JSON on one line, in ASCII."""
    return Literal(json.dumps(_data(value)))


def _data(value: object) -> object:
    """The same value, made of nothing but Python's own plain types."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if value - value != 0:  # infinity and not-a-number have no literal
            raise Unwritable(f"is {value}, which has no literal")
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _data(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_data(item) for item in value]
    raise Unwritable(f"is a {type(value).__name__}, which has no literal")


FILTERS: Mapping[str, Callable[[object], Literal]] = {
    "apache": apache,
    "rewrite": rewrite,
    "python": python,
    "json": as_json,
}
