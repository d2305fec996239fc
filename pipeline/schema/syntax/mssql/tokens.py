"""T-SQL text as tokens: one regular expression, run once over a whole file.

Lexical rules: learn.microsoft.com, Transact-SQL reference, "Database identifiers", "Constants",
"Comments" (block comments nest), "Operators".
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import add, sub
from typing import Self

from pipeline.errors import BadSchema

_INNER = r"(?:[^*/]++|\*(?!/)|/(?!\*)"


def _comment(depth: int) -> str:
    """A block comment that has block comments inside, so many deep."""
    return rf"/\*{_INNER})*+\*/" if depth == 0 else rf"/\*{_INNER}|{_comment(depth - 1)})*+\*/"


_SKIP = rf"(?:[\s\x00\ufeff]++|--[^\n]*+|{_comment(6)})*+"
_PIECE = (
    r"[^\W\d][\w@#$]*+"
    r"|[@#][\w@#$]*+"
    r"|\[[^\]]*+(?:\]\][^\]]*+)*+\]"
    r"|'[^']*+(?:''[^']*+)*+'"
    r'|"[^"]*+(?:""[^"]*+)*+"'
    r"|0[xX][0-9A-Fa-f]*+"
    r"|\d++(?:\.\d*+)?(?:[eE][+-]?\d++)?"
    r"|\.\d++(?:[eE][+-]?\d++)?"
    r"|[$£€¥]-?\d[\d,]*+(?:\.\d*+)?"
    r"|<>|<=|>=|!=|!<|!>|\+=|-=|\*=|/=|%=|&=|\^=|\|=|\|\||::"
    r"|."
)
_LEX = re.compile(rf"({_SKIP})([nN]'[^']*+(?:''[^']*+)*+'|{_PIECE}|\Z)", re.DOTALL)
_UNFINISHED = {"'": "a string", '"': "a quoted name", "[": "a bracketed name"}


@dataclass(frozen=True, slots=True)
class Script:
    """One file's tokens. `words` are the tokens in upper case; names keep their quotes there.

    `skips[i]` is the white space and the comments before token i. The last token is '', the end.
    """

    path: str
    text: str
    tokens: Sequence[str]
    words: Sequence[str]
    skips: Sequence[str]
    starts: Sequence[int]
    first_line: int = 1

    @classmethod
    def of(cls, path: str, text: str, first_line: int = 1) -> Self:
        """Split a text. BadSchema names the place of a string, name or comment without an end."""
        pairs = _LEX.findall(text)
        while len(pairs) > 1 and pairs[-2][1] == "":
            pairs.pop()
        skips, tokens = zip(*pairs, strict=True)
        lengths = list(map(len, tokens))
        ends = accumulate(map(add, map(len, skips), lengths))
        starts = list(map(sub, ends, lengths))
        script = cls(path, text, tokens, list(map(str.upper, tokens)), skips, starts, first_line)
        script._check()
        return script

    def line(self, token: int) -> int:
        """Give the line of a token, from 1."""
        return self.first_line + bisect_left(_line_ends(self.text), self.starts[token])

    def column(self, token: int) -> int:
        """Give the column of a token, from 1."""
        start = self.starts[token]
        return start - self.text.rfind("\n", 0, start)

    def place(self, token: int) -> str:
        """Give `path:line:column` of a token."""
        return f"{self.path}:{self.line(token)}:{self.column(token)}"

    def between(self, first: int, end: int) -> str:
        """Give the text from token `first` up to token `end`, without it, as written."""
        if first >= end:
            return ""
        return self.text[self.starts[first] : self.starts[end - 1] + len(self.tokens[end - 1])]

    def at_offset(self, offset: int) -> int:
        """Give the token that begins at or before an offset of the text."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def _check(self) -> None:
        for opening, what in _UNFINISHED.items():
            if opening in self.tokens:
                where = self.place(self.tokens.index(opening))
                raise BadSchema(f"{what} that begins here has no end", where=where)
        if "/" not in self.tokens:
            return
        for number in [n for n, each in enumerate(self.tokens) if each == "/"]:
            if self.tokens[number + 1] in {"*", "*="} and not self.skips[number + 1]:
                raise BadSchema("a comment that begins here has no end", where=self.place(number))


@lru_cache(maxsize=2)
def _line_ends(text: str) -> list[int]:
    """Where the lines of a script end: places are asked for one after the other."""
    return [each.start() for each in re.finditer("\n", text)]


def unquote(token: str) -> str:
    """Give the name in a token: `[a]]b]` is `a]b`, `"a""b"` is `a"b`, a word is itself."""
    if token[:1] == "[":
        return token[1:-1].replace("]]", "]")
    if token[:1] == '"':
        return token[1:-1].replace('""', '"')
    return token


def unquote_string(token: str) -> str:
    """Give the characters of `'...'` or `N'...'`."""
    body = token[2:-1] if token[0] in "nN" else token[1:-1]
    return body.replace("''", "'")


def quote_string(text: str) -> str:
    """Give `N'...'` with `'` doubled."""
    return "N'" + text.replace("'", "''") + "'"
