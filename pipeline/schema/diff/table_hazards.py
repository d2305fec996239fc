"""What it costs to make one table into another."""

from collections.abc import Iterator

from pipeline.hazard import Hazard, HazardName
from pipeline.schema.diff.pair import TablePair
from pipeline.schema.model.names import fold, qualified
from pipeline.schema.model.tables import Column
from pipeline.schema.normalise.affinity import affinity, loses_text
from pipeline.schema.normalise.sqlite import is_rowid_alias, spell_type


def table_hazards(pair: TablePair) -> tuple[Hazard, ...]:
    """Give what the change costs, apart from how it is done; sorted, each once."""
    return tuple(sorted({*_column_hazards(pair), *_rule_hazards(pair)}))


def _column_hazards(pair: TablePair) -> Iterator[Hazard]:
    columns = pair.columns
    for was in columns.only_old:
        if was.generated is None:
            yield _about(pair, was, HazardName.LOSES_DATA, "the values of the column are dropped")
    for now in columns.only_new:
        if not now.fills_itself and not is_rowid_alias(now, pair.new):
            reason = "the new column is NOT NULL and has no default"
            yield _about(pair, now, HazardName.MAY_FAIL, reason)
    for was, now in columns.differing:
        yield from _null_hazards(pair, was, now)
        yield from _value_hazards(pair, was, now)
        yield from _generated_hazards(pair, was, now)


def _null_hazards(pair: TablePair, was: Column, now: Column) -> Iterator[Hazard]:
    spelled = pair.spelling.column(was, pair.old), pair.spelling.column(now, pair.new)
    tighter = spelled[0].nullable and not spelled[1].nullable
    if tighter and spelled[1].default is None:
        yield _about(pair, now, HazardName.MAY_FAIL, "NOT NULL, and there may be NULLs")
    elif tighter and now.generated is None:
        reason = f"NULLs become {spelled[1].default}"
        yield _about(pair, now, HazardName.LOSES_DATA, reason)
    if spelled[0].default is not None and spelled[0].default != spelled[1].default:
        after = f"becomes {spelled[1].default}" if spelled[1].default else "is taken away"
        reason = f"the default {spelled[0].default} {after}"
        yield _about(pair, now, HazardName.CHANGES_BEHAVIOUR, reason)


def _value_hazards(pair: TablePair, was: Column, now: Column) -> Iterator[Hazard]:
    spelled = pair.spelling.column(was, pair.old), pair.spelling.column(now, pair.new)
    if spelled[0].collate != spelled[1].collate:
        reason = "values compare by other rules"
        yield _about(pair, now, HazardName.CHANGES_BEHAVIOUR, reason)
        if _is_unique(pair, now):
            yield _about(pair, now, HazardName.MAY_FAIL, "values may no longer be unique")
    if spell_type(was.type) == spell_type(now.type):
        return
    if pair.new.strict:
        yield _about(pair, now, HazardName.MAY_FAIL, f"values may not be {now.type}")
        yield _about(pair, now, HazardName.LOCKSTEP, "old and new code write different types")
    if affinity(was.type) != affinity(now.type):
        reason = f"values are stored as {affinity(now.type)}, not as {affinity(was.type)}"
        yield _about(pair, now, HazardName.CHANGES_BEHAVIOUR, reason)
    if loses_text(was.type, now.type):
        reason = "text that looks like a number becomes one: 007 is 7"
        yield _about(pair, now, HazardName.LOSES_DATA, reason)


def _generated_hazards(pair: TablePair, was: Column, now: Column) -> Iterator[Hazard]:
    if was.generated is None and now.generated is not None:
        yield _about(pair, now, HazardName.LOSES_DATA, "stored values give way to computed ones")
    elif was.generated is not None and now.generated is None:
        yield _about(
            pair, now, HazardName.LOCKSTEP, "no longer computed: old code leaves it empty"
        )
    elif was.generated is not None and now.generated is not None:
        spell = pair.spelling.text
        if spell(was.generated.expression) != spell(now.generated.expression):
            reason = "computed by another expression"
            yield _about(pair, now, HazardName.CHANGES_BEHAVIOUR, reason)


def _rule_hazards(pair: TablePair) -> Iterator[Hazard]:
    if not pair.same_key:
        yield _hazard(pair, HazardName.LOCKSTEP, "another primary key")
        yield _hazard(pair, HazardName.MAY_FAIL, "rows may not be unique by the new primary key")
    if any(not pair.is_free(unique) for unique in pair.uniques.only_new):
        yield _hazard(pair, HazardName.MAY_FAIL, "rows may not be unique")
    if not all(map(pair.passes_at_once, pair.checks.only_new)):
        yield _hazard(pair, HazardName.MAY_FAIL, "rows may not pass the new CHECK")
    if any(not all(map(pair.stays_null, k.columns)) for k in pair.foreign_keys.only_new):
        yield _hazard(pair, HazardName.MAY_FAIL, "rows may refer to nothing")
    if pair.foreign_keys.differing:
        yield _hazard(pair, HazardName.CHANGES_BEHAVIOUR, "a foreign key acts otherwise")
    if pair.new.strict and not pair.old.strict:
        yield _hazard(pair, HazardName.MAY_FAIL, "values may not fit the types of a STRICT table")
    if pair.new.without_rowid and not pair.old.without_rowid:
        yield _hazard(pair, HazardName.MAY_FAIL, "the key may hold NULLs")


def _is_unique(pair: TablePair, column: Column) -> bool:
    terms = [term for unique in pair.new.uniques for term in unique.terms]
    named = {fold(term.column) for term in terms} | set(pair.new.key_columns)
    return fold(column.name) in named


def _about(pair: TablePair, column: Column, name: HazardName, reason: str) -> Hazard:
    return Hazard(name, f"{qualified(pair.new.schema, pair.new.name)}.{column.name}", reason)


def _hazard(pair: TablePair, name: HazardName, reason: str) -> Hazard:
    return Hazard(name, qualified(pair.new.schema, pair.new.name), reason)
