"""Each case: the texts of a farm and of an environment, and the complaint or values they give."""

import tomllib
import traceback
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import BadCall, BadInventory
from pipeline.farm.instances import Inventory
from pipeline.settings import load

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))

FARM = """\
format = 1
project = "homebrew"
source.repo = "hg"
build.wsgi = "homebrew.wsgi"
"""
ENVIRONMENT = """\
root = "/srv/homebrew"
balancer.kind = "apache"
hosts.box.transport = "local"
hosts.box.instances.count = 3
"""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_files_give_values_or_a_complaint_that_names_line_and_cure(
    path: Path, tmp_path: Path
) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    (tmp_path / "environments").mkdir()
    (tmp_path / "farm.toml").write_text(case.get("farm", FARM), "utf-8")
    (tmp_path / "environments/local.toml").write_text(
        case.get("environment", ENVIRONMENT), "utf-8"
    )
    call = tmp_path, case.get("name", "local"), case.get("set", [])
    if "expected" in case:
        expected: dict[str, object] = case["expected"]
        inventory = load(*call).inventory
        assert {name: value(inventory, name) for name in expected} == expected
        return
    with pytest.raises((BadInventory, BadCall)) as caught:
        load(*call)
    assert "\n".join(caught.value.lines()).splitlines() == case["error"]
    if "never" in case:
        assert case["never"] not in "".join(traceback.format_exception(caught.value))
        assert caught.value.__context__ is None


def value(inventory: Inventory, name: str) -> Any:
    """What a dotted name stands for, through attributes and keys of mappings."""
    found: Any = inventory
    for part in name.split("."):
        found = found[part] if isinstance(found, dict) else attrgetter(part)(found)
    return found


def test_there_are_cases() -> None:
    assert len(CASES) >= 55
