"""SELECT over the catalogue: enough of it for guards and for the names of constraints."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.schema.mssql.oracle import catalogue as views
from tests.schema.mssql.oracle import catalogue_names as names
from tests.schema.mssql.oracle.cursor import Cursor, fold
from tests.schema.mssql.oracle.errors import Unknown
from tests.schema.mssql.oracle.evaluate import Evaluator, Row
from tests.schema.mssql.oracle.expressions import Node, expression
from tests.schema.mssql.oracle.references import check_query
from tests.schema.mssql.oracle.session import MAYBE, Maybe, Session, Value
from tests.schema.mssql.oracle.values import same
from tests.schema.mssql.oracle.world import World

VIEWS: dict[str, Callable[[World], views.Rows]] = {
    "objects": views.object_rows(),
    "all_objects": views.object_rows(),
    "sysobjects": views.object_rows(),
    "tables": views.object_rows("U"),
    "views": views.object_rows("V"),
    "procedures": views.object_rows("P"),
    "triggers": views.object_rows("TR"),
    "synonyms": views.object_rows("SN"),
    "sequences": views.object_rows("SO"),
    "service_queues": views.object_rows("SQ"),
    "security_policies": views.object_rows("SP"),
    "sql_modules": views.object_rows("P", "V", "TR", "FN", "IF", "TF"),
    "columns": views.column_rows,
    "all_columns": views.column_rows,
    "syscolumns": views.column_rows,
    "computed_columns": views.computed_rows,
    "identity_columns": views.identity_rows,
    "sql_expression_dependencies": views.dependency_rows,
    "fulltext_indexes": views.full_text_rows,
    "indexes": views.index_rows,
    "sysindexes": views.index_rows,
    "stats": views.statistics_rows,
    "index_columns": views.index_column_rows,
    "default_constraints": views.constraint_rows("DEFAULT"),
    "check_constraints": views.constraint_rows("CHECK"),
    "foreign_keys": views.constraint_rows("FK"),
    "key_constraints": views.key_rows,
    "foreign_key_columns": views.foreign_column_rows,
    "schemas": names.schema_rows,
    "information_schema.schemata": names.schema_rows,
    "database_principals": names.principal_rows,
    "sysusers": names.principal_rows,
    "database_role_members": names.member_rows,
    "types": names.thing_rows("TYPE"),
    "systypes": names.thing_rows("TYPE"),
    "table_types": names.thing_rows("TYPE"),
    "partition_functions": names.thing_rows("PARTITION FUNCTION"),
    "partition_schemes": names.thing_rows("PARTITION SCHEME"),
    "assemblies": names.thing_rows("ASSEMBLY"),
    "xml_schema_collections": names.thing_rows("XML SCHEMA COLLECTION"),
    "fulltext_catalogs": names.thing_rows("FULLTEXT CATALOG"),
    "fulltext_stoplists": names.thing_rows("FULLTEXT STOPLIST"),
    "registered_search_property_lists": names.thing_rows("SEARCH PROPERTY LIST"),
    "certificates": names.thing_rows("CERTIFICATE"),
    "symmetric_keys": names.thing_rows("SYMMETRIC KEY"),
    "asymmetric_keys": names.thing_rows("ASYMMETRIC KEY"),
    "service_contracts": names.thing_rows("CONTRACT"),
    "service_message_types": names.thing_rows("MESSAGE TYPE"),
    "services": names.thing_rows("SERVICE"),
    "routes": names.thing_rows("ROUTE"),
    "remote_service_bindings": names.thing_rows("REMOTE SERVICE BINDING"),
    "event_notifications": names.thing_rows("EVENT NOTIFICATION"),
    "extended_properties": names.property_rows,
    "information_schema.tables": names.information_tables,
    "information_schema.views": names.information_tables,
    "information_schema.columns": views.column_rows,
    "information_schema.routines": names.routines,
    "information_schema.table_constraints": names.information_constraints,
    "databases": names.none,
    "sysdatabases": names.none,
    "server_principals": names.none,
    "syslogins": names.none,
    "filegroups": names.none,
    "data_spaces": names.thing_rows("PARTITION SCHEME"),
}


@dataclass(frozen=True, slots=True)
class Source:
    rows: Sequence[Row]
    alias: str
    on: Node | None
    outer: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A column of a SELECT: what it is, and the variable it goes to."""

    node: Node
    variable: str = ""


def catalogue_name(parts: tuple[str, ...]) -> str:
    """The folded name of a catalogue view, or nothing for another source."""
    folded = [fold(part) for part in parts if part]
    if len(folded) > 1 and folded[-2] == "information_schema":
        return ".".join(folded[-2:])
    if len(folded) > 1 and folded[-2] in ("sys", "dbo", "master") and folded[-1] in VIEWS:
        return folded[-1]
    if len(folded) > 1 and folded[-2] == "sys":
        raise Unknown(f"a catalogue view that the oracle does not know: {'.'.join(parts)}")
    return folded[-1] if folded[-1].startswith("sys") and folded[-1] in VIEWS else ""


def evaluator(session: Session) -> Evaluator:
    return Evaluator(session, answer)


def truth(session: Session, node: Node) -> Value:
    return evaluator(session).value(node, {})


def answer(session: Session, node: Node, row: Row) -> list[list[Value]] | Maybe:
    c = Cursor("", node.row)
    found = selected(session, c, row)
    if isinstance(found, Maybe):
        return found
    items, rows = found
    if node.kind == "exists":
        return [[1] for _ in rows]
    work = evaluator(session)
    if len(items) == 1 and items[0].node.kind == "call" and items[0].node.text == "count":
        return [[len(rows)]]
    return [[work.value(item.node, r) for item in items] for r in rows]


def selected(session: Session, c: Cursor, outer: Row) -> tuple[list[Item], list[Row]] | Maybe:
    """The columns and the rows of a SELECT; MAYBE where it reads a table's own rows."""
    start = c.position
    c.need("SELECT")
    top(c)
    items = [item(c)]
    while c.take(","):
        items.append(item(c))
    if not c.take("FROM"):
        return items, [outer]
    found = sources(session, c)
    if found is None:
        check_query(session.world, c.row[start:])
        skip_query(c)
        return MAYBE
    rows = joined(session, found, outer)
    if c.take("WHERE"):
        condition = expression(c)
        work = evaluator(session)
        kept = [(row, work.value(condition, row)) for row in rows]
        if any(isinstance(value, Maybe) for _, value in kept):
            return MAYBE
        rows = [row for row, value in kept if value]
    if c.take("ORDER", "BY"):
        expression(c)
        while c.take(",") or c.take("ASC|DESC"):
            if c.row[c.position - 1].text == ",":
                expression(c)
    return items, rows


def skip_query(c: Cursor) -> None:
    """Passes over what is left of a query within its parentheses."""
    c.position = len(c.row)


def top(c: Cursor) -> None:
    c.take("DISTINCT|ALL")
    if c.take("TOP"):
        if c.at("("):
            c.balanced()
        else:
            c.number()
        c.take("PERCENT")


def item(c: Cursor) -> Item:
    if c.peek().kind == "variable" and c.peek(1).text in ("=", "+="):
        name = c.next().normal()
        adding = c.next().text == "+="
        node = expression(c)
        return Item(
            Node("operation", "+", (Node("variable", name), node)) if adding else node, name
        )
    if c.peek().kind in ("word", "name") and c.peek(1).text == "=":
        c.position += 2
    node = expression(c)
    if c.take("AS") or (
        c.peek().kind in ("name", "string")
        or (c.peek().kind == "word" and not c.at("FROM|WHERE|ORDER"))
    ):
        if c.at("INTO") or starts_statement(c):
            return Item(node)
        c.next()
    return Item(node)


def starts_statement(c: Cursor) -> bool:
    return c.at(
        "IF|EXEC|EXECUTE|SELECT|SET|DECLARE|PRINT|BEGIN|END|ELSE|ALTER|CREATE|DROP|INSERT|UPDATE|DELETE|GROUP"
        "|UNION|WHILE|RETURN|COMMIT|ROLLBACK|RAISERROR|THROW|HAVING|OPTION"
    )


def sources(session: Session, c: Cursor) -> list[Source] | None:
    """What FROM names, or None where a table of the database is among it."""
    found: list[Source] = []
    outer = False
    while True:
        source = one_source(session, c, outer=outer)
        if source is None:
            return None
        found.append(source)
        if c.take(",") or c.take("CROSS", "JOIN") or c.take("INNER", "JOIN") or c.take("JOIN"):
            outer = False
        elif c.take("LEFT", "JOIN") or c.take("LEFT", "OUTER", "JOIN"):
            outer = True
        else:
            return found


def one_source(session: Session, c: Cursor, *, outer: bool) -> Source | None:
    if c.at("("):
        return None
    parts = c.parts()
    function = fold(parts[-1])
    if function == "fn_listextendedproperty":
        rows: list[Row] = listed(session, c)
    else:
        view = catalogue_name(parts)
        if not view:
            return None
        rows = list(VIEWS[view](session.world))
    alias = function
    if (
        c.take("AS")
        or (
            c.peek().kind in ("word", "name")
            and not c.at("WHERE|INNER|LEFT|JOIN|ON|CROSS|ORDER|WITH")
        )
    ) and not starts_statement(c):
        alias = fold(c.identifier())
    if c.take("WITH"):
        c.balanced()
    on = expression(c) if c.take("ON") else None
    return Source(rows, alias, on, outer)


def listed(session: Session, c: Cursor) -> list[Row]:
    """fn_listextendedproperty(name, level types and names)."""
    from tests.schema.mssql.oracle.properties import target_of

    inner = Cursor(c.text, c.balanced())
    work = evaluator(session)
    values: list[Value] = []
    while not inner.done:
        if inner.take("DEFAULT"):
            values.append(None)
        else:
            values.append(work.value(expression(inner), {}))
        inner.take(",")
    texts = [None if value is None else str(value) for value in values]
    target = target_of(session.world, texts[1:])
    return [
        {"name": name, "value": value, "objname": name, "objtype": ""}
        for (on, _), (name, value) in session.world.properties.items()
        if on == target and (texts[0] is None or same(name, texts[0]))
    ]


def joined(session: Session, found: list[Source], outer: Row) -> list[Row]:
    rows: list[Row] = [{}]
    work = evaluator(session)
    for source in found:
        after: list[Row] = []
        for row in rows:
            matches = [
                merged
                for merged in combined(row, source)
                if source.on is None or work.value(source.on, {**outer, **merged}) is True
            ]
            if not matches and source.outer:
                after.append(DefaultRow(row))
            after.extend(matches)
        rows = after
    return [row if isinstance(row, DefaultRow) else {**outer, **row} for row in rows]


class DefaultRow(dict[str, Value]):
    """A row of an outer join: what is missing is NULL."""

    def __missing__(self, name: str) -> Value:
        return None

    def __contains__(self, name: object) -> bool:
        return True


def combined(row: Row, source: Source) -> Iterator[Row]:
    for other in source.rows:
        plain = {name: value for name, value in other.items() if name not in row}
        yield {
            **row,
            **plain,
            **{f"{source.alias}.{name}": value for name, value in other.items()},
        }


def constant(session: Session, node: Node) -> str:
    """The text that an expression gives; Unknown where it depends on rows."""
    value = truth(session, node)
    if value is None or isinstance(value, Maybe):
        raise Unknown(f"a text that is not known: {node.normal()}")
    return str(value)
