"""CREATE TABLE and its parts, as SQLite takes them."""

from collections.abc import Iterator

from pipeline.schema.model.names import fold
from pipeline.schema.model.tables import Check, Column, ForeignKey, PrimaryKey, Table, Term, Unique
from pipeline.schema.syntax.sqlite.tokens import quote


def create_table(table: Table) -> str:
    """Give CREATE TABLE, one column or constraint a line."""
    lines = ",\n".join(f"    {line}" for line in _lines(table))
    words = ["WITHOUT ROWID"] * table.without_rowid + ["STRICT"] * table.strict
    options = f" {', '.join(words)}" if words else ""
    return f"CREATE TABLE {quote(table.name)} (\n{lines}\n){options}"


def _lines(table: Table) -> Iterator[str]:
    key = table.primary_key
    inline = key if key and _fits_inline(key) else None
    for column in table.columns:
        own = inline if inline and table.key_columns == (fold(column.name),) else None
        yield define(column, own)
    if key and not inline:
        increment = " AUTOINCREMENT" * key.autoincrement
        yield f"{_named(key.name)}PRIMARY KEY ({terms(key.terms)}{increment}){_conflict(key)}"
    for unique in table.uniques:
        yield f"{_named(unique.name)}UNIQUE ({terms(unique.terms)}){_conflict(unique)}"
    yield from map(check, table.checks)
    for reference in table.foreign_keys:
        columns = ", ".join(map(quote, reference.columns))
        yield f"{_named(reference.name)}FOREIGN KEY ({columns}) {references(reference)}"


def _fits_inline(key: PrimaryKey) -> bool:
    return len(key.terms) == 1 and not key.terms[0].collate


def define(column: Column, key: PrimaryKey | None = None) -> str:
    """Give a column with its own rules; `key` if it alone is the primary key."""
    parts = [quote(column.name), column.type]
    if key:
        parts.append(f"{_named(key.name)}PRIMARY KEY{' DESC' * key.terms[0].descending}")
        parts += [_conflict(key).strip(), "AUTOINCREMENT" * key.autoincrement]
    if not column.nullable:
        parts.append(f"NOT NULL{_conflict(column)}")
    if column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if column.collate:
        parts.append(f"COLLATE {quote(column.collate)}")
    if column.generated:
        kind = "STORED" if column.generated.stored else "VIRTUAL"
        parts.append(f"GENERATED ALWAYS AS ({column.generated.expression}) {kind}")
    return " ".join(filter(None, parts))


def check(constraint: Check) -> str:
    """Give a CHECK."""
    return f"{_named(constraint.name)}CHECK ({constraint.expression})"


def references(key: ForeignKey, *, named: bool = False) -> str:
    """Give what a foreign key says of its parent; with its own name if `named`."""
    parts = [f"{_named(key.name) if named else ''}REFERENCES {quote(key.parent)}"]
    if key.parent_columns:
        parts.append(f"({', '.join(map(quote, key.parent_columns))})")
    if key.on_update != "NO ACTION":
        parts.append(f"ON UPDATE {key.on_update}")
    if key.on_delete != "NO ACTION":
        parts.append(f"ON DELETE {key.on_delete}")
    if key.match:
        parts.append(f"MATCH {key.match}")
    if key.deferrable:
        parts.append(f"DEFERRABLE INITIALLY {'DEFERRED' if key.deferred else 'IMMEDIATE'}")
    return " ".join(parts)


def terms(each: tuple[Term, ...]) -> str:
    """Give the terms of a key or an index."""
    return ", ".join(map(_term, each))


def _term(term: Term) -> str:
    what = quote(term.column) if term.column else term.expression
    collate = f" COLLATE {quote(term.collate)}" if term.collate else ""
    return what + collate + " DESC" * term.descending


def _named(name: str) -> str:
    return f"CONSTRAINT {quote(name)} " if name else ""


def _conflict(rule: PrimaryKey | Unique | Column) -> str:
    return f" ON CONFLICT {rule.conflict}" if rule.conflict else ""
