"""A script, cut into its statements; and the comments in it that are meant for us."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.schema.model.names import fold
from pipeline.schema.syntax.sqlite.tokens import Kind, Token, tokens

_DROPPED = re.compile(r"--\s*@dropped\s+(\S.*?)\s*;?\s*")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, as written, and the line of the script on which it begins."""

    text: str
    line: int
    tokens: tuple[Token, ...]

    @property
    def is_ddl(self) -> bool:
        """Whether it makes, alters or drops something that stays in the database."""
        first, *rest = self.tokens
        lasting = not (rest and rest[0].says("TEMP", "TEMPORARY"))
        return first.says("CREATE", "ALTER", "DROP") and lasting

    @property
    def first_words(self) -> str:
        """Its first two words, to be named in a message."""
        return " ".join(token.text for token in self.tokens[:2])

    def makes(self, name: str) -> bool:
        """Whether it creates something of this name."""
        if not self.tokens[0].says("CREATE"):
            return False
        head = [fold(token.name) for token in self.tokens[:8]]
        return fold(name) in head


def statements(script: str) -> Iterator[Statement]:
    """Give the statements of a script without their semicolons; a trigger is one statement."""
    script = script.removeprefix("\ufeff")
    gathered: list[Token] = []
    for token in tokens(script):
        if token.marks(";") and not _inside_trigger(gathered):
            if gathered:
                yield _statement(script, gathered)
            gathered = []
        else:
            gathered.append(token)
    if gathered:
        yield _statement(script, gathered)


def _inside_trigger(gathered: list[Token]) -> bool:
    """A trigger ends at `END;`; one END inside belongs to a CASE and has no semicolon after it."""
    head = [token.text.upper() for token in gathered[:3] if token.kind is Kind.WORD]
    is_trigger = head[:1] == ["CREATE"] and "TRIGGER" in head
    return is_trigger and not _ends(gathered)


def _ends(gathered: list[Token]) -> bool:
    return len(gathered) > 1 and gathered[-1].says("END") and gathered[-2].marks(";")


def _statement(script: str, gathered: list[Token]) -> Statement:
    first, last = gathered[0], gathered[-1]
    line = script.count("\n", 0, first.start) + 1
    return Statement(script[first.start : last.end], line, tuple(gathered))


def dropped_names(scripts: Mapping[str, str]) -> frozenset[str]:
    """Give the names of all `-- @dropped NAME` comments: objects, or TABLE.COLUMN."""
    return frozenset(
        found.group(1)
        for text in scripts.values()
        for token in tokens(text, comments=True)
        if token.kind is Kind.COMMENT and (found := _DROPPED.fullmatch(token.text))
    )
