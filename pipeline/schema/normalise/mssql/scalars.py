"""Constants, types and the names of functions, in the one form that the server's and the scripts'
spellings share.
"""

from collections.abc import Callable
from decimal import Decimal

from pipeline.schema.model.mssql.names import bracket, fold
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.normalise.mssql.keywords import RESERVED
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import unquote
from pipeline.schema.syntax.mssql.types import is_builtin, read_type

Spelled = Callable[[str], str]
"""How a name is written: folded, or as it is where names are case-sensitive."""

WITHOUT_PARENTHESES = {
    "CURRENT_TIMESTAMP": "getdate()",
    "CURRENT_USER": "user_name()",
    "SESSION_USER": "user_name()",
    "USER": "user_name()",
    "SYSTEM_USER": "suser_sname()",
    "NULL": "null",
}
PARTS_OF_DATES = {"year": "year", "month": "month", "day": "day"}
"""`year(x)` is kept as `datepart(year,x)`."""
OF_DATE_PARTS = frozenset(
    {
        "date_bucket",
        "dateadd",
        "datediff",
        "datediff_big",
        "datename",
        "datepart",
        "datetrunc",
    }
)
STYLE_0_IS_NONE = frozenset(
    {
        "bigint",
        "bit",
        "datetime",
        "decimal",
        "float",
        "int",
        "numeric",
        "real",
        "smalldatetime",
        "smallint",
        "tinyint",
    }
)
"""Types to which CONVERT(..., x, 0) is CONVERT(..., x), whatever x is: 2008 wrote the 0. To text
it is not: date and time types are then in style 121."""
_LENGTH_30 = frozenset({"binary", "char", "nchar", "nvarchar", "varbinary", "varchar"})
_EXACT_MONEY = 4


def number(token: str) -> str:
    """Give a number so that equal values of one type are equal: `1.50` and `1.5` are not."""
    text = token.lower()
    if text[0] in "$£€¥":
        return _money(text)
    if text.startswith("0x"):
        return text
    if "e" in text:
        return _float(text)
    whole, point, rest = text.partition(".")
    return f"{whole.lstrip('0') or '0'}{point}{rest}"


def _money(text: str) -> str:
    sign = "-" if text[1:2] == "-" else ""
    digits = text[1:].lstrip("-").replace(",", "")
    _, _, rest = digits.partition(".")
    if not digits or len(rest) > _EXACT_MONEY:
        return text
    return f"{sign}${Decimal(digits):.4f}"


def _float(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    value = float(text)
    vanished = value == 0 and mantissa.strip("0.") != ""
    if vanished or value in (float("inf"), float("-inf")) or not exponent:
        return text
    return f"{value!r}e"


def is_number(text: str) -> bool:
    """Whether a canonical text is a constant number without a sign."""
    return text[:1] == "$" or (text[:1].isdigit() and not text.startswith("0x"))


def string(token: str) -> str:
    """Give a string, whose characters stay as they are."""
    return f"N{token[1:]}" if token[0] in "nN" else token


def quoted_string(token: str) -> str:
    """Give `"x"` as a string, which it is under QUOTED_IDENTIFIER OFF."""
    body = token[1:-1].replace('""', '"').replace("'", "''")
    return f"'{body}'"


def type_text(cursor: Cursor, spelled: Spelled) -> tuple[str, str]:
    """Read a type of CAST or CONVERT. Gives (its name if it is the server's own, its text)."""
    found = read_type(cursor)
    said = cursor.script.tokens[cursor.position - 1] == ")"
    if not is_builtin(found):
        parts = filter(None, (found.schema, found.name))
        return "", ".".join(bracket(spelled(part)) for part in parts)
    if found.name in _LENGTH_30 and not said:
        found = found._replace(arguments=("30",))
    return found.name, _shown(found)


def _shown(each: TypeName) -> str:
    arguments = ",".join(map(fold, each.arguments))
    return f"{each.name}({arguments})" if arguments else each.name


def is_name(token: str) -> bool:
    """Whether a token is a name in brackets, or a word that may be one without."""
    if token[:1] == "[":
        return True
    return (token[:1].isalpha() or token[:1] in {"_", "#"}) and token.upper() not in RESERVED


def token_text(token: str, spelled: Spelled, *, quoted: bool) -> str:
    """Give one token of what is not understood, so that only its spelling is taken away."""
    first = token[:1]
    if first == "'" or token[:2] in {"N'", "n'"}:
        return string(token)
    if first == '"' and not quoted:
        return quoted_string(token)
    if first == '"' or is_name(token):
        return bracket(spelled(unquote(token)))
    if first.isdigit() or (first in ".$£€¥" and len(token) > 1):
        return number(token)
    return token.lower()
