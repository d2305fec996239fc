"""What schema.diff writes: scripts, JSON and HTML, each into the file that was named for it."""

from dataclasses import dataclass

from pipeline.flow.outputs import STDOUT, Output, refuse_foreign, write_all
from pipeline.report.schema_json import to_json
from pipeline.schema.outcome import Outcome

MARK = "-- made by farmhand schema.diff\n"
"""The first line of every script: by it farmhand knows what it may write over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Paths of what is to be written, '' for what is not; `-` is stdout."""

    out: str = ""
    undo: str = ""
    report: str = ""
    json: str = ""


def refuse(wanted: Wanted) -> None:
    """Refuse paths that may not be written, before anything is compared."""
    refuse_foreign(
        {
            "--out": wanted.out,
            "--undo": wanted.undo,
            "--json": wanted.json,
            "--report": wanted.report,
        }
    )


def write(wanted: Wanted, outcome: Outcome) -> str | None:
    """Write all files, or none. Give the text that is meant for stdout, None when nothing is."""
    made: dict[str, tuple[str, str]] = {}
    if wanted.out:
        made["--out"] = (wanted.out, MARK + outcome.script)
    if wanted.undo:
        made["--undo"] = (wanted.undo, MARK + outcome.undo)
    if wanted.json:
        made["--json"] = (wanted.json, to_json(outcome))
    if wanted.report:
        from pipeline.report.schema_html import to_html

        made["--report"] = (wanted.report, to_html(outcome))
    write_all(
        Output(option, path, _bytes(text, path))
        for option, (path, text) in made.items()
        if path != STDOUT
    )
    return next((text for path, text in made.values() if path == STDOUT), None)


def _bytes(text: str, path: str) -> bytes:
    """Give a file's bytes. sqlcmd on Windows takes a script for UTF-8 only by its mark."""
    marked = path.lower().endswith(".sql") and not text.isascii()
    return text.encode("utf-8-sig" if marked else "utf-8")
