"""The sides of a comparison, as a user names them: `scripts:schema@1.0`, `empty:mssql`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, get_args

from pipeline.errors import BadCall

Dialect = Literal["mssql", "sqlite"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
FORMS = (
    "scripts:PATH, scripts:PATH@REV, snapshot:FILE, empty:DIALECT, sqlite:///FILE "
    "(and later env:NAME and other databases)"
)
LIVE = "live SQL Server databases cannot be read yet"
_SQLITE = re.compile(r"sqlite(\+pysqlite)?:///(?P<path>.+)", re.DOTALL)
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+)://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scripts:
    """A folder of scripts, or one script; `rev` is '' for the files as they are now."""

    path: Path
    rev: str = ""

    def __str__(self) -> str:
        return f"scripts:{self.path}{'@' if self.rev else ''}{self.rev}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file that schema.snapshot wrote."""

    path: Path

    def __str__(self) -> str:
        return f"snapshot:{self.path}"


@dataclass(frozen=True, slots=True)
class Empty:
    """A database with nothing in it."""

    dialect: Dialect

    def __str__(self) -> str:
        return f"empty:{self.dialect}"


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A SQLite database."""

    path: Path

    def __str__(self) -> str:
        return f"sqlite:///{self.path}"


Side = Scripts | Snapshot | Empty | SqliteFile


def parse_side(
    text: str, option: str, exists: Callable[[Path], bool] = lambda path: path.exists()
) -> Side:
    """Give the side that a user named. BadCall says which forms there are, and which one is near.

    A path that exists as it stands is meant as it stands, `@` or not.
    """
    kind, colon, rest = text.partition(":")
    if colon and kind in _KINDS and rest:
        return _KINDS[kind](rest, option, exists)
    sqlite = _SQLITE.fullmatch(text)
    if sqlite:
        return SqliteFile(Path(sqlite["path"]))
    url = _URL.match(text)
    if url:
        _not_yet(url["scheme"], option)
    path = Path(text)
    if text and exists(path):
        near = f"scripts:{text}" if path.is_dir() or path.suffix == ".sql" else f"snapshot:{text}"
        raise BadCall(f"{text!r} is a path", where=option, advice=f"did you mean {near}?")
    said = f"{text!r} is no side of a comparison" if text else "no side is named"
    raise BadCall(said, where=option, advice=f"say one of {FORMS}")


def _scripts(rest: str, _option: str, exists: Callable[[Path], bool]) -> Side:
    path, at, rev = rest.rpartition("@")
    if at and path and rev and not exists(Path(rest)):
        return Scripts(Path(path), rev)
    return Scripts(Path(rest))


def _snapshot(rest: str, _option: str, _exists: Callable[[Path], bool]) -> Side:
    return Snapshot(Path(rest))


def _empty(rest: str, option: str, _exists: Callable[[Path], bool]) -> Side:
    return Empty(dialect_of(rest, option))


def dialect_of(text: str, option: str) -> Dialect:
    """Give the dialect that a user named."""
    for dialect in DIALECTS:
        if text.lower() == dialect:
            return dialect
    raise BadCall(
        f"there is no dialect {text!r}", where=option, advice=f"there are: {', '.join(DIALECTS)}"
    )


def _env(_rest: str, option: str, _exists: Callable[[Path], bool]) -> NoReturn:
    raise BadCall(
        f"{LIVE}, and databases of environments neither",
        where=option,
        advice="name scripts: or a snapshot:, or a SQLite file by sqlite:///FILE",
    )


def _not_yet(scheme: str, option: str) -> NoReturn:
    what = LIVE if scheme.startswith("mssql") else f"databases by {scheme} cannot be read yet"
    raise BadCall(
        what, where=option, advice="name scripts: or a snapshot:, or a SQLite file: sqlite:///FILE"
    )


_KINDS: dict[str, Callable[[str, str, Callable[[Path], bool]], Side]] = {
    "scripts": _scripts,
    "snapshot": _snapshot,
    "empty": _empty,
    "env": _env,
}
