"""Laws of plans, for any two databases."""

import random

from hypothesis import given, settings

from pipeline.schema.diff.mssql.compare import compare
from pipeline.schema.diff.mssql.operation import PartKind, Verb
from pipeline.schema.diff.mssql.operations import Planned, lost, plan
from pipeline.schema.diff.mssql.parts import object_part
from pipeline.schema.diff.mssql.renames import Renames
from pipeline.schema.model.mssql.database import Database
from tests.schema.mssql.planning import STRICT
from tests.schema.mssql.reading import database
from tests.schema.mssql.strategies import Spec, pairs, specs


def planned(pair: tuple[Spec, Spec]) -> tuple[Planned, ...]:
    target, source = (database(each.script()) for each in pair)
    return plan(target, compare(source, target, STRICT).goal, Renames(), STRICT)


@settings(deadline=None)
@given(specs)
def test_nothing_is_done_where_nothing_differs(spec: Spec) -> None:
    found = database(spec.script())

    assert plan(found, found, Renames(), STRICT) == ()


@settings(deadline=None)
@given(pairs())
def test_what_an_operation_needs_comes_before_it(pair: tuple[Spec, Spec]) -> None:
    assert [
        (place, need)
        for place, each in enumerate(planned(pair))
        for need in each.needs
        if need >= place
    ] == []


@settings(deadline=None)
@given(pairs())
def test_what_is_only_in_the_way_is_put_back(pair: tuple[Spec, Spec]) -> None:
    found = [each.operation for each in planned(pair)]
    made = {each.part: place for place, each in enumerate(found) if each.verb is Verb.CREATE}

    assert [
        each.part
        for place, each in enumerate(found)
        if each.in_the_way and each.verb is Verb.DROP and made.get(each.part, -1) < place
    ] == []


@settings(deadline=None)
@given(pairs())
def test_no_part_is_dropped_or_made_twice(pair: tuple[Spec, Spec]) -> None:
    found = [
        (each.operation.verb, each.operation.part)
        for each in planned(pair)
        if each.operation.verb in {Verb.CREATE, Verb.DROP}
    ]

    assert len(found) == len(set(found))


@settings(deadline=None)
@given(pairs())
def test_the_order_of_what_comes_in_does_not_matter(pair: tuple[Spec, Spec]) -> None:
    target, source = (database(each.script()) for each in pair)
    goal = compare(source, target, STRICT).goal

    assert plan(_shuffled(target), _shuffled(goal), Renames(), STRICT) == plan(
        target, goal, Renames(), STRICT
    )


def _shuffled(found: Database) -> Database:
    objects = list(found.objects.values())
    random.Random(1).shuffle(objects)
    return Database({each.key: each for each in objects}, found.collation)


@settings(deadline=None)
@given(pairs())
def test_what_has_rows_is_only_dropped_with_a_hazard(pair: tuple[Spec, Spec]) -> None:
    for each in planned(pair):
        operation = each.operation
        tables = operation.part.kind is PartKind.OBJECT and operation.part.key.kind == "Table"
        if operation.verb is Verb.DROP and tables:
            assert "loses-data" in {hazard.name for hazard in operation.hazards}


@settings(deadline=None)
@given(pairs())
def test_what_is_lost_is_said(pair: tuple[Spec, Spec]) -> None:
    found = planned(pair)
    reasons = {
        f"{hazard.object}: {hazard.reason}"
        for each in found
        for hazard in each.operation.hazards
        if hazard.name == "loses-data"
    }

    assert set(lost(found)) == reasons


@settings(deadline=None)
@given(pairs())
def test_what_is_new_costs_nothing(pair: tuple[Spec, Spec]) -> None:
    found = planned(pair)
    new = {
        each.operation.part.key
        for each in found
        if each.operation.verb is Verb.CREATE
        and each.operation.part == object_part(each.operation.part.key)
        and each.operation.before is None
    }

    assert [
        each.operation.hazards
        for each in found
        if each.operation.part.key in new and each.operation.hazards
    ] == []
