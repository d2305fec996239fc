"""The names of the columns of a SELECT, by its list."""

from collections.abc import Iterator, Sequence

from pipeline.schema.normalise.mssql.keywords import RESERVED
from pipeline.schema.syntax.mssql.tokens import Script, unquote, unquote_string

_ENDS_LIST = frozenset(
    {
        "EXCEPT",
        "FOR",
        "FROM",
        "GROUP",
        "HAVING",
        "INTERSECT",
        "INTO",
        "OPTION",
        "ORDER",
        "UNION",
        "WHERE",
        ";",
    }
)
_ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|="})
_ENDS_VALUE = frozenset({")", "END", "NULL"})
_NO_ALIAS_BEHIND = frozenset({"ESCAPE", "ZONE", "COLLATE"})


class NotKnown(Exception):
    """The columns cannot be told from the text. It is never seen outside of this room."""


class Assigned(NotKnown):
    """The SELECT sets variables or fills a table: it gives no result set."""


def select_columns(script: Script, first: int, end: int) -> tuple[str, ...]:
    """Give the columns of `[WITH ...] SELECT ...` in these tokens. Assigned, NotKnown."""
    words = script.words
    while first < end and words[first] == "(":
        first += 1
    if words[first] == "WITH":
        first = _behind_with(words, first, end)
    if words[first] != "SELECT":
        raise NotKnown
    first = _behind_top(words, first + 1, end)
    stop = _end_of_list(words, first, end)
    if words[stop] == "INTO" and stop < end:
        raise Assigned
    if _shapes_one_column(words, stop, end):
        raise NotKnown
    return tuple(_column(script, *each) for each in items(words, first, stop))


def items(words: Sequence[str], first: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the spans between the commas that stand in no parenthesis."""
    depth, begun = 0, first
    for place in range(first, end):
        word = words[place]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif word == "," and depth == 0:
            yield begun, place
            begun = place + 1
    yield begun, end


def _behind_with(words: Sequence[str], place: int, end: int) -> int:
    depth = 0
    while place < end and (depth or words[place] != "SELECT"):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0 and words[place] in {"DELETE", "INSERT", "MERGE", "UPDATE"}:
            raise Assigned
        place += 1
    return place


def _behind_top(words: Sequence[str], place: int, end: int) -> int:
    if words[place] in {"ALL", "DISTINCT"}:
        place += 1
    if words[place] != "TOP":
        return place
    place += 1
    if words[place] == "(":
        depth = 0
        while place < end:
            depth += (words[place] == "(") - (words[place] == ")")
            place += 1
            if depth == 0:
                break
    else:
        place += 1
    place += words[place] == "PERCENT"
    return place + 2 * (words[place] == "WITH" and words[place + 1] == "TIES")


def _end_of_list(words: Sequence[str], place: int, end: int) -> int:
    depth = 0
    while place < end:
        word = words[place]
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
            if depth < 0:
                return place
        elif depth == 0 and word in _ENDS_LIST and not _is_inside_value(words, place):
            return place
        place += 1
    return end


def _is_inside_value(words: Sequence[str], place: int) -> bool:
    """NEXT VALUE FOR, IS DISTINCT FROM."""
    word, before = words[place], words[place - 1]
    return (word == "FOR" and before == "VALUE") or (
        word == "FROM" and before == "DISTINCT" and words[place - 2] in {"IS", "NOT"}
    )


def _shapes_one_column(words: Sequence[str], place: int, end: int) -> bool:
    """FOR XML and FOR JSON, outside of parentheses."""
    depth = 0
    for each in range(place, end):
        depth += (words[each] == "(") - (words[each] == ")")
        if depth == 0 and words[each] == "FOR" and words[each + 1] in {"JSON", "XML", "BROWSE"}:
            return True
    return False


def _column(script: Script, first: int, end: int) -> str:
    words, tokens = script.words, script.tokens
    if first >= end:
        raise NotKnown
    if end - first > 1 and words[first + 1] in _ASSIGNMENTS:
        if words[first][:1] == "@":
            raise Assigned
        return _named(tokens[first])
    last, before = words[end - 1], words[end - 2] if end - first > 1 else ""
    if last == "*" or last[:1] == "$":
        raise NotKnown
    if before == "AS":
        return _named(tokens[end - 1])
    is_string = last[:1] == "'" or last[:2] == "N'"
    if not (is_string or _may_be_name(last)):
        return ""
    if before == "":
        return "" if is_string else unquote(tokens[end - 1])
    if before == "." and all(words[place] == "." for place in range(end - 2, first, -2)):
        return unquote(tokens[end - 1]) if (end - first) % 2 else ""
    return _named(tokens[end - 1]) if _ends_value(before) else ""


def _named(token: str) -> str:
    return (
        unquote_string(token) if token[:1] == "'" or token[:2] in {"N'", "n'"} else unquote(token)
    )


def _may_be_name(word: str) -> bool:
    first = word[:1]
    if first in {"[", '"'}:
        return True
    return (first.isalpha() or first == "_") and word not in RESERVED


def _ends_value(word: str) -> bool:
    """Whether a value may end with this word, so that a name behind it is another one."""
    if word in _NO_ALIAS_BEHIND:
        return False
    first = word[:1]
    if word in _ENDS_VALUE or first in {"'", "@"} or first.isdigit() or word[:2] == "N'":
        return True
    return _may_be_name(word)
