"""One HTML file: all data in it and none of it HTML, the same for the same outcome."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.report.html_page import PLAIN
from pipeline.report.schema_html import to_html
from pipeline.schema.outcome import Outcome
from tests.report.outcomes import NOTHING, SMALL, many
from tests.report.pages import EVIL, Page, refuse_unsafe


def details(page: Page) -> list[Any]:
    names = [name for name in page.data if name.startswith("details-")]
    return [each for name in names for each in page.data[name]]


@pytest.mark.parametrize("outcome", [SMALL, NOTHING, many(300)], ids=["small", "nothing", "300"])
def test_all_that_an_outcome_says_is_in_the_page(outcome: Outcome) -> None:
    page = Page(to_html(outcome))
    index = page.data["index"]

    assert page.data["script"] == outcome.script
    assert page.data["undo"] == outcome.undo
    assert (index["same"], index["lost"]) == (outcome.same, list(outcome.lost))
    assert (index["notes"], index["options"]) == (list(outcome.notes), list(outcome.options))
    assert index["skipped"] == outcome.skipped
    named = [(index["types"][kind], *names) for kind, *names, _, _, _, _ in index["objects"]]
    assert named == [(each.type, each.schema, each.name) for each in outcome.objects]
    for shown, each in zip(details(page), outcome.objects, strict=True):
        assert (shown["source"], shown["target"]) == (each.source, each.target)
        assert (shown["because"], shown["ignored"]) == (list(each.because), list(each.ignored))
        assert shown["hazards"] == [[h.name, h.object, h.reason] for h in each.hazards]
        assert (shown["advice"], shown["place"]) == (list(each.advice), each.place)
    assert [step["needs"] for step in page.data["steps"]] == [
        list(step.needs) for step in outcome.steps
    ]
    sql = [text for name in page.data if name.startswith("sql-") for text in page.data[name]]
    assert sql == [step.sql for step in outcome.steps]


def test_an_object_knows_its_steps_and_their_questions() -> None:
    orders = details(Page(to_html(SMALL)))[2]
    assert orders["steps"] == [1, 2]
    assert orders["guards"] == ["3 rows of dbo.Orders have a Customer longer than 40"]


def test_the_same_outcome_gives_the_same_page() -> None:
    assert to_html(many(50)) == to_html(many(50))


def evil(outcome: Outcome, *, long: bool) -> Outcome:
    """The outcome with a text everywhere that would like to be HTML."""
    text = EVIL * (PLAIN // len(EVIL) + 1) if long else EVIL
    return replace(
        outcome,
        source=EVIL,
        target=EVIL,
        dialect=EVIL,
        notes=(EVIL,),
        script=text,
        undo=EVIL,
        objects=tuple(
            replace(each, name=EVIL, because=(EVIL,), source=text, place=EVIL)
            for each in outcome.objects
        ),
        steps=tuple(replace(each, title=EVIL, object=EVIL, sql=EVIL) for each in outcome.steps),
    )


@pytest.mark.parametrize("long", [False, True])
def test_a_name_that_is_html_stays_a_name(long: bool) -> None:
    page, plain = Page(to_html(evil(SMALL, long=long))), Page(to_html(SMALL))

    assert page.tags == plain.tags
    assert "onclick" not in dict(page.attributes)
    assert page.texts["script"] == plain.texts["script"]
    assert {name for *_, name, _, _, _, _ in page.data["index"]["objects"]} == {EVIL}
    assert page.data["script"].startswith(EVIL)
    assert page.data["undo"] == EVIL
    assert details(page)[2]["source"].startswith(EVIL)
    assert details(page)[2]["place"] == EVIL


def test_the_page_loads_nothing_and_runs_nothing_else() -> None:
    refuse_unsafe(to_html(SMALL))


def test_a_big_outcome_is_small_and_in_pieces() -> None:
    text = to_html(many(2000))
    assert len(text) < 1_000_000
    starts = Page(text).data["index"]["detailStarts"]
    assert starts[0] == 0
    assert len(starts) > 3
