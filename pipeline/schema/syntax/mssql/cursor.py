"""A place in a script that moves on: what every parser of T-SQL is written with."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from pipeline.errors import BadSchema
from pipeline.schema.syntax.mssql.tokens import Script, unquote, unquote_string

T = TypeVar("T")
_SECRETS = frozenset(
    {"APPLICATION", "CERTIFICATE", "CREDENTIAL", "DECRYPTION", "ENCRYPTION", "IDENTITY_VALUE"}
    | {"KEY", "KEY_SOURCE", "LOGIN", "OLD_PASSWORD", "PASSWORD", "SECRET", "SP_ADDAPPROLE"}
    | {"SP_ADDLINKEDSRVLOGIN", "SP_ADDLOGIN", "SP_PASSWORD", "USER"}
)
"""Words of statements whose strings may be secrets."""


class Cursor:
    """Tokens `[position, end)` of a script.

    `word` is the current token in upper case, '' at the end. `quoted_identifier` says whether "x"
    is a name (ON) or a string. `begun` is the first token of the statement.
    """

    __slots__ = ("begun", "end", "position", "quoted_identifier", "script", "words")

    def __init__(
        self, script: Script, first: int = 0, end: int | None = None, *, quoted: bool = True
    ) -> None:
        self.script = script
        self.words = script.words
        self.position = self.begun = first
        self.end = len(script.tokens) - 1 if end is None else end
        self.quoted_identifier = quoted

    @property
    def word(self) -> str:
        """The current token in upper case; '' at the end."""
        return self.words[self.position] if self.position < self.end else ""

    @property
    def token(self) -> str:
        """The current token as written; '' at the end."""
        return self.script.tokens[self.position] if self.position < self.end else ""

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.position >= self.end

    def peek(self, distance: int = 1) -> str:
        """Give the word so many tokens ahead, '' past the end."""
        place = self.position + distance
        return self.words[place] if place < self.end else ""

    def at(self, *words: str) -> bool:
        """Whether these words come next."""
        place, known = self.position, self.words
        for word in words:
            if place >= self.end or known[place] != word:
                return False
            place += 1
        return True

    def next(self) -> str:
        """Give the current token as written, and move past it."""
        if self.position >= self.end:
            self.fail("the statement ends too early")
        token = self.script.tokens[self.position]
        self.position += 1
        return token

    def accept(self, *words: str) -> bool:
        """Move past these words if they come next, all of them or none."""
        place, known = self.position, self.words
        for word in words:
            if place >= self.end or known[place] != word:
                return False
            place += 1
        self.position = place
        return True

    def accept_any(self, *words: str) -> str:
        """Move past one of these words and give it; '' if none of them comes next."""
        found = self.word
        if found and found in words:
            self.position += 1
            return found
        return ""

    def expect(self, *words: str) -> None:
        """Move past these words. BadSchema if something else stands there."""
        for word in words:
            if self.word != word:
                self.fail(f"expected {word}, found {self.token or 'the end'}")
            self.position += 1

    def name(self) -> str:
        """Give one name without its quotes: a word, `[x]` or `"x"`."""
        token = self.token
        start = token[:1]
        if start == "[":
            self.position += 1
            return token[1:-1].replace("]]", "]")
        if start.isalpha() or start in {'"', "_", "#", "@", "$"}:
            self.position += 1
            return unquote(token)
        return self.fail(f"expected a name, found {token or 'the end'}")

    def qualified(self) -> tuple[str, str]:
        """Give (schema, name) of `name`, `schema.name` or `db.schema.name`; '' if not said."""
        parts = self.parts()
        return (parts[-2] if len(parts) > 1 else ""), parts[-1]

    def parts(self) -> tuple[str, ...]:
        """Give all parts of a name with dots; an empty part (`db..name`) is ''."""
        found = [self.name()]
        while self.word == ".":
            self.position += 1
            found.append("" if self.word == "." else self.name())
        return tuple(found)

    def string(self) -> str:
        """Give the characters of a string. BadSchema if there is none."""
        token = self.token
        if token[:1] == "'" or token[:2] in {"N'", "n'"}:
            self.position += 1
            return unquote_string(token)
        if token[:1] == '"' and not self.quoted_identifier:
            self.position += 1
            return token[1:-1].replace('""', '"')
        return self.fail(f"expected a string, found {token or 'the end'}")

    def number(self) -> str:
        """Give a number as written, with its sign."""
        sign = self.accept_any("-", "+")
        if not (self.token[:1].isdigit() or self.token[:1] == "."):
            self.fail(f"expected a number, found {self.token or 'the end'}")
        return ("-" if sign == "-" else "") + self.next()

    def skip_parentheses(self) -> None:
        """Move past `( ... )`, which begins here."""
        begun = self.position
        self.expect("(")
        depth, words, place = 1, self.words, self.position
        while depth:
            if place >= self.end:
                self.position = begun
                self.fail("this parenthesis is not closed")
            word = words[place]
            if word == "(":
                depth += 1
            elif word == ")":
                depth -= 1
            place += 1
        self.position = place

    def parenthesised(self) -> str:
        """Give what stands between `(` and its `)` as written, and move past it."""
        first = self.position
        self.skip_parentheses()
        return self.script.between(first + 1, self.position - 1)

    def list_of(self, item: Callable[[], T]) -> tuple[T, ...]:
        """Give `( item, item, ... )`."""
        self.expect("(")
        found = [item()]
        while self.accept(","):
            found.append(item())
        self.expect(")")
        return tuple(found)

    def since(self, first: int) -> str:
        """Give the text from token `first` up to here, as written."""
        return self.script.between(first, self.position)

    def fail(self, what: str) -> NoReturn:
        """Raise BadSchema that says where, and shows the text from here on."""
        place = min(self.position, len(self.script.tokens) - 1)
        behind = min(place + 12, self.end)
        shown = list(self.script.tokens[place:behind])
        # What begins here may be the rest of a statement that was not understood.
        if not _SECRETS.isdisjoint(self.words[max(self.begun - 24, 0) : behind]):
            what = what.replace(self.token, _without_text(self.token)) if self.token else what
            shown = [_without_text(token) for token in shown]
        near = f" near: {' '.join(shown)}" if shown else ""
        raise BadSchema(f"{what}{near}", where=self.script.place(place))


def _without_text(token: str) -> str:
    """Give a token for a message: of a string, that it is one."""
    return "'...'" if token[-1:] in {"'", '"'} else token
