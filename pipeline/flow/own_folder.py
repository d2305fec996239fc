"""A folder that a task writes for its user, again and again: what is no more goes, nothing else.

A list in it says what was written, with digests: what somebody edited since, or put there, is
known by that, and never touched.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.disk import exclusive
from pipeline.errors import BadCall

LIST = ".farmhand-export.json"
"""What was written, with the SHA-256 of each file."""

Digests = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """A folder that is new, empty, or was written by the task `maker`. Else BadCall says why."""

    path: Path
    maker: str

    @property
    def _made_by(self) -> str:
        return f"farmhand {self.maker}"

    def refuse(self) -> None:
        """Refuse beforehand, before anything is read, a folder that this task may not write."""
        if self.path.exists() and not self.path.is_dir():
            raise BadCall(f"{self.path} is a file", where="--out", advice="name a folder")
        if not self.path.is_dir() or not any(self.path.iterdir()):
            return
        if not (self.path / LIST).is_file():
            raise BadCall(
                f"{self.path} has files in it that no {self.maker} wrote",
                where="--out",
                advice="name a new folder, or an empty one",
            )
        self._written()

    def write(self, files: Mapping[str, str]) -> int:
        """Make it hold these files, and none that it was given before. How many of those went.

        BadCall, and nothing done, when one of them is not as it was written.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        lock = self.path / f"{LIST}.lock"
        try:
            with exclusive(lock):
                old = self._written()
                self._refuse_edited(files, old)
                return self._write(files, old)
        finally:
            lock.unlink(missing_ok=True)

    def _written(self) -> Digests:
        """What each file may be like that was written: two ways where that was cut short."""
        path = self.path / LIST
        if not path.is_file():
            return {}
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            maker = str(said.get("made_by", self._made_by))
            before, files = dict(said.get("before", {})), dict(said["files"])
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as problem:
            raise BadCall(
                f"{path} is damaged", where="--out", advice="name a new folder"
            ) from problem
        if maker != self._made_by:
            raise BadCall(
                f"{self.path} was written by {maker}", where="--out", advice="name a new folder"
            )
        return {
            str(name): frozenset(str(each[name]) for each in (before, files) if name in each)
            for name in {**before, **files}
        }

    def _refuse_edited(self, files: Mapping[str, str], old: Digests) -> None:
        for name in sorted(files.keys() | old.keys()):
            path = self.path / name
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                same = name in files and digest == _digest(files[name])
                if not same and digest not in old.get(name, ()):
                    raise BadCall(
                        f"{path} is not as {self.maker} wrote it",
                        where="--out",
                        advice="commit and move that edit first, or name a new folder",
                    )
            elif path.exists():
                raise BadCall(f"{path} is no file", where="--out", advice="name a new folder")

    def _write(self, files: Mapping[str, str], old: Digests) -> int:
        """Write the files and the list of them, then remove what is no more."""
        digests = {name: _digest(text) for name, text in files.items()}
        before = {name: min(each) for name, each in old.items() if len(each) == 1}
        self._note({"files": digests, "before": before})
        for name, text in files.items():
            path = self.path / name
            if before.get(name) != digests[name] or not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                making = path.with_name(f".{path.name}.making")
                making.write_bytes(text.encode())
                making.replace(path)
        gone = [self.path / name for name in old if name not in files]
        gone = [path for path in gone if path.is_file()]
        for path in gone:
            path.unlink()
            self._remove_empty(path.parent)
        self._note({"files": digests})
        return len(gone)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.path and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _note(self, said: Mapping[str, object]) -> None:
        text = json.dumps({"made_by": self._made_by, **said}, indent=1)
        making = self.path / f"{LIST}.making"
        making.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        making.replace(self.path / LIST)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
