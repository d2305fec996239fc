"""Whether the server can make one value of another in place, or how else it is done."""

from collections.abc import Callable
from enum import StrEnum

from pipeline.schema.diff.mssql.conversions import How, how
from pipeline.schema.diff.mssql.operation import PartKind, Value
from pipeline.schema.diff.mssql.state import State
from pipeline.schema.model.mssql.facts import fact_of
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold, key
from pipeline.schema.model.mssql.shared import TypeName
from pipeline.schema.model.mssql.tables import (
    Check,
    Column,
    ForeignKey,
    FullTextIndex,
    Index,
    Table,
    Temporal,
    Trigger,
    UniqueKey,
)
from pipeline.schema.normalise.mssql.options import Options
from pipeline.schema.writers.mssql.index_changes import BY_REBUILD, BY_SET


class Way(StrEnum):
    """How one value becomes another."""

    KEEP = "keep"
    ALTER = "alter"
    RECREATE = "drop and create"
    REBUILD = "rebuild the table"


class Alterable:
    """The rules of one pair of states and one set of options."""

    def __init__(self, old: State, new: State, options: Options) -> None:
        self._old, self._new, self._options = old, new, options

    def way(self, kind: PartKind, old: Value, new: Value) -> Way:
        """Give how a part becomes what it is to be."""
        if old == new:
            return Way.KEEP
        match old, new:
            case Column(), Column():
                return self.column(old, new)
            case UniqueKey(), UniqueKey():
                return _key(old, new)
            case Index(), Index():
                return _index(old, new)
            case ForeignKey(), ForeignKey():
                return _switched(old._replace(trusted=new.trusted, disabled=new.disabled) == new)
            case Check(), Check():
                return _switched(old._replace(trusted=new.trusted, disabled=new.disabled) == new)
            case FullTextIndex(), FullTextIndex():
                kept = old._replace(
                    columns=new.columns, options=new.options, disabled=new.disabled
                )
                return _switched(kept == new)
            case Temporal(), Temporal():
                return _temporal(kind, old, new)
            case Trigger(), Trigger():
                return self._text(changed=old.definition != new.definition)
            case Module(), Module():
                return self._module(old, new)
            case Item(), Item():
                return _switched(self._item(old, new))
            case AliasType(), AliasType():
                return _switched((old.base, old.nullable) == (new.base, new.nullable))
            case TableType(), TableType():
                return _switched(old._replace(authorization=new.authorization) == new)
            case Table(), Table():
                # Where its rows are is the business of its clustered index, or of a rebuild.
                same = (old.options, fold(old.authorization)) == (
                    new.options,
                    fold(new.authorization),
                )
                return Way.KEEP if same else Way.ALTER
            case _:
                return _switched(kind in _REPLACED)

    def base(self, found: TypeName, *, new: bool) -> TypeName:
        """Give the server's own type that a type is made of."""
        if not found.schema:
            return found
        state = self._new if new else self._old
        alias = state.objects.get(key(Kind.USER_DEFINED_TYPE, found.schema, found.name))
        return alias.base if isinstance(alias, AliasType) else found

    def column(self, old: Column, new: Column) -> Way:
        """Give how a column becomes another one."""
        if old.computed or new.computed:
            return _computed(old, new)
        if _identity(old) != _identity(new) or old.filestream != new.filestream:
            return Way.REBUILD
        if old.column_set != new.column_set or _transaction(old) != _transaction(new):
            return Way.REBUILD
        if old.type is None or new.type is None or old.type == new.type:
            return Way.ALTER
        one, other = self.base(old.type, new=False), self.base(new.type, new=True)
        found = how(one, other)
        if _is_version(other) and not _is_version(one):
            return Way.RECREATE
        if found is How.ITSELF and old.rowguidcol and one.name != other.name:
            return Way.REBUILD
        return _WAYS[found]

    def _text(self, *, changed: bool) -> Way:
        apart = changed and self._options.has("drop-and-create")
        return Way.RECREATE if apart else Way.ALTER

    def _module(self, old: Module, new: Module) -> Way:
        changed = (old.definition, old.quoted_identifier, old.ansi_nulls) != (
            new.definition,
            new.quoted_identifier,
            new.ansi_nulls,
        )
        if changed and old.form != new.form:
            return Way.RECREATE
        return self._text(changed=changed)

    def _item(self, old: Item, new: Item) -> bool:
        before, after = dict(old.facts), dict(new.facts)
        names = {n for n in (*before, *after) if before.get(n) != after.get(n)}
        if any(fact_of(new.kind, name).fixed for name in names):
            return False
        if new.kind is Kind.FULL_TEXT_CATALOG and "default" in names:
            return self._another_default(new)
        return not names or _ITEMS.get(new.kind, _always)(old, new, names, self._options)

    def _another_default(self, new: Item) -> bool:
        """Whether there is a default catalog: only another one takes that away from one."""
        return any(
            isinstance(each, Item) and each.kind is new.kind and each.fact("default") == "ON"
            for each in self._new.objects.values()
        )


_REPLACED = frozenset(
    {
        PartKind.BOUND_DEFAULT,
        PartKind.BOUND_RULE,
        PartKind.PERMISSION,
        PartKind.PROPERTY,
        PartKind.SENSITIVITY,
    }
)
_WAYS = {How.ITSELF: Way.ALTER, How.COPIED: Way.REBUILD, How.NEVER: Way.RECREATE}


def _switched(in_place: bool) -> Way:  # noqa: FBT001 - it is the question
    return Way.ALTER if in_place else Way.RECREATE


def _is_version(found: TypeName) -> bool:
    return found.name.lower() in {"timestamp", "rowversion"}


def _identity(column: Column) -> tuple[str, str] | None:
    return (column.identity.seed, column.identity.increment) if column.identity else None


def _transaction(column: Column) -> str:
    """What of GENERATED ALWAYS cannot be said afterwards; a period can."""
    return "" if column.generated.startswith("ROW ") else column.generated


def _computed(old: Column, new: Column) -> Way:
    if old.computed is None:
        return Way.RECREATE
    if new.computed is None:
        return Way.REBUILD
    in_place = (
        old.computed._replace(persisted=new.computed.persisted) == new.computed
        and not new.computed.not_null
    )
    return Way.ALTER if in_place else Way.RECREATE


def _key(old: UniqueKey, new: UniqueKey) -> Way:
    same = old._replace(options=new.options) == new and bool(new.name)
    return _switched(same and _options_alter(old.options, new.options))


def _options_alter(old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]) -> bool:
    before, after = dict(old), dict(new)
    changed = [n for n in {*before, *after} if before.get(n) != after.get(n)]
    return all(name in BY_SET or name in BY_REBUILD for name in changed) and (
        "PARTITIONS" not in before.get("DATA_COMPRESSION", "")
    )


def _index(old: Index, new: Index) -> Way:
    if old._replace(disabled=new.disabled) == new:
        return Way.ALTER
    same = old._replace(options=new.options) == new and not new.disabled
    if same and _options_alter(old.options, new.options):
        return Way.ALTER
    plain = {"CLUSTERED", "NONCLUSTERED"}
    columnstore = {"CLUSTERED COLUMNSTORE", "NONCLUSTERED COLUMNSTORE"}
    return Way.ALTER if old.form == new.form and old.form in plain | columnstore else Way.RECREATE


def _temporal(kind: PartKind, old: Temporal, new: Temporal) -> Way:
    if kind is PartKind.PERIOD:
        return Way.RECREATE
    old = old._replace(consistency_check=new.consistency_check, start=new.start, end=new.end)
    if old == new:
        return Way.KEEP
    return Way.ALTER if old._replace(retention=new.retention) == new else Way.RECREATE


Rule = Callable[[Item, Item, set[str], Options], bool]


def _always(old: Item, new: Item, names: set[str], options: Options) -> bool:
    return True


def _never(old: Item, new: Item, names: set[str], options: Options) -> bool:
    return False


def _queue(old: Item, new: Item, names: set[str], options: Options) -> bool:
    new_enough = options.target_version >= 2016 or options.edition == "azure"
    return "filegroup" not in names or new_enough


def _route(old: Item, new: Item, names: set[str], options: Options) -> bool:
    return all(new.fact(name) for name in names)


def _collection(old: Item, new: Item, names: set[str], options: Options) -> bool:
    return new.fact("content").startswith(old.fact("content") + "\n")


def _user(old: Item, new: Item, names: set[str], options: Options) -> bool:
    return "password" not in names


def _asymmetric(old: Item, new: Item, names: set[str], options: Options) -> bool:
    return names == {"private_key"} and new.fact("private_key") == "NONE"


def _certificate(old: Item, new: Item, names: set[str], options: Options) -> bool:
    kept = "private_key" not in names or new.fact("private_key") == "NONE"
    return "encryption" not in names and kept


def _symmetric(old: Item, new: Item, names: set[str], options: Options) -> bool:
    opened = [fold(name) for name, _ in old.facts if name.startswith("encryption:")]
    return bool(opened) and not opened[0].startswith("encryption:password")


def _role(old: Item, new: Item, names: set[str], options: Options) -> bool:
    return "password" not in names


def _function(old: Item, new: Item, names: set[str], options: Options) -> bool:
    """Boundaries are split off and merged; all of them changed is another function."""
    return bool(new.fact("values"))


_ITEMS: dict[Kind, Rule] = {
    Kind.ASYMMETRIC_KEY: _asymmetric,
    Kind.CERTIFICATE: _certificate,
    Kind.CONTRACT: _never,
    Kind.DEFAULT: _never,
    Kind.EVENT_NOTIFICATION: _never,
    Kind.PARTITION_FUNCTION: _function,
    Kind.QUEUE: _queue,
    Kind.ROLE: _role,
    Kind.ROUTE: _route,
    Kind.RULE: _never,
    Kind.SYMMETRIC_KEY: _symmetric,
    Kind.SYNONYM: _never,
    Kind.USER: _user,
    Kind.USER_DEFINED_TYPE: _never,
    Kind.XML_SCHEMA_COLLECTION: _collection,
}
