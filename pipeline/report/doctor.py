"""What a look at a machine has found, as lines for people and as JSON."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from pipeline.facts.finding import Finding
from pipeline.report.schema_text import Line

WORDS = {"ok": ("ok", "+"), "missing": ("missing", "-"), "unused": ("-", "soft")}


def lines(findings: Sequence[Finding], columns: int = 0) -> Iterator[Line]:
    """A table for each place: what is there, and under what is missing how to get it.

    Words that do not fit into `columns` go on below themselves; 0: all of them fit.
    """
    for place, group in groupby(findings, key=lambda each: each.place):
        rows = list(group)
        width = max(len(each.what) for each in rows)
        yield Line(f"{place}:", "head")
        for each in rows:
            word, style = WORDS[each.state]
            left = f"  {word:<7}  {each.what:<{width}}  "
            yield from (Line(text, style) for text in _below(left, each.said, columns))
            if each.state == "missing" and each.cure:
                yield from (Line(text) for text in _below(f"{'':11}-> ", each.cure, columns))


def _below(left: str, words: str, columns: int) -> list[str]:
    return textwrap.wrap(
        words,
        columns or len(left) + len(words),
        initial_indent=left,
        subsequent_indent=" " * len(left),
        break_long_words=False,
        break_on_hyphens=False,
    )


def to_json(findings: Sequence[Finding]) -> str:
    """The same for programs."""
    missing = sum(each.state == "missing" for each in findings)
    answer = {
        "format": 1,
        "missing": missing,
        "findings": [asdict(each) for each in findings],
    }
    return json.dumps(answer, indent=1)
