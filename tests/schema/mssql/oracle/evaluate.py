"""The value of an expression of constants, variables and columns of the catalogue."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from tests.schema.mssql.oracle.cursor import dotted, fold, name_of, quote
from tests.schema.mssql.oracle.errors import Unknown
from tests.schema.mssql.oracle.expressions import Node
from tests.schema.mssql.oracle.session import MAYBE, Maybe, Session, Value
from tests.schema.mssql.oracle.values import (
    added,
    both,
    changed,
    compare,
    converted,
    like,
    number,
    quoted,
    same,
)
from tests.schema.mssql.oracle.world import SCHEMAS, identity

Row: TypeAlias = Mapping[str, Value]
Query: TypeAlias = Callable[[Session, Node, Row], list[list[Value]] | Maybe]
TYPES = {
    "TABLE": "U ",
    "VIEW": "V ",
    "PROCEDURE": "P ",
    "TRIGGER": "TR",
    "SEQUENCE": "SO",
    "SYNONYM": "SN",
    "DEFAULT": "D ",
    "RULE": "R ",
    "QUEUE": "SQ",
    "AGGREGATE": "AF",
    "SECURITY POLICY": "SP",
}
SHAPES = {"scalar": "FN", "inline": "IF", "table": "TF", "clr scalar": "FS", "clr table": "FT"}


class Evaluator:
    """Evaluates within a session; `query` answers what is asked in parentheses."""

    def __init__(self, session: Session, query: Query) -> None:
        self.session = session
        self.query = query

    def value(self, node: Node, row: Row) -> Value:
        match node.kind:
            case "string":
                return node.path[0]
            case "number":
                return number(node.text)
            case "null":
                return None
            case "variable":
                return self.variable(node.text)
            case "name":
                return named(node, row)
            case "operation":
                return self.operation(node, row)
            case "unary":
                return self.unary(node, row)
            case "exists" | "query":
                return self.asked(node, row)
            case "call":
                return self.call(node, row)
            case _:
                pass
        raise Unknown(f"an expression that is not evaluated: {node.normal()}")

    def variable(self, name: str) -> Value:
        match name:
            case "@@error":
                return 0
            case "@@rowcount":
                return self.session.rowcount
            case "@@trancount":
                return self.session.depth
            case "@@version":
                return "Microsoft SQL Server 2022"
            case _:
                pass
        if name not in self.session.variables:
            raise Unknown(f"the variable {name} is not declared")
        return self.session.variables[name]

    def asked(self, node: Node, row: Row) -> Value:
        rows = self.query(self.session, node, row)
        if isinstance(rows, Maybe):
            return rows
        if node.kind == "exists":
            return bool(rows)
        return rows[0][0] if rows else None

    def unary(self, node: Node, row: Row) -> Value:
        inner = self.value(node.parts[0], row)
        if isinstance(inner, Maybe):
            return inner
        match node.text:
            case "is null":
                return inner is None
            case "not":
                return None if inner is None else not inner
            case "-":
                return None if inner is None else -float(str(inner))
            case _:
                pass
        if node.text.startswith("collate"):
            return inner
        raise Unknown(f"an operator that is not evaluated: {node.text}")

    def operation(self, node: Node, row: Row) -> Value:
        left = self.value(node.parts[0], row)
        if (node.text, left) in (("and", False), ("or", True)):
            return left
        right = self.value(node.parts[1], row)
        if node.text in ("and", "or"):
            return both(node.text, left, right)
        if isinstance(left, Maybe) or isinstance(right, Maybe):
            return MAYBE
        if left is None or right is None:
            return None
        if node.text == "+":
            return added(left, right)
        if node.text == "-" and isinstance(left, int) and isinstance(right, int):
            return left - right
        if node.text == "&" and isinstance(left, int) and isinstance(right, int):
            return left & right
        return compare(node.text, left, right)

    def call(self, node: Node, row: Row) -> Value:
        if node.text == "in query":
            rows = self.query(self.session, node, row)
            value = self.value(node.parts[0], row)
            return rows if isinstance(rows, Maybe) else any(r and same(value, r[0]) for r in rows)
        if node.text == "case":
            return self.case(node, row)
        if node.text in ("iif",):
            return self.value(node.parts[1 if self.value(node.parts[0], row) is True else 2], row)
        parts = [
            part.path[0]
            if part.kind == "name" and part.path and node.text == "serverproperty"
            else self.value(part, row)
            for part in node.parts
        ]
        if any(isinstance(part, Maybe) for part in parts):
            return MAYBE
        return self.function(node.text.removeprefix("sys."), parts)

    def case(self, node: Node, row: Row) -> Value:
        of = next((self.value(p.parts[0], row) for p in node.parts if p.kind == "of"), True)
        for part in node.parts:
            if part.kind == "when" and same(self.value(part.parts[0], row), of):
                return self.value(part.parts[1], row)
            if part.kind == "else":
                return self.value(part.parts[0], row)
        return None

    def function(self, name: str, parts: list[Value]) -> Value:
        world = self.session.world
        first = parts[0] if parts else None
        text = None if first is None else str(first)
        if name.startswith(("cast ", "try_cast ", "convert ", "try_convert ")):
            return converted(name, first)
        match name:
            case "in":
                return any(same(first, other) for other in parts[1:])
            case "between":
                return compare(">=", first, parts[1]) and compare("<=", first, parts[2])
            case "like":
                return None if text is None else like(text, str(parts[1]))
            case "isnull" | "coalesce":
                return next((part for part in parts if part is not None), None)
            case "nullif":
                return None if same(first, parts[1]) else first
            case "object_id":
                return self.object_id(text, str(parts[1]) if len(parts) > 1 else "")
            case "object_name" | "object_schema_name":
                return self.object_name(first, 0 if name == "object_schema_name" else 1)
            case "schema_id":
                return self.schema_id(text or "dbo")
            case "schema_name":
                names = (
                    *SCHEMAS,
                    *(t.name.name for t in world.things.values() if t.kind == "SCHEMA"),
                )
                return (
                    next((n for n in names if identity("schema", n) == first), None)
                    if parts
                    else "dbo"
                )
            case "col_name":
                return self.col_name(first, parts[1])
            case "type_id":
                key = name_of(dotted(text or "")).key
                return identity("type", *key) if ("TYPE", *key) in world.things else None
            case "database_principal_id" | "user_id":
                return (
                    identity("principal", text or "dbo")
                    if world.principal(text or "dbo")
                    else None
                )
            case "quotename":
                return (
                    None
                    if text is None
                    else quote(text)
                    if len(parts) == 1
                    else quoted(text, str(parts[1]))
                )
            case "concat":
                return "".join("" if part is None else str(part) for part in parts)
            case "ident_current" | "scope_identity" | "ident_seed" | "ident_incr":
                return MAYBE
            case "db_name":
                return self.session.database
            case "db_id" | "fulltextserviceproperty":
                return 1
            case "crypt_gen_random" | "newid" | "original_login" | "suser_sname":
                return "0"
            case "upper" | "lower" | "rtrim" | "ltrim" | "trim":
                return None if text is None else changed(name, text)
            case "replace":
                return None if text is None else text.replace(str(parts[1]), str(parts[2]))
            case "len":
                return None if text is None else len(text.rstrip())
            case "char" | "nchar":
                return chr(int(text or 0))
            case "serverproperty":
                return {"productmajorversion": 16, "engineedition": 3}.get(
                    (text or "").casefold(), "16.0.1000"
                )
            case (
                "columnproperty"
                | "objectproperty"
                | "indexproperty"
                | "getdate"
                | "databasepropertyex"
            ):
                return self.property(name, parts)
            case "col_length":
                table = world.tables.get(name_of(dotted(text or "")).key)
                return 1 if table and fold(str(parts[1])) in table.columns else None
            case _:
                pass
        raise Unknown(f"a function that is not evaluated: {name}")

    def property(self, name: str, parts: list[Value]) -> Value:
        if name == "getdate":
            return "2000-01-01"
        if name == "databasepropertyex":
            return "SIMPLE"
        wanted = str(parts[-1]).casefold()
        kind = self.kind_of(parts[0])
        answers = {
            "istable": "U ",
            "isusertable": "U ",
            "isview": "V ",
            "isprocedure": "P ",
            "istrigger": "TR",
        }
        if name == "objectproperty" and wanted in answers:
            return int(kind == answers[wanted])
        table = next(
            (t for k, t in self.session.world.tables.items() if identity(*k) == parts[0]), None
        )
        column = table.columns.get(fold(str(parts[1]))) if table else None
        if (
            name == "columnproperty"
            and column
            and wanted in ("isidentity", "iscomputed", "allowsnull")
        ):
            return int(
                {
                    "isidentity": column.identity is not None,
                    "iscomputed": column.computed is not None,
                    "allowsnull": column.nullable,
                }[wanted]
            )
        if name == "objectproperty" and wanted == "tabletemporaltype" and table:
            return 2 if table.versioning else 1 if table.history_of else 0
        if name == "columnproperty" and not column:
            return None
        raise Unknown(f"a property that is not evaluated: {name} {wanted}")

    def kind_of(self, number: Value) -> str:
        return next((o[1] for o in self.objects() if identity(*o[0]) == number), "")

    def objects(self) -> list[tuple[tuple[str, str], str, tuple[str, str]]]:
        """Key, type and parent of every object, constraints too."""
        from tests.schema.mssql.oracle.catalogue import objects

        return [(o.key, o.type, o.parent) for o in objects(self.session.world)]

    def object_id(self, text: str | None, kind: str) -> Value:
        if text is None:
            return None
        key = name_of(dotted(text)).key
        found = next((o for o in self.objects() if o[0] == key), None)
        if found is None or (kind and kind.strip().upper() != found[1].strip()):
            return None
        return identity(*key)

    def object_name(self, number: Value, part: int) -> Value:
        from tests.schema.mssql.oracle.catalogue import objects

        found = next((o for o in objects(self.session.world) if identity(*o.key) == number), None)
        return None if found is None else (found.name.schema, found.name.name)[part]

    def schema_id(self, name: str) -> Value:
        known = (
            fold(name) in map(fold, SCHEMAS)
            or ("SCHEMA", "", fold(name)) in self.session.world.things
        )
        return identity("schema", name) if known else None

    def col_name(self, number: Value, place: Value) -> Value:
        for key, table in self.session.world.tables.items():
            names = [column.name for column in table.columns.values()]
            if identity(*key) == number and isinstance(place, int) and 0 < place <= len(names):
                return names[place - 1]
        return None


def named(node: Node, row: Row) -> Value:
    wanted = ".".join(map(fold, node.path))
    if wanted in row:
        return row[wanted]
    last = ".".join(map(fold, node.path[-2:]))
    if last in row:
        return row[last]
    if wanted == "current_timestamp":
        return "2000-01-01"
    raise Unknown(f"a name that the oracle does not know: {wanted}")
