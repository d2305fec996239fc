"""For any two schemas, the change leads from one to the other, and back."""

from hypothesis import HealthCheck, given, settings

from pipeline.phase import Phase
from pipeline.schema.compare import compare, groups
from pipeline.schema.model.schema import Schema
from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.schema.rehearse import rehearse
from pipeline.schema.snapshot import digest, from_json, to_json
from tests.schema.databases import database, run, undo
from tests.schema.strategies import schemas

EMPTY = Schema("sqlite")
patient = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@patient
@given(schemas())
def test_a_schema_made_from_nothing_is_read_back_as_it_was(wanted: Schema) -> None:
    with database() as connection:
        run(connection, groups(compare(wanted, EMPTY)))
        found = read_sqlite(connection)

    assert compare(wanted, found).changes == ()
    assert digest(found) == digest(wanted)
    assert from_json(to_json(found)) == found


@patient
@given(schemas(), schemas())
def test_any_schema_becomes_any_other_by_way_of_the_one_between(old: Schema, new: Schema) -> None:
    comparison = compare(new, old)
    todo = groups(comparison)
    expand = [group for group in todo if group.phase is Phase.EXPAND]
    contract = [group for group in todo if group.phase is Phase.CONTRACT]
    with database() as connection:
        run(connection, groups(compare(old, EMPTY)))
        run(connection, expand)
        assert digest(read_sqlite(connection)) == digest(comparison.middle)
        run(connection, contract)
        found = read_sqlite(connection)

    assert compare(new, found).changes == ()
    assert not compare(new, found).differs
    assert digest(found) == digest(new)
    assert len(rehearse(old, todo, new)) == len(todo)


@patient
@given(schemas(), schemas())
def test_expand_can_be_undone(old: Schema, new: Schema) -> None:
    todo = [group for group in groups(compare(new, old)) if group.phase is Phase.EXPAND]
    with database() as connection:
        run(connection, groups(compare(old, EMPTY)))
        run(connection, todo)
        if all(group.undo is not None for group in todo):
            undo(connection, todo)
            assert digest(read_sqlite(connection)) == digest(old)


@patient
@given(schemas(), schemas())
def test_a_careful_comparison_drops_nothing(old: Schema, new: Schema) -> None:
    comparison = compare(new, old, drops=frozenset())

    assert [h for h in comparison.hazards if h.name in ("drops-object",)] == []
    assert set(old.by_key()) <= set(comparison.wanted.by_key())
