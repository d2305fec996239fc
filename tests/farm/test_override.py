"""`--set` lays values over a table, and touches nothing else."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadCall
from pipeline.farm.parse import override, split_setting
from tests.farm.toml_texts import KEYS, VALUES, Leaf, Tree, leaves, literal, trees

NAMES = st.lists(KEYS, min_size=1, max_size=4).map(tuple)


@given(trees(), NAMES, VALUES)
def test_just_that_key_is_set_and_the_input_stays_as_it_was(
    tables: Tree, name: tuple[str, ...], value: Leaf
) -> None:
    before = copy.deepcopy(tables)
    try:
        found = override(tables, [(".".join(name), literal(value))])
    except BadCall:
        assert _is_value(before, name[:-1])
    else:
        others = {path: leaf for path, leaf in leaves(before) if path[: len(name)] != name}
        assert dict(leaves(found)) == {**others, name: value}
    assert tables == before


@given(trees(), st.lists(st.tuples(KEYS, VALUES), max_size=4))
def test_the_last_setting_of_a_name_counts(tables: Tree, settings: list[tuple[str, Leaf]]) -> None:
    found = override(tables, [(name, literal(value)) for name, value in settings])
    assert found == {**tables, **dict(settings)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8080", 8080),
        ("0.5", 0.5),
        ("true", True),
        ('"8080"', "8080"),
        ("[1, 2]", [1, 2]),
        ("{ count = 3 }", {"count": 3}),
        ("apache", "apache"),
        ("/srv/home brew", "/srv/home brew"),
        ("a = b", "a = b"),
        ("", ""),
        ("1\nroot = 2", "1\nroot = 2"),
    ],
)
def test_a_value_is_what_toml_reads_or_else_plain_text(text: str, value: object) -> None:
    assert override({}, [("name", text)]) == {"name": value}


@given(NAMES, st.text())
def test_a_setting_is_split_at_its_first_equals_sign(name: tuple[str, ...], value: str) -> None:
    dotted = ".".join(name)
    assert split_setting(f"{dotted}={value}") == (dotted, value)


@pytest.mark.parametrize(
    "setting", ["", "=", "=1", "a", ".a=1", "a.=1", "a..b=1", "1a=1", "a b=1"]
)
def test_anything_else_is_refused_with_an_example(setting: str) -> None:
    with pytest.raises(BadCall) as caught:
        split_setting(setting)
    assert caught.value.lines() == (
        f"--set: {setting!r} is not NAME=VALUE",
        "  -> for example: --set balancer.port=8090",
    )


def _is_value(tables: Tree, path: tuple[str, ...]) -> bool:
    """Whether a value that is no table stands on the way along `path`."""
    found: object = tables
    for part in path:
        if not isinstance(found, dict):
            return True
        found = found.get(part, {})
    return not isinstance(found, dict)
