"""Files that a task writes for its user: all of them or none, and never over somebody else's."""

import gzip
import os
import re
import secrets
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BadCall

_MADE = re.compile(rb'made by farmhand|"made_by": ?"farmhand')
"""Stands in the first lines of every file that may be written again."""
HEAD = 1000
"""Bytes in which it stands."""
STDOUT = "-"
ADVICE = "name another path, or remove that file if nobody needs it"


@dataclass(frozen=True, slots=True)
class Output:
    """What is to stand in a file. `option` is what named it."""

    option: str
    path: str
    content: bytes


def refuse_foreign(outputs: Mapping[str, str]) -> None:
    """Refuse beforehand, before anything is read: paths by their option, '' for none.

    BadCall for a file that farmhand has not written, a folder, and two outputs of one name.
    """
    seen: dict[str, str] = {}
    for option, path in outputs.items():
        if not path:
            continue
        place = path if path == STDOUT else str(Path(path).absolute())
        if place in seen:
            raise BadCall(f"{seen[place]} and {option} name one place: {path}", where=option)
        seen[place] = option
        if path != STDOUT:
            _refuse(Path(path), option)


def _refuse(path: Path, option: str) -> None:
    if path.is_dir():
        raise BadCall(f"{path} is a folder", where=option, advice="name a file")
    if not path.absolute().parent.is_dir():
        raise BadCall(f"there is no folder {path.parent}", where=option, advice="make it first")
    if path.exists() and not _is_ours(path):
        raise BadCall(f"{path} was not made by farmhand", where=option, advice=ADVICE)


def _is_ours(path: Path) -> bool:
    """An empty file is anybody's: `mktemp` makes such."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    if head.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError, zlib.error), gzip.open(path, "rb") as unpacked:
            head = unpacked.read(HEAD)
    return not head or _MADE.search(head) is not None


def write_all(outputs: Iterable[Output]) -> None:
    """Write all files under other names, then give each its own. BadCall when one cannot be."""
    ready: list[tuple[Path, Path]] = []
    option = ""
    try:
        for output in outputs:
            option, path = output.option, Path(output.path)
            _refuse(path, option)
            making = path.with_name(f".{path.name}.{secrets.token_hex(4)}.making")
            ready.append((making, path))
            with making.open("xb") as file:
                file.write(output.content)
                file.flush()
                os.fsync(file.fileno())
        for making, path in ready:
            making.replace(path)
    except OSError as problem:
        raise BadCall(
            f"cannot be written: {problem.strerror or problem}",
            where=f"{option} {problem.filename2 or problem.filename or ''}".strip(),
        ) from problem
    finally:
        for making, _ in ready:
            with suppress(OSError):
                making.unlink(missing_ok=True)
