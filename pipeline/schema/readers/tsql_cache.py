"""What was read of script folders before, kept in one SQLite file by the content of each script.

A folder's listing is believed where the file system says that a script is as it was: its size,
time and number. Everything else is read again, and looked up by its SHA-256.
"""

import hashlib
import io
import pickle
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pipeline.schema.model.mssql as model
import pipeline.schema.syntax.mssql as syntax
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.readers.tsql_folder import (
    Folder,
    from_folder,
    is_script,
    read_bytes,
    walked,
)
from pipeline.schema.readers.tsql_parallel import read_each
from pipeline.schema.syntax.mssql.decoding import decode
from pipeline.schema.syntax.mssql.narrow import FileFacts, narrowed, words
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from pipeline.schema.syntax.mssql.sqlcmd import has_commands

RACY = 2_000_000_000
"""Nanoseconds: a file that is not older may change again and keep its time."""
BIG = 4_000
"""Scripts: a folder that has fewer is read anew as fast as it is looked up."""
_MODELS = ("pipeline.schema.model.", "pipeline.schema.syntax.mssql.narrow", __name__)
_TABLES = """
CREATE TABLE IF NOT EXISTS folder (path TEXT PRIMARY KEY, survey BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS script (digest BLOB PRIMARY KEY, facts BLOB, made BLOB);
"""
Stat = tuple[int, int, int]


class Survey(NamedTuple):
    """A plain folder: scripts that stand for themselves, without a project around them.

    `stats` has every file of the folder, `files` the scripts among them.
    """

    stats: dict[str, Stat]
    files: dict[str, FileFacts]
    collation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two databases, without what is the same in both and touches nothing that differs."""

    source: Database
    target: Database
    same: int = 0
    """Objects that were left out of both."""


@dataclass(slots=True)
class ScriptCache:
    """The open file, and what was looked up in it. Without a file nothing is kept."""

    store: sqlite3.Connection | None
    known: dict[bytes, Database | None] = field(default_factory=dict)
    facts: dict[bytes, FileFacts] = field(default_factory=dict)
    fresh: dict[bytes, tuple[bytes, bytes | None]] = field(default_factory=dict)

    def pair(self, source: Path, target: Path) -> Pair:
        """Read two folders, as far as they have to be read to be compared."""
        first: Survey | Folder
        second: Survey | Folder
        if self.store is None:
            first, second = from_folder(source), from_folder(target)
            usual = [each for each in (first, second) if each.default_schema == "dbo"]
            self._study({_digest(file): file for each in usual for file in each.files})
        else:
            first, second = self._survey(source), self._survey(target)
        if isinstance(first, Survey) and isinstance(second, Survey):
            chosen = narrowed(first.files, second.files)
            if chosen is not None:
                left_out = first.files.keys() - set(chosen[0])
                return Pair(
                    source=self._part(source, first, chosen[0]),
                    target=self._part(target, second, chosen[1]),
                    same=sum(len(first.files[path].keys) for path in left_out),
                )
        return Pair(source=self._whole(source, first), target=self._whole(target, second))

    def _whole(self, path: Path, found: Survey | Folder) -> Database:
        """Read one folder or script whole. Raises as `from_folder` and `read_database` do."""
        folder = found if isinstance(found, Folder) else from_folder(path)
        if folder.default_schema != "dbo":
            return folder.database()
        return folder.database(alone=self._alone)

    def save(self) -> None:
        """Keep what was read for the first time."""
        if self.store is None:
            return
        with suppress(sqlite3.Error):
            self.store.executemany(
                "INSERT OR IGNORE INTO script VALUES (?, ?, ?)",
                ((digest, *kept) for digest, kept in self.fresh.items()),
            )
            self.store.commit()
            self.fresh.clear()

    def _part(self, root: Path, survey: Survey, paths: Iterable[str]) -> Database:
        """Give the database of some of a folder's files."""
        files = [_Known(path, root, survey.files[path].digest) for path in paths]
        known = {file.path: file for file in files}
        self._look_up({file.digest for file in files if survey.files[file.path].alone})

        def alone(file: SourceFile) -> Database | None:
            return self.known.get(known[file.path].digest)

        scripts = (
            SourceFile(file.path, "")
            if self.known.get(file.digest) is not None
            else SourceFile(file.path, file.text())
            for file in files
        )
        found = read_database(scripts, alone=alone)
        return replace(found, collation=found.collation or survey.collation)

    def _alone(self, file: SourceFile) -> Database | None:
        digest = _digest(file)
        if digest not in self.known:
            self._look_up({digest})
        if digest not in self.known:
            self._study({digest: file})
        return self.known[digest]

    def _study(self, files: Mapping[bytes, SourceFile]) -> None:
        """Read files by themselves for the first time; they are named by their digests."""
        for (digest, file), found in zip(files.items(), read_each([*files.values()]), strict=True):
            self.known[digest] = found.database
            if self.store is None:
                continue
            facts = FileFacts(
                digest, found.database is not None, found.keys, words(file.text), found.everywhere
            )
            self.facts[digest] = facts
            made = _dumped(found.database) if found.database else None
            self.fresh[digest] = (_dumped(facts), made)

    def _look_up(self, digests: set[bytes]) -> None:
        """Find what scripts make, as far as it was kept."""
        for digest, made in self._kept("made", digests - self.known.keys()):
            self.known[digest] = _loaded(made) if made is not None else None

    def _kept(self, column: str, digests: Iterable[bytes]) -> Iterator[tuple[bytes, bytes | None]]:
        wanted = sorted(digests) if self.store else []
        with suppress(sqlite3.Error):
            for begin in range(0, len(wanted), 500):
                some = wanted[begin : begin + 500]
                marks = ", ".join("?" * len(some))
                query = f"SELECT digest, {column} FROM script WHERE digest IN ({marks})"  # noqa: S608
                yield from self._rows(query, some)

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return self.store.execute(query, values).fetchall() if self.store else []

    def _survey(self, root: Path) -> Survey | Folder:
        """Give what is known of a plain folder, brought up to date; any other is read."""
        if not root.is_dir():
            return from_folder(root)
        began = time.time_ns()
        stats = _stats(root)
        before = self._surveyed(root)
        if before is not None and before.stats == stats:
            return before
        survey = self._renewed(root, stats, before) or self._first(root, stats)
        if isinstance(survey, Survey):
            old = {path: stat for path, stat in stats.items() if stat[0] < began - RACY}
            self._keep(root, survey._replace(stats=old))
        return survey

    def _surveyed(self, root: Path) -> Survey | None:
        with suppress(sqlite3.Error):
            query = "SELECT survey FROM folder WHERE path = ?"
            for (kept,) in self._rows(query, (str(root.resolve()),)):
                found = _loaded(kept)
                return found if isinstance(found, Survey) else None
        return None

    def _keep(self, root: Path, survey: Survey) -> None:
        with suppress(sqlite3.Error):
            kept = (str(root.resolve()), _dumped(survey))
            self._rows("INSERT OR REPLACE INTO folder VALUES (?, ?)", kept)

    def _renewed(
        self, root: Path, stats: Mapping[str, Stat], before: Survey | None
    ) -> Survey | None:
        """Read only the scripts that have changed. None if anything else has changed too."""
        others = {path: stat for path, stat in stats.items() if not is_script(path)}
        if before is None or any(before.stats.get(path) != others[path] for path in others):
            return None
        changed = {
            path: decode(path, read_bytes(root / path))
            for path, stat in stats.items()
            if is_script(path) and before.stats.get(path) != stat
        }
        if any(map(_has_variables, changed.values())):
            return None
        files = {path: facts for path, facts in before.files.items() if path in stats}
        by_digest = {facts.digest: facts for facts in before.files.values()}
        fresh = self._facts([SourceFile(path, text) for path, text in changed.items()], by_digest)
        known = {key.name for facts in before.files.values() for key in facts.keys}
        if any(key.name not in known for facts in fresh.values() for key in facts.keys):
            return None  # the other files may mention it: what they mention has to be sought anew
        return Survey(dict(stats), files | fresh, before.collation)

    def _first(self, root: Path, stats: dict[str, Stat]) -> Survey | Folder:
        """Read a whole folder. It stays one if it has more than scripts for themselves."""
        folder = from_folder(root)
        if not _is_plain(folder, set(filter(is_script, stats))):
            return folder
        return Survey(stats, self._facts(folder.files, {}), folder.collation)

    def _facts(
        self, files: Iterable[SourceFile], known: Mapping[bytes, FileFacts]
    ) -> dict[str, FileFacts]:
        """Give what is known of files, with their mentions of what any of them makes."""
        found: dict[str, FileFacts] = {}
        digests = {file: _digest(file) for file in files}
        for digest, kept in self._kept("facts", {*digests.values()} - self.facts.keys()):
            said = _loaded(kept) if kept else None
            if isinstance(said, FileFacts):
                self.facts[digest] = said
        self._study({each: file for file, each in digests.items() if each not in self.facts})
        for file, digest in digests.items():
            found[file.path] = self.facts[digest]
        made = {key.name for facts in (*found.values(), *known.values()) for key in facts.keys}
        return {
            path: facts._replace(mentions=facts.mentions & made) for path, facts in found.items()
        }


class _Known(NamedTuple):
    """A script that may not have to be read."""

    path: str
    root: Path
    digest: bytes

    def text(self) -> str:
        return decode(self.path, read_bytes(self.root / self.path))


@contextmanager
def open_cache(path: Path | None) -> Iterator[ScriptCache]:
    """Open the cache, and save it at the end. A file that cannot be used is as good as none."""
    store = _opened(path)
    cache = ScriptCache(store)
    try:
        yield cache
        cache.save()
    finally:
        if store is not None:
            store.close()


def _opened(path: Path | None) -> sqlite3.Connection | None:
    if path is not None:
        with suppress(OSError, sqlite3.Error):
            path.parent.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(path, timeout=1.0)
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("PRAGMA synchronous = OFF")
            _prepare(store)
            return store
    return None


def _prepare(store: sqlite3.Connection) -> None:
    """Make the tables. What another version of the reader has kept is of no use."""
    version = _version()
    if store.execute("PRAGMA user_version").fetchone()[0] != version:
        store.executescript(
            "DROP TABLE IF EXISTS folder; DROP TABLE IF EXISTS script;"
            f"{_TABLES} PRAGMA user_version = {version};"
        )


def _version() -> int:
    """Give a number for the code that reads: another one when any of its files has changed."""
    found = hashlib.sha256(str(RACY).encode())
    for module in (model, syntax):
        for name, stat in sorted(_stats(_folder(module)).items()):
            if name.endswith(".py"):
                found.update(f"{name}{stat[0]}{stat[1]}".encode())
    return int.from_bytes(found.digest()[:4], "big") >> 1


def _folder(module: ModuleType) -> Path:
    return Path(str(module.__file__)).parent


def _stats(top: Path) -> dict[str, Stat]:
    """Give (time, size, number) of every file below a folder."""
    stats = ((name, entry.stat()) for name, entry in walked(top))
    return {name: (stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in stats}


def is_big(path: Path) -> bool:
    """Whether it pays to keep what is read of a folder."""
    scripts = (name for name, _ in walked(path) if is_script(name))
    return path.is_dir() and sum(1 for _ in islice(scripts, BIG)) == BIG


def _is_plain(folder: Folder, scripts: set[str]) -> bool:
    return (
        not folder.renames
        and not folder.notes
        and folder.default_schema == "dbo"
        and {file.path for file in folder.files} == scripts
        and len(folder.files) == len(scripts)
        and not any(_has_variables(file.text) for file in folder.files)
    )


def _has_variables(text: str) -> bool:
    """Whether SQLCMD would make another text of it."""
    return "$(" in text or has_commands(text)


def _digest(file: SourceFile) -> bytes:
    """Name a script by its path, which messages show, and its text."""
    text = file.text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(file.path.encode("utf-8", "surrogatepass") + b"\0" + text).digest()


def _dumped(value: Database | FileFacts | Survey) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


class _Unpickler(pickle.Unpickler):
    """Takes values of the model and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_MODELS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a schema")


def _loaded(kept: bytes) -> Any:
    """Give a value back; None when it cannot be told: then it is read anew."""
    with suppress(Exception):
        return _Unpickler(io.BytesIO(kept)).load()
    return None
