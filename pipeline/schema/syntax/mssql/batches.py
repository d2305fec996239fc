"""A script's batches: what stands between lines that say GO.

GO is no T-SQL: it is the client's word, alone on its line, with a count or a comment behind it at
most (learn.microsoft.com, "SQL Server Utilities Statements - GO"). In a string or a comment it
means nothing.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.errors import BadSchema
from pipeline.schema.syntax.mssql.tokens import Script

PIECE = 1_000_000
"""Characters that are split into tokens at a time, of a long script."""
_GO_LINE = re.compile(
    r"^[ \t]*GO[ \t]*(?:\d+[ \t]*)?(?:--[^\n]*)?\r?$", re.MULTILINE | re.IGNORECASE
)


class Batch(NamedTuple):
    """Tokens `[first, end)` of a script."""

    script: Script
    first: int
    end: int


Broken = Callable[[str, BadSchema], None]
"""What is done with the text of a batch in which a string or a comment has no end."""


def batches(
    path: str, text: str, broken: Broken | None = None, *, first_line: int = 1
) -> Iterator[Batch]:
    """Give the batches that have anything in them. BadSchema, or `broken`, for what has no end."""
    for script in _pieces(path, text, first_line, broken):
        first = 0
        words = script.words
        last = len(words) - 1
        for place in [n for n, word in enumerate(words) if word == "GO"]:
            after = _after_go(script, place)
            if place < first or not after:
                continue
            if place > first:
                yield Batch(script, first, place)
            first = after
        if last > first:
            yield Batch(script, first, last)


def _after_go(script: Script, place: int) -> int:
    """Give the token behind a separator, 0 where GO is only a name."""
    skips = script.skips
    if place and "\n" not in skips[place]:
        return 0
    if _ends_line(script, place + 1):
        return place + 1
    if script.tokens[place + 1].isdigit() and _ends_line(script, place + 2):
        return place + 2
    return 0


def _ends_line(script: Script, place: int) -> bool:
    return script.words[place] == "" or "\n" in script.skips[place]


def _pieces(path: str, text: str, line: int, broken: Broken | None) -> Iterator[Script]:
    """Give a long script in pieces that end with a GO outside of strings and comments."""
    if len(text) <= PIECE:
        yield from _scripts(path, text, line, broken)
        return
    begin = 0
    ends = [m.end() for m in _GO_LINE.finditer(text)]
    place = 0
    while begin < len(text):
        while place < len(ends) and ends[place] < begin + PIECE:
            place += 1
        script, end = _piece(path, text, begin, line, ends[place:])
        if script is None:
            yield from _scripts(path, text[begin:], line, broken)
        else:
            yield script
        line += text.count("\n", begin, end)
        begin = end


def _piece(
    path: str, text: str, begin: int, line: int, ends: list[int]
) -> tuple[Script | None, int]:
    """Give the tokens up to the first of these ends that closes what is open, if one does."""
    for end in ends[:8]:
        try:
            return Script.of(path, text[begin:end], line), end
        except BadSchema:
            continue
    return None, len(text)


def _scripts(path: str, text: str, line: int, broken: Broken | None) -> Iterator[Script]:
    """Give the tokens of a text; if something in it has no end, those of each batch by itself."""
    try:
        script = Script.of(path, text, line)
    except BadSchema:
        if broken is None:
            raise
    else:
        yield script
        return
    begin = 0
    for end in [*(found.end() for found in _GO_LINE.finditer(text)), len(text)]:
        try:
            yield Script.of(path, text[begin:end], line)
        except BadSchema as error:
            broken(text[begin:end], error)
        line += text.count("\n", begin, end)
        begin = end
