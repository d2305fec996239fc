"""Values that hang on objects of several types.

They are NamedTuples: a database has hundreds of thousands of them, and a tuple is made, hashed
and compared by the interpreter itself. Every collection in them is a tuple. Text is as written in
the scripts; what the server would make of it is the business of `normalise`.
"""

from typing import NamedTuple

Options = tuple[tuple[str, str], ...]
"""(NAME, value) pairs, names in upper case, sorted by name, each once; values as written, with
words in upper case (`ON`, `PAGE`). What was not said is not in it."""


class TypeName(NamedTuple):
    """A data type: `schema` is '' for the server's own, whose `name` is then the canonical one.

    `arguments`: `("10", "2")` of decimal, `("max",)` of nvarchar, `("content", "dbo.Notes")` of
    xml; always what the server would keep: decimal has `("18", "0")`, nvarchar `("1",)`, datetime2
    `("7",)`, float none (or the name is real), even where the script says nothing.
    """

    schema: str
    name: str
    arguments: tuple[str, ...] = ()


class Storage(NamedTuple):
    """Where rows are kept: a filegroup, or a partition scheme and its column; '' by default."""

    name: str = ""
    column: str = ""
    filestream: str = ""


class Permission(NamedTuple):
    """What a principal may do to the object that this hangs on.

    `state` is GRANT, GRANT WITH GRANT OPTION or DENY. `columns` is empty for the whole object.
    """

    state: str
    action: str
    grantee: str
    columns: tuple[str, ...] = ()
    grantor: str = ""


class Property(NamedTuple):
    """An extended property. `part` is COLUMN, INDEX, CONSTRAINT, TRIGGER, PARAMETER, or ''."""

    name: str
    value: str
    """The value as the script wrote it: `N'text'`, `1`, `NULL`."""
    part: str = ""
    part_name: str = ""


class Sensitivity(NamedTuple):
    """ADD SENSITIVITY CLASSIFICATION of a column: (LABEL, 'x'), (RANK, HIGH), ..."""

    options: Options = ()
