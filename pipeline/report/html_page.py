"""One HTML file that needs nothing else: no network, no other file.

All that stands in it is data for the page's own script, which makes texts of it and never HTML.
The security policy of the page names that script and the style by their hashes.
"""

import base64
import gzip
import hashlib
import html
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

SHARED = ("data", "sql", "diff", "virtual", "sides", "shell")
"""Parts of the script that every page begins with, in their order."""
PLAIN = 20_000
"""Characters up to which data stands uncompressed in the page."""
PIECE = 400_000
"""Characters of one piece, about: the page reads a piece when something in it is looked at."""
_PAGE = files("pipeline.report") / "page"
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_UNSAFE = str.maketrans(_ESCAPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one kind of page is made of. `scripts`, `styles` and `header` are files in `page/`.

    `words` are put into the header; they, the title and the summary are plain texts. `data` must
    have an `index`, which the script finds as INDEX; the rest it loads by name.
    """

    made_by: str
    title: str
    summary: str
    header: str
    words: Mapping[str, str]
    tabs: Sequence[str]
    scripts: Sequence[str]
    styles: Sequence[str]
    data: Mapping[str, object]


def to_text(page: Page) -> str:
    """Give the file: the same text for the same page."""
    style = "".join(_text(f"{name}.css") for name in page.styles)
    script = _script(page.scripts)
    words = {name: html.escape(word) for name, word in {"title": page.title, **page.words}.items()}
    return _filled(
        _text("page.html"),
        {
            "made_by": page.made_by,
            "style_hash": _hash(style),
            "script_hash": _hash(script),
            "title": html.escape(page.title),
            "header": _filled(_text(page.header), words),
            "panels": "\n".join(map(_panel, page.tabs)),
            "summary": html.escape(page.summary),
            "style": style,
            "script": script,
            "data": "\n".join(_embedded(name, value) for name, value in page.data.items()),
        },
    )


def pieces(values: Iterable[Any], size_of: Callable[[Any], int]) -> list[list[Any]]:
    """Part values so that each piece has about PIECE characters; there is always one."""
    parted: list[list[Any]] = [[]]
    size = 0
    for value in values:
        if size > PIECE:
            parted.append([])
            size = 0
        parted[-1].append(value)
        size += size_of(value)
    return parted


def starts(parted: Sequence[Sequence[Any]]) -> list[int]:
    """Give the number of the first value of each piece."""
    found = [0]
    for piece in parted[:-1]:
        found.append(found[-1] + len(piece))
    return found


def _panel(tab: str) -> str:
    return (
        f'  <section class="panel" id="panel-{tab}" role="tabpanel" aria-labelledby="tab-{tab}" '
        'tabindex="-1" hidden></section>'
    )


def _embedded(name: str, value: object) -> str:
    """Give data as an element that no browser runs, compressed unless it is short."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= PLAIN:
        kind, content = "json", text.translate(_UNSAFE)
    else:
        packed = gzip.compress(text.encode("utf-8", "surrogatepass"), 6, mtime=0)
        kind, content = "gzip", base64.b64encode(packed).decode("ascii")
    return f'<script type="application/{kind}" id="{name}">{content}</script>'


def _script(parts: Sequence[str]) -> str:
    """The page's script: the index is read first, since all other parts begin with it."""
    first, *rest = (_text(f"{name}.js") for name in (*SHARED, *parts))
    index = 'const INDEX = await unpack("index");\n'
    body = "\n".join((first, index, *rest))
    return f'"use strict";\n(async () => {{\n{body}\nawait start();\n}})();\n'


def _text(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put values in the place of `{{name}}`, each once: what a value says is not looked at."""
    parts = template.split("{{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}}")
        filled += [values[name], rest]
    return "".join(filled)
