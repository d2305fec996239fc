"""The names in a module's text: of what it may depend on, and of every column.

Rather too many than too few: what is no object of the database is looked up in vain.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.schema.model.mssql.names import fold
from pipeline.schema.normalise.mssql.keywords import FUNCTIONS, RESERVED, TYPES, word_set
from pipeline.schema.normalise.mssql.module_header import Text, read_text
from pipeline.schema.syntax.mssql.tokens import unquote

Name = tuple[str, str]
_BEFORE_OBJECTS = word_set(
    """
    APPLY DELETE EXEC EXECUTE FROM IDENTITY_INSERT INSERT INTO JOIN MERGE OBJECT REFERENCES
    STATISTICS TABLE UPDATE USING VIEW
    """
)
_ENDS_FROM = word_set(
    "EXCEPT FOR GROUP HAVING INTERSECT ON OPTION ORDER SELECT SET UNION VALUES WHERE"
)
_BEFORE_JOINS = frozenset({"(", ",", "APPLY", "FROM", "JOIN", "USING"})
"""What parentheses around joins stand behind."""
_OF_TRIGGERS = frozenset({"deleted", "inserted"})
_THREE = 3


def find_references(definition: str) -> frozenset[Name]:
    """Give folded (schema or '', name) of what a text may read, write or run."""
    text = read_text(definition)
    if text is None:
        return frozenset()
    found: set[Name] = set()
    for first, end in _outside_of_names(text):
        _collect(text.script.tokens, text.script.words, first, end, found)
    return frozenset(found)


def find_mentions(definition: str) -> frozenset[str]:
    """Give every folded name in a text."""
    text = read_text(definition)
    if text is None:
        return frozenset()
    tokens, words = text.script.tokens, text.script.words
    return frozenset(
        fold(unquote(token)) for token, word in zip(tokens, words, strict=True) if _names(word)
    )


def _outside_of_names(text: Text) -> Iterator[tuple[int, int]]:
    """Give the spans of a definition without its own name in its headers."""
    if not text.headers:
        yield 0, len(text.script.tokens) - 1
    for header in text.headers:
        yield header.name[1], header.end


def _names(word: str) -> bool:
    first = word[:1]
    if first == "[" or (first == '"' and len(word) > 2):
        return True
    return (first.isalpha() or first == "_") and word not in RESERVED and word[:2] != "N'"


def _collect(
    tokens: Sequence[str], words: Sequence[str], first: int, end: int, found: set[Name]
) -> None:
    tables = _OF_TRIGGERS | {
        fold(unquote(name)) for name in _with_names(tokens, words, first, end)
    }
    expected = words[first] == "ON"
    listed: list[bool] = [False]
    place = first + expected
    while place < end:
        word = words[place]
        if not _names(word):
            if word == "(":
                listed.append(False)
                expected = expected and words[place - 1] in _BEFORE_JOINS
            else:
                expected = _expected(word, words, place, listed)
            place += 1
            continue
        if _opens(words, place) and not expected:
            expected = True
            place += 1
            continue
        parts, behind = _chain(tokens, words, place, end)
        if len(parts) > 1:
            found.update(_pairs(parts))
        elif parts[0] not in tables and _may_be_object(
            words, place, behind, expected=expected, listed=listed[-1]
        ):
            found.add(("", parts[0]))
        expected = False
        place = behind


def _chain(
    tokens: Sequence[str], words: Sequence[str], place: int, end: int
) -> tuple[list[str], int]:
    """Give the folded parts of a name with dots, and the place behind it."""
    parts = [fold(unquote(tokens[place]))]
    place += 1
    while place + 1 < end and words[place] == ".":
        following = words[place + 1]
        if following == ".":
            parts.append("")
            place += 1
        elif following[:1] in {"[", '"', "_"} or following[:1].isalpha():
            parts.append(fold(unquote(tokens[place + 1])))
            place += 2
        else:
            break
    return parts, place


def _pairs(parts: list[str]) -> Iterator[Name]:
    """`a.b` may be schema.object or table.column; `a.b.c` also database.schema.object."""
    if len(parts) > _THREE:
        yield parts[-2], parts[-1]
        return
    for schema, name in pairwise(parts):
        if name:
            yield schema, name


def _expected(word: str, words: Sequence[str], place: int, listed: list[bool]) -> bool:
    """Whether a name of an object comes next. `listed`: by parenthesis, whether inside FROM."""
    if word == ")":
        if len(listed) > 1:
            listed.pop()
        return False
    if word == ",":
        return listed[-1]
    if word == "=":
        return words[place - 2] in {"EXEC", "EXECUTE"}
    if word in _ENDS_FROM:
        listed[-1] = False
    elif word == "FROM":
        listed[-1] = True
    return word in _BEFORE_OBJECTS or words[max(place - 2, 0) : place + 1] == [
        "NEXT",
        "VALUE",
        "FOR",
    ]


def _opens(words: Sequence[str], place: int) -> bool:
    """Whether this is the APPLY or USING that an object's name stands behind."""
    if words[place] == "APPLY":
        return words[place - 1] in {"CROSS", "OUTER"}
    return words[place] == "USING" and (_names(words[place + 1]) or words[place + 1] == "(")


def _may_be_object(
    words: Sequence[str], place: int, behind: int, *, expected: bool, listed: bool
) -> bool:
    word, before = words[place], words[place - 1]
    if expected:
        return not (word in FUNCTIONS and words[behind] == "(")
    if before[:1] == "@" and (
        words[place - 2] in _BEFORE_OBJECTS or (words[place - 2] == "," and listed)
    ):
        return False
    if before[:1] == "@" or (before == "AS" and words[place - 2][:1] == "@"):
        return word not in TYPES
    if before == "AS" and words[behind] == ")":
        return word not in TYPES
    return words[behind] == "(" and word[:1] == "["


def _with_names(
    tokens: Sequence[str], words: Sequence[str], first: int, end: int
) -> Iterator[str]:
    """Give the names of common table expressions: `name AS (SELECT`, with columns or without."""
    for place in range(first, end - 2):
        if words[place] != "AS" or words[place + 1] != "(":
            continue
        back = place - 1
        if words[back] == ")":
            while back > first and words[back] != "(":
                back -= 1
            back -= 1
        if _names(words[back]) and words[back - 1] in {"WITH", ","}:
            yield tokens[back]
