"""A look at a machine as a table and as JSON."""

import json

from pipeline.facts.finding import Finding
from pipeline.report.doctor import lines, to_json
from pipeline.report.schema_text import Line

FINDINGS = (
    Finding(place="this machine", what="uv", state="ok", said="0.8.0 (/usr/bin/uv)"),
    Finding(place="this machine", what="WORKON_HOME", state="unused", said="not set"),
    Finding(
        place="host box",
        what="HAProxy",
        state="missing",
        said="not found",
        cure="apt-get install -y haproxy",
    ),
    Finding(place="host box", what="host", state="missing", said="no way to it"),
)


def test_a_table_for_each_place_has_the_cure_under_what_is_missing() -> None:
    assert list(lines(FINDINGS)) == [
        Line("this machine:", "head"),
        Line("  ok       uv           0.8.0 (/usr/bin/uv)", "+"),
        Line("  -        WORKON_HOME  not set", "soft"),
        Line("host box:", "head"),
        Line("  missing  HAProxy  not found", "-"),
        Line("           -> apt-get install -y haproxy"),
        Line("  missing  host     no way to it", "-"),
    ]


def test_words_that_do_not_fit_go_on_below_themselves() -> None:
    found = Finding(place="x", what="hg", state="missing", said="a b c d", cure="e f g")
    assert [line.text for line in lines((found,), 18)] == [
        "x:",
        "  missing  hg  a b",
        "               c d",
        "           -> e f",
        "              g",
    ]


def test_nothing_found_is_no_line() -> None:
    assert list(lines(())) == []


def test_json_has_everything_and_counts_what_is_missing() -> None:
    answer = json.loads(to_json(FINDINGS))
    assert (answer["format"], answer["missing"]) == (1, 2)
    assert answer["findings"][2] == {
        "place": "host box",
        "what": "HAProxy",
        "state": "missing",
        "said": "not found",
        "cure": "apt-get install -y haproxy",
    }
