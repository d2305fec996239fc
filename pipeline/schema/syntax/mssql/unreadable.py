"""What `--lenient` keeps of a batch that cannot be read: that its objects are there."""

import re
from collections.abc import Iterator

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.names import IN_SCHEMAS, Kind
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import Script

_NAME = r"(?:\[[^\]]+\]|\"[^\"]+\"|[^\W\d]\w*)"
_HEAD = re.compile(
    r"\b(?:CREATE|ALTER)\s+(?:OR\s+ALTER\s+)?"
    r"(TABLE|VIEW|PROC(?:EDURE)?|FUNCTION|TYPE|SEQUENCE|SYNONYM|USER|ROLE|SCHEMA|QUEUE)\s+"
    rf"({_NAME}(?:\s*\.\s*{_NAME})?)",
    re.IGNORECASE,
)
_KINDS = {
    "FUNCTION": Kind.FUNCTION,
    "PROC": Kind.STORED_PROCEDURE,
    "PROCEDURE": Kind.STORED_PROCEDURE,
    "QUEUE": Kind.QUEUE,
    "ROLE": Kind.ROLE,
    "SCHEMA": Kind.SCHEMA,
    "SEQUENCE": Kind.SEQUENCE,
    "SYNONYM": Kind.SYNONYM,
    "TABLE": Kind.TABLE,
    "TYPE": Kind.USER_DEFINED_TYPE,
    "USER": Kind.USER,
    "VIEW": Kind.VIEW,
}
_WHOLE_BATCH = frozenset({Kind.FUNCTION, Kind.STORED_PROCEDURE, Kind.VIEW})
_COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)


def keep_rest(cursor: Cursor, builder: Builder, error: BadSchema) -> None:
    """Keep what the statement that failed makes, and those behind it in its batch."""
    script = cursor.script
    plain = " ".join(script.tokens[cursor.begun : cursor.end])
    text = script.between(cursor.begun, cursor.end)
    _keep(plain, text, script.place(cursor.begun), builder, error)


def keep_broken(text: str, path: str, builder: Builder, error: BadSchema) -> None:
    """Keep what a batch makes in which a string or a comment has no end."""
    _keep(_COMMENT.sub(" ", text), text, error.where or path, builder, error)


def _keep(plain: str, text: str, place: str, builder: Builder, error: BadSchema) -> None:
    found = list(_heads(plain, builder))
    if not found:
        builder.note(f"not read: {error}")
    for kind, schema, name in found:
        each = Unreadable(kind, schema, name, str(error), text)
        builder.replace(each)
        builder.places[each.key] = place


def _heads(text: str, builder: Builder) -> Iterator[tuple[Kind, str, str]]:
    """Give (kind, schema, name) of what is made; what stands in a module's body is none of it."""
    for head in _HEAD.finditer(text):
        kind = _KINDS[head[1].upper()]
        parts = Cursor(Script.of("", head[2])).parts()
        schema = parts[-2] if len(parts) > 1 else builder.default_schema
        yield kind, schema if kind in IN_SCHEMAS else "", parts[-1]
        if kind in _WHOLE_BATCH:
            return
