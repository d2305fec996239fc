"""The files below a folder of this machine, as facts."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.facts.answer import FileFact, Tree, sha256
from pipeline.transport.files import digest, is_partial
from pipeline.transport.owners import mode_of, owner_name
from pipeline.transport.patterns import Patterns


@dataclass(slots=True)
class Walk:
    """One look at a folder. A link to a file counts as that file; a linked folder is not entered.

    What is half made, or gone before it could be read, is left out.
    """

    patterns: Patterns
    contents: bool
    owners: dict[int, str] = field(default_factory=dict)

    def tree(self, folder: Path) -> Tree:
        """The files below `folder`, in order of their paths."""
        if not folder.exists():
            return Tree(exists=False)
        return Tree(dict(sorted(self._below(folder, ""))))

    def _below(self, folder: Path, prefix: str) -> Iterator[tuple[str, FileFact]]:
        for entry in os.scandir(folder):
            name = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if self.patterns.reach(name) and not is_partial(entry.name):
                    yield from self._below(Path(entry.path), f"{name}/")
            elif entry.is_file() and self.patterns.match(name) and not is_partial(entry.name):
                try:
                    yield name, self._fact(Path(entry.path))
                except FileNotFoundError:
                    continue

    def _fact(self, path: Path) -> FileFact:
        status = path.stat()
        content = path.read_bytes() if self.contents else None
        return FileFact(
            size=status.st_size if content is None else len(content),
            sha256=digest(path) if content is None else sha256(content),
            mode=mode_of(status),
            owner=self._owner(status.st_uid),
            text=None if content is None else _text(content),
        )

    def _owner(self, uid: int) -> str:
        if uid not in self.owners:
            self.owners[uid] = owner_name(uid)
        return self.owners[uid]


def _text(content: bytes) -> str | None:
    """The text, if it is any."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
