"""Differences and values in words for people, each on one line."""

from collections.abc import Sequence

from pipeline.schema.diff.mssql.difference import Difference
from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.model.mssql.shared import Permission, Property, Storage, TypeName
from pipeline.schema.model.mssql.tables import Default, Identity, KeyColumn

LONGEST = 100
RENAMED = "renamed"
UNNAMED_KEYS = ("primary key", "unique (")
"""What keys without a name are called."""


def words(difference: Difference) -> str:
    """Give one line: `column Price: type decimal(10,2) in the source, money in the target`."""
    part, named = difference.part, difference.name or difference.part.name
    says_kind = part.kind is PartKind.OBJECT or named.startswith(UNNAMED_KEYS)
    kind = "" if says_kind else part.kind.value
    subject = " ".join(filter(None, (kind, named)))
    return ": ".join(filter(None, (subject, _what(difference))))


def _what(difference: Difference) -> str:
    what, source, target = difference.property, difference.source, difference.target
    match what:
        case "":
            return f"only in the {'source' if source else 'target'}"
        case "definition":
            return f"definition differs from line {source}"
        case _ if what == RENAMED:
            return f"renamed from {target}"
        case "column order":
            return f"{what}: {source} in the source, {target} in the target"
        case _:
            return f"{what} {shown(source)} in the source, {shown(target)} in the target"


def shown(text: str) -> str:
    """Give a value on one line, cut where it is too long; `none` for an empty one."""
    line = " ".join(text.split())
    if not line:
        return "none"
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."


def first_difference(source: str, target: str) -> str:
    """Give the number of the source's first line that the target does not have at its place.

    Lines differ here only by what is not space; a blank line is as any other.
    """
    mine, theirs = source.strip().splitlines(), target.strip().splitlines()
    for number, (one, other) in enumerate(zip(mine, theirs, strict=False), start=1):
        if one.split() != other.split():
            return str(number)
    return str(min(len(mine), len(theirs)) + (len(mine) != len(theirs)))


def kind_words(kind: str) -> str:
    """Give `stored procedure` of `StoredProcedure`."""
    return "".join(f" {each.lower()}" if each.isupper() else each for each in kind).strip()


def full_name(schema: str, name: str) -> str:
    """Give `schema.name`, or the name alone."""
    return f"{schema}.{name}" if schema else name


def type_words(found: TypeName | None) -> str:
    """Give `decimal(10,2)`, `dbo.Money`; `computed` for the type of a computed column."""
    if found is None:
        return "computed"
    arguments = f"({','.join(found.arguments)})" if found.arguments else ""
    return f"{full_name(found.schema, found.name)}{arguments}"


def names_words(names: Sequence[str]) -> str:
    """Give `(a, b)`."""
    return f"({', '.join(names)})" if names else ""


def columns_words(columns: Sequence[KeyColumn]) -> str:
    """Give `(a, b DESC)`."""
    return names_words([f"{each.name}{' DESC' * each.descending}" for each in columns])


def yes_or_no(found: bool) -> str:  # noqa: FBT001 - it is the value that is shown
    """Give a flag as people say it."""
    return "yes" if found else "no"


def on_or_off(found: bool) -> str:  # noqa: FBT001 - it is the value that is shown
    """Give a SET option as T-SQL says it."""
    return "ON" if found else "OFF"


def storage_words(storage: Storage) -> str:
    """Give `FG1`, `ps_Years(Year)`; PRIMARY where nothing is said."""
    column = f"({storage.column})" if storage.column else ""
    stream = f", FILESTREAM_ON {storage.filestream}" if storage.filestream else ""
    return f"{storage.name or 'PRIMARY'}{column}{stream}"


def identity_words(identity: Identity | None) -> str:
    """Give `(1,1)`, '' where there is none."""
    return f"({identity.seed},{identity.increment})" if identity else ""


def default_words(default: Default) -> str:
    """Give what a default constraint says."""
    return default.expression or "(nothing)"


def permission_name(permission: Permission) -> str:
    """Give `SELECT to clerk`, or `UPDATE to clerk (Price)`."""
    columns = f" {names_words(permission.columns)}" if permission.columns else ""
    return f"{permission.action} to {permission.grantee}{columns}"


def property_name(each: Property) -> str:
    """Give `MS_Description`, or `MS_Description of column Price`."""
    return f"{each.name} of {each.part.lower()} {each.part_name}" if each.part else each.name


def constraint_name(name: str, otherwise: str) -> str:
    """Give a constraint's name, or what it is known by where it has none."""
    return name or otherwise
