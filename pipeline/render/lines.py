"""Which newlines of a template belong to its blocks, and which to its text.

Jinja2's trim_blocks takes the newline behind every block and comment, so that a line with nothing
else vanishes. It also takes it from `Listen 80 {# why #}`, and the next directive then becomes an
argument of this one. Here a line that has text keeps its end.
"""

import re

_STRINGS = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^"'])*?"""
_TAG = re.compile(
    r"\{%[-+]?\s*raw\s*[-+]?%\}(?P<raw>.*?)\{%[-+]?\s*endraw\s*[-+]?%\}"
    r"|\{\#.*?\#\}"
    rf"|\{{%{_STRINGS}%\}}"
    rf"|(?P<value>\{{\{{{_STRINGS}\}}\}})",
    re.DOTALL,
)
_LINE_END = re.compile(r"\r?\n")


def keep_line_ends(source: str) -> str:
    """The template with `+%}` or `+#}` where a tag ends a line that has text as well."""
    made: list[str] = []
    done, has_text = 0, False
    for tag in _TAG.finditer(source):
        has_text = _has_text(source[done : tag.start()], has_text)
        made.append(source[done : tag.start()])
        inside = tag["raw"] if tag["raw"] is not None else ""
        has_text = _has_text(inside, has_text) or tag["value"] is not None
        made.append(_kept(tag.group()) if _ends_line(source, tag) and has_text else tag.group())
        done = tag.end()
    return "".join((*made, source[done:]))


def _has_text(piece: str, before: bool) -> bool:  # noqa: FBT001
    """Whether the line that is open at the end of `piece` has text; `before`: it had before."""
    line = piece.rpartition("\n")
    return bool(line[2].strip()) or (before and not line[1])


def _ends_line(source: str, tag: re.Match[str]) -> bool:
    return tag["value"] is None and _LINE_END.match(source, tag.end()) is not None


def _kept(tag: str) -> str:
    return tag if tag[-3] in "-+" else f"{tag[:-2]}+{tag[-2:]}"
