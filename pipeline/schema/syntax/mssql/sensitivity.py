"""ADD and DROP SENSITIVITY CLASSIFICATION of columns."""

from pipeline.schema.model.mssql.shared import Sensitivity
from pipeline.schema.syntax.mssql.attached import edit_column
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import one_of, quoted
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement

Columns = list[tuple[str, str, str]]


def _columns(cursor: Cursor, builder: Builder) -> Columns:
    found = []
    while True:
        parts = cursor.parts()
        if len(parts) < 2:
            cursor.fail("expected table.column")
        schema = parts[-3] if len(parts) > 2 else builder.default_schema
        found.append((schema, parts[-2], parts[-1]))
        if not cursor.accept(","):
            return found


def _option(cursor: Cursor) -> tuple[str, str]:
    word = one_of(cursor, "LABEL", "LABEL_ID", "INFORMATION_TYPE", "INFORMATION_TYPE_ID", "RANK")
    cursor.expect("=")
    if word == "RANK":
        return word, one_of(cursor, "NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL")
    value = quoted(cursor) if cursor.token[-1:] == "'" else f"N'{cursor.name()}'"
    return word, value.lower().replace("n'", "N'", 1) if word.endswith("_ID") else value


def _add(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ADD", "SENSITIVITY", "CLASSIFICATION", "TO")
    columns = _columns(cursor, builder)
    cursor.expect("WITH")
    said = Sensitivity(tuple(sorted(cursor.list_of(lambda: _option(cursor)))))
    _set(columns, said, cursor, builder)


def _drop(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("DROP", "SENSITIVITY", "CLASSIFICATION", "FROM")
    _set(_columns(cursor, builder), None, cursor, builder)


def _set(columns: Columns, said: Sensitivity | None, cursor: Cursor, builder: Builder) -> None:
    for schema, table, column in columns:
        edit_column(
            builder, schema, table, column, lambda had: had._replace(sensitivity=said), cursor
        )


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("ADD", "SENSITIVITY", "CLASSIFICATION"): _add,
    ("DROP", "SENSITIVITY", "CLASSIFICATION"): _drop,
}
