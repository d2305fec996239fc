"""A module's text without what an option says to look away from.

What is never looked at: CREATE, ALTER or CREATE OR ALTER; how lines end, blanks at their ends and
a byte order mark. What is never touched: strings, and names in quotes.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.schema.model.mssql.names import fold
from pipeline.schema.normalise.mssql.keywords import (
    CONTEXTUAL,
    FUNCTIONS,
    LEADING,
    RESERVED,
    SPELLINGS,
    TYPES,
)
from pipeline.schema.normalise.mssql.module_header import Header, Text, read_text
from pipeline.schema.syntax.mssql.tokens import unquote

WHITE_SPACE = "ignore-white-space"
COMMENTS = "ignore-comments"
KEYWORD_CASE = "ignore-keyword-case"
SEMICOLONS = "ignore-semicolons"
BRACKETS = "ignore-square-brackets-in-object-names"
ELEMENT_ORDER = "ignore-with-element-order"
ENCRYPTION = "ignore-with-encryption"
LEVELS = (ENCRYPTION, ELEMENT_ORDER, BRACKETS, SEMICOLONS, KEYWORD_CASE, COMMENTS, WHITE_SPACE)
"""The options that concern text."""

Level = frozenset[str]
Tokens = list[str]
_REGULAR = re.compile(r"[^\W\d][\w@#$]*")
_LINE_ENDS = re.compile(r"[^\S\n]*\r?\n|\r")
_BLANKS = re.compile(r"\s+")
_MAYBE_NAMES = CONTEXTUAL | TYPES | FUNCTIONS
_CASTS = frozenset({"CAST", "PARSE", "TRY_CAST", "TRY_PARSE"})
_OPENS_TYPES = TYPES | {"CONVERT", "TRY_CONVERT"}
_BEHIND_TYPES = frozenset(
    {"(", "COLLATE", "CONSTRAINT", "DEFAULT", "IDENTITY", "NOT", "NULL", "PRIMARY", "UNIQUE"}
)
_BEFORE_NAMES = frozenset({".", "AS", "FROM", "INTO", "JOIN", "REFERENCES", "TABLE", "UPDATE"})


@lru_cache(maxsize=2048)
def form(definition: str, level: Level) -> str:
    """Give the comparable form of a definition."""
    text = read_text(definition)
    if text is None:
        return definition.strip()
    tokens, skips = list(text.script.tokens), list(text.script.skips)
    if KEYWORD_CASE in level:
        tokens = _keywords_folded(tokens, text.script.words)
    if BRACKETS in level:
        tokens = [_bare(each) if each[:1] == "[" else each for each in tokens]
    if SEMICOLONS in level:
        _drop_semicolons(tokens, text.script.words)
    for header in text.headers:
        _write_header(text, header, level, tokens, skips)
    if WHITE_SPACE in level:
        return _packed(tokens, skips, comments=COMMENTS not in level)
    return _spaced(tokens, skips, comments=COMMENTS not in level)


def _packed(tokens: Tokens, skips: Sequence[str], *, comments: bool) -> str:
    """Tokens alone, a line each, with the comments between them."""
    if not comments:
        return "\n".join(filter(None, tokens))
    found: list[str] = []
    for skip, token in zip(skips, tokens, strict=True):
        if "-" in skip or "/" in skip:
            found += (_BLANKS.sub(" ", each).strip() for each in _comments(skip))
        if token:
            found.append(token)
    return "\n".join(found)


def _spaced(tokens: Tokens, skips: Sequence[str], *, comments: bool) -> str:
    """Tokens with what stands between them; a token that was taken away has taken it along."""
    found: list[str] = []
    for skip, token in zip(skips, tokens, strict=True):
        found.append(_between(skip, comments=comments))
        found.append(token)
    return "".join(found).strip()


@lru_cache(maxsize=4096)
def _between(skip: str, *, comments: bool) -> str:
    """White space and comments with their line ends made alike."""
    if not skip or skip == " ":
        return skip
    plain = _LINE_ENDS.sub("\n", skip.replace("\ufeff", "").replace("\x00", ""))
    if not comments and ("--" in plain or "/*" in plain):
        plain = _without_comments(plain)
    return plain or " "


def _without_comments(skip: str) -> str:
    """White space without its comments: a line that had nothing else goes with its comment."""
    place, found = 0, ""
    for begin, end in _places_of_comments(skip):
        found += skip[place:begin]
        line = found.rstrip(" \t")
        place = end
        if line.endswith("\n") and skip[place : place + 1] in {"\n", ""}:
            found, place = line, place + 1
        elif skip[place : place + 1] in {"\n", ""}:
            found = line
    return found + skip[place:]


def _comments(skip: str) -> Iterator[str]:
    for begin, end in _places_of_comments(skip):
        yield skip[begin:end]


def _places_of_comments(skip: str) -> Iterator[tuple[int, int]]:
    """Give where each comment begins and ends; those inside block comments belong to it."""
    place = 0
    while True:
        line, block = skip.find("--", place), skip.find("/*", place)
        if line < 0 and block < 0:
            return
        if block < 0 or 0 <= line < block:
            end = skip.find("\n", line)
            place = len(skip) if end < 0 else end
            yield line, place
        else:
            place = _block_end(skip, block)
            yield block, place


def _block_end(skip: str, begin: int) -> int:
    depth, place = 1, begin + 2
    while depth:
        opening, closing = skip.find("/*", place), skip.find("*/", place)
        if closing < 0:
            return len(skip)
        if 0 <= opening < closing:
            depth, place = depth + 1, opening + 2
        else:
            depth, place = depth - 1, closing + 2
    return place


def _bare(token: str) -> str:
    """`[name]` as `name`, where it is the same without brackets."""
    name = unquote(token)
    return name if _REGULAR.fullmatch(name) and name.upper() not in RESERVED else token


def _keywords_folded(tokens: Tokens, words: Sequence[str]) -> Tokens:
    found = []
    before = ""
    casts = [False]
    for place, (token, word) in enumerate(zip(tokens, words, strict=True)):
        if word in RESERVED:
            found.append(SPELLINGS.get(word, word) if before != "." else token)
        elif word in _MAYBE_NAMES:
            fits = _is_keyword(word, before, words, place, inside_cast=casts[-1])
            found.append(SPELLINGS.get(word, word) if fits else token)
        elif token[:1].isdigit() or token[:2] == "@@":
            found.append(word)
        else:
            found.append(token)
            if word == "(":
                casts.append(before in _CASTS)
            elif word == ")" and len(casts) > 1:
                casts.pop()
        before = word
    return found


def _is_keyword(
    word: str, before: str, words: Sequence[str], place: int, *, inside_cast: bool
) -> bool:
    """Whether a word that might be a name is none: a name's capitals are seen by those who ask."""
    behind = words[place + 1] if place + 1 < len(words) else ""
    if behind == "." or before == ".":
        return False
    if word in FUNCTIONS and behind == "(" and before not in _BEFORE_NAMES:
        return True
    if word in TYPES:
        if before == "AS":
            return behind == "(" or inside_cast
        opened = before == "(" and words[place - 2] in _OPENS_TYPES
        return opened or before == "RETURNS" or before[:1] == "@" or behind in _BEHIND_TYPES
    return word in CONTEXTUAL and before != "AS"


def _drop_semicolons(tokens: Tokens, words: Sequence[str]) -> None:
    """Take away each `;` that only parts statements: `EXEC p;2` and `; THROW` mean something."""
    kept = ""
    for place in range(len(tokens) - 1, -1, -1):
        if words[place] != ";":
            kept = words[place]
        elif not kept or kept in LEADING or kept == "GO":
            tokens[place] = ""


def _write_header(
    text: Text, header: Header, level: Level, tokens: Tokens, skips: list[str]
) -> None:
    words = text.script.words
    first, end = header.verb
    tokens[first] = "CREATE"
    _take_away(tokens, skips, first + 1, end)
    if BRACKETS in level:
        first, end = header.name
        parts = [fold(unquote(each)) for each in text.script.tokens[first:end]]
        if parts[:2] == ["dbo", "."] and len(parts) > 2:
            skips[first + 2] = skips[first]
            _take_away(tokens, skips, first, first + 2)
    if header.options[0] and (ENCRYPTION in level or ELEMENT_ORDER in level):
        _write_options(words, header, level, tokens, skips)


def _write_options(
    words: Sequence[str], header: Header, level: Level, tokens: Tokens, skips: list[str]
) -> None:
    """What stands behind WITH, each element on its own: sorted, or without ENCRYPTION."""
    first, end = header.options
    begins = [first, *(place + 1 for place in range(first, end) if words[place] == ",")]
    ends = [*(begin - 1 for begin in begins[1:]), end]
    elements = [
        " ".join(tokens[begin:stop])
        for begin, stop in zip(begins, ends, strict=True)
        if ENCRYPTION not in level or words[begin] != "ENCRYPTION"
    ]
    if ELEMENT_ORDER in level:
        elements.sort(key=str.upper)
    changed = ELEMENT_ORDER in level or len(elements) < len(begins)
    if not changed:
        return
    if elements:
        skips[first:end] = [" "] + [""] * (end - first - 1)
        tokens[first] = ", ".join(elements)
        _take_away(tokens, skips, first + 1, end)
    else:
        _take_away(tokens, skips, first - 1, end)


def _take_away(tokens: Tokens, skips: list[str], first: int, end: int) -> None:
    for place in range(first, end):
        tokens[place] = skips[place] = ""
