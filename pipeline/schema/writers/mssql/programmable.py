"""Assemblies, old defaults and rules, sequences, synonyms, CLR types, XML schemas."""

from pipeline.schema.model.mssql.facts import OFF, ON
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.broker import altered, made, owned
from pipeline.schema.writers.mssql.changes import Changes, listed_facts, said
from pipeline.schema.writers.mssql.kinds import exists, full_name
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def create_assembly(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE ASSEMBLY and its files."""
    name = bracket(item.name)
    sql = f"CREATE ASSEMBLY {name}{owned(item)} FROM {item.fact('bits')}"
    sql += f" WITH PERMISSION_SET = {said(item, 'permission_set')}"
    files = [
        f"ALTER ASSEMBLY {name} ADD FILE FROM {bits} AS {quote_string(file)}"
        for file, bits in listed_facts(item, "file:")
    ]
    hidden = (
        [f"ALTER ASSEMBLY {name} WITH VISIBILITY = OFF"] if said(item, "visible") == OFF else []
    )
    return (*made(item, sql), *altered(item, *hidden, *files))


def alter_assembly(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """ALTER ASSEMBLY: bits, options and files."""
    begin, sqls = f"ALTER ASSEMBLY {bracket(changes.new.name)}", []
    options = []
    if changes.has("permission_set"):
        options.append(f"PERMISSION_SET = {changes.now('permission_set')}")
    if changes.has("visible"):
        options.append(f"VISIBILITY = {changes.now('visible')}")
    bits = f" FROM {changes.new.fact('bits')}" if changes.has("bits") else ""
    if bits or options:
        sqls.append(begin + bits + (f" WITH {', '.join(options)}" if options else ""))
    for file, before, after in changes.of("file:"):
        sqls += [f"{begin} DROP FILE {quote_string(file)}"] if before else []
        sqls += [f"{begin} ADD FILE FROM {after} AS {quote_string(file)}"] if after else []
    return altered(changes.new, *sqls)


def create_definition(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE DEFAULT or CREATE RULE as written, alone in its batch."""
    return (Statement(item.fact("definition"), exists(item), alone=True),)


def create_sequence(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE SEQUENCE."""
    lines = [f"CREATE SEQUENCE {full_name(item)}", f"AS {said(item, 'type')}"]
    lines += [f"START WITH {item.fact('start')}"] if item.fact("start") else []
    lines += [f"INCREMENT BY {said(item, 'increment')}"]
    lines += [_limit("MINVALUE", item.fact("minimum")), _limit("MAXVALUE", item.fact("maximum"))]
    lines += ["CYCLE" if item.fact("cycle") == ON else "NO CYCLE", _cache(item.fact("cache"))]
    return made(item, "\n".join(lines))


def _limit(word: str, value: str) -> str:
    return f"{word} {value}" if value else f"NO {word}"


def _cache(value: str) -> str:
    return "NO CACHE" if value == "NO" else f"CACHE {value}".strip()


def alter_sequence(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """ALTER SEQUENCE. Another start does not restart what was counted already: RESTART would."""
    clauses = []
    if changes.has("start") and changes.new.fact("start"):
        clauses.append(f"RESTART WITH {changes.new.fact('start')}")
    elif changes.has("start"):
        clauses.append("RESTART")
    if changes.has("increment"):
        clauses.append(f"INCREMENT BY {changes.now('increment')}")
    for fact, word in (("minimum", "MINVALUE"), ("maximum", "MAXVALUE")):
        if changes.has(fact):
            clauses.append(_limit(word, changes.new.fact(fact)))
    if changes.has("cycle"):
        clauses.append("CYCLE" if changes.now("cycle") == ON else "NO CYCLE")
    if changes.has("cache"):
        clauses.append(_cache(changes.new.fact("cache")))
    return altered(changes.new, f"ALTER SEQUENCE {full_name(changes.new)} {' '.join(clauses)}")


def create_synonym(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE SYNONYM."""
    return made(item, f"CREATE SYNONYM {full_name(item)} FOR {item.fact('target')}")


def create_clr_type(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE TYPE EXTERNAL NAME."""
    sql = f"CREATE TYPE {full_name(item)} EXTERNAL NAME {item.fact('external_name')}"
    return made(item, sql)


def create_schema_collection(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE XML SCHEMA COLLECTION."""
    content = quote_string(item.fact("content"))
    return made(item, f"CREATE XML SCHEMA COLLECTION {full_name(item)} AS {content}")


def alter_schema_collection(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """ADD what follows the old content; nothing can be taken away."""
    before, after = changes.old.fact("content"), changes.new.fact("content")
    if not after.startswith(before + "\n"):
        return None
    more = quote_string(after.removeprefix(before + "\n"))
    return altered(changes.new, f"ALTER XML SCHEMA COLLECTION {full_name(changes.new)} ADD {more}")


def create_database_property(item: Item, target: Target) -> tuple[Statement, ...]:
    """sp_addextendedproperty of the database itself."""
    said_so = f"{quote_string(item.name)}, {item.fact('value') or 'NULL'}"
    return made(item, f"EXEC sp_addextendedproperty {said_so}")


def alter_database_property(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """sp_updateextendedproperty of the database itself."""
    item = changes.new
    said_so = f"{quote_string(item.name)}, {item.fact('value') or 'NULL'}"
    return altered(item, f"EXEC sp_updateextendedproperty {said_so}")


def drop_database_property(item: Item) -> tuple[Statement, ...]:
    """sp_dropextendedproperty of the database itself."""
    return altered(item, f"EXEC sp_dropextendedproperty {quote_string(item.name)}")
