"""The report as people read it, whole."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.hazard import Hazard, HazardName
from pipeline.report.schema_text import Line, lines, one_line, plain, summary
from pipeline.report.terminal import WIDTH, wants_colour, width_of, wrapped, write_lines
from pipeline.schema.outcome import ObjectOutcome
from pipeline.verdict import Verdict
from tests.report.outcomes import NOTHING, SMALL, many

WHOLE = (Path(__file__).parent / "small.txt").read_text(encoding="utf-8")


def test_everything_is_grouped_counted_and_named() -> None:
    assert plain(SMALL) == WHOLE


def test_no_difference_is_said_in_a_line() -> None:
    assert plain(NOTHING) == (
        "scripts:a  ->  scripts:b   (sqlite)\n  No difference. 3 objects on both sides.\n"
    )


def test_objects_that_are_the_same_are_listed_when_they_are_given() -> None:
    same = ObjectOutcome(type="Table", schema="", name="a", verdict=Verdict.SAME)
    assert plain(replace(NOTHING, objects=(same,), same=1)).splitlines()[2:] == [
        "",
        "The same (1)",
        "  = Table a",
    ]


def test_the_summary_counts_only_what_there_is() -> None:
    assert summary(SMALL) == (
        "1 different, 1 only in the source, 1 only in the target, 1 cannot be told, 12 the same; "
        "4 steps to go"
    )


def test_a_long_list_of_steps_is_cut_and_says_so() -> None:
    text = plain(many(300))
    assert " 200. " in text
    assert " 201. " not in text
    assert "  and 100 steps more: --out FILE.sql, or --report FILE.html\n" in text


def test_a_name_cannot_do_anything_to_a_terminal() -> None:
    evil = "a\x1b[31mb\nc\u202e"
    each = replace(
        SMALL.objects[2],
        name=evil,
        because=(evil,),
        hazards=(Hazard(HazardName.MAY_FAIL, "x", evil),),
    )
    found = [line.text for line in lines(replace(SMALL, objects=(each,)))]
    assert not [text for text in found if not text.isprintable()]
    assert one_line(evil) == "a [31mb c"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "90")


def test_a_terminal_has_colours_and_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    stream = Terminal()
    write_lines(stream, lines(SMALL))
    assert "\x1b[" in stream.getvalue()
    assert strip(stream.getvalue()) == WHOLE


def test_a_terminal_breaks_long_lines_between_words() -> None:
    found = wrapped([Line("      advice: first add it, then write both", "soft"), Line("")], 24)

    assert list(found) == [
        Line("      advice: first add", "soft"),
        Line("          it, then write", "soft"),
        Line("          both", "soft"),
        Line(""),
    ]


def strip(text: str) -> str:
    parts = text.split("\x1b[")
    plain = parts[0] + "".join(part.partition("m")[2] for part in parts[1:])
    return "".join(f"{line.rstrip()}\n" for line in plain.splitlines())


@pytest.mark.parametrize(("name", "value"), [("CI", "1"), ("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_switched_off(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert wants_colour(Terminal())
    monkeypatch.setenv(name, value)
    assert not wants_colour(Terminal())


def test_a_log_has_no_colours_and_a_fixed_width() -> None:
    stream = io.StringIO()
    write_lines(stream, lines(SMALL))
    assert stream.getvalue() == WHOLE
    assert width_of(stream) == WIDTH
    assert width_of(Terminal()) == 90
