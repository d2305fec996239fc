"""All other objects: a name and a few facts, each of which is compared by itself."""

from typing import NamedTuple

from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.shared import Permission, Property, TypeName
from pipeline.schema.model.mssql.tables import Check, Column, Index, UniqueKey
from pipeline.schema.model.names import Key

Facts = tuple[tuple[str, str], ...]
"""(name, value) pairs sorted by name, each once. `facts.md` beside the syntax says which ones each
kind has; a fact that says the server's default is left out."""


class Item(NamedTuple):
    """An object that has nothing inside but facts. `built_in` ones exist in every database."""

    kind: Kind
    schema: str
    name: str
    facts: Facts = ()
    built_in: bool = False
    """public, dbo, guest, db_owner, sys...: never created or dropped, but granted to."""
    permissions: tuple[Permission, ...] = ()
    properties: tuple[Property, ...] = ()
    authorization: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return key(self.kind, self.schema, self.name)

    def fact(self, name: str) -> str:
        """Give the value of a fact, '' when it is not there."""
        return next((value for found, value in self.facts if found == name), "")


class TableType(NamedTuple):
    """A user-defined table type: it cannot be altered, only made anew."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    keys: tuple[UniqueKey, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    permissions: tuple[Permission, ...] = ()
    properties: tuple[Property, ...] = ()
    authorization: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return key(Kind.USER_DEFINED_TYPE, self.schema, self.name)


class AliasType(NamedTuple):
    """CREATE TYPE ... FROM, or sp_addtype."""

    schema: str
    name: str
    base: TypeName
    nullable: bool = True
    bound_default: str = ""
    bound_rule: str = ""
    permissions: tuple[Permission, ...] = ()
    properties: tuple[Property, ...] = ()
    authorization: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return key(Kind.USER_DEFINED_TYPE, self.schema, self.name)


class Unreadable(NamedTuple):
    """An object that is there and cannot be told: `--lenient`, or encrypted on a live server."""

    kind: Kind
    schema: str
    name: str
    reason: str
    text: str = ""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return key(self.kind, self.schema, self.name)
