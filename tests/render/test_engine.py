"""What holds for every template and every value."""

import ast
import json
import re
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.errors import BadTemplate
from pipeline.render.engine import Line, origins, render, unused

# Text in which Jinja2 and the tokens see nothing; lines end in \n.
quiet = st.text(st.characters(exclude_characters="@{\r\x00\x01\x02\x03", codec="utf-8"))
anything = st.text(st.characters())
lines = st.lists(st.text(string.ascii_letters + " #", max_size=5), max_size=6)


def apache_word(line: str) -> tuple[str, str]:
    """Apache's ap_getword_conf: the next word of a directive's arguments, and what follows it."""
    line = line.lstrip(" \t")
    if line[:1] not in {'"', "'"}:
        word, _, rest = line.partition(" ")
        return word.replace("\\\\", "\\"), rest
    quote, word, at = line[0], "", 1
    while at < len(line) and line[at] != quote:
        if line[at] == "\\" and line[at + 1 : at + 2] in {quote, "\\"}:
            at += 1
        word, at = word + line[at], at + 1
    return word, line[at + 1 :].lstrip(" \t")


def rendered(template: str, value: object) -> str | None:
    """The text, or None for a value that is refused."""
    try:
        return render("x", template, {"X": value})  # type: ignore[dict-item]
    except BadTemplate as error:
        refused = error
    assert refused.where == "x:2"
    assert re.match(r"X (holds|is) ", refused.what)
    return None


@given(quiet)
def test_text_without_tokens_is_unchanged(text: str) -> None:
    assert render("x", text, {}) == text


@given(quiet)
def test_so_is_text_whose_lines_end_as_on_windows(text: str) -> None:
    text = text.replace("\n", "\r\n")
    assert render("x", text, {}) == text


@given(quiet, anything)
def test_a_value_never_changes_the_number_of_lines(text: str, value: str) -> None:
    assume("\n" not in text)
    for template in ("@X@", "{{ X }}", "{{ X|apache }}", "{{ X|python }}", "{{ X|json }}"):
        made = rendered(f"{text}\n{template}\n", value)
        assert made is None or made.count("\n") == 2
        assert made is None or len(made.splitlines()) == len(f"{text}\nx\n".splitlines())


@given(anything)
def test_a_value_between_quotes_is_refused_or_arrives(value: str) -> None:
    made = rendered('\nAlias "@X@" end', value)
    assert made is None or apache_word(made.removeprefix("\nAlias ")) == (value, "end")


@given(anything)
def test_what_passed_the_apache_filter_is_refused_or_arrives(value: str) -> None:
    made = rendered("\nAlias {{ X|apache }} end", value)
    assert made is None or apache_word(made.removeprefix("\nAlias ")) == (value, "end")


@given(st.text(string.printable.replace("\n", "").replace("\r", "")))
def test_the_apache_filter_takes_all_that_apache_can_hold(value: str) -> None:
    assume("${" not in value and value.isprintable())
    assert rendered("\n{{ X|apache }}", value) is not None


@given(anything)
def test_a_value_never_begins_an_interpolation(value: str) -> None:
    for template in ("\n@X@", "\n{{ X|apache }}"):
        made = rendered(template, value)
        assert made is None or "${" not in made


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_the_python_filter_gives_the_value_back(value: object) -> None:
    made = rendered("\nx = {{ X|python }}\n", value)
    if made is None:
        assert "inf" in repr(value)
        return
    assert ast.literal_eval(made.removeprefix("\nx = ")) == value


@given(plain)
def test_the_json_filter_gives_the_value_back(value: object) -> None:
    made = rendered("\n{{ X|json }}\n", value)
    assert made is None or json.loads(made) == value


@given(anything)
def test_a_value_is_never_expanded_again(value: str) -> None:
    assert rendered("\n@X@", value) in {None, f"\n{value}"}


BLOCKS = (
    "{# a\ncomment #}",
    "{% if true %}\n",
    "{%- if true -%}\n  \n",
    "{% set a = 1 %}\n",
    "{% raw %}\n{{{% endraw %}",
    "@X@",
    "{{ X }}",
    "text\n",
    "\n",
    "%{%Y}t",
)


@given(
    st.lists(st.sampled_from(("{# b #}", "{% if 1 %}{% endif %}", "@X@", "a", " a")), max_size=5)
)
def test_a_line_with_text_keeps_its_end(parts: list[str]) -> None:
    line = "".join(parts)
    kept = not line or "@X@" in line or "a" in line
    assert render("x", f"{line}\nend", {"X": 1}).count("\n") == kept


@given(st.lists(st.sampled_from(BLOCKS), max_size=8))
def test_a_complaint_names_the_line_where_the_token_stands(parts: list[str]) -> None:
    before = "".join(parts)
    text = before + "@NO@" + "{% endif %}" * sum("if true" in part for part in parts)
    with pytest.raises(BadTemplate) as caught:
        render("x", text, {"X": 1})
    assert caught.value.where == f"x:{before.count(chr(10)) + 1}"


@given(st.lists(st.sampled_from(BLOCKS), max_size=8))
def test_so_does_one_about_a_value(parts: list[str]) -> None:
    before = "".join(parts)
    text = before + "{{ BAD }}" + "{% endif %}" * sum("if true" in part for part in parts)
    with pytest.raises(BadTemplate) as caught:
        render("x", text, {"X": 1, "BAD": "\n"})
    assert caught.value.where == f"x:{before.count(chr(10)) + 1}"


@given(lines, lines)
def test_each_line_is_traced_to_its_template(before: list[str], looped: list[str]) -> None:
    head = "".join(f"{line}\n" for line in before)
    body = "".join(f"{line} @X@\n" for line in looped)
    text = f"{head}{{% for _ in range(2) %}}\n{body}{{% endfor %}}\nend"
    first = len(before) + 2
    expected = [
        *range(1, len(before) + 1),
        *list(range(first, first + len(looped))) * 2,
        first + len(looped) + 1,
    ]
    assert origins("x", text, {"X": 1}) == tuple(Line("x", number) for number in expected)


def test_a_traced_line_of_an_included_file_names_that_file() -> None:
    found = origins("x", "a\n{% include 'y' %}\nb\n", {}, {"y": "p\nq\n"})
    assert [str(line) for line in found] == ["x:1", "y:1", "y:2", "x:3", "x:4"]


def test_a_template_that_works_on_its_own_text_is_not_traced() -> None:
    text = "{% set t %}\nab\n{% endset %}\n{{ t|length }}\n"
    assert render("x", text, {}) == "3\n"
    assert origins("x", text, {}) == ()


def test_values_that_no_template_mentions() -> None:
    templates = {"a": "@A@ {# @D@ #}", "b": "{% if B %}{{ C.x }}{% endif %}"}
    assert unused(templates, {"A": 1, "B": 1, "C": 1, "D": 1, "E": 1}) == ("D", "E")


def test_a_template_cannot_change_the_values_it_is_given() -> None:
    values = {"L": [1]}
    with pytest.raises(BadTemplate):
        render("x", "{% set _ = L.append(2) %}", values)
    assert values == {"L": [1]}


def test_the_same_template_serves_different_values_and_sources() -> None:
    text = "{% include 'y' %}"
    assert render("x", text, {"A": 1}, {"y": "@A@"}) == "1"
    assert render("x", text, {"A": 2}, {"y": "@A@"}) == "2"
    assert render("x", text, {"A": 2}, {"y": "other"}) == "other"
