"""The shape of the code, checked: each failure names the module and what to do about it.

The checks themselves are tested on small trees in tests/architecture/.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.code import of_folder
from tests.architecture.order import VALUES, cycle, misplaced
from tests.architecture.platforms import unguarded
from tests.architecture.purity import impure, is_pure

ROOT = Path(__file__).parents[1]
CODE = of_folder(ROOT)
LONGEST = 400  # lines
SAYS_NOTHING = frozenset({"utils", "util", "helpers", "helper", "manager", "common", "misc"})
HEAVY = ("hglib", "jinja2", "mercurial", "pydantic", "rich", "sqlalchemy", "uv")
PURE = [name for name in CODE.modules if is_pure(name)]
# What runs before a task does: the list, and the console script, must appear at once.
STARTS = ("tasks", "pipeline.tasks.gather", "pipeline.tasks.console")
STARTS_HERE = [name for name in STARTS if name in CODE.modules or (ROOT / f"{name}.py").exists()]


def names(module: str) -> str:
    return module.removeprefix("pipeline.")


@pytest.mark.parametrize("module", CODE.modules, ids=names)
def test_a_room_imports_only_from_rooms_to_its_left(module: str) -> None:
    assert list(misplaced(CODE, module)) == []


@pytest.mark.parametrize("module", PURE, ids=names)
def test_pure_code_cannot_reach_the_world(module: str) -> None:
    assert list(impure(CODE, module)) == []


@pytest.mark.parametrize("module", CODE.modules, ids=names)
def test_what_a_platform_lacks_is_guarded(module: str) -> None:
    assert list(unguarded(CODE, module)) == []


def test_no_imports_go_in_a_circle() -> None:
    assert cycle(CODE) == (), "move what both ends need into a module of its own"


@pytest.mark.parametrize("module", [m.name for m in CODE.modules.values() if m.package], ids=names)
def test_a_package_file_is_empty(module: str) -> None:
    text = CODE.modules[module].text.strip()
    assert text == "", f"{module}/__init__.py: write whole module names where they are used"


@pytest.mark.parametrize("module", CODE.modules, ids=names)
def test_a_module_can_be_read_at_once(module: str) -> None:
    lines = len(CODE.modules[module].text.splitlines())
    assert lines <= LONGEST, (
        f"{module} has {lines} lines: find the two things in it, and part them"
    )


@pytest.mark.parametrize("module", CODE.modules, ids=names)
def test_a_name_says_what_is_inside(module: str) -> None:
    found = SAYS_NOTHING.intersection(module.split("."))
    assert not found, f"{module}: {min(found)} could hold anything; name it after the thing in it"


def test_the_single_modules_are_there() -> None:
    assert [name for name in sorted(VALUES) if f"pipeline.{name}" not in CODE.modules] == []


@pytest.mark.parametrize("module", STARTS_HERE)
def test_listing_the_tasks_loads_nothing_heavy(module: str) -> None:
    program = (
        f"import json, sys, {module}\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    loaded = json.loads(answer.stdout.splitlines()[-1])
    assert loaded == [], f"{module}: import these inside the task that needs them"
