"""A page as a browser takes it apart, and what a page must never have."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "pipeline" / "report" / "page"
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


def refuse_unsafe(text: str) -> None:
    """Fail when a page loads anything, lets anything else run, or makes HTML of its data."""
    page = Page(text)

    def digest(part: str) -> str:
        return base64.b64encode(hashlib.sha256(page.texts[part].encode()).digest()).decode()

    (policy,) = (value for name, value in page.attributes if "default-src" in value)
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest('script')}'; "
        f"style-src 'sha256-{digest('style')}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert not {"src", "href", "srcset", "action"} & {name for name, _ in page.attributes}
    assert not {"link", "iframe", "img", "object"} & set(page.tags)
    shown = page.texts["script"] + page.texts["style"]
    addresses = set(re.findall(r"https?://[^\s\"'`]+", shown))
    assert addresses == {"http://www.w3.org/2000/svg"}  # a name, not an address
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", shown)
