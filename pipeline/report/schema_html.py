"""An outcome as one HTML file that needs nothing else: no network, no other file.

All that stands in it is data for the page's own script, which makes texts of it and never HTML.
The security policy of the page names that script and the style by their hashes.
"""

import base64
import gzip
import hashlib
import html
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.report.schema_text import one_line, summary
from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome
from pipeline.verdict import Verdict

SCRIPTS = ("data", "sql", "diff", "virtual", "objects", "detail", "order", "script", "overview")
"""Parts of the page's script in their order; `main` comes last."""
VERDICTS = (
    Verdict.DIFFERENT,
    Verdict.SOURCE_ONLY,
    Verdict.TARGET_ONLY,
    Verdict.CANNOT_TELL,
    Verdict.SAME,
)
PLAIN = 20_000
"""Characters up to which data stands uncompressed in the page."""
PIECE = 400_000
"""Characters of one piece, about: the page reads a piece when something in it is looked at."""
HINT = 110
_PAGE = files("pipeline.report") / "page"
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_UNSAFE = str.maketrans(_ESCAPES)


def to_html(outcome: Outcome) -> str:
    """Give the page: the same text for the same outcome."""
    details = _pieces(_details(outcome))
    sql = _pieces(step.sql for step in outcome.steps)
    data: dict[str, object] = {
        "index": {
            **_index(outcome),
            "detailStarts": _starts(details),
            "sqlStarts": _starts(sql),
        },
        "steps": [_step(step) for step in outcome.steps],
        "script": outcome.script,
        "undo": outcome.undo,
        **{f"details-{number}": piece for number, piece in enumerate(details)},
        **{f"sql-{number}": piece for number, piece in enumerate(sql)},
    }
    style, script = _text("page.css"), _script()
    return _filled(
        _text("page.html"),
        {
            "style_hash": _hash(style),
            "script_hash": _hash(script),
            "title": html.escape(f"{one_line(outcome.source)} → {one_line(outcome.target)}"),
            "source": html.escape(one_line(outcome.source)),
            "target": html.escape(one_line(outcome.target)),
            "dialect": html.escape(outcome.dialect),
            "summary": html.escape(summary(outcome)),
            "style": style,
            "script": script,
            "data": "\n".join(_embedded(name, value) for name, value in data.items()),
        },
    )


def _index(outcome: Outcome) -> dict[str, Any]:
    """What the list needs: read at once, so it is kept short."""
    types = sorted({each.type for each in outcome.objects})
    hazards = sorted({h.name for each in outcome.objects for h in each.hazards})
    used = {step.phase for step in outcome.steps} | {each.phase for each in outcome.objects}
    phases = [phase for phase in Phase if phase in used]
    return {
        "dialect": outcome.dialect,
        "source": one_line(outcome.source),
        "target": one_line(outcome.target),
        "differs": outcome.differs,
        "same": outcome.same,
        "steps": len(outcome.steps),
        "lost": outcome.lost,
        "notes": outcome.notes,
        "options": outcome.options,
        "skipped": dict(outcome.skipped),
        "types": types,
        "hazards": hazards,
        "phases": phases,
        "objects": [
            (
                types.index(each.type),
                each.schema,
                each.name,
                VERDICTS.index(each.verdict),
                phases.index(each.phase) if each.phase else -1,
                [hazards.index(name) for name in sorted({h.name for h in each.hazards})],
                _hint(each),
            )
            for each in outcome.objects
        ],
    }


def _hint(each: ObjectOutcome) -> str:
    """The first reason, short enough for a line of the list."""
    said = [*each.because, *(f"ignored: {word}" for word in each.ignored)]
    first = one_line(said[0]) if said else ""
    more = f" (+{len(said) - 1})" if len(said) > 1 else ""
    return (first if len(first) <= HINT else f"{first[: HINT - 1]}…") + more


def _details(outcome: Outcome) -> Iterator[dict[str, Any]]:
    steps: dict[tuple[str, str], list[StepOutcome]] = defaultdict(list)
    for step in outcome.steps:
        steps[step.type, step.object].append(step)
    for each in outcome.objects:
        own = steps.get((each.type, each.full_name), [])
        yield {
            "because": each.because,
            "ignored": each.ignored,
            "hazards": list(map(_hazard, each.hazards)),
            "guards": tuple(dict.fromkeys(guard for step in own for guard in step.guards)),
            "advice": each.advice,
            "place": each.place,
            "steps": [step.number for step in own],
            "source": each.source,
            "target": each.target,
        }


def _step(step: StepOutcome) -> dict[str, Any]:
    return {
        "title": one_line(step.title),
        "type": step.type,
        "object": step.object,
        "phase": step.phase,
        "because": step.because,
        "hazards": list(map(_hazard, step.hazards)),
        "guards": step.guards,
        "needs": step.needs,
        "transactional": step.transactional,
    }


def _hazard(hazard: Hazard) -> tuple[str, str, str]:
    return (hazard.name, hazard.object, hazard.reason)


def _pieces(values: Iterator[Any]) -> list[list[Any]]:
    """Part values so that each piece has about PIECE characters; there is always one."""
    pieces: list[list[Any]] = [[]]
    size = 0
    for value in values:
        if size > PIECE:
            pieces.append([])
            size = 0
        pieces[-1].append(value)
        size += len(value) if isinstance(value, str) else _length(value)
    return pieces


def _length(detail: dict[str, Any]) -> int:
    return len(detail["source"]) + len(detail["target"]) + 200


def _starts(pieces: Sequence[Sequence[Any]]) -> list[int]:
    """Give the number of the first value of each piece."""
    starts = [0]
    for piece in pieces[:-1]:
        starts.append(starts[-1] + len(piece))
    return starts


def _embedded(name: str, value: object) -> str:
    """Give data as an element that no browser runs, compressed unless it is short."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= PLAIN:
        kind, content = "json", text.translate(_UNSAFE)
    else:
        packed = gzip.compress(text.encode("utf-8", "surrogatepass"), 6, mtime=0)
        kind, content = "gzip", base64.b64encode(packed).decode("ascii")
    return f'<script type="application/{kind}" id="{name}">{content}</script>'


def _script() -> str:
    """The page's script: the index is read first, since all other parts begin with it."""
    first, *rest = (_text(f"{name}.js") for name in (*SCRIPTS, "main"))
    index = 'const INDEX = await unpack("index");\n'
    body = "\n".join((first, index, *rest))
    return f'"use strict";\n(async () => {{\n{body}\nawait start();\n}})();\n'


def _text(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _filled(template: str, values: dict[str, str]) -> str:
    """Put values in the place of `{{name}}`, each once: what a value says is not looked at."""
    parts = template.split("{{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}}")
        filled += [values[name], rest]
    return "".join(filled)
