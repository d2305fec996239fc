"""What is not in the reference does not exist for a newcomer; what is gone misleads them."""

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import pytest
from invoke.parser.argument import Argument
from invoke.parser.context import ParserContext
from pydantic.fields import FieldInfo

import tasks
from pipeline import errors
from pipeline.errors import FarmhandError
from pipeline.farm.inventory import Environment, Farm, Hook, Part, Rewrite
from pipeline.hazard import HazardName

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
LONGEST = 88  # letters in a task's line
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*.md")
    if not {".venv", ".farm", ".git", ".pytest_cache"}.intersection(path.parts)
)
CALLS = {context.name or "": context for context in tasks.ns.to_contexts()}
ERRORS = {
    name: found
    for name, found in vars(errors).items()
    if inspect.isclass(found) and issubclass(found, FarmhandError)
}


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """The tables' rows by the name in their first cell."""
    lines = (re.split(r" \| ", line.strip("| ")) for line in text.splitlines())
    return {cells[0].strip("`"): cells[1:] for cells in lines if cells[0].startswith("`")}


def section(text: str, heading: str) -> str:
    """What follows a heading, to the next one."""
    return re.split(r"^#+ ", text.partition(f" {heading}\n")[2], maxsplit=1, flags=re.M)[0]


# A heading may name several tasks that have the same options.
TASKS_DESCRIBED = {
    heading: re.findall(r"`([^`]+)`", heading)
    for heading in re.findall(r"^### (`.+`)$", page("tasks.md"), re.M)
}


@pytest.mark.parametrize("name", CALLS)
def test_a_task_says_in_one_line_what_it_does(name: str) -> None:
    line = tasks.ns[name].__doc__ or ""
    assert line.endswith("."), f"give {name} a docstring of one sentence"
    assert "\n" not in line, f"{name}: one line; the rest belongs into docs/reference/tasks.md"
    assert len(line) <= LONGEST, f"{name}: {len(line)} letters, {LONGEST} are enough"


@pytest.mark.parametrize("name", CALLS)
def test_an_option_has_help(name: str) -> None:
    silent = [each.name for each in options(CALLS[name]) if not each.help]
    assert silent == [], f"{name}: say what these mean, in help={{...}}"


@pytest.mark.parametrize("name", CALLS)
def test_a_task_stands_in_the_reference_with_its_options(name: str) -> None:
    heading = next((each for each, names in TASKS_DESCRIBED.items() if name in names), None)
    assert heading, f"docs/reference/tasks.md needs a section: ### `{name}`"
    described = set(rows(section(page("tasks.md"), heading)))
    wanted = {flag(each) for each in options(CALLS[name])}
    assert described == wanted, f"the table under ### `{name}` in docs/reference/tasks.md"


def test_no_task_of_the_reference_is_gone() -> None:
    described = [name for names in TASKS_DESCRIBED.values() for name in names]
    assert sorted(described) == sorted(CALLS), "each task once, and only those that there are"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_stands_in_the_reference_with_its_exit_code(name: str) -> None:
    found = rows(page("errors.md"))
    assert name in found, f"docs/reference/errors.md needs a row: | `{name}` |"
    assert found[name][0] == str(ERRORS[name].exit_code)


def test_no_error_of_the_reference_is_gone() -> None:
    assert rows(page("errors.md")).keys() - ERRORS.keys() == set()


def test_all_hazards_stand_in_the_reference_and_no_others() -> None:
    assert list(rows(page("hazards.md"))) == [name.value for name in HazardName]


def tables(model: type[Part], place: str) -> Iterator[tuple[str, Mapping[str, FieldInfo]]]:
    """Each table of an inventory file with its plain keys, by its heading in the reference."""
    yield place, plain(model)
    yield from ((f"{place} `[{path}]`", plain(part)) for path, part in parts(model, ""))


def parts(model: type[Part], above: str) -> Iterator[tuple[str, type[Part]]]:
    for name, field in model.model_fields.items():
        part, suffix = part_of(field)
        if part is not None:
            path = f"{above}{name}{suffix}"
            yield path, part
            yield from parts(part, f"{path}.")


def plain(model: type[Part]) -> dict[str, FieldInfo]:
    return {n: f for n, f in model.model_fields.items() if part_of(f)[0] is None}


def part_of(field: FieldInfo) -> tuple[type[Part] | None, str]:
    """The table that a field is, or of which it has one for each name."""
    kind: Any = field.annotation
    if isinstance(kind, UnionType):  # a table that may be left out
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if inspect.isclass(kind) and issubclass(kind, Part):
        return kind, ""
    if get_origin(kind) is Mapping:
        value = get_args(kind)[1]
        if inspect.isclass(value) and issubclass(value, Part):
            return value, ".NAME"
    return None, ""


TABLES = dict(
    [
        *tables(Farm, "farm.toml"),
        *tables(Environment, "environments/NAME.toml"),
        *tables(Hook, "`[[hooks]]`"),
        *tables(Rewrite, "`[[balancer.rewrites]]`"),
    ]
)


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_of_the_inventory_stands_in_the_reference_with_its_defaults(heading: str) -> None:
    found = rows(section(page("inventory.md"), heading))
    expected = {name: default(field) for name, field in TABLES[heading].items()}
    assert {name: cells[0] for name, cells in found.items()} == expected


def test_no_table_of_the_reference_is_gone() -> None:
    headings = re.findall(r"^##+ (.+)$", page("inventory.md"), re.M)
    assert headings == sorted(headings, key=list(TABLES).index)


def default(field: FieldInfo) -> str:
    """A default as TOML writes it."""
    if field.is_required():
        return "required"
    return "–" if field.default is None else json.dumps(field.default)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.S)
    targets = re.findall(r"\]\(([^)\s#]+)", text)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (path.parent / target).exists()] == []


def options(call: ParserContext) -> list[Argument]:
    return list(call.args.values())


def flag(option: Argument) -> str:
    return "--" + str(option.name).replace("_", "-")
