"""schema.snapshot and schema.export: one side, kept in a file or as a folder of scripts."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.disk import exclusive
from pipeline.errors import BadCall
from pipeline.flow.outputs import Output, refuse_foreign, write_all
from pipeline.flow.side_reading import read_side
from pipeline.schema import mssql_snapshot, sqlite_outcome
from pipeline.schema import snapshot as sqlite_snapshot
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.schema import Schema

MANIFEST = ".farmhand-export.json"
"""What an export wrote, with the SHA-256 of each file: so that a second one knows its own."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written: how many objects or files, where; and what the reading had to say."""

    count: int
    dialect: str
    path: Path
    notes: tuple[str, ...]
    removed: int = 0


def take_snapshot(source: str, out: str, *, dialect: str = "", lenient: bool = False) -> Kept:
    """Read a side and write its snapshot: JSON, compressed, the same bytes for the same side."""
    _needs(source, out)
    refuse_foreign({"--out": out})
    found, side, notes = read_side(source, dialect=dialect, lenient=lenient)
    write_all([Output("--out", out, gzip.compress(snapshot_text(side).encode(), 6, mtime=0))])
    return Kept(len(side.objects), found, Path(out), (*notes, *_said(side)))


def snapshot_text(side: Database | Schema) -> str:
    """Give a snapshot as JSON."""
    if isinstance(side, Database):
        return mssql_snapshot.to_text(side)
    model = sqlite_snapshot.to_json(side)
    head = {"format": model["format"], "made_by": mssql_snapshot.MADE_BY}
    return json.dumps({**head, **model}, ensure_ascii=False, separators=(",", ":"))


def export_scripts(source: str, out: str, *, dialect: str = "", lenient: bool = False) -> Kept:
    """Read a side and write it as a folder of scripts, one object in each.

    The folder is new, empty, or one that an export has written. Scripts in it that somebody
    edited since, or that no export wrote, are never touched: BadCall names the first.
    """
    _needs(source, out)
    folder = Path(out)
    _refuse_folder(folder)
    found, side, notes = read_side(source, dialect=dialect, lenient=lenient)
    files = _files(side)
    folder.mkdir(parents=True, exist_ok=True)
    with exclusive(folder / f"{MANIFEST}.lock"):
        old = _manifest(folder)
        _refuse_edited(folder, files, old)
        removed = _write(folder, files, old)
    (folder / f"{MANIFEST}.lock").unlink(missing_ok=True)
    return Kept(len(files), found, folder, (*notes, *_said(side)), removed)


def _files(side: Database | Schema) -> dict[str, str]:
    if isinstance(side, Database):
        from pipeline.schema.writers.mssql.folder import export

        return export(side)
    return sqlite_outcome.export(side)


def _said(side: Database | Schema) -> tuple[str, ...]:
    if not isinstance(side, Database):
        return ()
    rows = ", ".join(f"{number} {word}" for word, number in sorted(side.skipped.items()))
    return (*side.notes, *([f"statements about rows were not read: {rows}"] if rows else []))


def _needs(source: str, out: str) -> None:
    for option, value in (("--source", source), ("--out", out)):
        if not value:
            raise BadCall("is missing", where=option)
    if out == "-":
        raise BadCall("stdout is for text: name a path", where="--out")


def _refuse_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadCall(f"{folder} is a file", where="--out", advice="name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise BadCall(
            f"{folder} has files in it that no schema.export wrote",
            where="--out",
            advice="name a new folder, or an empty one",
        )


Digests = Mapping[str, frozenset[str]]


def _manifest(folder: Path) -> Digests:
    """Give what each file may be like that an export wrote: two ways where one was cut short."""
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        before, files = dict(said.get("before", {})), dict(said["files"])
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as problem:
        raise BadCall(f"{path} is damaged", where="--out", advice="name a new folder") from problem
    return {
        str(name): frozenset(str(each[name]) for each in (before, files) if name in each)
        for name in {**before, **files}
    }


def _refuse_edited(folder: Path, files: Mapping[str, str], old: Digests) -> None:
    for name in sorted(files.keys() | old.keys()):
        path = folder / name
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            same = name in files and digest == _digest(files[name])
            if not same and digest not in old.get(name, ()):
                raise BadCall(
                    f"{path} is not as schema.export wrote it",
                    where="--out",
                    advice="commit and move that edit first, or name a new folder",
                )
        elif path.exists():
            raise BadCall(f"{path} is no file", where="--out", advice="name a new folder")


def _write(folder: Path, files: Mapping[str, str], old: Digests) -> int:
    """Write the scripts and the list of them, then remove what is no more. Give how many went."""
    digests = {name: _digest(text) for name, text in files.items()}
    before = {name: min(each) for name, each in old.items() if len(each) == 1}
    _note(folder, {"files": digests, "before": before})
    for name, text in files.items():
        path = folder / name
        if before.get(name) != digests[name] or not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            making = path.with_name(f".{path.name}.making")
            making.write_bytes(text.encode())
            making.replace(path)
    gone = [folder / name for name in old if name not in files and (folder / name).is_file()]
    for path in gone:
        path.unlink()
    _note(folder, {"files": digests})
    return len(gone)


def _note(folder: Path, said: Mapping[str, object]) -> None:
    text = json.dumps({"made_by": "farmhand schema.export", **said}, indent=1)
    making = folder / f"{MANIFEST}.making"
    making.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    making.replace(folder / MANIFEST)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
