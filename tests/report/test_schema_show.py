"""One object on both sides, line beside line."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadCall
from pipeline.report.schema_show import chosen, rows, side_by_side
from tests.report.outcomes import SMALL


def shown(name: str, width: int = 100) -> list[str]:
    (each,) = chosen(SMALL, name)
    return [line.text for line in side_by_side(each, width)]


def test_lines_that_differ_stand_beside_each_other() -> None:
    expected = (Path(__file__).parent / "orders.txt").read_text(encoding="utf-8")
    assert "".join(f"{line}\n" for line in shown("dbo.Orders", 110)) == expected


def test_one_side_alone_is_shown_too_and_what_has_no_scripts_says_so() -> None:
    assert [line[:2] for line in shown("OldLog")[2:]] == ["- ", "- ", "- ", "- "]
    assert shown("Customers") == [
        "Table dbo.Customers: same",
        "  it is the same on both sides",
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Orders", ["Orders"]),
        ("DBO.ORDERS", ["Orders"]),
        ("[dbo].[Orders]", ["Orders"]),
        ("Table:dbo.Orders", ["Orders"]),
        ("table:*", ["Customers", "OldLog", "Orders"]),
        ("dbo.*O*", ["Customers", "OldLog", "Orders"]),
    ],
)
def test_an_object_is_named_in_several_ways(name: str, found: list[str]) -> None:
    assert [each.name for each in chosen(SMALL, name)] == found


@pytest.mark.parametrize(
    ("name", "advice"),
    [("Ordres", "did you mean dbo.Orders?"), ("View:Orders", None), ("zzz", "--all lists all")],
)
def test_a_name_that_differs_nowhere_is_refused(name: str, advice: str | None) -> None:
    with pytest.raises(BadCall) as caught:
        chosen(SMALL, name)
    assert caught.value.what == f"nothing that is called {name!r} differs"
    assert advice in (caught.value.advice, None)


def test_what_is_far_from_any_change_is_left_out_and_counted() -> None:
    same = [f"line {n}" for n in range(20)]
    found = rows("\n".join([*same, "new"]), "\n".join([*same, "old"]))
    assert [(row.mark, row.source) for row in found] == [
        ("…", "… 17 equal lines"),
        (" ", "line 17"),
        (" ", "line 18"),
        (" ", "line 19"),
        ("~", "new"),
    ]


SOME = st.lists(st.sampled_from(["a", "b", "c", "d e", ""]), max_size=12)


@given(SOME, SOME)
def test_both_sides_are_there_in_order_and_every_difference_is_marked(
    source: list[str], target: list[str]
) -> None:
    found = rows("".join(f"{line}\n" for line in source), "".join(f"{line}\n" for line in target))
    if not any(row.mark == "…" for row in found):
        assert [row.source for row in found if row.source is not None] == source
        assert [row.target for row in found if row.target is not None] == target
    assert all(row.source == row.target for row in found if row.mark == " ")
    assert any(row.mark in "~+-" for row in found) == (source != target)


def test_a_script_cannot_do_anything_to_a_terminal() -> None:
    each = replace(SMALL.objects[2], source="a\x1b[31m\tb\n", target="c\x07\n")
    assert all(line.text.isprintable() for line in side_by_side(each, 80))
