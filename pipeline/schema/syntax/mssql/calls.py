"""EXEC of a system procedure: its arguments, positional or named, as values in the script."""

from collections.abc import Sequence

from pipeline.errors import BadSchema
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.flow import STARTS
from pipeline.schema.syntax.mssql.tokens import Script, unquote, unquote_string


class Call:
    """One call. `arguments`: parameter's name in lower case without @ -> token; '' of NULL."""

    def __init__(self, procedure: str, arguments: dict[str, str], where: str) -> None:
        self.procedure, self.arguments, self.where = procedure, arguments, where

    def written(self, name: str) -> str:
        """Give an argument as written: `N'x'`, `1`, a word; '' when it is NULL or not there."""
        return self.arguments.get(name, "")

    def text(self, name: str) -> str:
        """Give an argument's characters; '' when it is NULL or not there."""
        return characters(self.written(name))

    def needed(self, name: str) -> str:
        """Give an argument's characters. BadSchema if it is NULL or not there."""
        return self.text(name) or self.fail(f"{self.procedure} needs @{name}")

    def fail(self, what: str) -> str:
        """Raise BadSchema that says where."""
        raise BadSchema(what, where=self.where)


def characters(token: str) -> str:
    """Give what a token means as text: a string, a name, a word or a number."""
    if token.endswith("'") and token[:1] in {"'", "N", "n"}:
        return unquote_string(token)
    return unquote(token)


def read_call(cursor: Cursor, parameters: Sequence[str]) -> Call:
    """Read `[EXEC] [@x =] procedure [argument, ...]`. `parameters` names them in order."""
    where = cursor.script.place(cursor.position)
    begun = cursor.position
    cursor.accept_any("EXEC", "EXECUTE")
    if cursor.token.startswith("@"):
        cursor.next()
        cursor.expect("=")
    procedure = cursor.parts()[-1].lower()
    found: dict[str, str] = {}
    place = 0
    while not _ends(cursor):
        if cursor.token.startswith("@") and cursor.peek() == "=":
            name = cursor.next()[1:].lower()
            cursor.next()
            if name not in parameters:
                cursor.fail(f"{procedure} has no parameter @{name}")
        elif place < len(parameters):
            name = parameters[place]
        else:
            cursor.fail(f"{procedure} takes no more than {len(parameters)} arguments")
        found[name] = _argument(cursor, begun)
        place += 1
        cursor.accept_any("OUTPUT", "OUT")
        if not cursor.accept(","):
            break
    return Call(procedure, found, where)


def _ends(cursor: Cursor) -> bool:
    """Whether no argument comes: all of them can be left out."""
    token = cursor.token
    if token in {"", ";"}:
        return True
    starts_value = token[0] in "@'\"[-+$" or token[0].isdigit() or token[-1] == "'"
    return not starts_value and cursor.word in _NEXT_STATEMENT


_NEXT_STATEMENT = STARTS | {"GO", "WITH"}


def _argument(cursor: Cursor, begun: int) -> str:
    """One argument as a token; '' of NULL and DEFAULT. A variable is looked up before the call."""
    if cursor.accept_any("NULL", "DEFAULT"):
        return ""
    if cursor.word in {"-", "+"} or cursor.token[:1].isdigit() or cursor.token[:1] == ".":
        return cursor.number() if not cursor.word.startswith("0X") else cursor.next()
    if cursor.token.startswith("@"):
        return _value_of(cursor, begun)
    if cursor.token[:1] == '"' and not cursor.quoted_identifier:
        return "'" + cursor.string().replace("'", "''") + "'"
    token = cursor.next()
    while cursor.accept("."):  # EXEC sp_help dbo.Orders: a name with dots is one argument
        token = f"{token}.{cursor.next()}"
    return token


def _value_of(cursor: Cursor, begun: int) -> str:
    """Look a variable up: `DECLARE @x int SELECT @x = 1` before the call, in the same batch."""
    variable = cursor.word
    script = cursor.script
    for place in range(begun - 1, -1, -1):
        word = script.words[place]
        if word == "GO":
            break
        if word == variable and (token := _assigned(script, place)):
            cursor.next()
            return "" if token.upper() == "NULL" else token
    return cursor.fail(f"the value of {cursor.token} is not known here: write it out")


def _assigned(script: Script, place: int) -> str:
    """The literal in `@x = literal` or `@x [AS] type = literal`; '' if it is none."""
    for after in range(place + 1, min(place + 8, len(script.words) - 2)):
        word = script.words[after]
        if word == "=":
            token, following = script.tokens[after + 1], script.words[after + 2]
            literal = token[:1].isdigit() or token[-1:] == "'" or token.upper() == "NULL"
            return token if literal and following not in {"+", "-", "*", "/", "."} else ""
        if word in {",", ";", "SET", "SELECT", "EXEC", "EXECUTE"}:
            return ""
    return ""


def name_parts(text: str, where: str) -> tuple[str, ...]:
    """Give the parts of a name that is in a string: `dbo.[Order Details]`."""
    try:
        return Cursor(Script.of(where, text)).parts()
    except BadSchema as error:
        raise BadSchema(f"{text} is not a name", where=where) from error
