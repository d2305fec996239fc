"""What scripts say about renames: `-- @renamed from=dbo.Old` and `-- @dropped dbo.Old`.

A hint stands above what it speaks of, or behind it on its line: an object's CREATE, or a column.
"""

import re

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Rename
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script

_RENAMED = re.compile(r"@renamed[ \t]+from[ \t]*=[ \t]*([^\r\n]+)")
_DROPPED = re.compile(r"@dropped[ \t]+([^\r\n]+)")


def take_hints(cursor: Cursor, builder: Builder) -> None:
    """Keep the hints of the statement that was just read."""
    script = cursor.script
    last = min(cursor.position + 1, len(script.tokens))
    for place in range(cursor.begun, last):
        skip = script.skips[place]
        if "@" not in skip:
            continue
        for found in _DROPPED.finditer(skip):
            builder.dropped.append(".".join(_parts(found[1])))
        for found in _RENAMED.finditer(skip):
            owner = _owner(script, place, skip, found.start())
            if cursor.begun <= owner < cursor.position:
                _rename(cursor, builder, owner, _parts(found[1]))


def _parts(text: str) -> tuple[str, ...]:
    return Cursor(Script.of("a hint", text.strip().rstrip("*/ ,"))).parts()


def _owner(script: Script, place: int, skip: str, start: int) -> int:
    """Give the token that a hint speaks of: what stands before it on its line, else behind it."""
    if place == 0 or "\n" in skip[:start]:
        return place
    before = place - 1
    return before - 1 if script.tokens[before] == "," and before else before


def _rename(cursor: Cursor, builder: Builder, owner: int, old: tuple[str, ...]) -> None:
    keys = [key for key, place in builder.places.items() if place == _place(cursor)]
    for first, end, name in builder.columns_read:
        if first <= owner < end:
            for key in keys[-1:]:
                builder.renames.append(Rename(key, "", old[-1], name))
            return
    if owner != cursor.begun or not keys:
        where = cursor.script.place(owner)
        raise BadSchema("this hint stands at nothing that can be renamed", where=where)
    key = keys[-1]
    schema = old[-2] if len(old) > 1 else key.schema
    builder.renames.append(Rename(key, schema if key.schema else "", old[-1]))


def _place(cursor: Cursor) -> str:
    return cursor.script.place(cursor.begun)
