"""A complaint can name the line of every key, in whatever way its table is written."""

import tomllib

from hypothesis import given

from pipeline.farm.parse import line_of
from tests.farm.toml_texts import Written, written


@given(written())
def test_the_line_of_every_key_is_found(file: Written) -> None:
    assert tomllib.loads(file.text) == file.tree
    assert {path: line_of(file.text, path) for path in file.lines} == file.lines


@given(written())
def test_a_key_that_is_not_there_is_on_the_line_of_the_table_it_belongs_to(file: Written) -> None:
    tables = {path: line for path, line in file.lines.items() if _is_table(file, path)}
    found = {path: line_of(file.text, (*path, "not there")) for path in tables}
    assert found == tables


@given(written())
def test_a_key_that_belongs_to_no_table_has_no_line(file: Written) -> None:
    assert line_of(file.text, ("not there",)) is None


def test_a_text_in_several_lines_is_no_key() -> None:
    text = 'motto = """\nport = 8080\n"""\nport = 9\n'
    assert line_of(text, ("port",)) == 4


def test_each_table_of_an_array_has_lines_of_its_own() -> None:
    text = """\
[[hooks]]
name = "a"
undo = { run = [] }
[[hooks]] # another
name = "b"
[hooks.undo]
run = []
[[hooks.more]]
[[hooks.more]]
x = 1
[other]
"""
    lines = {
        ("hooks", "0", "name"): 2,
        ("hooks", "0", "undo", "run"): 3,
        ("hooks", "1"): 4,
        ("hooks", "1", "name"): 5,
        ("hooks", "1", "when"): 4,
        ("hooks", "1", "undo", "run"): 7,
        ("hooks", "1", "more", "0", "x"): 8,
        ("hooks", "1", "more", "1", "x"): 10,
        ("other",): 11,
    }
    assert {path: line_of(text, path) for path in lines} == lines


def _is_table(file: Written, path: tuple[str, ...]) -> bool:
    value: object = file.tree
    for part in path:
        value = value[part] if isinstance(value, dict) else None
    return isinstance(value, dict)
