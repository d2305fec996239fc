"""T-SQL text as tokens, and a script as batches."""

import re
from dataclasses import dataclass
from typing import Any

from tests.schema.mssql.oracle.errors import Unknown

WORD = re.compile(r"[^\W\d][\w@$#]*|[#][\w@$#]+", re.UNICODE)
VARIABLE = re.compile(r"@@?[\w@$#]*")
NUMBER = re.compile(
    r"0[xX](?:[0-9a-fA-F]|\\\r?\n)*|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[$€£]\s*-?\d+(\.\d*)?"
)
OPERATOR = re.compile(r"::|<>|<=|>=|!=|!<|!>|\+=|-=|\*=|/=|%=|\|\||[-+*/%&|^~=<>(),.;:{}$\\]")
CONTINUED = re.compile(r"\\\r?\n")
GO = re.compile(r"[ \t]*go(?:[ \t]+(\d+))?[ \t]*;?[ \t]*(--.*)?\r?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `kind` is word, name (quoted), string, number, variable, operator or end."""

    kind: str
    text: str
    value: str
    start: int
    end: int

    def __deepcopy__(self, memo: dict[int, Any]) -> "Token":
        return self

    @property
    def upper(self) -> str:
        return self.text.upper()

    def normal(self) -> str:
        """Equal for two tokens that mean the same, whatever their case and quotes."""
        if self.kind in ("word", "name", "variable"):
            return self.value.casefold()
        if self.kind == "string":
            return self.text[:1].upper() + self.text[1:] if self.text[0] in "nN" else self.text
        return "<>" if self.text == "!=" else self.value.casefold()


def quoted_end(text: str, start: int, mark: str) -> int:
    """Where a quoted text ends that begins at `start`; a doubled mark stands for one."""
    while True:
        found = text.find(mark, start)
        if found < 0:
            raise Unknown(f"{mark} is never closed: {text[start : start + 40]!r}")
        if text[found + 1 : found + 2] != mark:
            return found + 1
        start = found + 2


def comment_end(text: str, start: int) -> int:
    """Where the block comment ends that begins at `start`; such comments nest."""
    depth, position = 0, start
    while True:
        opening, closing = text.find("/*", position), text.find("*/", position)
        if closing < 0:
            raise Unknown(f"a comment is never closed: {text[start : start + 40]!r}")
        if 0 <= opening < closing:
            depth, position = depth + 1, opening + 2
            continue
        depth, position = depth - 1, closing + 2
        if depth == 0:
            return position


def trivia_end(text: str, position: int) -> int:
    """The first place from `position` on that is neither white space nor comment."""
    while position < len(text):
        if text[position].isspace() or text[position] == "\ufeff":
            position += 1
        elif text.startswith("--", position):
            found = text.find("\n", position)
            position = len(text) if found < 0 else found + 1
        elif text.startswith("/*", position):
            position = comment_end(text, position)
        else:
            break
    return position


def tokens(text: str, *, quoted: bool = True) -> tuple[Token, ...]:
    """All tokens of a batch; `quoted` is the session's QUOTED_IDENTIFIER."""
    found: list[Token] = []
    position = trivia_end(text, 0)
    while position < len(text):
        token = token_at(text, position, quoted=quoted)
        found.append(token)
        position = trivia_end(text, token.end)
    return tuple(found)


def token_at(text: str, start: int, *, quoted: bool) -> Token:
    mark = text[start]
    if mark == "[":
        end = quoted_end(text, start + 1, "]")
        return Token(
            "name", text[start:end], text[start + 1 : end - 1].replace("]]", "]"), start, end
        )
    if mark == "'" or (mark in "nN" and text[start + 1 : start + 2] == "'"):
        opening = start + (1 if mark == "'" else 2)
        end = quoted_end(text, opening, "'")
        return Token(
            "string", text[start:end], text[opening : end - 1].replace("''", "'"), start, end
        )
    if mark == '"':
        end = quoted_end(text, start + 1, '"')
        value = text[start + 1 : end - 1].replace('""', '"')
        return Token("name" if quoted else "string", text[start:end], value, start, end)
    for kind, pattern in (
        ("variable", VARIABLE),
        ("word", WORD),
        ("number", NUMBER),
        ("operator", OPERATOR),
    ):
        match = pattern.match(text, start)
        if match:
            value = CONTINUED.sub("", match.group())
            return Token(kind, match.group(), value, start, match.end())
    raise Unknown(f"no token begins with {text[start : start + 20]!r}")


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of a script between two GO; `times` is the number behind the GO that ends it."""

    number: int
    text: str
    times: int
    start: int
    end: int


def batches(script: str) -> tuple[Batch, ...]:
    """The batches of a script that hold anything; a GO within a string or a comment ends none."""
    found: list[Batch] = []
    start = position = 0
    line = True
    while position < len(script):
        if line:
            line = False
            end = script.find("\n", position)
            end = len(script) if end < 0 else end
            match = GO.match(script[position:end])
            if match:
                found.append(
                    Batch(0, script[start:position], int(match.group(1) or 1), start, position)
                )
                start = position = min(end + 1, len(script))
                line = True
                continue
        position, line = step(script, position)
    found.append(Batch(0, script[start:], 1, start, len(script)))
    kept = [batch for batch in found if trivia_end(batch.text, 0) < len(batch.text)]
    return tuple(Batch(n, b.text, b.times, b.start, b.end) for n, b in enumerate(kept, 1))


def step(script: str, position: int) -> tuple[int, bool]:
    """The next place in a script, and whether a line begins there."""
    mark = script[position]
    if mark == "\n":
        return position + 1, True
    if mark in "'\"":
        return quoted_end(script, position + 1, mark), False
    if mark == "[":
        return quoted_end(script, position + 1, "]"), False
    if script.startswith("--", position):
        found = script.find("\n", position)
        return (len(script) if found < 0 else found), False
    if script.startswith("/*", position):
        return comment_end(script, position), False
    return position + 1, False
