"""Read T-SQL scripts from a folder, as RedGate, SQL Server Data Tools or people arrange them."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import BadCall, BadSchema
from pipeline.schema.model.mssql.database import Database, Rename
from pipeline.schema.model.mssql.items import TableType
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql.decoding import decode
from pipeline.schema.syntax.mssql.project import (
    Information,
    Project,
    read_information,
    read_project,
    read_xml,
)
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from pipeline.schema.syntax.mssql.refactor_log import known, log_renames
from pipeline.schema.syntax.mssql.sqlcmd import Expansion, includes

INFORMATION = "redgatedatabaseinfo.xml"
_NOT_ENTERED = frozenset({".git", ".hg", ".svn", ".vs", ".vscode", "bin", "node_modules", "obj"})
_SHOWN = 5
_MAKES = re.compile(
    r"^[ \t]*CREATE\s+(?:OR\s+ALTER\s+)?"
    r"(?:TABLE\s+(?![\[\"]?#)|VIEW|PROC|FUNCTION|TRIGGER|TYPE|SEQUENCE|SYNONYM|SCHEMA|ROLE|USER)",
    re.IGNORECASE | re.MULTILINE,
)


class Folder(NamedTuple):
    """A folder's scripts, and what stands beside them. `notes` say what was left out."""

    files: tuple[SourceFile, ...]
    collation: str = ""
    default_schema: str = "dbo"
    renames: tuple[Rename, ...] = ()
    notes: tuple[str, ...] = ()

    def database(
        self,
        *,
        lenient: bool = False,
        alone: Callable[[SourceFile], Database | None] = lambda file: None,
    ) -> Database:
        """Give the database that the scripts make. `alone` may know what some make."""
        found = read_database(
            self.files, lenient=lenient, default_schema=self.default_schema, alone=alone
        )
        columns = {
            key: frozenset(column.name.lower() for column in each.columns)
            if isinstance(each, Table | TableType)
            else frozenset[str]()
            for key, each in (found.objects.items() if self.renames else ())
        }
        hints = dict.fromkeys((*found.renames, *known(self.renames, columns)))
        return replace(
            found,
            collation=found.collation or self.collation,
            renames=tuple(hints),
            notes=(*self.notes, *found.notes),
        )


@dataclass(frozen=True, slots=True)
class _Tree:
    """Files by path, which begins at the top folder and has `/`, and how to read them."""

    paths: tuple[str, ...]
    read: Callable[[str], bytes]
    exists: Callable[[str], bool]
    notes: tuple[str, ...] = ()


def from_folder(path: Path) -> Folder:
    """Give what stands in a folder, or in one script. BadCall if there is neither."""
    top, notes = path, list[str]()
    if path.is_file():
        top, paths = path.parent, [path.name]
    elif path.is_dir():
        paths = sorted(name for name, _ in walked(path, notes.append))
    else:
        raise BadCall(f"there is no folder {path}", advice="scripts:DIR needs one with scripts")

    tree = _Tree(
        tuple(paths),
        lambda name: read_bytes(top / name),
        lambda name: (top / name).is_file(),
        tuple(notes),
    )
    return _Gathering(tree, str(path)).folder()


def from_files(files: Mapping[str, bytes], what: str = "the folder") -> Folder:
    """Give what stands in a folder whose files were read already: of a changeset, say."""
    content = {path.replace("\\", "/"): files[path] for path in sorted(files)}
    kept = tuple(path for path in content if not _NOT_ENTERED & {*path.lower().split("/")[:-1]})
    return _Gathering(_Tree(kept, content.__getitem__, content.__contains__), what).folder()


def read_bytes(path: Path) -> bytes:
    """Give a file's content. BadSchema when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadSchema(f"cannot be read: {error.strerror}", where=str(path)) from None


def is_script(path: str) -> bool:
    """Whether a file's name says that it is a script."""
    return path[-4:].lower() == ".sql"


def walked(
    top: Path, note: Callable[[str], None] = lambda text: None
) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Give (path below the folder, entry) of all files; a linked folder comes once.

    `note` is told of what is no file. BadSchema for a folder that cannot be read.
    """
    seen = {top.resolve()}
    waiting = [("", top)]
    while waiting:
        prefix, folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise BadSchema(f"cannot be read: {error.strerror}", where=str(folder)) from None
        for entry in entries:
            if entry.is_file():
                yield prefix + entry.name, entry
            elif not entry.is_dir():
                note(f"{prefix}{entry.name} is no file that can be read")
            elif entry.name.lower() not in _NOT_ENTERED:
                inside = Path(entry.path)
                if (real := inside.resolve()) not in seen:
                    seen.add(real)
                    waiting.append((f"{prefix}{entry.name}/", inside))


class _Gathering:
    """One reading of one folder."""

    def __init__(self, tree: _Tree, what: str) -> None:
        self.tree, self.what = tree, what
        self.by_folded = {path.lower(): path for path in tree.paths}
        self.texts: dict[str, str] = {}
        self.notes = list(tree.notes)
        self.information = self._information()
        self.projects = [
            read_project(path, self.text(path), tree.paths)
            for path in tree.paths
            if path.lower().endswith(".sqlproj")
        ]

    def folder(self) -> Folder:
        """Give all that is to be read."""
        scripts = [path for path in self.tree.paths if is_script(path)]
        if not scripts:
            raise BadSchema(
                "there are no scripts",
                where=self.what,
                advice="for a database with nothing in it say empty:mssql",
            )
        read = self._without_rows(self._built(scripts))
        files = tuple(self._expanded(read))
        first = self.projects[0] if self.projects else None
        return Folder(
            files,
            self.information.collation or (first.collation if first else ""),
            self.information.default_schema or (first.default_schema if first else "") or "dbo",
            tuple(self._renames()),
            tuple(self.notes),
        )

    def text(self, path: str) -> str:
        """Give a file's text."""
        if path not in self.texts:
            self.texts[path] = decode(path, self.tree.read(path))
        return self.texts[path]

    def find(self, path: str) -> str:
        """Give what a file is called that a script names in whatever case; '' if none is there."""
        found = self.by_folded.get(path.lower(), "")
        return found or (path if self.tree.exists(path) else "")

    def _information(self) -> Information:
        for folded, path in self.by_folded.items():
            if folded.rpartition("/")[2] == INFORMATION:
                return read_information(path, self.text(path))
        return Information()

    def _built(self, scripts: list[str]) -> list[str]:
        """Give the scripts but for those that a project does not build, and those from outside."""
        found = dict.fromkeys(scripts)
        for project in self.projects:
            below = [path for path in found if path.lower().startswith(project.folder)]
            gone = [path for path in below if project.leaves_out(path.lower())]
            for path in gone:
                del found[path]
            self._note_unbuilt(project, gone)
            for name in project.named if project.built is not None else ():
                found.setdefault(self._needed(name, project.path))
        return sorted(found)

    def _note_unbuilt(self, project: Project, gone: list[str]) -> None:
        deployed = [path for path in gone if path.lower() in project.deployed]
        others = [path for path in gone if path.lower() not in project.deployed]
        for paths, why in (
            (deployed, "run before or after a deployment"),
            (others, "are not built by it"),
        ):
            if paths:
                self.notes.append(f"{project.path}: not read, as they {why}: {_some(paths)}")

    def _needed(self, name: str, where: str) -> str:
        return self.find(name) or _missing(name, where)

    def _without_rows(self, scripts: list[str]) -> list[str]:
        """Leave the folder `data` out, which holds rows; but not a script that makes something."""
        built = {each.lower() for project in self.projects for each in project.named}
        rows: dict[str, list[str]] = {}
        kept = []
        for path in scripts:
            folder = self._data_folder(path.lower())
            if not folder or path.lower() in built or _MAKES.search(self.text(path)):
                kept.append(path)
            else:
                rows.setdefault(path[: len(folder)], []).append(path)
        for folder, paths in rows.items():
            self.notes.append(f"{folder}: not read, as they hold rows: {_some(paths)}")
        return kept

    def _data_folder(self, path: str) -> str:
        """Give the folder with rows that a path stands in, '' if in none."""
        if self.information.data and path.startswith(f"{self.information.data}/"):
            return self.information.data
        parts = path.split("/")
        if "data" not in parts[:-1]:
            return ""
        return "/".join(parts[: parts.index("data") + 1])

    def _expanded(self, scripts: list[str]) -> Iterator[SourceFile]:
        """Do what SQLCMD's lines say. What a script includes is not read by itself."""
        included = set(self._included(scripts))
        passed = included | set(self._included(self._deployed()))
        variables = {name: value for project in self.projects for name, value in project.variables}
        expansion = Expansion(self.find, self.text, variables)
        # What is included goes last: it was read by then, or files include each other in a circle.
        for path in sorted(scripts, key=lambda each: each in passed):
            if path not in expansion.included and (path in included or path not in passed):
                for piece in expansion.of(path):
                    yield SourceFile(piece.path, piece.text)
        for name, path in expansion.unknown.items():
            self.notes.append(f"{path}: $({name}) has no value, and is read as it stands")

    def _included(self, scripts: Iterable[str]) -> Iterator[str]:
        for path in scripts:
            yield from includes(path, self.text(path), self.find)

    def _deployed(self) -> Iterator[str]:
        for project in self.projects:
            for each in sorted(project.deployed):
                found = self.find(each)
                if found:
                    yield found

    def _renames(self) -> Iterator[Rename]:
        logs = [path for path in self.tree.paths if path.lower().endswith(".refactorlog")]
        for project in self.projects:
            logs += [self._needed(name, project.path) for name in project.logs]
        for path in dict.fromkeys(logs):
            yield from log_renames(read_xml(path, self.text(path)))


def _missing(name: str, where: str) -> str:
    raise BadSchema(
        f"there is no file {name}", where=where, advice="take it out of the project, or add it"
    )


def _some(paths: Iterable[str]) -> str:
    every = list(paths)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more
