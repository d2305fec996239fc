"""The example site as it stood at three moments, read from the project's folders."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

Tree = Mapping[str, bytes]  # content by path, with forward slashes

NOT_SOURCE = (
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    "staticfiles",
    ".DS_Store",
)
NOT_SOURCE_ENDINGS = (
    ".pyc",
    ".pyo",
    ".db",
    ".db-wal",
    ".db-shm",
    ".db-journal",
    ".sqlite3",
    ".swp",
    "~",
)
REMOVED = "REMOVED"


def now(project: Path) -> Tree:
    """The site as it is: example/ with the project's schema/ and templates/ in it."""
    tree = {
        path: content
        for path, content in _files(project / "example").items()
        if not path.startswith("history/")
    }
    for name in ("schema", "templates"):
        for path, content in _files(project / name).items():
            tree[f"{name}/{path}"] = content
    return tree


def overlay(project: Path, version: str) -> Tree:
    """What example/history/VERSION lays over the site, with its list of what is removed."""
    return _files(project / "example" / "history" / version)


def laid_over(tree: Tree, over: Tree) -> Tree:
    """`tree` with the files of `over` on it, and without the paths that its `REMOVED` lists."""
    lines = over.get(REMOVED, b"").decode().splitlines()
    removed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    kept = {path: content for path, content in tree.items() if not _below(path, removed)}
    return kept | {path: content for path, content in over.items() if path != REMOVED}


def digest(tree: Tree) -> str:
    """Names the content of a tree."""
    whole = hashlib.sha256()
    for path, content in sorted(tree.items()):
        whole.update(f"{path}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def _below(path: str, removed: set[str]) -> bool:
    pure = PurePosixPath(path)
    return any(str(part) in removed for part in (pure, *pure.parents))


def _files(folder: Path) -> Tree:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _walk(folder)}


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE)
        for name in sorted(files):
            path = Path(here, name)
            if name not in NOT_SOURCE and not name.endswith(NOT_SOURCE_ENDINGS):
                yield path
