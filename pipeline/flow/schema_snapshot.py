"""schema.snapshot and schema.export: one side, kept in a file or as a folder of scripts."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BadCall
from pipeline.flow.outputs import Output, refuse_foreign, write_all
from pipeline.flow.own_folder import OwnFolder
from pipeline.flow.side_reading import read_side
from pipeline.schema import mssql_snapshot, sqlite_outcome
from pipeline.schema import snapshot as sqlite_snapshot
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.schema import Schema


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
    folder = OwnFolder(Path(out), "schema.export")
    folder.refuse()
    found, side, notes = read_side(source, dialect=dialect, lenient=lenient)
    files = _files(side)
    removed = folder.write(files)
    return Kept(len(files), found, folder.path, (*notes, *_said(side)), removed)


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
