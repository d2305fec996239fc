"""Scripts of tables, and of the indexes, statistics and full-text indexes of tables and views."""

from tests.schema.mssql.oracle.cursor import fold, quote
from tests.schema.mssql.oracle.export_full_text import full_text_script
from tests.schema.mssql.oracle.model import Column, Constraint, Index, Module, Table
from tests.schema.mssql.oracle.spelling import option_text, placed, spelled
from tests.schema.mssql.oracle.structure import inherited
from tests.schema.mssql.oracle.world import World

OUTSIDE = (
    "lock_escalation",
    "change tracking",
    "table lock on bulk load",
    "vardecimal storage format",
    "large value types out of row",
    "text in row",
)
SPACES = ("textimage_on", "filestream_on")


def table_script(world: World, table: Table) -> list[str]:
    found = [] if table.settings[0] else ["SET ANSI_NULLS OFF"]
    found.append(create_text(world, table))
    for constraint in table.constraints.values():
        if not inline(constraint):
            found += constraint_script(world, table, constraint)
    found += host_parts(world, table)
    if table.options.get("lock_escalation"):
        found.append(
            f"ALTER TABLE {table.name} SET (LOCK_ESCALATION = "
            f"{str(table.options['lock_escalation']).upper()})"
        )
    if "change tracking" in table.options:
        columns = str(table.options["change tracking"]).upper()
        found.append(
            f"ALTER TABLE {table.name} ENABLE CHANGE_TRACKING "
            f"WITH (TRACK_COLUMNS_UPDATED = {columns})"
        )
    for option in OUTSIDE[2:]:
        if option in table.options:
            found.append(
                f"EXEC sp_tableoption N'{table.name}', '{option}', '{table.options[option]}'"
            )
    for column in table.columns.values():
        found += column_script(world, table, column)
    return found


def host_parts(world: World, host: Table | Module) -> list[str]:
    found = []
    for index in host.indexes.values():
        if not index.constraint and not (isinstance(host, Table) and host.memory):
            found.append(index_text(world, host, index))
        if index.disabled:
            found.append(f"ALTER INDEX {quote(index.name)} ON {host.name} DISABLE")
    for facts in host.statistics.values():
        columns = ", ".join(spelled(world, name) for name in str(facts["columns"]).split(","))
        where = f" WHERE {facts['filter text']}" if facts.get("filter") else ""
        words = [w.upper() for w in ("norecompute",) if facts.get(w)]
        words += [f"{w.upper()} = ON" for w in ("incremental", "auto_drop") if facts.get(w)]
        options = f" WITH {', '.join(words)}" if words else ""
        found.append(
            f"CREATE STATISTICS {quote(str(facts['name']))} "
            f"ON {host.name} ({columns}){where}{options}"
        )
    return found + full_text_script(world, host)


def create_text(world: World, table: Table, *, inner: bool = False) -> str:
    """CREATE TABLE; with `inner`, its indexes stand in it as they must in a type."""
    lines = [column_text(world, table, column) for column in table.columns.values()]
    if table.period:
        first, last = (quote(table.columns[name].name) for name in table.period)
        lines.append(f"PERIOD FOR SYSTEM_TIME ({first}, {last})")
    for index in table.indexes.values():
        if index.constraint:
            lines.append(key_text(world, table, index))
        elif table.memory or inner:
            lines.append(memory_index(world, index))
    for constraint in table.constraints.values():
        if constraint.kind == "CHECK" and inline(constraint):
            lines.append(f"{label(constraint)}CHECK {replication(constraint)}{constraint.text}")
    body = ",\n".join(f"    {line}" for line in lines)
    graph = f" AS {str(table.options['graph']).upper()}" if "graph" in table.options else ""
    clustered = any(index.clustered for index in table.indexes.values())
    where = "" if clustered else placed(world, table.space)
    for option in SPACES:
        value = table.options.get(option)
        if isinstance(value, tuple) and value:
            where += f" {option.upper()}{placed(world, value).removeprefix(' ON')}"
    if table.options.get("file table"):
        return f"CREATE TABLE {table.name} AS FILETABLE{where}"
    return f"CREATE TABLE {table.name} (\n{body}\n){graph}{where}{with_text(world, table)}"


def with_text(world: World, table: Table) -> str:
    outside = (*OUTSIDE, *SPACES, "graph", "file table")
    words = [
        f"{k.upper()} = {str(v).upper()}" for k, v in table.options.items() if k not in outside
    ]
    if table.versioning is not None:
        words.append(f"SYSTEM_VERSIONING = ON{versioning_text(world, table)}")
    return f"\nWITH ({', '.join(words)})" if words else ""


def versioning_text(world: World, table: Table) -> str:
    assert table.versioning is not None
    history = table.versioning["history"]
    assert isinstance(history, tuple)
    inner = []
    other = world.tables[(str(history[0]), str(history[1]))]
    if not other.name.name.startswith("MSSQL_TemporalHistoryFor_"):
        inner.append(f"HISTORY_TABLE = {other.name}")
    if "retention" in table.versioning:
        inner.append(f"HISTORY_RETENTION_PERIOD = {str(table.versioning['retention']).upper()}")
    return f" ({', '.join(inner)})" if inner else ""


def column_text(world: World, table: Table, column: Column) -> str:
    if column.computed:
        persisted = (
            f" PERSISTED{'' if column.nullable else ' NOT NULL'}" if column.persisted else ""
        )
        return f"{quote(column.name)} AS {column.computed_text}{persisted}"
    words = [quote(column.name), str(column.type)]
    if column.collation:
        words.append(f"COLLATE {world.spellings.get(column.collation, column.collation)}")
    words += properties(column)
    words.append("NULL" if column.nullable else "NOT NULL")
    for constraint in table.constraints.values():
        if constraint.kind == "DEFAULT" and constraint.uses(fold(column.name)):
            words.append(f"{label(constraint)}DEFAULT {constraint.text}")
    return " ".join(words)


def properties(column: Column) -> list[str]:
    facts, words = column.facts, []
    for word in ("filestream", "sparse"):
        if facts.get(word):
            words.append(word.upper())
    if facts.get("column_set"):
        words.append("COLUMN_SET FOR ALL_SPARSE_COLUMNS")
    if "masked" in facts:
        words.append(f"MASKED WITH (FUNCTION = {facts['masked']})")
    encrypted = facts.get("encrypted")
    if isinstance(encrypted, dict):
        words.append(
            f"ENCRYPTED WITH ({', '.join(f'{k.upper()} = {v}' for k, v in encrypted.items())})"
        )
    if column.generated:
        words.append(f"GENERATED ALWAYS AS {column.generated.upper()}")
    if facts.get("hidden"):
        words.append("HIDDEN")
    if column.identity:
        words.append(f"IDENTITY ({column.identity[0]}, {column.identity[1]})")
    if facts.get("identity not for replication"):
        words.append("NOT FOR REPLICATION")
    if facts.get("rowguidcol"):
        words.append("ROWGUIDCOL")
    return words


def column_script(world: World, table: Table, column: Column) -> list[str]:
    found = []
    where = f"N'{table.name}.{quote(column.name)}'"
    if column.bound_default and column.bound_default != inherited(world, column, "bound default"):
        found.append(
            f"EXEC sp_bindefault N'{'.'.join(map(quote, column.bound_default))}', {where}"
        )
    if column.bound_rule and column.bound_rule != inherited(world, column, "bound rule"):
        found.append(f"EXEC sp_bindrule N'{'.'.join(map(quote, column.bound_rule))}', {where}")
    labels = column.facts.get("sensitivity")
    if isinstance(labels, dict):
        words = [
            f"{k.upper()} = {v if k == 'rank' else quoted(str(v))}" for k, v in labels.items()
        ]
        found.append(
            f"ADD SENSITIVITY CLASSIFICATION TO "
            f"{table.name}.{quote(column.name)} WITH ({', '.join(words)})"
        )
    return found


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def inline(constraint: Constraint) -> bool:
    if constraint.kind == "DEFAULT":
        return True
    trusted = constraint.trusted or bool(constraint.facts.get("not for replication"))
    return constraint.kind == "CHECK" and trusted and not constraint.disabled


def label(constraint: Constraint) -> str:
    return "" if constraint.invented else f"CONSTRAINT {quote(constraint.name)} "


def replication(constraint: Constraint) -> str:
    return "NOT FOR REPLICATION " if constraint.facts.get("not for replication") else ""


def constraint_script(world: World, table: Table, constraint: Constraint) -> list[str]:
    free = constraint.trusted or bool(constraint.facts.get("not for replication"))
    check = "" if free else " WITH NOCHECK"
    text = f"CHECK {replication(constraint)}{constraint.text}"
    if constraint.kind == "FK":
        mine = ", ".join(map(quote, constraint.columns))
        theirs = ", ".join(map(quote, constraint.parent_columns))
        parent = world.tables[constraint.parent].name
        text = f"FOREIGN KEY ({mine}) REFERENCES {parent} ({theirs})"
        for event in ("delete", "update"):
            if event in constraint.facts:
                text += f" ON {event.upper()} {str(constraint.facts[event]).upper()}"
        text += f" {replication(constraint)}".rstrip()
    found = [f"ALTER TABLE {table.name}{check} ADD {label(constraint)}{text}"]
    if constraint.disabled:
        found.append(f"ALTER TABLE {table.name} NOCHECK CONSTRAINT {quote(constraint.name)}")
    return found


def columns_text(index: Index) -> str:
    return ", ".join(
        f"{quote(name)}{' DESC' if descending else ''}" for name, descending in index.columns
    )


def key_text(world: World, table: Table, index: Index) -> str:
    name = "" if index.invented else f"CONSTRAINT {quote(index.name)} "
    if index.constraint not in ("PRIMARY KEY", "UNIQUE"):
        return f"{name}{index.constraint}"
    layout = "NONCLUSTERED HASH" if index.kind == "hash" else index.kind.upper()
    return (
        f"{name}{index.constraint} {layout} "
        f"({columns_text(index)}){option_text(index.options)}{placed(world, index.space)}"
    )


def memory_index(world: World, index: Index) -> str:
    layout = {"hash": "NONCLUSTERED HASH"}.get(index.kind, index.kind.upper())
    unique = "UNIQUE " if index.unique else ""
    columns = f" ({columns_text(index)})" if index.columns else ""
    if index.included:
        columns += f" INCLUDE ({', '.join(map(quote, index.included))})"
    if index.filter:
        columns += f" WHERE {index.filter_text}"
    return f"INDEX {quote(index.name)} {unique}{layout}{columns}{option_text(index.options)}"


def index_text(world: World, host: Table | Module, index: Index) -> str:
    facts = index.facts
    words = [
        "CREATE",
        "UNIQUE" if index.unique else "",
        index.kind.upper(),
        "INDEX",
        quote(index.name),
        "ON",
        str(host.name),
    ]
    if index.kind == "xml":
        words[1] = (
            "PRIMARY" if facts.get("primary") else "SELECTIVE" if facts.get("selective") else ""
        )
    text = " ".join(word for word in words if word)
    if index.columns:
        text += f" ({columns_text(index)})"
    if index.included:
        text += f" INCLUDE ({', '.join(map(quote, index.included))})"
    if index.filter:
        text += f" WHERE {index.filter_text}"
    if "of" in facts:
        text += (
            f" USING XML INDEX {spelled(world, str(facts['of']))} FOR {str(facts['for']).upper()}"
        )
    if "tessellation" in facts:
        text += f" USING {str(facts['tessellation']).upper()}"
    if "paths" in facts:
        text += f" FOR ({facts['paths']})"
    if "order" in facts:
        text += f" ORDER ({facts['order']})"
    return text + option_text(index.options) + placed(world, index.space)
