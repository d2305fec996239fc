"""One HTML file: all data in it and none of it HTML, the same for the same outcome."""

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.report.schema_html import PLAIN, SCRIPTS, to_html
from pipeline.schema.outcome import Outcome
from tests.report.outcomes import NOTHING, SMALL, many

HERE = Path(__file__).parent
EVIL = '</script><b onclick="alert(1)">&amp;<!-- ]]> \u2028 \' {{data}} {{script}}\ud800'


class Page(HTMLParser):
    """A page as a browser takes it apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.data: dict[str, Any] = {}
        self.texts: dict[str, str] = {"script": "", "style": "", "title": ""}
        self.open: dict[str, str | None] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.open = {"tag": tag, **dict(attrs)}

    def handle_endtag(self, tag: str) -> None:
        self.open = {}

    def handle_data(self, data: str) -> None:
        tag, kind, name = (self.open.get(each) for each in ("tag", "type", "id"))
        if kind == "application/json":
            self.data[str(name)] = json.loads(data)
        elif kind == "application/gzip":
            self.data[str(name)] = json.loads(
                gzip.decompress(base64.b64decode(data)).decode("utf-8", "surrogatepass")
            )
        elif tag in self.texts:
            self.texts[str(tag)] += data


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


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else() -> None:
    page = Page(to_html(SMALL))

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    policy = dict(page.attributes)["content"]
    (policy,) = (value for name, value in page.attributes if "default-src" in value)
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest(page.texts['script'])}'; "
        f"style-src 'sha256-{digest(page.texts['style'])}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def test_nothing_is_loaded_from_anywhere() -> None:
    text = to_html(SMALL)
    page = Page(text)
    assert not {"src", "href", "srcset", "action"} & {name for name, _ in page.attributes}
    assert not {"link", "iframe", "img", "object"} & set(page.tags)
    addresses = set(re.findall(r"https?://[^\s\"'`]+", text))
    assert addresses == {"http://www.w3.org/2000/svg"}  # a name, not an address
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)


def test_a_big_outcome_is_small_and_in_pieces() -> None:
    text = to_html(many(2000))
    assert len(text) < 1_000_000
    starts = Page(text).data["index"]["detailStarts"]
    assert starts[0] == 0
    assert len(starts) > 3


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")
def test_the_pages_own_comparison_of_lines_loses_none() -> None:
    """Its check is written in JavaScript, and tries many pairs of texts."""
    page = Path(__file__).parents[2] / "pipeline" / "report" / "page"
    code = "\n".join((page / f"{name}.js").read_text(encoding="utf-8") for name in ("diff", "sql"))
    check = (HERE / "page_check.js").read_text(encoding="utf-8")
    answer = subprocess.run(
        ["node", "-"], input=f"{code}\n{check}".encode(), capture_output=True, check=False
    )
    assert answer.stdout.decode() + answer.stderr.decode() == "all well\n"


def test_every_part_of_the_script_is_a_file_and_every_file_a_part() -> None:
    page = Path(__file__).parents[2] / "pipeline" / "report" / "page"
    assert {path.stem for path in page.glob("*.js")} == {*SCRIPTS, "main"}
