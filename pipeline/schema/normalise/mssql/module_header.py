"""Where the parts of a module's header stand among its tokens."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.errors import BadSchema
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script

KINDS = {
    "AGGREGATE": "AGGREGATE",
    "DEFAULT": "DEFAULT",
    "FUNCTION": "FUNCTION",
    "PROC": "PROCEDURE",
    "PROCEDURE": "PROCEDURE",
    "RULE": "RULE",
    "TRIGGER": "TRIGGER",
    "VIEW": "VIEW",
}
Span = tuple[int, int]
NOWHERE: Span = (0, 0)
_ENDS_OPTIONS = {
    "FUNCTION": frozenset({"AS", "BEGIN", "RETURN", "EXTERNAL"}),
    "PROCEDURE": frozenset({"AS", "FOR"}),
    "TRIGGER": frozenset({"FOR", "AFTER", "INSTEAD", "AS"}),
    "VIEW": frozenset({"AS"}),
}
_BEGINS_BODY = {
    "FUNCTION": frozenset({"AS", "BEGIN", "RETURN", "EXTERNAL"}),
    "PROCEDURE": frozenset({"AS"}),
    "TRIGGER": frozenset({"AS"}),
    "VIEW": frozenset({"AS"}),
}


class Header(NamedTuple):
    """Places of tokens; a span ends before its second number, and is empty where there is none."""

    kind: str
    verb: Span
    name: Span
    options: Span
    """What stands behind WITH, without it."""
    body: int
    """The first token of the body: behind AS, or BEGIN or RETURN where there is no AS."""
    end: int


class Text(NamedTuple):
    """A definition with its headers: more than one where a procedure has numbers."""

    script: Script
    headers: tuple[Header, ...]


@lru_cache(maxsize=8)
def read_text(definition: str) -> Text | None:
    """Read a definition once for all that is asked of it; None of what has no tokens.

    Few are kept: they are many times as long as their text, and asked for in one go.
    """
    try:
        script = Script.of("", definition)
    except BadSchema:
        return None
    begins = [0, *_later_batches(script.words)]
    ends = [*begins[1:], len(script.tokens) - 1]
    found = (_header(script, begin, end) for begin, end in zip(begins, ends, strict=True))
    return Text(script, tuple(each for each in found if each))


def _later_batches(words: Sequence[str]) -> list[int]:
    """The places behind each GO that a further number of a procedure follows."""
    if "GO" not in words:
        return []
    return [
        place + 1
        for place, word in enumerate(words)
        if word == "GO" and words[place + 1] in {"CREATE", "ALTER"}
    ]


def _header(script: Script, begin: int, end: int) -> Header | None:
    cursor = Cursor(script, begin, end)
    if cursor.accept("CREATE"):
        cursor.accept("OR", "ALTER")
    elif not cursor.accept("ALTER"):
        return None
    verb = (begin, cursor.position)
    kind = KINDS.get(cursor.word, "")
    if not kind:
        return None
    cursor.position += 1
    first = cursor.position
    try:
        cursor.parts()
    except BadSchema:
        return None
    name = (first, cursor.position)
    options, body = _options_and_body(script.words, kind, cursor.position, end)
    return Header(kind, verb, name, options, body, end)


def _options_and_body(words: Sequence[str], kind: str, place: int, end: int) -> tuple[Span, int]:
    begins, ends = _BEGINS_BODY.get(kind, frozenset()), _ENDS_OPTIONS.get(kind, frozenset())
    options = NOWHERE
    depth, first = 0, 0
    while place < end:
        word = words[place]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif depth == 0:
            if first and word in ends and _is_end(words, place):
                options, first = (first, place), 0
            if not first and word in begins and _is_end(words, place):
                return options, place + (word == "AS")
            if word == "WITH" and options == NOWHERE and not first:
                first = place + 1
        place += 1
    return options, end


def _is_end(words: Sequence[str], place: int) -> bool:
    """Not the AS of EXECUTE AS, nor that of `@parameter AS int`."""
    before = words[place - 1]
    return words[place] != "AS" or not (
        before in {"EXEC", "EXECUTE"} or (before.startswith("@") and words[place - 2] != "RETURNS")
    )
