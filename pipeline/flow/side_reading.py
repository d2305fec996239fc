"""Sides read: which dialect they have, and the database behind each of them."""

import gc
import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import BadCall, BadSchema, FarmhandError, Unreachable
from pipeline.flow.dialects import Evidence, decided, likely
from pipeline.flow.sides import (
    Dialect,
    Empty,
    Scripts,
    Side,
    SqliteFile,
    dialect_of,
    parse_side,
)
from pipeline.flow.sides import Snapshot as SnapshotSide
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.schema import Schema

GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides, read. `notes` say how the dialect was found and which changesets were meant.

    `same` counts objects that are the same on both sides and were not read at all.
    """

    dialect: Dialect
    source: Database | Schema
    target: Database | Schema
    labels: tuple[str, str]
    notes: tuple[str, ...] = ()
    same: int = 0


@dataclass(slots=True)
class _Opened:
    """A side of which the content is at hand, but whose dialect may not be known yet."""

    side: Side
    option: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def evidence(self) -> Evidence:
        """What there is to tell the dialect by."""
        label = str(self.side)
        match self.side:
            case Empty(dialect=dialect):
                return Evidence(label, dialect)
            case SqliteFile():
                return Evidence(label, "sqlite")
            case SnapshotSide():
                return Evidence(label, dialect_of(str(self.values.get("dialect")), label))
            case Scripts(path=path):
                return Evidence(label, None, lambda: likely(path, self.files))


def read_sides(
    source: str,
    target: str,
    *,
    dialect: str = "",
    lenient: bool = False,
    cache: Path | None = None,
) -> Sides:
    """Read both sides. BadCall for what is named wrongly, BadSchema for what cannot be read.

    `cache` is the file where what is read of big folders is kept; without it nothing is.
    """
    opened = tuple(
        _open(parse_side(text, option), option)
        for text, option in ((source, "--source"), (target, "--target"))
    )
    wanted = dialect_of(dialect, "--dialect") if dialect else None
    found, why = decided(wanted, (each.evidence for each in opened))
    notes = (*((why,) if why else ()), *(each.note for each in opened if each.note))
    labels = (str(opened[0].side), str(opened[1].side))
    match opened[0].side, opened[1].side:
        case Scripts(path=new, rev=""), Scripts(path=old, rev="") if (
            found == "mssql" and not lenient
        ):
            return _pair(new, old, labels, notes, cache)
    mine, theirs = (_read(each, found, lenient=lenient) for each in opened)
    return Sides(found, mine, theirs, labels, notes)


def _pair(
    source: Path,
    target: Path,
    labels: tuple[str, str],
    notes: tuple[str, ...],
    cache: Path | None,
) -> Sides:
    """Read two folders of T-SQL; what is the same in both only once, or not at all."""
    from pipeline.schema.readers.tsql_cache import is_big, open_cache

    kept = cache if cache and is_big(source) and is_big(target) else None
    with open_cache(kept) as opened:
        pair = opened.pair(source, target)
    return Sides("mssql", pair.source, pair.target, labels, notes, pair.same)


def read_side(
    text: str, *, dialect: str = "", lenient: bool = False
) -> tuple[Dialect, Database | Schema, tuple[str, ...]]:
    """Read one side: its dialect, what it is, and notes."""
    opened = _open(parse_side(text, "--source"), "--source")
    wanted = dialect_of(dialect, "--dialect") if dialect else None
    found, why = decided(wanted, (opened.evidence,))
    read = _read(opened, found, lenient=lenient)
    return found, read, tuple(note for note in (why, opened.note) if note)


def _open(side: Side, option: str) -> _Opened:
    match side:
        case Scripts(rev=""):
            if not side.path.exists():
                raise BadCall(f"there is no {side.path}", where=option, advice=_near(side.path))
            return _Opened(side, option)
        case Scripts():
            from pipeline.source.tree import tree_at

            try:
                tree = tree_at(side.path, side.rev)
            except BadCall as problem:
                raise BadCall(
                    problem.what.removeprefix("--rev "),
                    where=f"{option} {side}",
                    advice=problem.advice,
                ) from problem
            return _Opened(side, option, tree.files, note=f"{side} is changeset {tree.short}")
        case SnapshotSide():
            return _Opened(side, option, values=snapshot_values(side.path, option))
        case Empty() | SqliteFile():
            return _Opened(side, option)


def _near(path: Path) -> str:
    folder = path.parent
    return "" if folder.is_dir() else f"there is no folder {folder} either"


def snapshot_values(path: Path, where: str) -> Mapping[str, Any]:
    """Give what a snapshot's file says, compressed or plain."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise BadCall(
            f"cannot be read: {problem.strerror or problem}", where=f"{where} snapshot:{path}"
        ) from problem
    try:
        text = gzip.decompress(content) if content.startswith(GZIP) else content
        with without_collecting():
            values = json.loads(text)
        if not isinstance(values, dict):
            raise ValueError("it is no JSON object")
    except (OSError, EOFError, ValueError, zlib.error, RecursionError) as problem:
        raise BadSchema(
            f"this is no snapshot, or a damaged one: {problem}",
            where=str(path),
            advice="make it again: schema.snapshot",
        ) from problem
    return values


def _read(opened: _Opened, dialect: Dialect, *, lenient: bool) -> Database | Schema:
    try:
        with without_collecting():
            return (
                _read_mssql(opened, lenient=lenient)
                if dialect == "mssql"
                else _read_sqlite(opened)
            )
    except FarmhandError as problem:
        if isinstance(opened.side, SnapshotSide) and not problem.where:
            problem.where = str(opened.side.path)
            problem.args = (f"{problem.where}: {problem.what}",)
        raise


def _read_mssql(opened: _Opened, *, lenient: bool) -> Database:
    from pipeline.schema.mssql_snapshot import from_values
    from pipeline.schema.readers.tsql_folder import from_files, from_folder

    match opened.side:
        case Empty():
            return Database({})
        case SnapshotSide():
            return from_values(opened.values)
        case Scripts(path=path, rev=rev):
            folder = from_files(opened.files, str(opened.side)) if rev else from_folder(path)
            return folder.database(lenient=lenient)
        case SqliteFile():
            raise BadCall(f"{opened.side} is no SQL Server database", where=opened.option)


def _read_sqlite(opened: _Opened) -> Schema:
    from pipeline.schema.readers.scripts import read_scripts
    from pipeline.schema.snapshot import from_json

    match opened.side:
        case Empty():
            return Schema.of("sqlite", ())
        case SnapshotSide():
            return from_json(opened.values)
        case Scripts(path=path, rev=rev):
            files = opened.files if rev else dict(_scripts_below(path))
            texts = {name: _text(name, files[name]) for name in files if name.endswith(".sql")}
            if not texts:
                raise BadSchema(
                    "there are no scripts",
                    where=str(opened.side),
                    advice="for a database with nothing in it say empty:sqlite",
                )
            return read_scripts(texts)
        case SqliteFile(path=path):
            return _live(path, opened.option)


def _live(path: Path, option: str) -> Schema:
    from pipeline.schema.readers.connect import open_sqlite
    from pipeline.schema.readers.sqlite import read_sqlite

    if not path.is_file():
        raise BadCall(f"there is no file {path}", where=option, advice="or say empty:sqlite")
    try:
        with open_sqlite(path, read_only=True) as connection:
            return read_sqlite(connection)
    except sqlite3.Error as problem:
        raise Unreachable(f"its schema cannot be read: {problem}", where=str(path)) from problem


def _scripts_below(path: Path) -> Iterable[tuple[str, bytes]]:
    if path.is_file():
        yield path.name, path.read_bytes()
        return
    for each in sorted(path.rglob("*.sql")):
        if each.is_file():
            yield each.relative_to(path).as_posix(), each.read_bytes()


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadSchema(f"not UTF-8 at byte {problem.start}", where=name) from problem


@contextmanager
def without_collecting() -> Iterator[None]:
    """Read much at once: looking for garbage among values that all stay costs more than that."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.freeze()  # what was made stays, and need not be looked through later either
            gc.enable()
