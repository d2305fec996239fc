"""Globs on relative paths with forward slashes: `*` stays in a folder, `**` crosses them."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Some globs, any of which may match. Upper and lower case differ, on Windows too."""

    globs: tuple[Parts, ...]

    @classmethod
    def of(cls, globs: tuple[str, ...]) -> Self:
        """The globs as a user writes them: `conf/*.conf`, `**/*.sql`, `**`."""
        return cls(tuple(tuple(glob.split("/")) for glob in globs))

    def match(self, path: str) -> bool:
        """Whether the file at `path` is meant."""
        parts = tuple(path.split("/"))
        return any(_fits(parts, glob) for glob in self.globs)

    def reach(self, folder: str) -> bool:
        """Whether a file somewhere below `folder` can be meant; if not, none need be looked at."""
        parts = tuple(folder.split("/"))
        return any(_leads(parts, glob) for glob in self.globs)


def _fits(parts: Parts, glob: Parts) -> bool:
    """Whether `parts` are all of a path that `glob` means."""
    if not parts or not glob:
        return not parts and not glob
    if glob == ("**",):
        return True
    if glob[0] == "**":
        return _fits(parts, glob[1:]) or _fits(parts[1:], glob)
    return fnmatchcase(parts[0], glob[0]) and _fits(parts[1:], glob[1:])


def _leads(parts: Parts, glob: Parts) -> bool:
    """Whether `parts` can be the first folders of a path that `glob` means."""
    if not parts:
        return bool(glob)
    if not glob or glob[0] == "**":
        return bool(glob)
    return fnmatchcase(parts[0], glob[0]) and _leads(parts[1:], glob[1:])
