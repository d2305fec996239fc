"""A place in a list of tokens, and the few moves a parser makes."""

from dataclasses import dataclass, field

from pipeline.schema.model.tables import Term
from pipeline.schema.syntax.sqlite.tokens import Kind, Token, tokens

_NAMES = (Kind.WORD, Kind.QUOTED, Kind.STRING)
_END = Token(Kind.MARK, "", 0)


@dataclass(slots=True)
class Cursor:
    """Where a parser is. Only a parser holds one; it never leaves this folder."""

    sql: str
    at: int = 0
    tokens: list[Token] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = list(tokens(self.sql))

    @property
    def next(self) -> Token:
        """The token to come; at the end an empty mark."""
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self) -> Token:
        """Give the next token and step over it; ValueError at the end."""
        if self.at >= len(self.tokens):
            raise ValueError("the text ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *words: str) -> bool:
        """Step over these keywords if all of them come next."""
        coming = self.tokens[self.at : self.at + len(words)]
        if len(coming) == len(words) and all(
            token.says(word) for token, word in zip(coming, words, strict=True)
        ):
            self.at += len(words)
            return True
        return False

    def mark(self, mark: str) -> bool:
        """Step over this mark if it comes next."""
        if self.next.marks(mark):
            self.at += 1
            return True
        return False

    def expect(self, mark: str) -> None:
        """Step over this mark; ValueError if something else comes."""
        if not self.mark(mark):
            raise ValueError(f"expected {mark} and found {self.next.text or 'the end'}")

    def names(self) -> tuple[str, ...]:
        """Give the names of a `(a, b)` list, or nothing if none begins here."""
        found: list[str] = []
        if self.mark("("):
            found.append(self.take().name)
            while self.mark(","):
                found.append(self.take().name)
            self.expect(")")
        return tuple(found)

    def inside(self) -> str:
        """Step over a balanced `( … )` and give what stands between."""
        self.expect("(")
        first = self.at
        self._to(")")
        text = self.between(first, self.at)
        self.expect(")")
        return text

    def between(self, first: int, after: int) -> str:
        """Give the text from token `first` to before token `after`, as written."""
        if first == after:
            return ""
        return self.sql[self.tokens[first].start : self.tokens[after - 1].end]

    def rest(self) -> str:
        """Give all that is left, as written."""
        first, self.at = self.at, len(self.tokens)
        return self.between(first, self.at)

    def terms(self) -> tuple[Term, ...]:
        """Give the terms of `(a DESC, lower(b) COLLATE NOCASE)`."""
        self.expect("(")
        found = [self._term()]
        while self.mark(","):
            found.append(self._term())
        return tuple(found)

    def _term(self) -> Term:
        first = self.at
        self._to(",", ")")
        last = self.at
        descending = self.tokens[last - 1].says("DESC")
        if self.tokens[last - 1].says("DESC", "ASC") and last - first > 1:
            last -= 1
        collate = ""
        if last - first > 2 and self.tokens[last - 2].says("COLLATE"):
            collate = self.tokens[last - 1].name
            last -= 2
        if last - first == 1 and self.tokens[first].kind in _NAMES:
            return Term(self.tokens[first].name, "", collate, descending)
        return Term("", self.between(first, last), collate, descending)

    def _to(self, *marks: str) -> None:
        depth = 0
        while depth or not self.next.marks(*marks):
            token = self.take()
            depth += token.marks("(") - token.marks(")")


def conflict(cursor: Cursor) -> str:
    """Step over `ON CONFLICT word` and give the word, or nothing; ABORT is the default."""
    word = cursor.take().text.upper() if cursor.skip("ON", "CONFLICT") else ""
    return "" if word == "ABORT" else word
