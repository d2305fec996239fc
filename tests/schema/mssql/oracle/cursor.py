"""A place in a row of tokens, and names of one to four parts."""

from dataclasses import dataclass

from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.lexer import Token, tokens

END = Token("end", "", "", 0, 0)


def fold(name: str) -> str:
    """A name as it is looked up: case does not count in any collation that the oracle knows."""
    return name.casefold()


def quote(name: str) -> str:
    return "[" + name.replace("]", "]]") + "]"


@dataclass(frozen=True, slots=True)
class Name:
    """An object's name with its schema; a name without one is in dbo."""

    schema: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        return fold(self.schema), fold(self.name)

    def __str__(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"


class Cursor:
    """Reads tokens one by one. `text` is the batch they are from."""

    def __init__(self, text: str, row: tuple[Token, ...]) -> None:
        self.text = text
        self.row = row
        self.position = 0

    def peek(self, ahead: int = 0) -> Token:
        place = self.position + ahead
        return self.row[place] if place < len(self.row) else END

    def next(self) -> Token:
        token = self.peek()
        if token is END:
            raise Refused(102, "incorrect syntax: the statement ends too early")
        self.position += 1
        return token

    @property
    def done(self) -> bool:
        return self.position >= len(self.row)

    def at(self, *words: str) -> bool:
        """Whether these words or operators come next. `A|B` is either."""
        for ahead, word in enumerate(words):
            token = self.peek(ahead)
            if token.kind not in ("word", "operator") or token.upper not in choices(word):
                return False
        return True

    def take(self, *words: str) -> bool:
        if not self.at(*words):
            return False
        self.position += len(words)
        return True

    def need(self, *words: str) -> str:
        """Passes over these words; gives the last one in capitals."""
        if not self.take(*words):
            raise self.unknown(f"{' '.join(words)} expected")
        return self.row[self.position - 1].upper

    def unknown(self, why: str) -> Unknown:
        token = self.peek()
        rest = self.text[token.start : token.start + 60] if token is not END else "the end"
        return Unknown(f"{why}, not {rest!r}")

    def word(self) -> str:
        """The next unquoted word, in capitals."""
        if self.peek().kind != "word":
            raise self.unknown("a word expected")
        return self.next().upper

    def identifier(self) -> str:
        if self.peek().kind not in ("word", "name"):
            raise self.unknown("a name expected")
        return self.next().value

    def parts(self) -> tuple[str, ...]:
        """A dotted name; a part left out (`db..t`) is empty."""
        found = [self.identifier()]
        while self.take("."):
            found.append("" if self.at(".") else self.identifier())
        return tuple(found)

    def name(self) -> Name:
        return name_of(self.parts())

    def string(self) -> str:
        if self.peek().kind != "string":
            raise self.unknown("a string expected")
        return self.next().value

    def number(self) -> str:
        sign = "-" if self.take("-") else ""
        self.take("+")
        if self.peek().kind != "number":
            raise self.unknown("a number expected")
        return sign + self.next().text

    def names(self) -> tuple[str, ...]:
        """Names in parentheses, with commas."""
        self.need("(")
        found = [self.identifier()]
        while self.take(","):
            found.append(self.identifier())
        self.need(")")
        return tuple(found)

    def balanced(self) -> tuple[Token, ...]:
        """What stands in the parentheses that open here, without them."""
        self.need("(")
        start, depth = self.position, 1
        while depth:
            token = self.next()
            if token.kind == "operator":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
        return self.row[start : self.position - 1]

    def since(self, start: int) -> str:
        """The text from token number `start` to here."""
        if self.position == start:
            return ""
        return self.text[self.row[start].start : self.row[self.position - 1].end]


def choices(word: str) -> tuple[str, ...]:
    return (word,) if word in ("|", "||") else tuple(word.split("|"))


def name_of(parts: tuple[str, ...]) -> Name:
    """The object that a dotted name means, in this database; temporary ones are in `#`."""
    if parts[-1].startswith("#"):
        return Name("#", parts[-1])
    if len(parts) == 1:
        return Name("dbo", parts[0])
    return Name(parts[-2] or "dbo", parts[-1])


def normal(row: tuple[Token, ...]) -> str:
    """Tokens as text in which layout, comments, case and quotes of names do not count."""
    return " ".join(token.normal() for token in row)


def plain_text(row: tuple[Token, ...]) -> str:
    """The normal form where N before a string makes no difference: in options."""
    return " ".join(
        token.text.lstrip("nN") if token.kind == "string" else token.normal() for token in row
    )


def dotted(text: str) -> tuple[str, ...]:
    """A name within a string, such as `[dbo].[a.b]`, as its parts."""
    return Cursor(text, tokens(text)).parts()
