"""One object on both sides, line beside line."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import NamedTuple

from pipeline.errors import BadCall
from pipeline.report.schema_text import Line, printable
from pipeline.schema.outcome import ObjectOutcome, Outcome

AROUND = 3
"""Equal lines that are shown before and after a change."""
TAB = 4


class Row(NamedTuple):
    """One line of each side; None where there is none. `mark`: ` `, `~`, `+`, `-` or `…`."""

    mark: str
    source: str | None
    target: str | None


def chosen(outcome: Outcome, name: str) -> tuple[ObjectOutcome, ...]:
    """Give the objects of a name: `Orders`, `dbo.Orders`, `Table:dbo.Orders`; globs are fine."""
    kind, colon, pattern = name.rpartition(":")
    glob = pattern.lower().replace("[", "").replace("]", "")
    found = tuple(
        each
        for each in outcome.objects
        if (not colon or each.type.lower() == kind.lower())
        and (fnmatchcase(each.full_name.lower(), glob) or fnmatchcase(each.name.lower(), glob))
    )
    if found:
        return found
    names = {each.full_name.lower(): each.full_name for each in outcome.objects}
    names |= {each.name.lower(): each.full_name for each in outcome.objects}
    near = [names[each] for each in get_close_matches(glob, names, 3, 0.5)]
    what = "differs" if outcome.objects else "differs: the sides are the same"
    raise BadCall(
        f"nothing that is called {name!r} {what}",
        where="--show",
        advice=f"did you mean {', '.join(dict.fromkeys(near))}?" if near else "--all lists all",
    )


def side_by_side(each: ObjectOutcome, width: int) -> Iterator[Line]:
    """Give both scripts beside each other, in `width` characters."""
    half = max(20, (width - 5) // 2)
    yield Line(printable(f"{each.type} {each.full_name}: {each.verdict}"), "head")
    if not each.source and not each.target:
        yield Line("  it is the same on both sides", "soft")
        return
    yield Line(f"  {'source':<{half}} | target", "soft")
    for row in rows(each.source, each.target):
        style = "soft" if row.mark == "…" else row.mark.strip()
        left, right = (_pieces(text, half) for text in (row.source, row.target))
        for mine, theirs in zip_longest(left, right, fillvalue=""):
            yield Line(f"{row.mark} {mine:<{half}} | {theirs}".rstrip(), style)


def rows(source: str, target: str) -> tuple[Row, ...]:
    """Give the rows; equal lines that are far from any change are left out."""
    mine, theirs = source.splitlines(), target.splitlines()
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    found: list[Row] = []
    blocks = matcher.get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(blocks):
        if tag == "equal":
            first, last = place == 0, place == len(blocks) - 1
            found += _equal(mine[a:b], first=first, last=last and len(blocks) > 1)
        else:
            found += _changed(mine[a:b], theirs[c:d])
    return tuple(found)


def _equal(texts: Sequence[str], *, first: bool, last: bool) -> Iterable[Row]:
    before = 0 if first else AROUND
    after = 0 if last else AROUND
    if len(texts) <= before + after + 1:
        return [Row(" ", text, text) for text in texts]
    hidden = len(texts) - before - after
    return [
        *(Row(" ", text, text) for text in texts[:before]),
        Row("…", f"… {hidden} equal lines", f"… {hidden} equal lines"),
        *(Row(" ", text, text) for text in texts[len(texts) - after :]),
    ]


def _changed(mine: Sequence[str], theirs: Sequence[str]) -> Iterator[Row]:
    for left, right in zip_longest(mine, theirs):
        yield Row("+" if right is None else "-" if left is None else "~", left, right)


def _pieces(text: str | None, width: int) -> list[str]:
    """Give a line in pieces that fit, without what a terminal might obey."""
    shown = printable((text or "").expandtabs(TAB))
    return [shown[at : at + width] for at in range(0, len(shown), width)] or [""]
