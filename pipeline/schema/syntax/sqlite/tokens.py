"""SQLite's words: strings, the four ways to quote a name, numbers, comments, marks."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.schema.model.names import fold


class Kind(StrEnum):
    """What a token is."""

    COMMENT = "comment"
    BLOB = "blob"
    STRING = "string"
    QUOTED = "quoted"
    NUMBER = "number"
    WORD = "word"
    PARAMETER = "parameter"
    MARK = "mark"


class Token(NamedTuple):
    """One token, as written, and where it begins (an offset in characters)."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)

    @property
    def name(self) -> str:
        """The name it stands for: without its quotes. SQLite takes strings as names too."""
        if self.kind not in (Kind.QUOTED, Kind.STRING):
            return self.text
        quote, inner = self.text[-1], self.text[1:-1]
        return inner if quote == "]" else inner.replace(quote * 2, quote)

    def says(self, *words: str) -> bool:
        """Whether it is one of these keywords (upper case), unquoted."""
        return self.kind is Kind.WORD and self.text.upper() in words

    def marks(self, *marks: str) -> bool:
        """Whether it is one of these marks."""
        return self.kind is Kind.MARK and self.text in marks


_TOKEN = re.compile(
    r"""[ \t\n\f\r]+
    |(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<blob>[xX]'[0-9a-fA-F]*')
    |(?P<string>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")*"|\[[^\]]*\]|`(?:[^`]|``)*`)
    |(?P<number>0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*)
    |(?P<parameter>[:@\#$][A-Za-z0-9_]+|\?[0-9]*)
    |(?P<mark><>|<=|>=|==|!=|\|\||<<|>>|->>|->|.)""",
    re.DOTALL | re.VERBOSE,
)
_KINDS = {kind.value: kind for kind in Kind}
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*", re.IGNORECASE)


def tokens(sql: str, *, comments: bool = False) -> Iterator[Token]:
    """Cut a text into tokens; white space never comes out, comments only when asked for."""
    return (token for token in _cut(sql) if comments or token.kind is not Kind.COMMENT)


@lru_cache(maxsize=20_000)
def _cut(sql: str) -> tuple[Token, ...]:
    """The same few texts (types, defaults, expressions) are asked for again and again."""
    return tuple(
        Token(_KINDS[found.lastgroup], found.group(), found.start())
        for found in _TOKEN.finditer(sql)
        if found.lastgroup
    )


@lru_cache(maxsize=20_000)
def mentions(sql: str) -> frozenset[str]:
    """Give every name that a text may refer to, folded: too many rather than too few."""
    kinds = (Kind.WORD, Kind.QUOTED, Kind.STRING)
    return frozenset(fold(token.name) for token in tokens(sql) if token.kind in kinds)


def normal(sql: str, names: frozenset[str] = frozenset()) -> str:
    """Give a text in its one spelling: no comments, one space, no needless quotes, lower case.

    A "double quoted" word that is in no schema's `names` may be a string to SQLite, so its
    case is kept. Strings and blobs stay as they are.
    """
    words = [_spell(token, names) for token in tokens(sql)]
    while words and words[-1] == ";":
        words.pop()
    return " ".join(words)


def trimmed(sql: str) -> str:
    """Give a text up to its last word: without comments, blanks and semicolons after it."""
    words = [token for token in tokens(sql) if not token.marks(";")]
    return sql[: words[-1].end] if words else ""


def renamed(sql: str, old: str, new: str) -> str:
    """Give an expression in which `old.column` is `new.column`."""
    words = list(tokens(sql))
    for word, dot in reversed(list(pairwise(words))):
        if dot.marks(".") and fold(word.name) == fold(old):
            sql = sql[: word.start] + quote(new) + sql[word.end :]
    return sql


def _spell(token: Token, names: frozenset[str]) -> str:
    if token.kind is not Kind.QUOTED:
        return token.text if token.kind is Kind.STRING else fold(token.text)
    name = token.name
    if token.text[0] != '"' or fold(name) in names:
        name = fold(name)
    return name if _PLAIN.fullmatch(name) else quote(name)


def quote(name: str) -> str:
    """Give a name as SQLite takes it anywhere: in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Give a string as SQLite takes it: in single quotes."""
    return "'" + text.replace("'", "''") + "'"
