"""What scripts say about renames: `-- @renamed from=dbo.Old` and `-- @dropped dbo.Old`.

A rename stands above what it speaks of, or behind it on its line: an object's CREATE, or a column.
What is dropped may be said in any comment of any file.
"""

import re
from collections.abc import Iterator

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Rename
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script

_COMMENT = re.compile(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]|(--[^\n]*|/\*.*?\*/)", re.DOTALL)
# A variable in a statement that is commented out is no hint: hints begin their comment, or a line.
_BEGINS = r"(?:--|/\*|\*|\n)[ \t*-]*"
_RENAMED = re.compile(rf"{_BEGINS}(@renamed)[ \t]+from[ \t]*=[ \t]*([^\r\n]+)")
_DROPPED = re.compile(rf"{_BEGINS}(@dropped)[ \t]+([^\r\n=<>+,;]+)")
_LOOKS_LIKE_ONE = re.compile(rf"{_BEGINS}(@(?:renamed|dropped))(?![\w@#$]|[ \t]*[=<>+,;.)])")
_BEFORE = frozenset({"BEGIN", "IF", "PRINT", "SET", "USE", ";"})
"""What may stand between a hint and its CREATE."""
_ADVICE = "write -- @renamed from=dbo.Old above a CREATE or at a column, or -- @dropped dbo.Old"


def has_hints(text: str) -> bool:
    """Whether a script may have hints."""
    return "@renamed" in text or "@dropped" in text


def take_dropped(path: str, text: str, builder: Builder) -> None:
    """Keep what a file says is gone. BadSchema for a hint that cannot be understood."""
    for place, comment in _comments(text):
        for found in _LOOKS_LIKE_ONE.finditer(comment):
            if _RENAMED.match(comment, found.start()):
                continue
            where = f"{path}:{_line(text, place + found.start(1))}"
            dropped = _DROPPED.match(comment, found.start())
            if dropped is not None:
                builder.dropped.append(".".join(_parts(dropped[2], where)))
            elif builder.lenient:
                builder.note(f"{where}: this hint says nothing")
            else:
                raise BadSchema("this hint says nothing", where=where, advice=_ADVICE)


def need_taken(path: str, text: str, builder: Builder) -> None:
    """Raise BadSchema, or note it, when a rename of this file stands at nothing."""
    for place, comment in _comments(text):
        for found in _RENAMED.finditer(comment):
            line = _line(text, place + found.start(1))
            if (path, line) in builder.hints_taken:
                continue
            error = BadSchema(
                "this hint stands at nothing that can be renamed",
                where=f"{path}:{line}",
                advice=_ADVICE,
            )
            if not builder.lenient:
                raise error
            builder.note(str(error))


def take_renames(cursor: Cursor, builder: Builder) -> None:
    """Keep the renames of the statement that was just read."""
    script, begun = cursor.script, cursor.begun
    made = _made(cursor, builder)
    if made:
        for old, line in builder.hints_waiting:
            _object(made, old, (script.path, line), builder)
        builder.hints_waiting.clear()
    for place in range(begun, min(cursor.position + 1, len(script.tokens))):
        skip = script.skips[place]
        for found in _RENAMED.finditer(skip) if "@renamed" in skip else ():
            owner = _owner(script, place, skip, found.start(1))
            if not begun <= owner < cursor.position:
                continue
            offset = script.starts[place] - len(skip) + found.start(1)
            line = script.first_line + _line(script.text, offset) - 1
            old = _parts(found[2], f"{script.path}:{line}")
            column = _column(owner, builder)
            if made and column:
                builder.renames.append(Rename(made, "", old[-1], column))
                builder.hints_taken.add((script.path, line))
            elif made and owner == begun:
                _object(made, old, (script.path, line), builder)
            elif cursor.words[begun] in _BEFORE and owner == begun:
                builder.hints_waiting.append((old, line))


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for found in _COMMENT.finditer(text):
        if found[1]:
            yield found.start(), found[1]


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _parts(text: str, where: str) -> tuple[str, ...]:
    try:
        return Cursor(Script.of("", text.strip().rstrip("*/ ,"))).parts()
    except BadSchema as error:
        raise BadSchema(f"this hint has no name: {error.what}", where=where) from None


def _made(cursor: Cursor, builder: Builder) -> Key | None:
    """Give what a statement makes, or the table that it alters."""
    if cursor.words[cursor.begun : cursor.begun + 2] == ["ALTER", "TABLE"]:
        inside = Cursor(cursor.script, cursor.begun + 2, cursor.end)
        schema, name = inside.qualified()
        return key(Kind.TABLE, schema or builder.default_schema, name)
    place = cursor.script.place(cursor.begun)
    keys = [found for found, each in builder.places.items() if each == place]
    return keys[-1] if keys else None


def _owner(script: Script, place: int, skip: str, start: int) -> int:
    """Give the token that a hint speaks of: what stands before it on its line, else behind it."""
    if place == 0 or "\n" in skip[:start]:
        return place
    before = place - 1
    return before - 1 if script.tokens[before] == "," and before else before


def _column(owner: int, builder: Builder) -> str:
    for first, end, name in builder.columns_read:
        if first <= owner < end:
            return name
    return ""


def _object(made: Key, old: tuple[str, ...], line: tuple[str, int], builder: Builder) -> None:
    schema = old[-2] if len(old) > 1 else made.schema
    builder.renames.append(Rename(made, schema if made.schema else "", old[-1]))
    builder.hints_taken.add(line)
