"""Why two objects of one name differ, in words; and what differs that does not matter."""

from collections.abc import Iterator

from pipeline.schema.diff.pair import TablePair
from pipeline.schema.model.names import fold
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import SchemaObject
from pipeline.schema.model.tables import Column, ForeignKey, Table, Term, Unique
from pipeline.schema.normalise.sqlite import Normal


def reasons(target: SchemaObject, source: SchemaObject, spelling: Normal) -> tuple[str, ...]:
    """Say what differs. Both must be of one kind."""
    match target, source:
        case Table(), Table():
            return tuple(_table_reasons(TablePair(target, source, spelling)))
        case Index(), Index():
            return tuple(_index_reasons(target, source, spelling))
        case _:
            return ("the body differs",)


def ignored(target: SchemaObject, source: SchemaObject, *, same: bool) -> tuple[str, ...]:
    """Say what differs and makes no difference; `same` if nothing else differs."""
    found: list[str] = []
    if target.name != source.name:
        found.append(f"the case of the name: {target.name} and {source.name}")
    if isinstance(target, Table) and isinstance(source, Table):
        if _names(target) != _names(source) and set(_names(target)) == set(_names(source)):
            found.append("the order of the columns")
        if _constraint_names(target) != _constraint_names(source):
            found.append("the names of constraints")
    if same and _text(target) != _text(source):
        found.append("white space, comments, case or quotes of the text")
    return tuple(found)


def _text(each: SchemaObject) -> str:
    return each.definition if isinstance(each, View | Trigger) else ""


def _table_reasons(pair: TablePair) -> Iterator[str]:
    columns = pair.columns
    for column in columns.only_new:
        yield f"column {column.name} is only in the source"
    for column in columns.only_old:
        yield f"column {column.name} is only in the target"
    for was, now in columns.differing:
        yield from _column_reasons(pair, was, now)
    yield from _constraint_reasons(pair)
    for word, old, new in (
        ("WITHOUT ROWID", pair.old.without_rowid, pair.new.without_rowid),
        ("STRICT", pair.old.strict, pair.new.strict),
    ):
        if old != new:
            yield f"{word} only in the {'source' if new else 'target'}"


def _column_reasons(pair: TablePair, was: Column, now: Column) -> Iterator[str]:
    old, new = pair.spelling.column(was, pair.old), pair.spelling.column(now, pair.new)
    for what, before, after in (
        ("type", old.type, new.type),
        ("NULL", _null(old), _null(new)),
        ("default", old.default or "", new.default or ""),
        ("collation", old.collate, new.collate),
        ("expression", _generated(old), _generated(new)),
    ):
        if before != after:
            yield (
                f"column {now.name}: {what} is {before or 'none'} in the target,"
                f" {after or 'none'} in the source"
            )


def _constraint_reasons(pair: TablePair) -> Iterator[str]:
    if not pair.same_key:
        yield "the primary key differs"
    elif (pair.old.primary_key and pair.old.primary_key.autoincrement) != (
        pair.new.primary_key and pair.new.primary_key.autoincrement
    ):
        yield "AUTOINCREMENT differs"
    for side, uniques, checks, keys in (
        ("source", pair.uniques.only_new, pair.checks.only_new, pair.foreign_keys.only_new),
        ("target", pair.uniques.only_old, pair.checks.only_old, pair.foreign_keys.only_old),
    ):
        yield from (f"UNIQUE ({_terms(unique)}) is only in the {side}" for unique in uniques)
        yield from (f"CHECK ({check.expression}) is only in the {side}" for check in checks)
        yield from (f"foreign key {_reference(key)} is only in the {side}" for key in keys)
    for _, key in pair.foreign_keys.differing:
        yield f"foreign key {_reference(key)}: what it does differs"


def _index_reasons(target: Index, source: Index, spelling: Normal) -> Iterator[str]:
    old, new = Unique(target.terms), Unique(source.terms)
    if fold(target.table) != fold(source.table):
        yield f"it is on {target.table} in the target, on {source.table} in the source"
    if target.unique != source.unique:
        yield f"UNIQUE only in the {'source' if source.unique else 'target'}"
    if spelling.unique(old) != spelling.unique(new):
        yield f"its columns are {_terms(old)} in the target, {_terms(new)} in the source"
    if spelling.text(target.where) != spelling.text(source.where):
        old_rows, new_rows = target.where or "none", source.where or "none"
        yield f"WHERE is {old_rows} in the target, {new_rows} in the source"


def _names(table: Table) -> tuple[str, ...]:
    return tuple(fold(column.name) for column in table.columns)


def _constraint_names(table: Table) -> list[str]:
    named = (*table.uniques, *table.checks, *table.foreign_keys)
    key = (table.primary_key,) if table.primary_key else ()
    return sorted(fold(each.name) for each in (*named, *key) if each.name)


def _null(column: Column) -> str:
    return "NULL" if column.nullable else "NOT NULL"


def _generated(column: Column) -> str:
    if column.generated is None:
        return ""
    return column.generated.expression + (" STORED" if column.generated.stored else "")


def _terms(unique: Unique) -> str:
    return ", ".join(map(_term, unique.terms))


def _term(term: Term) -> str:
    collate = f" COLLATE {term.collate}" if term.collate else ""
    return (term.column or term.expression) + collate + " DESC" * term.descending


def _reference(key: ForeignKey) -> str:
    return f"({', '.join(key.columns)}) to {key.parent}"
