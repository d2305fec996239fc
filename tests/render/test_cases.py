"""Each case: a template and values, and the text that they give or the complaint."""

import tomllib
from pathlib import Path

import pytest

from pipeline.errors import BadTemplate
from pipeline.render.engine import render

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_template_gives_its_text_or_a_complaint(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    arguments = "x.conf", case["template"], case.get("values", {}), case.get("sources", {})
    if "expected" in case:
        assert render(*arguments) == case["expected"]
        return
    with pytest.raises(BadTemplate) as caught:
        render(*arguments)
    assert (str(caught.value), caught.value.advice) == (case["error"], case["advice"])


def test_there_are_cases() -> None:
    assert len(CASES) >= 40
