"""`@TOKEN@` in the text of a template, as nAnt's replacetokens had it.

The text is read by Jinja2 first, so a token means something wherever text does: also between
`{% raw %}` and `{% endraw %}`, never in a comment, and never in a value (which is no text of the
template). Inside `{{ }}` and `{% %}` its name is written without the at signs.

Apache has one spelling that Jinja2 would take for its own: `%{%Y-%m-%d}t` in a LogFormat. What
follows a percent sign and looks like a date is left alone.
"""

import re
from collections.abc import Iterator

from jinja2.exceptions import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from pipeline.render.lines import keep_line_ends

TOKEN = re.compile(r"@([A-Z][A-Z0-9_]*)@")
_DATE = re.compile(r"(?<=%)\{%(?=[A-Za-z](?![A-Za-z]))")
_HIDDEN_DATE = "\x03"  # while Jinja2 reads; `render` refuses templates that hold it
RESERVED = re.compile("[\x00-\x03]")


class Tokens(Extension):
    """Turns `@NAME@` into what `{{ NAME }}` would be, on the line where it stands."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Hide Apache's dates, keep line ends. Raises TemplateSyntaxError for some controls."""
        if found := RESERVED.search(source):
            line = source.count("\n", 0, found.start()) + 1
            raise TemplateSyntaxError("holds a control character", line, name, filename)
        return keep_line_ends(_DATE.sub(_HIDDEN_DATE, source))

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Split text at its tokens. Raises TemplateSyntaxError for a token in a string."""
        for token in stream:
            if token.type == "data":
                yield from _split(_shown(token))
            elif token.type == "string":
                _refuse_in_string(token, stream.name)
                yield _shown(token)
            else:
                yield token


def _shown(token: Token) -> Token:
    return Token(token.lineno, token.type, token.value.replace(_HIDDEN_DATE, "{%"))


def _split(data: Token) -> Iterator[Token]:
    line, done = data.lineno, 0
    for found in TOKEN.finditer(data.value):
        before = data.value[done : found.start()]
        if before:
            yield Token(line, "data", before)
        line, done = line + before.count("\n"), found.end()
        yield Token(line, "variable_begin", "@")
        yield Token(line, "name", found.group(1))
        yield Token(line, "variable_end", "@")
    if done < len(data.value):
        yield Token(line, "data", data.value[done:])


def _refuse_in_string(token: Token, name: str | None) -> None:
    found = TOKEN.search(token.value)
    if found:
        raise TemplateSyntaxError(
            f"{found.group()} in a string of an expression would stay as it is; "
            f'write {found.group(1)} ~ "..." instead',
            token.lineno,
            name,
        )
