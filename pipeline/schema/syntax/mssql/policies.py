"""Row-level security: CREATE, ALTER and DROP SECURITY POLICY."""

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.names import Kind, two_part
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import (
    bracketed_two,
    on_off,
    one_of,
    schema_and_name,
    tidy,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Said, Statement, change, dropper, item

_OPERATIONS = (
    ("AFTER", "INSERT"),
    ("AFTER", "UPDATE"),
    ("BEFORE", "UPDATE"),
    ("BEFORE", "DELETE"),
)


def _create(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "SECURITY", "POLICY")
    schema, name = schema_and_name(cursor, builder)
    said: Said = {}
    for edit in _changes(cursor, builder, "ADD"):
        edit(said)
    builder.put(item(Kind.SECURITY_POLICY, name, said, schema), cursor)


def _alter(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "SECURITY", "POLICY")
    schema, name = schema_and_name(cursor, builder)
    changes = _changes(cursor, builder, "ADD", "ALTER", "DROP")

    def edit(said: Said) -> None:
        for each in changes:
            each(said)

    change(builder, Kind.SECURITY_POLICY, schema, name, edit, cursor)


class _Edit:
    """One predicate that is added, altered or dropped, or options that are set."""

    def __init__(self, verb: str, facts: Said, where: str) -> None:
        self.verb, self.facts, self.where = verb, facts, where

    def __call__(self, said: Said) -> None:
        for fact, value in self.facts.items():
            found = [each for each in said if each.lower() == fact.lower()]
            if self.verb == "ADD" and found:
                raise BadSchema(f"the policy has {fact} already", where=self.where)
            if self.verb in {"ALTER", "DROP"} and not found:
                raise BadSchema(f"the policy has no {fact}", where=self.where)
            for each in found:
                del said[each]
            said[fact] = value


def _changes(cursor: Cursor, builder: Builder, *verbs: str) -> list[_Edit]:
    found = []
    while True:
        where = cursor.script.place(cursor.position)
        cursor.accept(",")
        if verb := cursor.accept_any(*verbs):
            found.append(_Edit(verb, _predicate(cursor, builder, verb), where))
        elif cursor.accept("WITH"):
            found.append(_Edit("SET", dict(cursor.list_of(lambda: _option(cursor))), where))
        elif cursor.accept("NOT", "FOR", "REPLICATION"):
            found.append(_Edit("SET", {"not_for_replication": "ON"}, where))
        else:
            return found


def _option(cursor: Cursor) -> tuple[str, str]:
    word = one_of(cursor, "STATE", "SCHEMABINDING")
    return {"STATE": "state"}.get(word, "schema_binding"), on_off(cursor)


def _predicate(cursor: Cursor, builder: Builder, verb: str) -> Said:
    kind = cursor.accept_any("FILTER", "BLOCK") or "FILTER"
    cursor.expect("PREDICATE")
    value = ""
    if verb != "DROP":
        schema, function = schema_and_name(cursor, builder)
        first = cursor.position
        cursor.skip_parentheses()
        value = two_part(schema, function) + tidy(cursor.script, first, cursor.position)
    cursor.expect("ON")
    table = bracketed_two(cursor, builder)
    operation = next((each for each in _OPERATIONS if cursor.accept(*each)), ())
    return {" ".join((f"predicate:{kind}", *operation, table)): value}


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "SECURITY", "POLICY"): _create,
    ("ALTER", "SECURITY", "POLICY"): _alter,
    ("DROP", "SECURITY", "POLICY"): dropper(Kind.SECURITY_POLICY, "DROP", "SECURITY", "POLICY"),
}
