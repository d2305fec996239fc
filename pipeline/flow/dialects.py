"""Which dialect scripts are written in, when nobody says it."""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.errors import BadCall
from pipeline.flow.sides import DIALECTS, Dialect, dialect_of

LOOKED_AT, OF_A_FOLDER = 60, 8
"""Scripts that are looked at: in all, and of one folder."""
FARM_FILE = "farm.toml"
INFORMATION = "RedGateDatabaseInfo.xml"
_HEAD = 20_000
_MARKS: dict[Dialect, re.Pattern[str]] = {
    "mssql": re.compile(
        r"^[ \t]*GO[ \t]*;?[ \t]*\r?$|\[dbo\]|\bdbo\.|\bIDENTITY\s*\(|\bNVARCHAR\b"
        r"|\bNONCLUSTERED\b|\bSET\s+(?:ANSI_NULLS|QUOTED_IDENTIFIER)\b|\bDATETIME2\b|\bUNIQUEIDENTIFIER\b",
        re.IGNORECASE | re.MULTILINE,
    ),
    "sqlite": re.compile(
        r"\bAUTOINCREMENT\b|\bWITHOUT\s+ROWID\b|^[ \t]*PRAGMA\b|\)\s*STRICT\s*;",
        re.IGNORECASE | re.MULTILINE,
    ),
}
_NAMES: dict[Dialect, str] = {"mssql": "T-SQL", "sqlite": "SQLite's SQL"}
ASK = f"say it: --dialect {' or --dialect '.join(DIALECTS)}"


Reasons = tuple[tuple[Dialect, str], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a side's dialect.

    `sure`: the side itself says it. Else `guess` gives the likely dialects with their reasons; it
    is asked only where nothing else decides.
    """

    label: str
    sure: Dialect | None = None
    guess: Callable[[], Reasons] = tuple


def decided(wanted: Dialect | None, sides: Iterable[Evidence]) -> tuple[Dialect, str]:
    """Give the dialect of all sides, and in words how it was found ('' when it was said).

    BadCall when the sides are of two dialects, or when it cannot be told.
    """
    sides = tuple(sides)
    sure = {side.label: side.sure for side in sides if side.sure}
    open_ones = [side for side in sides if not side.sure]
    names = {*sure.values(), *((wanted,) if wanted else ())}
    if len(names) > 1:
        said = [f"{label} is {dialect}" for label, dialect in sure.items()]
        said += [f"--dialect says {wanted}"] if wanted else []
        raise BadCall(
            f"sides of two dialects cannot be compared: {', '.join(said)}",
            advice="name two sides of one dialect",
        )
    if not names:
        return _guessed({side.label: side.guess() for side in open_ones})
    (dialect,) = names
    unsaid = "" if wanted else _all(side.label for side in open_ones)
    return dialect, f"{unsaid} read as {dialect}, as the other side is" if unsaid else ""


def _guessed(guesses: Mapping[str, Reasons]) -> tuple[Dialect, str]:
    found = {dialect for likely in guesses.values() for dialect, _ in likely}
    if len(found) != 1:
        why = "; ".join(
            f"{label}: " + (" and ".join(reason for _, reason in likely) or "nothing tells it")
            for label, likely in guesses.items()
        )
        raise BadCall(f"which dialect is meant cannot be told ({why})", advice=ASK)
    (dialect,) = found
    reason = next(reason for likely in guesses.values() for _, reason in likely)
    return dialect, f"{_all(guesses)} read as {dialect}: {reason}"


def _all(labels: Iterable[str]) -> str:
    each = tuple(dict.fromkeys(labels))
    return f"{' and '.join(each)} {'is' if len(each) == 1 else 'are'}" if each else ""


def likely(path: Path, files: Mapping[str, bytes]) -> Reasons:
    """Look at a folder of scripts: is it the project's own; what do the scripts look like.

    `files` are its files where they were read already.
    """
    own = _of_project(path)
    if own:
        return ((own, f"farm.toml says it of {path}"),)
    if INFORMATION in files or (path / INFORMATION).is_file():
        return (("mssql", f"it has a {INFORMATION}"),)
    texts = tuple(_heads(path, files))
    found = {
        dialect: next((m for m in map(mark.search, texts) if m), None)
        for dialect, mark in _MARKS.items()
    }
    return tuple(
        (dialect, f"{' '.join(mark[0].split())} is {_NAMES[dialect]}")
        for dialect, mark in found.items()
        if mark
    )


def project_above(place: Path) -> Path | None:
    """Give the nearest folder with a farm.toml. `settings` knows it too, but is slow to import."""
    folders = (place, *place.parents)
    return next((folder for folder in folders if (folder / FARM_FILE).is_file()), None)


def _of_project(path: Path) -> Dialect | None:
    """Give the dialect that farm.toml gives to this folder. A broken farm.toml gives none."""
    project = project_above(path.absolute())
    if project is None:
        return None
    try:
        farm = tomllib.loads((project / FARM_FILE).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    databases = farm.get("databases")
    for database in databases.values() if isinstance(databases, dict) else ():
        if isinstance(database, dict):
            scripts = str(database.get("scripts", "SITE:schema")).removeprefix("SITE:")
            dialect = database.get("dialect")
            if (project / scripts).resolve() == path.resolve() and dialect in DIALECTS:
                return dialect_of(str(dialect), FARM_FILE)
    return None


def _heads(path: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """The beginnings of a few scripts of each folder."""
    contents = files.values() if files else _contents(path)
    for content in islice(contents, LOOKED_AT):
        yield content[:_HEAD].replace(b"\x00", b"").decode("utf-8", errors="replace")


def _contents(path: Path) -> Iterator[bytes]:
    if path.is_file():
        yield path.read_bytes()
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        scripts = sorted(name for name in names if name.lower().endswith(".sql"))
        for name in scripts[:OF_A_FOLDER]:
            with suppress(OSError), Path(folder, name).open("rb") as file:
                yield file.read(_HEAD)
