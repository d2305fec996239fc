"""What is dropped on one side and made on the other, and looks like one thing renamed.

Nothing is guessed: such a pair is refused until a hint says what is meant.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from math import ceil
from typing import NamedTuple, TypeVar

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.renames import Renames, columns_of
from pipeline.schema.diff.mssql.same import normal_type
from pipeline.schema.diff.mssql.weighing import AS_WRITTEN
from pipeline.schema.diff.mssql.words import full_name, kind_words, type_words
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.modules import normal_module, renamed

SHARE = 0.6
"""Of the columns, by name and type: so many alike make two tables look like one."""
SIMILAR = 0.7
FEW = 3
"""Types in order say something from so many columns on."""
MOST_CANDIDATES = 50
ALLOWED = "allow-drop-and-create-of-lookalikes"
RENAMABLE = frozenset({Kind.DEFAULT, Kind.ROLE, Kind.RULE, Kind.SEQUENCE, Kind.SYNONYM, Kind.USER})

T = TypeVar("T")


class Like(NamedTuple):
    """Two things that look like one. `new` and `old` are full names; `where` is the new one's."""

    what: str
    new: str
    old: str
    why: str
    where: str = ""
    inside: str = ""
    """The old table's full name, where `old` is a column."""

    def lines(self) -> str:
        """Say what is to be written, and where."""
        old = f"{self.inside}.{self.old}" if self.inside else self.old
        place = f" in {self.where.partition(':')[0]}" if self.where else ""
        above = "above its line" if self.inside else "above it"
        return (
            f"{self.what} {self.new} looks like {old} renamed ({self.why}):\n"
            f"     -- @renamed from={self.old}   {above}{place}, if it is\n"
            f"     -- @dropped {old}   there, if it is not"
        )


def refuse(found: Sequence[Like]) -> None:
    """Raise one CheckFailed that names all of them, with the lines to write."""
    if not found:
        return
    count = len(found)
    what = "1 thing looks" if count == 1 else f"{count} things look"
    raise CheckFailed(
        f"{what} renamed: nothing is dropped before a hint says so",
        advice="\n  -> ".join(each.lines() for each in found),
    )


def likes(
    source: Database,
    made: Iterable[Object],
    gone: Iterable[Object],
    pairs: Iterable[tuple[Table, Table]],
    renames: Renames,
) -> tuple[Like, ...]:
    """Give what looks renamed: objects made and gone, and columns of the pairs of tables."""
    new, old = list(made), list(gone)
    dropped = frozenset(map(fold, source.dropped))
    old = [each for each in old if fold(full_name(each.schema, each.name)) not in dropped]
    found = [*_tables(source, new, old), *_others(source, new, old)]
    for mine, theirs in pairs:
        found += _columns(source, mine, theirs, renames, dropped)
    return tuple(found)


def _like(source: Database, new: Object, old: Object, why: str) -> Like:
    return Like(
        kind_words(new.key.kind),
        full_name(new.schema, new.name),
        full_name(old.schema, old.name),
        why,
        source.places.get(new.key, ""),
    )


Token = tuple[str, Hashable]


def _tokens(columns: Iterable[Column]) -> frozenset[Token]:
    return frozenset((fold(each.name), normal_type(each.type)) for each in columns)


def _types(columns: Sequence[Column]) -> Hashable:
    if len(columns) < FEW:
        return None
    return tuple(normal_type(each.type) for each in columns)


def _tables(source: Database, new: list[Object], old: list[Object]) -> list[Like]:
    mine = [each for each in new if isinstance(each, Table | TableType)]
    theirs = [each for each in old if isinstance(each, Table | TableType)]
    if not mine or not theirs:
        return []
    scored = []
    for one, other in _candidates(mine, theirs):
        if one.key.kind != other.key.kind or type(one) is not type(other):
            continue
        here, there = _tokens(one.columns), _tokens(other.columns)
        most, common = max(len(here), len(there)), len(here & there)
        if common >= SHARE * most and most:
            why = f"{common} of {most} columns are the same"
        elif fold(one.name) == fold(other.name):
            why = "the same name in another schema"
        elif _types(one.columns) == _types(other.columns) is not None:
            why = "the same types in the same order"
        else:
            continue
        score = common / most if most else 0.0
        scored.append((score, _similarity(one.name, other.name), one, other, why))
    return [_like(source, one, other, why) for one, other, why in _assigned(scored)]


def _assigned(
    scored: list[tuple[float, float, "TableLike", "TableLike", str]],
) -> list[tuple["TableLike", "TableLike", str]]:
    """Give each thing to one other at most, the best ones first."""
    scored.sort(key=lambda each: (-each[0], -each[1], each[2].key, each[3].key))
    seen_new: set[Key] = set()
    seen_old: set[Key] = set()
    found = []
    for _, _, one, other, why in scored:
        if one.key not in seen_new and other.key not in seen_old:
            seen_new.add(one.key)
            seen_old.add(other.key)
            found.append((one, other, why))
    return sorted(found, key=lambda each: each[0].key)


TableLike = Table | TableType


def _candidates(
    mine: list[TableLike], theirs: list[TableLike]
) -> list[tuple[TableLike, TableLike]]:
    """Give pairs that may be alike, near-linear: two tables that share enough columns share one
    of the rarest of each; and those with the same types in order, or the same name.
    """
    sides = (*mine, *theirs)
    rarity = Counter(token for each in sides for token in _tokens(each.columns))
    buckets: dict[Hashable, list[TableLike]] = defaultdict(list)
    for each in theirs:
        for signature in _signatures(each, rarity):
            buckets[signature].append(each)
    found: list[tuple[TableLike, TableLike]] = []
    for each in mine:
        seen = {
            other.key: other
            for signature in _signatures(each, rarity)
            for other in buckets.get(signature, ())[:MOST_CANDIDATES]
        }
        found += [(each, other) for other in seen.values()]
    return found


def _signatures(each: TableLike, rarity: Mapping[Token, int]) -> list[Hashable]:
    tokens = sorted(_tokens(each.columns), key=lambda token: (rarity[token], repr(token)))
    rare = tokens[: len(tokens) - ceil(SHARE * len(tokens)) + 1]
    types = _types(each.columns)
    return [*rare, ("name", fold(each.name)), *([types] if types is not None else [])]


def _others(source: Database, new: list[Object], old: list[Object]) -> list[Like]:
    """Modules with the same body, and items that are equal but for their names."""
    shapes: dict[Hashable, list[Object]] = defaultdict(list)
    for each in reversed(old):
        shape = _shape(each)
        if shape is not None:
            shapes[shape].append(each)
    found = []
    for each in new if shapes else ():
        candidates = shapes.get(_shape(each))
        if candidates:
            found.append(_like(source, each, candidates.pop(), "the same but for the name"))
    return found


def _shape(each: Object) -> Hashable:
    """Give what an object says without its name; None of what is like no other."""
    match each:
        case Module(definition=definition) if definition:
            return (each.kind, normal_module(renamed(definition, "x", "x"), AS_WRITTEN))
        case Item(kind=kind) if kind in RENAMABLE and not each.built_in:
            said = (_nameless(each), each.permissions, each.properties)
            return (kind, *said) if any(said) else None
        case AliasType():
            return each._replace(schema="", name="")
        case _:
            return None


def _nameless(item: Item) -> Hashable:
    if item.kind in {Kind.DEFAULT, Kind.RULE}:
        return tuple((name, renamed(text, "x", "x")) for name, text in item.facts)
    return item.facts


def _similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio()


def _columns(
    source: Database, mine: Table, theirs: Table, renames: Renames, dropped: frozenset[str]
) -> list[Like]:
    """Give the columns of one table that look renamed. `theirs` is carried already."""
    here = {fold(each.name): each for each in columns_of(mine)}
    there = {fold(each.name): each for each in columns_of(theirs)}
    old_key = renames.objects.get(mine.key, mine.key)
    inside = full_name(old_key.schema, old_key.name) if old_key != mine.key else ""
    inside = inside or full_name(theirs.schema, theirs.name)
    added = [each for name, each in here.items() if name not in there and not each.computed]
    gone = [
        each
        for name, each in there.items()
        if name not in here
        and not each.computed
        and not {
            fold(f"{table}.{each.name}") for table in (inside, full_name(mine.schema, mine.name))
        }
        & dropped
    ]
    if not added or not gone:
        return []
    return [
        Like(
            "column",
            f"{full_name(mine.schema, mine.name)}.{new.name}",
            old.name,
            why,
            source.places.get(mine.key, ""),
            inside,
        )
        for new, old, why in _column_pairs(added, gone)
    ]


def _column_pairs(added: list[Column], gone: list[Column]) -> list[tuple[Column, Column, str]]:
    """Pair columns with similar names first, then the only two of a type."""
    found = []
    scored = [
        (_column_score(new, old), new, old)
        for old in gone
        for new in added
        if _named_alike(new.name, old.name)
    ]
    for _, new, old in sorted(scored, key=lambda each: (-each[0], each[1].name, each[2].name)):
        if new in added and old in gone:
            added, gone = _without(added, new), _without(gone, old)
            found.append((new, old, "a similar name"))
    by_type = _by(added, lambda each: normal_type(each.type))
    for kind, olds in _by(gone, lambda each: normal_type(each.type)).items():
        news = by_type.get(kind, [])
        if len(olds) == len(news) == 1:
            found.append((news[0], olds[0], f"both are {type_words(olds[0].type)}"))
    return found


def _column_score(new: Column, old: Column) -> float:
    same = normal_type(new.type) == normal_type(old.type)
    return _similarity(new.name, old.name) + same


def _named_alike(new: str, old: str) -> bool:
    one, other = sorted((fold(new), fold(old)), key=len)
    return (len(one) >= FEW + 1 and one in other) or _similarity(one, other) >= SIMILAR


def _without(columns: list[Column], gone: Column) -> list[Column]:
    return [each for each in columns if each is not gone]


def _by(each: Iterable[T], name: Callable[[T], Hashable]) -> dict[Hashable, list[T]]:
    found: dict[Hashable, list[T]] = defaultdict(list)
    for one in each:
        found[name(one)].append(one)
    return found
