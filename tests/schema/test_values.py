"""Schemas, groups and comparisons as JSON; digests; order."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import BadCall, BadSchema
from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.schema.compare import compare, groups
from pipeline.schema.groups import Group, from_dict, to_dict
from pipeline.schema.model.schema import Schema
from pipeline.schema.order import in_order, must_run, without_circles
from pipeline.schema.script import script, undo_script
from pipeline.schema.snapshot import digest, from_json, to_json
from tests.schema.databases import schema

OLD = "CREATE TABLE t (x INTEGER); CREATE VIEW v AS SELECT x FROM t;"


def test_a_digest_is_the_same_in_every_process() -> None:
    program = (
        "from tests.schema.databases import schema; from pipeline.schema.snapshot import digest;"
        f"print(digest(schema({OLD!r})))"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)

    assert found.stdout.strip() == digest(schema(OLD))
    assert (
        digest(schema(OLD)) == "95b8172e012368331e13db9a86236840ffecdef8366cbaec7d06a52972650b96"
    )


def test_a_digest_does_not_see_spelling_and_sees_meaning() -> None:
    assert digest(schema(OLD.lower().replace("x", '"X"'))) == digest(schema(OLD))
    assert digest(schema(OLD.replace("INTEGER", "TEXT"))) != digest(schema(OLD))


def test_a_snapshot_comes_back_from_json() -> None:
    assert from_json(json.loads(json.dumps(to_json(schema(OLD))))) == schema(OLD)


@pytest.mark.parametrize(
    ("snapshot", "message"),
    [
        ({}, "this is no snapshot of a schema: 'format'"),
        ({"format": 2}, "a snapshot of format 2, and this farmhand reads 1"),
        (
            {"format": 1, "model": [{"kind": "Queue"}]},
            "this is no snapshot of a schema: an object of the unknown kind Queue",
        ),
        ({"format": 1, "model": 7}, "this is no snapshot of a schema: model is no list"),
    ],
)
def test_what_is_no_snapshot_is_refused(snapshot: dict[str, object], message: str) -> None:
    with pytest.raises(BadSchema) as found:
        from_json(snapshot)
    assert str(found.value) == message


def test_a_group_is_whole_and_comes_back_from_json() -> None:
    (group,) = groups(compare(schema(OLD.replace("x INTEGER", "x INTEGER, y TEXT")), schema(OLD)))

    assert group == Group(
        name="t",
        phase=Phase.EXPAND,
        objects=("Table t",),
        statements=('ALTER TABLE "t" ADD COLUMN "y" TEXT',),
        undo=('ALTER TABLE "t" DROP COLUMN "y"',),
    )
    assert from_dict(json.loads(json.dumps(to_dict(group)))) == group


def test_a_group_with_hazards_comes_back_from_json() -> None:
    (group,) = groups(compare(Schema("sqlite"), schema("CREATE TABLE t (x);")))

    assert group == Group(
        name="t",
        phase=Phase.CONTRACT,
        objects=("Table t",),
        statements=('DROP TABLE "t"',),
        undo=None,
        hazards=(
            Hazard(HazardName.DROPS_OBJECT, "t", "only the target has this table"),
            Hazard(HazardName.LOSES_DATA, "t", "the rows of the table are dropped"),
            Hazard(HazardName.NO_UNDO, "t", "the rows of the table are dropped"),
        ),
        needs_foreign_keys_off=True,
    )
    assert from_dict(json.loads(json.dumps(to_dict(group)))) == group


def test_a_comparison_has_a_script_and_the_script_back() -> None:
    found = compare(schema(OLD.replace("SELECT x", "SELECT x, x")), schema(OLD))

    assert [(each.type, each.name, str(each.verdict)) for each in found.objects] == [
        ("Table", "t", "same"),
        ("View", "v", "different"),
    ]
    assert script(found) == (
        "-- expand: v\n--   changes-behaviour:v: the view has another body\nBEGIN IMMEDIATE;\n"
        'DROP VIEW "v";\nCREATE VIEW v AS SELECT x, x FROM t;\nCOMMIT;\n'
    )
    assert undo_script(found) == (
        "-- undo of expand: v\nBEGIN IMMEDIATE;\n"
        'DROP VIEW "v";\nCREATE VIEW v AS SELECT x FROM t;\nCOMMIT;\n'
    )


def test_two_dialects_cannot_be_compared() -> None:
    with pytest.raises(BadCall, match="sqlite cannot be compared with mssql"):
        compare(Schema("sqlite"), Schema("mssql"))


def test_a_kept_object_in_the_way_of_a_wanted_one_is_refused() -> None:
    with pytest.raises(BadSchema, match="t would be table and view"):
        compare(
            schema("CREATE VIEW t AS SELECT 1 AS x;"),
            schema("CREATE TABLE t (x);"),
            drops=frozenset(),
        )


def test_names_come_in_order_of_edges_and_then_of_names() -> None:
    edges = [must_run("c").before("a"), must_run("absent").before("b")]

    assert in_order(["a", "b", "c", "d"], edges) == ("b", "c", "d", "a")


def test_a_circle_is_named() -> None:
    edges = [must_run("a").before("b"), must_run("b").before("a")]
    with pytest.raises(BadSchema, match=r"come before the next: (a -> b -> a|b -> a -> b)$"):
        in_order(["a", "b"], edges)


def test_wishes_that_close_a_circle_are_left_out() -> None:
    pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d")]

    assert sorted(without_circles(pairs, "abcd")) == [("a", "b"), ("a", "d"), ("b", "c")]
