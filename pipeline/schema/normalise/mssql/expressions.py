"""Expressions of defaults, checks, computed columns and filters, in one form.

The server does not keep an expression as it was written: it keeps its own text of what it
understood. A script and a catalogue say the same thing when both have one canonical text here.
What is taken to be the same, from Microsoft's documentation and public threads (microsoft/DacFx
issue 350 and the like); none of it was tried on a live server by the tests:

- parentheses that precedence makes needless, white space, comments; brackets and capitals of
  names; capitals of keywords and the server's own functions (the catalogue has them lower);
- `IN` and `NOT IN` as chains of `=` and `<>` (kept backwards); `BETWEEN` and `NOT BETWEEN` as two
  comparisons; NOT carried inwards; `!=`, `!<`, `!>`;
- `CAST(x AS t)` and `CONVERT(t, x)`, TRY_CAST and TRY_CONVERT; a style of 0 that SQL Server 2008
  wrote, where the target type makes it mean nothing; names of types and their default lengths;
- `IIF`, `COALESCE` and `CASE x WHEN y` as `CASE WHEN x = y`; a missing ELSE as ELSE NULL;
- `YEAR(x)`, `MONTH(x)`, `DAY(x)` as `datepart`; short names of the parts of dates;
- CURRENT_TIMESTAMP as getdate(); CURRENT_USER, SESSION_USER and USER as user_name(); SYSTEM_USER
  as suser_sname();
- zeros before a number, spellings of a float or of money; a sign before a constant;
- `NEXT VALUE FOR s` as `NEXT VALUE FOR dbo.s`.

What can differ on some row, or in its type, stays different: `'a'` and `N'a'`, `1.0` and `1.00`,
`1` and `1.`, `a + b + c` and `a + (b + c)`, ISNULL and COALESCE, LEFT and SUBSTRING, the order of
AND and OR beyond sets. What the parser does not know is compared token by token: never an error,
and never the same as something that was understood.
"""

from functools import lru_cache
from typing import NamedTuple

from pipeline.errors import BadSchema
from pipeline.schema.normalise.mssql.expression_operators import NotUnderstood
from pipeline.schema.normalise.mssql.expression_parser import Parser
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script


class Expression(NamedTuple):
    """What is known of an expression. Names are folded."""

    form: str
    names: frozenset[str] = frozenset()
    functions: frozenset[tuple[str, str]] = frozenset()
    sequences: frozenset[tuple[str, str]] = frozenset()


@lru_cache(maxsize=1 << 15)
def read_expression(text: str, *, exact: bool = False, quoted: bool = True) -> Expression:
    """Read an expression. `exact`: names in other capitals are other names.

    `quoted` is QUOTED_IDENTIFIER: whether "x" is a name.
    """
    try:
        script = Script.of("", text)
    except BadSchema:
        return Expression(f"?? {text.strip()}")
    parser = Parser(Cursor(script, quoted=quoted), exact=exact)
    try:
        form = parser.whole()
    except (NotUnderstood, BadSchema, RecursionError):
        parser = Parser(Cursor(script, quoted=quoted), exact=exact)
        first, end = _inside(script)
        parser.mention(first, end)
        form = f"? {parser.tokens(first, end)}" if first < end else ""
    return Expression(
        form, frozenset(parser.names), frozenset(parser.functions), frozenset(parser.sequences)
    )


def normal_expression(text: str, *, exact: bool = False, quoted: bool = True) -> str:
    """Give the canonical text: two expressions with one text are the same to the server."""
    return read_expression(text, exact=exact, quoted=quoted).form


def names_in(text: str) -> frozenset[str]:
    """Give every name in an expression: columns, functions and their schemas, sequences."""
    return read_expression(text).names


def functions_in(text: str) -> frozenset[tuple[str, str]]:
    """Give (schema, name) of the functions that are not the server's own.

    A method of a column (`x.value(...)`) looks the same, and is given too.
    """
    return read_expression(text).functions


def sequences_in(text: str) -> frozenset[tuple[str, str]]:
    """Give (schema, name) of what NEXT VALUE FOR takes from."""
    return read_expression(text).sequences


def _inside(script: Script) -> tuple[int, int]:
    """Give the tokens without the parentheses around all of them."""
    first, end = 0, len(script.tokens) - 1
    while first < end and script.words[first] == "(" and script.words[end - 1] == ")":
        cursor = Cursor(script, first, end)
        try:
            cursor.skip_parentheses()
        except BadSchema:
            break
        if cursor.position != end:
            break
        first, end = first + 1, end - 1
    return first, end
