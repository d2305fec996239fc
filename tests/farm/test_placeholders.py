"""Placeholders are filled in once; what is none stays as it is, letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.farm.placeholders import fill, unknown

VALUES = {"root": "/srv/{host}", "host": "box", "kind": "{{kind}}"}
NAME = st.sampled_from(sorted(VALUES))
PLAIN = st.text('ab {}{}$"\\\n').filter(lambda text: "{a" not in text and "{b" not in text)


@given(st.text())
def test_a_text_in_which_nothing_is_unknown_is_filled_in(text: str) -> None:
    if not list(unknown([text], VALUES)):
        fill(text, VALUES)


@given(st.lists(st.tuples(st.text('ab "$\\\n'), NAME, st.booleans())), st.text("ab "))
def test_each_placeholder_gives_its_value_and_one_in_two_braces_itself(
    parts: list[tuple[str, str, bool]], end: str
) -> None:
    text = "".join(
        f"{plain}{{{{{n}}}}}" if twice else f"{plain}{{{n}}}" for plain, n, twice in parts
    )
    filled = "".join(
        f"{plain}{{{n}}}" if twice else plain + VALUES[n] for plain, n, twice in parts
    )
    assert fill(text + end, VALUES) == filled + end


@given(PLAIN)
def test_other_braces_stay(text: str) -> None:
    assert fill(text, {}) == text
    assert list(unknown([text], ())) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{root} {rooot}", ["rooot"]),
        ("{{rooot}}", []),
        ("{{{rooot}}}", []),
        ('{"a": {"b": 1}} {1..3} ${HOME} {print $1}', []),
        ("${home}", ["home"]),
        ("{host}{home}{hut}", ["home", "hut"]),
    ],
)
def test_what_stands_for_nothing_is_named(text: str, names: list[str]) -> None:
    assert list(unknown([text], VALUES)) == names
