"""The hints of the source, `-- @renamed from=dbo.Old`: which of them are still to be done."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.carried import Carry
from pipeline.schema.diff.mssql.hints import Hint, Resolver
from pipeline.schema.diff.mssql.words import full_name
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import TableType
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.model.names import Key


@dataclass(frozen=True, slots=True)
class Renames:
    """What is called otherwise in the source.

    `objects` has (new, old) keys; `columns` has, by the new key of their table, (new, old) folded
    names. `notes` are about hints that have nothing to do.
    """

    objects: Mapping[Key, Key] = field(default_factory=dict)
    columns: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.objects or self.columns)

    def inverse(self) -> "Renames":
        """Give the way back."""
        return Renames(
            {old: new for new, old in self.objects.items()},
            {
                self.objects.get(table, table): {old: new for new, old in columns.items()}
                for table, columns in self.columns.items()
            },
        )

    def carry(self, source: Database) -> Carry:
        """Give the new names as the source writes them, by the old keys."""
        objects = {
            old: (source.objects[new].schema, source.objects[new].name)
            for new, old in self.objects.items()
            if new in source.objects
        }
        columns = {}
        for new, renamed in self.columns.items():
            written = {fold(each.name): each.name for each in columns_of(source.objects.get(new))}
            columns[self.objects.get(new, new)] = {
                old: written.get(name, name) for name, old in renamed.items()
            }
        return Carry(objects, columns)


def columns_of(found: Object | None) -> tuple[Column, ...]:
    """Give the columns of an object that has some."""
    return found.columns if isinstance(found, Table | TableType) else ()


def resolve(source: Database, target: Database) -> Renames:
    """Give the renames that are to be done. CheckFailed names all hints that cannot be."""
    if not source.renames:
        return Renames()
    hints = [
        Hint(
            hint.key,
            Key(hint.key.kind, fold(hint.old_schema), fold(hint.old)),
            _where(source, hint.key),
        )
        for hint in source.renames
        if not hint.column
    ]
    problems: list[str] = []
    notes: list[str] = []
    objects = Resolver(
        hints,
        source.objects,
        target.objects,
        _key_words,
        lambda new, old: _alike(source.objects[new], target.objects[old]),
        source.dropped,
    ).resolve(problems, notes)
    columns = {}
    for key, found in _column_hints(source).items():
        here, there = source.objects.get(key), target.objects.get(objects.get(key, key))
        if here is None or there is None:
            continue
        renamed = _columns(here, there, found, source.dropped).resolve(problems, notes)
        if renamed:
            columns[key] = renamed
    if problems:
        raise CheckFailed(
            "; ".join(problems),
            advice="remove the hint, or say `-- @dropped NAME` of the old one if it may go",
        )
    return Renames(objects, columns, tuple(notes) if target.objects else ())


def _columns(
    here: Object, there: Object, hints: list[Hint[str]], dropped: tuple[str, ...]
) -> Resolver[str]:
    table = full_name(here.schema, here.name)
    mine = {fold(each.name): each.type for each in columns_of(here)}
    theirs = {fold(each.name): each.type for each in columns_of(there)}
    return Resolver(
        hints,
        mine,
        theirs,
        lambda name: f"{table}.{name}",
        lambda new, old: mine[new] == theirs[old],
        dropped,
    )


def _where(source: Database, key: Key) -> str:
    return source.places.get(key, "")


def _key_words(key: Key) -> str:
    return full_name(key.schema, key.name)


def _column_hints(source: Database) -> dict[Key, list[Hint[str]]]:
    found: dict[Key, list[Hint[str]]] = defaultdict(list)
    for hint in source.renames:
        if hint.column:
            found[hint.key].append(
                Hint(fold(hint.column), fold(hint.old), _where(source, hint.key))
            )
    return found


def _alike(source: Object, target: Object) -> bool:
    """Whether two objects have the same columns, or else say the same but for their names."""
    mine, theirs = columns_of(source), columns_of(target)
    if mine or theirs:
        return [(fold(c.name), c.type) for c in mine] == [(fold(c.name), c.type) for c in theirs]
    return source._replace(schema="", name="") == target._replace(schema="", name="")
