"""What a step of a script is called: the line that it prints before it runs."""

from pipeline.schema.diff.mssql.operation import Operation, PartKind, Verb
from pipeline.schema.model.mssql.names import Kind, bracket
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.model.mssql.tables import UniqueKey
from pipeline.schema.writers.mssql.kinds import drop_words, full_name, kind_of
from pipeline.schema.writers.mssql.owners import column_of, owner

_VERBS = {
    Verb.CREATE: "Creating",
    Verb.DROP: "Dropping",
    Verb.ALTER: "Altering",
    Verb.REBUILD: "Rebuilding",
    Verb.RENAME: "Renaming",
    Verb.REFRESH: "Refreshing",
    Verb.TRANSFER: "Moving",
}
_PREPOSITIONS = {Verb.CREATE: "on", Verb.DROP: "from", Verb.ALTER: "on", Verb.RENAME: "of"}
_ADDED = frozenset(
    {
        PartKind.CHECK,
        PartKind.COLUMN,
        PartKind.CONNECTION,
        PartKind.DEFAULT,
        PartKind.FOREIGN_KEY,
        PartKind.MEMBER,
        PartKind.PERIOD,
        PartKind.SENSITIVITY,
        PartKind.UNIQUE_KEY,
    }
)
_COLUMNS = frozenset({PartKind.BOUND_DEFAULT, PartKind.BOUND_RULE, PartKind.SENSITIVITY})
_PLAIN = frozenset(
    {Kind.TABLE, Kind.VIEW, Kind.FUNCTION, Kind.STORED_PROCEDURE, Kind.USER_DEFINED_TYPE}
)


def title(operation: Operation) -> str:
    """Give one line: `Adding column [c] to [dbo].[T]`."""
    if operation.part.kind is PartKind.OBJECT:
        return _of_object(operation)
    where = full_name(owner(operation))
    if operation.part.kind is PartKind.PERMISSION:
        return _of_permission(operation, where)
    adding = operation.verb is Verb.CREATE and operation.part.kind in _ADDED
    verb = "Adding" if adding else _VERBS[operation.verb]
    preposition = "to" if adding else _PREPOSITIONS.get(operation.verb, "of")
    what = _what(operation)
    words = " ".join(word for word in (verb, what, _named(operation)) if word)
    text = f"{words} {preposition} {where}"
    if operation.verb is Verb.RENAME:
        text += f" to {bracket(_name(operation.new))}"
    return text


def _of_object(operation: Operation) -> str:
    thing = operation.old if operation.new is None else operation.new
    if operation.verb in {Verb.RENAME, Verb.TRANSFER}:
        thing = operation.old
    thing = thing if thing is not None else operation.after
    # Every other value of an operation on an object is an object.
    kind = kind_of(thing)  # type: ignore[arg-type]
    words = "" if kind in _PLAIN else f"{drop_words(thing).lower()} "  # type: ignore[arg-type]
    if kind is Kind.EXTENDED_PROPERTY:
        words = "extended property "
    text = f"{_VERBS[operation.verb]} {words}{full_name(thing)}"  # type: ignore[arg-type]
    if operation.verb is Verb.RENAME:
        text += f" to {bracket(_name(operation.new))}"
    if operation.verb is Verb.TRANSFER:
        text += f" to {bracket(getattr(operation.new, 'schema', ''))}"
    return text


def _what(operation: Operation) -> str:
    thing = operation.old if operation.new is None else operation.new
    if isinstance(thing, UniqueKey):
        return "primary key" if thing.primary else "unique constraint"
    return str(operation.part.kind)


def _named(operation: Operation) -> str:
    thing = operation.old if operation.new is None else operation.new
    if operation.verb is Verb.RENAME:
        return bracket(_name(operation.old))
    if operation.part.kind in {PartKind.FULL_TEXT, PartKind.VERSIONING, PartKind.PERIOD}:
        return ""
    if operation.part.kind in _COLUMNS:
        return f"of {bracket(column_of(operation))}" if operation.part.name else ""
    if operation.part.kind is PartKind.DEFAULT:
        name = _name(thing)
        return (
            f"{bracket(name)} of {bracket(column_of(operation))}"
            if name
            else (f"of {bracket(column_of(operation))}")
        )
    if operation.part.kind is PartKind.MEMBER and isinstance(thing, str):
        return bracket(thing)
    if operation.part.kind is PartKind.CONNECTION and isinstance(thing, str):
        return bracket(thing.partition(":")[0].strip())
    text = bracket(_name(thing)) if _name(thing) else ""
    if isinstance(thing, Property) and thing.part:
        text += f" of {thing.part.lower()} {bracket(thing.part_name)}"
    return text


def _of_permission(operation: Operation, where: str) -> str:
    thing = operation.old if operation.new is None else operation.new
    if not isinstance(thing, Permission):
        return f"{_VERBS[operation.verb]} a permission on {where}"
    verb = "Denying" if thing.state == "DENY" else "Granting"
    if operation.verb is Verb.DROP:
        return f"Revoking {thing.action} on {where} from {bracket(thing.grantee)}"
    return f"{verb} {thing.action} on {where} to {bracket(thing.grantee)}"


def _name(thing: object) -> str:
    return thing if isinstance(thing, str) else str(getattr(thing, "name", ""))
