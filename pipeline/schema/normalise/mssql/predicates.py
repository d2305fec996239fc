"""Predicates as a tree, in the one form that predicates with the same meaning share.

NOT is carried inwards (true in three-valued logic too: `NOT a = b` is `a <> b`, both unknown when
one of them is NULL), chains of one word are flat, and neighbours in a chain that compare the same
left side for equality are in one order: the server turns IN into such a chain, backwards.
"""

from itertools import groupby
from typing import NamedTuple


class Compare(NamedTuple):
    """`left operator right`, both sides in canonical form."""

    operator: str
    left: str
    right: str


class Test(NamedTuple):
    """Any other predicate, or its opposite."""

    text: str
    negated: bool = False


class Chain(NamedTuple):
    """Predicates joined by AND or by OR, two at least; no part is a chain of the same word."""

    word: str
    parts: tuple["Predicate", ...]


Predicate = Compare | Test | Chain
OPPOSITES = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_OTHER_WORD = {"AND": "OR", "OR": "AND"}
_OF_A_SET = {"OR": "=", "AND": "<>"}


def negated(each: Predicate) -> Predicate:
    """Give the opposite."""
    match each:
        case Compare(operator, left, right):
            return Compare(OPPOSITES[operator], left, right)
        case Test(text, was):
            return Test(text, not was)
        case Chain(word, parts):
            return Chain(_OTHER_WORD[word], tuple(negated(part) for part in parts))


def joined(word: str, parts: list[Predicate]) -> Predicate:
    """Give predicates joined by AND or OR; one is itself."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Predicate] = []
    for part in parts:
        flat += part.parts if isinstance(part, Chain) and part.word == word else (part,)
    return Chain(word, tuple(flat))


def shown(each: Predicate) -> str:
    """Give the canonical text of a predicate, in parentheses."""
    match each:
        case Compare(operator, left, right):
            return f"({left} {operator} {right})"
        case Test(text, was_negated):
            return f"(not {text})" if was_negated else f"({text})"
        case Chain(word, parts):
            return f"({f' {word.lower()} '.join(_ordered(word, parts))})"


def _ordered(word: str, parts: tuple[Predicate, ...]) -> list[str]:
    """Give the parts' texts; neighbours that ask whether one thing is in a set are sorted."""
    found: list[str] = []
    for asked, group in groupby(parts, lambda part: _asked(word, part)):
        texts = [shown(part) for part in group]
        found += sorted(texts) if asked is not None else texts
    return found


def _asked(word: str, part: Predicate) -> str | None:
    if isinstance(part, Compare) and part.operator == _OF_A_SET[word]:
        return part.left
    return None
