"""Sequences, synonyms, assemblies and XML schema collections."""

import re

from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import (
    bits,
    bracketed_parts,
    comma_separated,
    if_exists,
    on_off,
    one_of,
    owner,
    schema_and_name,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import (
    Said,
    Statement,
    change,
    dropper,
    item,
)
from pipeline.schema.syntax.mssql.types import read_type, show_type

_WHOLE_NUMBERS = {
    "tinyint": (0, 255),
    "smallint": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}


def _create_sequence(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "SEQUENCE")
    schema, name = schema_and_name(cursor, builder)
    kept = read_type(cursor) if cursor.accept("AS") else TypeName("", "bigint")
    said: Said = {"type": show_type(kept)}
    _sequence_options(cursor, said)
    _leave_out_limits(kept, said)
    builder.put(item(Kind.SEQUENCE, name, said, schema), cursor)


def _sequence_options(cursor: Cursor, said: Said) -> None:
    while True:
        if cursor.accept("START", "WITH") or cursor.accept("RESTART", "WITH"):
            said["start"] = cursor.number()
        elif cursor.accept("RESTART"):
            pass
        elif cursor.accept("INCREMENT", "BY"):
            said["increment"] = cursor.number()
        elif word := cursor.accept_any("MINVALUE", "MAXVALUE"):
            said["minimum" if word == "MINVALUE" else "maximum"] = cursor.number()
        elif cursor.accept("CYCLE"):
            said["cycle"] = "ON"
        elif cursor.accept("CACHE"):
            said["cache"] = cursor.number() if cursor.token[:1].isdigit() else ""
        elif cursor.word == "NO" and cursor.peek() in _NOTHING:
            cursor.next()
            said.update(_NOTHING[cursor.next().upper()])
        else:
            return


_NOTHING: dict[str, Said] = {
    "MINVALUE": {"minimum": ""},
    "MAXVALUE": {"maximum": ""},
    "CYCLE": {"cycle": ""},
    "CACHE": {"cache": "NO"},
}


def _leave_out_limits(kept: TypeName, said: Said) -> None:
    """Take out what says the type's own limits, and a start where the server begins anyway."""
    if kept.name in {"decimal", "numeric"} and kept.arguments[0].isdigit():
        most = 10 ** int(kept.arguments[0]) - 1
        low, high = -most, most
    elif not kept.schema and kept.name in _WHOLE_NUMBERS:
        low, high = _WHOLE_NUMBERS[kept.name]
    else:
        return
    minimum, maximum = said.get("minimum") or str(low), said.get("maximum") or str(high)
    begins = maximum if said.get("increment", "1").startswith("-") else minimum
    for name, value in (("start", begins), ("minimum", str(low)), ("maximum", str(high))):
        if said.get(name) == value:
            del said[name]


def _alter_sequence(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "SEQUENCE")
    schema, name = schema_and_name(cursor, builder)
    added: Said = {}
    _sequence_options(cursor, added)
    change(builder, Kind.SEQUENCE, schema, name, lambda said: said.update(added), cursor)


def _create_synonym(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "SYNONYM")
    schema, name = schema_and_name(cursor, builder)
    cursor.expect("FOR")
    said = {"target": bracketed_parts(cursor.parts())}
    builder.put(item(Kind.SYNONYM, name, said, schema), cursor)


def _create_assembly(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "ASSEMBLY")
    name = cursor.name()
    authorization = owner(cursor)
    cursor.expect("FROM")
    said: Said = {"bits": ", ".join(comma_separated(cursor, lambda: bits(cursor)))}
    if cursor.accept("WITH"):
        _assembly_options(cursor, said)
    builder.put(item(Kind.ASSEMBLY, name, said, authorization=authorization), cursor)


def _assembly_options(cursor: Cursor, said: Said) -> None:
    while True:
        if cursor.accept("PERMISSION_SET", "="):
            said["permission_set"] = one_of(cursor, "SAFE", "EXTERNAL_ACCESS", "UNSAFE")
        elif cursor.accept("VISIBILITY"):
            said["visible"] = on_off(cursor)
        else:
            cursor.expect("UNCHECKED", "DATA")
        if not cursor.accept(","):
            return


def _alter_assembly(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "ASSEMBLY")
    name = cursor.name()
    added: Said = {}
    dropped: list[str] = []
    while True:
        if cursor.accept("FROM"):
            added["bits"] = bits(cursor)
        elif cursor.accept("WITH"):
            _assembly_options(cursor, added)
        elif cursor.accept("DROP", "FILE"):
            everything = cursor.accept("ALL")
            dropped += [""] if everything else comma_separated(cursor, lambda: _name(cursor))
        elif cursor.accept("ADD", "FILE", "FROM"):
            added.update(_assembly_files(cursor))
        else:
            break

    def edit(said: Said) -> None:
        gone = {each.lower() for each in dropped}
        for found in [each for each in said if each.startswith("file:")]:
            if "" in gone or found[5:].lower() in gone:
                del said[found]
        said.update(added)

    change(builder, Kind.ASSEMBLY, "", name, edit, cursor)


def _assembly_files(cursor: Cursor) -> Said:
    found: Said = {}
    while True:
        content = bits(cursor)
        name = _name(cursor) if cursor.accept("AS") else re.split(r"[\\/]", content[2:-1])[-1]
        found[f"file:{name}"] = content
        if not cursor.accept(","):
            return found


def _name(cursor: Cursor) -> str:
    """A file's name: a string, or a name."""
    return (
        cursor.string()
        if cursor.token[:1] in {"'", "N", "n"} and (cursor.token[-1:] == "'")
        else cursor.name()
    )


def _drop_assembly(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("DROP", "ASSEMBLY")
    if_exists(cursor)
    for name in comma_separated(cursor, cursor.name):
        builder.drop(Kind.ASSEMBLY, "", name)
    cursor.accept("WITH", "NO", "DEPENDENTS")


def _create_collection(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "XML", "SCHEMA", "COLLECTION")
    schema, name = schema_and_name(cursor, builder)
    cursor.expect("AS")
    said = {"content": cursor.string()}
    builder.put(item(Kind.XML_SCHEMA_COLLECTION, name, said, schema), cursor)


def _alter_collection(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "XML", "SCHEMA", "COLLECTION")
    schema, name = schema_and_name(cursor, builder)
    cursor.expect("ADD")
    added = cursor.string()

    def edit(said: Said) -> None:
        said["content"] = f"{said.get('content', '')}\n{added}"

    change(builder, Kind.XML_SCHEMA_COLLECTION, schema, name, edit, cursor)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "SEQUENCE"): _create_sequence,
    ("ALTER", "SEQUENCE"): _alter_sequence,
    ("DROP", "SEQUENCE"): dropper(Kind.SEQUENCE, "DROP", "SEQUENCE"),
    ("CREATE", "SYNONYM"): _create_synonym,
    ("DROP", "SYNONYM"): dropper(Kind.SYNONYM, "DROP", "SYNONYM"),
    ("CREATE", "ASSEMBLY"): _create_assembly,
    ("ALTER", "ASSEMBLY"): _alter_assembly,
    ("DROP", "ASSEMBLY"): _drop_assembly,
    ("CREATE", "XML", "SCHEMA", "COLLECTION"): _create_collection,
    ("ALTER", "XML", "SCHEMA", "COLLECTION"): _alter_collection,
    ("DROP", "XML", "SCHEMA", "COLLECTION"): dropper(
        Kind.XML_SCHEMA_COLLECTION, "DROP", "XML", "SCHEMA", "COLLECTION"
    ),
}
