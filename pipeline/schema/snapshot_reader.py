"""JSON values to the model, each value looked at: a snapshot may come from anywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import SchemaObject
from pipeline.schema.model.tables import (
    Check,
    Column,
    ForeignKey,
    Generated,
    PrimaryKey,
    Table,
    Term,
    Unique,
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one JSON object; asking for one that is not of its type is a ValueError."""

    values: Mapping[str, object]

    def text(self, name: str) -> str:
        """Give a string."""
        value = self.values[name]
        if not isinstance(value, str):
            raise ValueError(f"{name} is no text")
        return value

    def number(self, name: str) -> int:
        """Give an integer."""
        value = self.values[name]
        if not isinstance(value, int):
            raise ValueError(f"{name} is no number")
        return value

    def flag(self, name: str) -> bool:
        """Give true or false."""
        value = self.values[name]
        if not isinstance(value, bool):
            raise ValueError(f"{name} is neither true nor false")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of strings."""
        return tuple(str(value) for value in self._list(name))

    def each(self, name: str) -> Iterator["Fields"]:
        """Give the objects of a list."""
        return (_fields(name, value) for value in self._list(name))

    def inner(self, name: str) -> "Fields | None":
        """Give an object, or None for null."""
        value = self.values[name]
        return None if value is None else _fields(name, value)

    def _list(self, name: str) -> list[object]:
        value = self.values[name]
        if not isinstance(value, list | tuple):
            raise ValueError(f"{name} is no list")
        return list(value)


def _fields(name: str, value: object) -> Fields:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is no object")
    return Fields(value)


def read_object(found: Fields) -> SchemaObject:
    """Give one object by its kind."""
    match found.text("kind"):
        case "Table":
            return _table(found)
        case "Index":
            return Index(
                name=found.text("name"),
                table=found.text("table"),
                terms=_terms(found),
                unique=found.flag("unique"),
                where=found.text("where"),
                schema=found.text("schema"),
            )
        case "View":
            return View(found.text("name"), found.text("definition"), found.text("schema"))
        case "Trigger":
            name, table = found.text("name"), found.text("table")
            return Trigger(name, table, found.text("definition"), found.text("schema"))
        case kind:
            raise ValueError(f"an object of the unknown kind {kind}")


def _table(found: Fields) -> Table:
    key = found.inner("primary_key")
    return Table(
        name=found.text("name"),
        columns=tuple(map(_column, found.each("columns"))),
        primary_key=None if key is None else _primary_key(key),
        uniques=tuple(
            Unique(_terms(each), each.text("conflict"), each.text("name"))
            for each in found.each("uniques")
        ),
        checks=tuple(
            Check(each.text("expression"), each.text("name")) for each in found.each("checks")
        ),
        foreign_keys=tuple(map(_foreign_key, found.each("foreign_keys"))),
        without_rowid=found.flag("without_rowid"),
        strict=found.flag("strict"),
        schema=found.text("schema"),
    )


def _column(found: Fields) -> Column:
    generated = found.inner("generated")
    return Column(
        name=found.text("name"),
        type=found.text("type"),
        nullable=found.flag("nullable"),
        default=None if found.values["default"] is None else found.text("default"),
        collate=found.text("collate"),
        generated=None if generated is None else _generated(generated),
        conflict=found.text("conflict"),
    )


def _generated(found: Fields) -> Generated:
    return Generated(found.text("expression"), found.flag("stored"))


def _primary_key(found: Fields) -> PrimaryKey:
    return PrimaryKey(
        terms=_terms(found),
        autoincrement=found.flag("autoincrement"),
        conflict=found.text("conflict"),
        name=found.text("name"),
    )


def _foreign_key(found: Fields) -> ForeignKey:
    return ForeignKey(
        columns=found.texts("columns"),
        parent=found.text("parent"),
        parent_columns=found.texts("parent_columns"),
        on_update=found.text("on_update"),
        on_delete=found.text("on_delete"),
        match=found.text("match"),
        deferrable=found.flag("deferrable"),
        deferred=found.flag("deferred"),
        name=found.text("name"),
    )


def _terms(found: Fields) -> tuple[Term, ...]:
    return tuple(
        Term(
            column=each.text("column"),
            expression=each.text("expression"),
            collate=each.text("collate"),
            descending=each.flag("descending"),
        )
        for each in found.each("terms")
    )
