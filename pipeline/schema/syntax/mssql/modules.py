"""Views, procedures and functions: each is kept as the text of its batch."""

from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, two_part
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import schema_and_name
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Statement, dropper
from pipeline.schema.syntax.mssql.module_header import read_header
from pipeline.schema.syntax.mssql.tokens import Script

_KINDS = {
    "FUNCTION": Kind.FUNCTION,
    "PROC": Kind.STORED_PROCEDURE,
    "PROCEDURE": Kind.STORED_PROCEDURE,
    "VIEW": Kind.VIEW,
}


def batch_text(cursor: Cursor, first: int) -> str:
    """Give the text from token `first` to the end of the batch, and move there.

    With the comments before it where it is the batch's first statement, as the server keeps them.
    """
    script = cursor.script
    begin = script.starts[first]
    if _begins_batch(script, first):
        begin -= len(script.skips[first])
        if first:  # what stands on the line of the GO before it is no part of it
            begin += max(script.skips[first].find("\n"), 0)
    cursor.position = cursor.end
    return script.text[begin : script.starts[cursor.end]].strip()


def _begins_batch(script: Script, first: int) -> bool:
    before = script.words[max(first - 2, 0) : first]
    return first == 0 or before[-1] == "GO" or (before[0] == "GO" and before[-1].isdigit())


def take_verb(cursor: Cursor) -> bool:
    """Move past CREATE, CREATE OR ALTER, or ALTER; give whether an older one may be there."""
    if cursor.accept("ALTER"):
        return True
    cursor.expect("CREATE")
    return cursor.accept("OR", "ALTER")


def named(definition: str, schema: str, name: str) -> str:
    """Give a module's text with another name in its header."""
    script = Script.of("", definition)
    cursor = Cursor(script)
    take_verb(cursor)
    cursor.next()
    first = cursor.position
    cursor.parts()
    begin = script.starts[first]
    end = begin + len(script.between(first, cursor.position))
    return definition[:begin] + two_part(schema, name) + definition[end:]


def _module(cursor: Cursor, builder: Builder) -> None:
    first = cursor.position
    may_be_there = take_verb(cursor)
    kind = _KINDS[cursor.next().upper()]
    schema, name = schema_and_name(cursor, builder)
    if name.startswith("#"):  # it lasts as long as a session
        cursor.position = cursor.end
        return
    if kind is Kind.STORED_PROCEDURE and cursor.accept(";"):
        number = cursor.number()
        if number != "1":
            _numbered(cursor, builder, first, schema, name)
            return
    header = read_header(cursor, kind)
    module = Module(
        kind,
        schema,
        name,
        batch_text(cursor, first),
        form=header.form,
        quoted_identifier=header.clr or builder.quoted_identifier,
        ansi_nulls=header.clr or builder.ansi_nulls,
        schema_bound=header.schema_bound,
        encrypted=header.encrypted,
    )
    put_module(module, cursor, builder, may_be_there=may_be_there)


def put_module(module: Module, cursor: Cursor, builder: Builder, *, may_be_there: bool) -> None:
    """Put a new module, or the new text of one that is there; what hangs on it stays."""
    found = builder.get(module.kind, module.schema, module.name) if may_be_there else None
    if not isinstance(found, Module):
        builder.put(module, cursor)
        return
    builder.replace(
        module._replace(
            indexes=found.indexes,
            statistics=found.statistics,
            triggers=found.triggers,
            full_text=found.full_text,
            disabled=found.disabled,
            order=found.order,
            permissions=found.permissions,
            properties=found.properties,
            authorization=found.authorization,
        )
    )


def _numbered(cursor: Cursor, builder: Builder, first: int, schema: str, name: str) -> None:
    """`CREATE PROCEDURE p;2` belongs to the text of p."""
    text = batch_text(cursor, first)
    found = builder.get(Kind.STORED_PROCEDURE, schema, name)
    if isinstance(found, Module):
        builder.replace(found._replace(definition=f"{found.definition}\nGO\n{text}"))
    else:
        cursor.fail(f"number 1 of the procedure {name} must come first")


def _aggregate(cursor: Cursor, builder: Builder) -> None:
    """CREATE AGGREGATE is no batch of its own: it ends with the name of its class."""
    first = cursor.position
    cursor.expect("CREATE", "AGGREGATE")
    schema, name = schema_and_name(cursor, builder)
    while not cursor.at("EXTERNAL", "NAME"):
        cursor.next()
    cursor.expect("EXTERNAL", "NAME")
    cursor.parts()
    definition = cursor.since(first)
    builder.put(Module(Kind.FUNCTION, schema, name, definition, form="CLR"), cursor)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    **{
        (*verb, word): _module
        for verb in (("CREATE",), ("ALTER",), ("CREATE", "OR", "ALTER"))
        for word in _KINDS
    },
    **{("DROP", word): dropper(kind, "DROP", word) for word, kind in _KINDS.items()},
    ("CREATE", "AGGREGATE"): _aggregate,
    ("DROP", "AGGREGATE"): dropper(Kind.FUNCTION, "DROP", "AGGREGATE"),
}
