"""Constraints, indexes, statistics and triggers of both sides, side by side."""

from collections.abc import Callable
from typing import Any, TypeVar

from pipeline.schema.diff.mssql.hidden import of_index, of_trigger
from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.diff.mssql.same import (
    COLUMNSTORE_DEFAULTS,
    FULL_TEXT_DEFAULTS,
    INDEX_DEFAULTS,
    STATISTICS_DEFAULTS,
    check_shape,
    foreign_key_pairs,
    foreign_key_shape,
    full_text_columns,
    index_shape,
    key_shape,
    option_values,
    place,
    primary_shape,
    same_expression,
    same_key_columns,
    same_name,
    same_names,
    same_set,
    same_text,
)
from pipeline.schema.diff.mssql.weighing import Address, Rule, Weighing, plain
from pipeline.schema.diff.mssql.words import columns_words, names_words, storage_words, yes_or_no
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Options, Storage
from pipeline.schema.model.mssql.tables import (
    Check,
    ForeignKey,
    FullTextIndex,
    Index,
    Statistics,
    Trigger,
    UniqueKey,
)

A = TypeVar("A", UniqueKey, Index)
KEY = {
    "primary": Rule("primary", plain, yes_or_no),
    "form": Rule("form", plain),
    "columns": Rule("columns", same_key_columns, columns_words),
    "not_enforced": Rule("NOT ENFORCED", plain, yes_or_no),
}
CONSTRAINT = {
    "not_for_replication": Rule("not for replication", plain, yes_or_no),
    "trusted": Rule("trusted", plain, yes_or_no),
    "disabled": Rule("disabled", plain, yes_or_no),
}
FOREIGN_KEY = {
    "on_delete": Rule("ON DELETE", plain),
    "on_update": Rule("ON UPDATE", plain),
    **CONSTRAINT,
}
CHECK = {"expression": Rule("expression", same_expression), **CONSTRAINT}
INDEX = {
    "form": Rule("form", plain),
    "unique": Rule("unique", plain, yes_or_no),
    "columns": Rule("columns", same_key_columns, columns_words),
    "included": Rule("included columns", same_set, names_words),
    "filter": Rule("filter", lambda one, other: _same_filter(one, other)),
    "detail": Rule("detail", same_text),
    "disabled": Rule("disabled", plain, yes_or_no),
}
STATISTICS = {
    "columns": Rule("columns", same_names, names_words),
    "filter": Rule("filter", lambda one, other: _same_filter(one, other)),
}
MODULE = {
    "quoted_identifier": Rule("quoted_identifier", plain, lambda on: "ON" if on else "OFF"),
    "ansi_nulls": Rule("ansi_nulls", plain, lambda on: "ON" if on else "OFF"),
    "order": Rule("order", plain, lambda order: ", ".join(map(" ".join, order))),
    "disabled": Rule("disabled", plain, yes_or_no),
}


def _same_filter(source: str, target: str) -> bool:
    return bool(source) == bool(target) and same_expression(source, target)


class Parts:
    """Compares the parts of one object.

    `columns` are those that are to be, folded; None where any name will do. `places` are where the
    rows of the two tables are kept.
    """

    def __init__(
        self,
        w: Weighing,
        columns: frozenset[str] | None,
        places: tuple[Storage, Storage] = (Storage(), Storage()),
    ) -> None:
        self.w, self.columns, self.places = w, columns, places

    def keys(
        self, source: tuple[UniqueKey, ...], target: tuple[UniqueKey, ...]
    ) -> tuple[UniqueKey, ...]:
        """Give the PRIMARY KEY and UNIQUE constraints that are to be."""
        shapes = (key_shape, primary_shape)
        fits = self._fits(lambda each: tuple(column.name for column in each.columns))
        return self.w.children(
            source, target, shapes, _key_at, self._key, fits, self.arriving_at(_key_at)
        )

    def _key(self, source: UniqueKey, target: UniqueKey) -> UniqueKey:
        at = _key_at(source)
        kept = self._named(at, source, target) | self.w.fields(at, source, target, KEY)
        return source._replace(**kept, **self._kept_at(at, source, target))

    def _named(self, at: Address, source: Any, target: Any) -> dict[str, Any]:
        same = self.w.constraint_name(at, source.name, target.name)
        return {"name": target.name} if same else {}

    def _kept_at(
        self, at: Address, source: UniqueKey | Index, target: UniqueKey | Index
    ) -> dict[str, Any]:
        """Compare where an index is, and its options."""
        mine = source.storage if source.storage.name else self.places[0]
        theirs = target.storage if target.storage.name else self.places[1]
        defaults = COLUMNSTORE_DEFAULTS if "COLUMNSTORE" in source.form else INDEX_DEFAULTS
        kept: dict[str, Any] = {
            "options": self.w.options(
                at,
                source.options,
                target.options,
                lambda options: option_values(options, defaults),
                defaults,
            )
        }
        if place(mine) == place(theirs):
            # Where an index says nothing, it follows its table: not when that moves, nor when it
            # is made anew as what holds the table's rows.
            moves = place(self.places[0]) != place(self.places[1])
            anew = source.form != target.form
            if not (moves or anew) or self.w.hides_property(at, "filegroup"):
                kept["storage"] = target.storage
        elif self.w.differ(at, "filegroup", storage_words(mine), storage_words(theirs)):
            kept["storage"] = target.storage
        return kept

    def arriving_at(self, address: Callable[[A], Address]) -> Callable[[A], A]:
        """Give what takes the hidden places and options away from a new index."""
        return lambda each: self._arriving(address(each), each)

    def _arriving(self, at: Address, new: A) -> A:
        options = dict(new.options)
        for name in sorted(options.keys() & {"DATA_COMPRESSION", "XML_COMPRESSION"}):
            if self.w.hides_property(at, name):
                self.w.differ(at, name, options.pop(name), "")
        if new.storage.name and self.w.hides_property(at, "filegroup"):
            self.w.differ(at, "filegroup", storage_words(new.storage), "")
            new = new._replace(storage=Storage())
        return new._replace(options=tuple(sorted(options.items())))

    def _fits(self, names: Callable[[Any], tuple[str, ...]]) -> Callable[[Any], bool]:
        return lambda each: all(map(self._there, names(each)))

    def _there(self, column: str) -> bool:
        """Whether a column is to be; $node_id and its like always are."""
        return self.columns is None or fold(column) in self.columns or column.startswith("$")

    def foreign_keys(
        self, source: tuple[ForeignKey, ...], target: tuple[ForeignKey, ...]
    ) -> tuple[ForeignKey, ...]:
        """Give the foreign keys that are to be."""
        fits = self._fits(lambda each: each.columns)
        return self.w.children(
            source, target, (foreign_key_shape,), _foreign_key_at, self._foreign_key, fits
        )

    def _foreign_key(self, source: ForeignKey, target: ForeignKey) -> ForeignKey:
        at = _foreign_key_at(source)
        kept = self._named(at, source, target)
        if self._same_columns(source, target) or self.w.differ(
            at, "columns", _reference(source), _reference(target)
        ):
            kept |= {
                name: getattr(target, name)
                for name in ("columns", "parent_schema", "parent", "parent_columns")
            }
        return source._replace(**kept, **self.w.fields(at, source, target, FOREIGN_KEY))

    def _same_columns(self, source: ForeignKey, target: ForeignKey) -> bool:
        mine = fold(source.parent_schema), fold(source.parent)
        theirs = fold(target.parent_schema), fold(target.parent)
        if mine != theirs:
            return False
        ground = self.w.ground
        return foreign_key_pairs(
            source, ground.source_primaries.get(mine, target.parent_columns)
        ) == foreign_key_pairs(target, ground.target_primaries.get(mine, source.parent_columns))

    def checks(self, source: tuple[Check, ...], target: tuple[Check, ...]) -> tuple[Check, ...]:
        """Give the checks that are to be."""
        return self.w.children(source, target, (check_shape,), _check_at, self._check)

    def _check(self, source: Check, target: Check) -> Check:
        at = _check_at(source)
        kept = self._named(at, source, target)
        return source._replace(**kept, **self.w.fields(at, source, target, CHECK))

    def indexes(self, source: tuple[Index, ...], target: tuple[Index, ...]) -> tuple[Index, ...]:
        """Give the indexes that are to be."""
        fits = self._fits(lambda each: (*(column.name for column in each.columns), *each.included))
        return self.w.children(
            source, target, (index_shape,), index_at, self._index, fits, self.arriving_at(index_at)
        )

    def _index(self, source: Index, target: Index) -> Index:
        at = index_at(source)
        at = at._replace(whole=at.whole & index_at(target).whole)
        kept = self._named(at, source, target) | self.w.fields(at, source, target, INDEX)
        return source._replace(**kept, **self._kept_at(at, source, target))

    def statistics(
        self, source: tuple[Statistics, ...], target: tuple[Statistics, ...]
    ) -> tuple[Statistics, ...]:
        """Give the statistics that are to be."""
        fits = self._fits(lambda each: each.columns)
        return self.w.children(source, target, (), _statistics_at, self._statistics, fits)

    def _statistics(self, source: Statistics, target: Statistics) -> Statistics:
        at = _statistics_at(source)
        kept: dict[str, Any] = {"name": target.name} if self._written(at, source, target) else {}
        kept |= self.w.fields(at, source, target, STATISTICS)
        kept["options"] = self.w.options(
            at, source.options, target.options, _statistics_options, STATISTICS_DEFAULTS
        )
        return source._replace(**kept)

    def _written(self, at: Address, source: Any, target: Any) -> bool:
        return self.w.written(at, source.name, target.name)

    def triggers(
        self, source: tuple[Trigger, ...], target: tuple[Trigger, ...]
    ) -> tuple[Trigger, ...]:
        """Give the triggers that are to be."""
        return self.w.children(source, target, (), trigger_at, self._trigger)

    def _trigger(self, source: Trigger, target: Trigger) -> Trigger:
        at = trigger_at(source)
        at = at._replace(whole=at.whole & trigger_at(target).whole)
        kept: dict[str, Any] = {"schema": target.schema} if same_schema(source, target) else {}
        if self._written(at, source, target):
            kept["name"] = target.name
        if self.w.text(at, source.definition, target.definition):
            kept["definition"] = target.definition
        return source._replace(**kept, **self.w.fields(at, source, target, MODULE))

    def full_text(
        self, source: FullTextIndex | None, target: FullTextIndex | None
    ) -> FullTextIndex | None:
        """Give the full-text index that is to be."""
        if source == target:
            return target
        at = Address(PartKind.FULL_TEXT)
        if source is None or target is None:
            kept = self.w.presence(at, source, target)
            return kept if kept is None or self._can_search(kept) else source
        mine = source._replace(
            key_index=self.w.names.get(("INDEX", fold(source.key_index)))
            or self.w.names.get(("CONSTRAINT", fold(source.key_index)), source.key_index)
        )
        kept_fields = self.w.fields(at, mine, target, FULL_TEXT)
        kept_fields["options"] = self.w.options(
            at, source.options, target.options, _full_text_options, FULL_TEXT_DEFAULTS
        )
        goal = mine._replace(**kept_fields)
        return goal if self._can_search(goal) else mine

    def _can_search(self, index: FullTextIndex) -> bool:
        return all(self._there(each.name) for each in index.columns)


FULL_TEXT = {
    "columns": Rule(
        "columns",
        lambda one, other: full_text_columns(one) == full_text_columns(other),
        lambda columns: names_words([each.name for each in columns]),
    ),
    "key_index": Rule("key index", same_name),
    "catalog": Rule("catalog", same_name),
    "filegroup": Rule(
        "filegroup", lambda one, other: place(Storage(one)) == place(Storage(other))
    ),
    "disabled": Rule("disabled", plain, yes_or_no),
}


def same_schema(source: Trigger, target: Trigger) -> bool:
    """Whether two triggers stand in the same schema, which is their table's."""
    return same_name(source.schema, target.schema)


def _statistics_options(options: Options) -> dict[str, str]:
    return option_values(options, STATISTICS_DEFAULTS)


def _full_text_options(options: Options) -> dict[str, str]:
    return option_values(options, FULL_TEXT_DEFAULTS)


def _reference(key: ForeignKey) -> str:
    parent = f"{key.parent_schema}.{key.parent}"
    return f"{names_words(key.columns)} of {parent}{names_words(key.parent_columns)}"


def _key_at(key: UniqueKey) -> Address:
    otherwise = "primary key" if key.primary else f"unique {columns_words(key.columns)}"
    return Address(PartKind.UNIQUE_KEY, key.name or otherwise)


def _foreign_key_at(key: ForeignKey) -> Address:
    return Address(PartKind.FOREIGN_KEY, key.name or _reference(key))


def _check_at(check: Check) -> Address:
    return Address(PartKind.CHECK, check.name or f"({' '.join(check.expression.split())})")


def index_at(index: Index) -> Address:
    """Give the address of an index, with what hides such an index whole."""
    return Address(PartKind.INDEX, index.name or columns_words(index.columns), of_index(index))


def _statistics_at(statistics: Statistics) -> Address:
    return Address(PartKind.STATISTICS, statistics.name)


def trigger_at(trigger: Trigger) -> Address:
    """Give the address of a trigger, with what hides such a trigger whole."""
    return Address(PartKind.TRIGGER, trigger.name, of_trigger(trigger))
