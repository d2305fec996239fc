"""The check of the order finds what it is for."""

import pytest

from tests.architecture.code import of_texts
from tests.architecture.order import cycle, misplaced, room

TREE = {
    "pipeline/__init__.py": "",
    "pipeline/secret.py": "",
    "pipeline/plan/__init__.py": "",
    "pipeline/plan/step.py": "",
    "pipeline/schema/__init__.py": "",
    "pipeline/schema/diff.py": "",
    "pipeline/schema/readers/__init__.py": "",
    "pipeline/schema/readers/sqlite.py": "",
    "pipeline/source/__init__.py": "",
    "pipeline/source/pull.py": "",
    "pipeline/build/__init__.py": "",
    "pipeline/build/release.py": "",
}


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("pipeline.errors", "values"),
        ("pipeline.settings", "settings"),
        ("pipeline.schema", "schema"),
        ("pipeline.schema.model.tables", "schema"),
        ("pipeline.schema.readers", "schema.readers"),
        ("pipeline.schema.readers.sqlite", "schema.readers"),
        ("pipeline.schema.rehearse", "schema.rehearse"),
        ("pipeline.errors.more", None),
        ("pipeline.values", None),
        ("pipeline.tools", None),
    ],
)
def test_room(module: str, expected: str | None) -> None:
    assert room(module) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pipeline/plan/roll.py", "from pipeline.secret import SecretRef"),
        ("pipeline/plan/roll.py", "from pipeline.plan.step import Step"),
        ("pipeline/plan/roll.py", "import pipeline.schema.diff"),
        ("pipeline/command.py", "from pipeline.secret import SecretRef"),
        ("pipeline/schema/readers/sqlite.py", "from pipeline.schema import diff"),
        ("pipeline/schema/readers/sqlite.py", "from pipeline.source import pull"),
        ("pipeline/tasks/deploy.py", "def f():\n    from pipeline.build import release"),
    ],
)
def test_the_left_may_be_imported(path: str, text: str) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    assert list(misplaced(of_texts(TREE | {path: text}), module)) == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "pipeline/secret.py",
            "import pipeline.plan.step",
            "pipeline.secret:1 imports pipeline.plan.step, but plan stands to the right of values",
        ),
        (
            "pipeline/schema/diff.py",
            "from pipeline.schema.readers import sqlite",
            "pipeline.schema.diff:1 imports pipeline.schema.readers.sqlite, "
            "but schema.readers stands to the right of schema",
        ),
        (
            "pipeline/build/release.py",
            "from pipeline.source.pull import pull",
            "pipeline.build.release:1 imports pipeline.source.pull, "
            "but source stands beside build",
        ),
        (
            "pipeline/plan/step.py",
            "def f():\n    from ..source import pull",
            "pipeline.plan.step:2 imports pipeline.source.pull, "
            "but source stands to the right of plan",
        ),
        (
            "pipeline/plan/step.py",
            "import importlib\nimportlib.import_module('pipeline.build.release')",
            "pipeline.plan.step:2 imports pipeline.build.release, "
            "but build stands to the right of plan",
        ),
        (
            "pipeline/plan/__init__.py",
            "from pipeline.build import release",
            "pipeline.plan:1 imports pipeline.build.release, "
            "but build stands to the right of plan",
        ),
    ],
)
def test_the_right_and_the_neighbour_may_not(path: str, text: str, expected: str) -> None:
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    advice = ": take it as an argument, or move what both need to the left"
    assert list(misplaced(of_texts(TREE | {path: text}), module)) == [expected + advice]


def test_a_module_outside_of_all_rooms_is_told_so() -> None:
    code = of_texts(TREE | {"pipeline/tools.py": ""})
    assert list(misplaced(code, "pipeline.tools")) == [
        "pipeline.tools stands in no room: move it into one, or give it a place in DESIGN's order"
    ]


@pytest.mark.parametrize(
    "late",
    [
        "from pipeline.plan import b",
        "def f():\n    import pipeline.plan.b",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pipeline.plan.b import B",
    ],
)
def test_a_circle_is_found_however_it_is_hidden(late: str) -> None:
    code = of_texts(
        {
            "pipeline/plan/a.py": late,
            "pipeline/plan/b.py": "import pipeline.plan.c",
            "pipeline/plan/c.py": "from pipeline.plan.a import A",
        }
    )
    found = cycle(code)
    assert found[0] == found[-1]
    assert sorted(found[1:]) == ["pipeline.plan.a", "pipeline.plan.b", "pipeline.plan.c"]


def test_no_circle_no_complaint() -> None:
    assert cycle(of_texts(TREE)) == ()
