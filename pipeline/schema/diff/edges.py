"""What must run before what, among the changes of one leg."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pipeline.schema.change import (
    AddColumn,
    Change,
    CreateIndex,
    CreateTable,
    CreateTrigger,
    CreateView,
    DropColumn,
    DropIndex,
    DropTable,
    DropTrigger,
    DropView,
    RebuildTable,
    key_of,
    title,
)
from pipeline.schema.model.names import fold
from pipeline.schema.order import Edge, must_run, without_circles
from pipeline.schema.syntax.sqlite.tokens import mentions

Drop = DropIndex | DropView | DropTrigger
Create = CreateIndex | CreateView | CreateTrigger
OnTable = CreateTable | DropTable | AddColumn | DropColumn | RebuildTable
Titles = dict[str, list[str]]


def edges(changes: Sequence[Change]) -> tuple[Edge, ...]:
    """Give every "must run before" among these changes, sorted and each once."""
    on_table = [change for change in changes if isinstance(change, OnTable)]
    drops = [change for change in changes if isinstance(change, Drop)]
    creates = [change for change in changes if isinstance(change, Create)]
    found = {
        *_around_tables(on_table, drops, creates),
        *_same_name(changes),
        *_column_by_column(on_table),
        *_between_tables(on_table),
        *_between_programs(drops, creates),
    }
    return tuple(sorted(found, key=lambda edge: (edge.first, edge.then)))


def _around_tables(
    on_table: Sequence[OnTable], drops: Sequence[Drop], creates: Sequence[Create]
) -> Iterator[Edge]:
    """Whatever speaks of a table goes before the table changes, and comes after."""
    titles = _titles(on_table)
    for drop in drops:
        for name in _names_in(drop) & titles.keys():
            yield from (must_run(title(drop)).before(other) for other in titles[name])
    for create in creates:
        for name in _names_in(create) & titles.keys():
            yield from (must_run(other).before(title(create)) for other in titles[name])


def _same_name(changes: Sequence[Change]) -> Iterator[Edge]:
    """A name must be free before it is taken: tables, views and indexes share names."""
    dropped = _titles(c for c in changes if isinstance(c, Drop | DropTable))
    for change in changes:
        if isinstance(change, Create | CreateTable):
            for other in dropped.get(key_of(change).name, ()):
                yield must_run(other).before(title(change))


def _column_by_column(on_table: Sequence[OnTable]) -> Iterator[Edge]:
    """Columns of one table come in the order in which they are listed."""
    for titles in _titles(on_table).values():
        yield from (must_run(first).before(then) for first, then in pairwise(titles))


def _between_tables(on_table: Sequence[OnTable]) -> Iterator[Edge]:
    """Parents come before children and go after them, unless they refer to each other."""
    titles = _titles(on_table)
    dropped = {key_of(change).name for change in on_table if isinstance(change, DropTable)}
    pairs: set[tuple[str, str]] = set()
    for change in on_table:
        child = key_of(change).name
        for parent in _parents(change, dropped) & titles.keys() - {child}:
            pairs.add((child, parent) if parent in dropped else (parent, child))
    for first, then in without_circles(sorted(pairs), sorted(titles)):
        yield from (must_run(a).before(b) for a in titles[first] for b in titles[then])


def _parents(change: OnTable, dropped: set[str]) -> frozenset[str]:
    """Give the parents of new references, and of old ones to what is dropped."""
    match change:
        case CreateTable() | DropTable():
            keys = set(change.table.foreign_keys)
        case AddColumn():
            keys = set(change.foreign_keys)
        case DropColumn():
            keys = set()
        case RebuildTable():
            new, old = set(change.new.foreign_keys), set(change.old.foreign_keys)
            keys = (new - old) | {key for key in old if fold(key.parent) in dropped}
    return frozenset(fold(key.parent) for key in keys)


def _between_programs(drops: Sequence[Drop], creates: Sequence[Create]) -> Iterator[Edge]:
    """A view comes before what reads it, and goes after it, as far as that can be had."""
    yield from _reading(creates)
    yield from (must_run(edge.then).before(edge.first) for edge in _reading(drops))


def _reading(changes: Sequence[Create] | Sequence[Drop]) -> Iterator[Edge]:
    views = _titles(c for c in changes if isinstance(c, CreateView | DropView))
    pairs: set[tuple[str, str]] = set()
    for change in changes:
        for name in _names_in(change) & views.keys():
            pairs.update((view, title(change)) for view in views[name] if view != title(change))
    for first, then in without_circles(sorted(pairs), sorted(map(title, changes))):
        yield must_run(first).before(then)


def _names_in(change: Drop | Create) -> frozenset[str]:
    match change:
        case CreateIndex() | DropIndex():
            return frozenset({fold(change.index.table)})
        case CreateView() | DropView():
            return mentions(change.view.definition)
        case CreateTrigger() | DropTrigger():
            return mentions(change.trigger.definition) | {fold(change.trigger.table)}


def _titles(changes: Iterable[Change]) -> Titles:
    found: Titles = defaultdict(list)
    for change in changes:
        found[key_of(change).name].append(title(change))
    return dict(found)
