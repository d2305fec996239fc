"""Lines with colours where somebody looks at them, and plain everywhere else."""

import os
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import TextIO

from pipeline.report.schema_text import Line

WIDTH = 120
"""Of side by side where there is no terminal."""
_STYLES = {
    "head": "bold",
    "+": "green",
    "-": "red",
    "~": "yellow",
    "?": "magenta",
    "=": "cyan",
    "hazard": "yellow",
    "heavy": "bold red",
    "soft": "dim",
}


def write_lines(stream: TextIO, lines: Iterable[Line]) -> None:
    """Write lines; in colours on a terminal, unless NO_COLOR or CI says otherwise."""
    if stream.isatty():
        lines = wrapped(lines, width_of(stream))
    if not wants_colour(stream):
        stream.writelines(f"{line.text.rstrip()}\n" for line in lines)
        stream.flush()
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text(line.text, style=_STYLES.get(line.style, "")))


def wrapped(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Break lines between words where they are longer than `width` characters."""
    for line in lines:
        if len(line.text) <= width:
            yield line
            continue
        text = line.text.lstrip()
        indent = line.text[: len(line.text) - len(text)]
        pieces = textwrap.wrap(
            text,
            width,
            initial_indent=indent,
            subsequent_indent=f"{indent}    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from (line._replace(text=piece) for piece in pieces)


def wants_colour(stream: TextIO) -> bool:
    """Whether somebody looks at it on a terminal that can show colours."""
    plain = any(os.environ.get(name) for name in ("NO_COLOR", "CI"))
    return stream.isatty() and not plain and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """How many characters fit on a line."""
    return shutil.get_terminal_size((WIDTH, 40)).columns if stream.isatty() else WIDTH
