"""Files of this machine, changed whole or not at all.

What is under way bears the name `.NAME.partial-*` beside its target, so that the last move is a
rename on one file system. A crash leaves such a name and nothing else. Of a file, it has the id of
the process that writes it: who writes that file next removes what the dead have left.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from pipeline.transport.owners import set_access

PARTIAL = ".partial-"


def write_file(path: Path, content: bytes, *, mode: int, owner: str) -> None:
    """Replace a file. Bits and owner are set, and the bytes on disk, before it gets its name."""
    with partial_file(path) as partial:
        _fill(partial, content)
        set_access(partial, mode=mode, owner=owner)
        partial.replace(path)
    sync_folder(path.parent)


def create_file(path: Path, content: bytes) -> bool:
    """Make a file unless there is one. Whoever sees it sees all of it."""
    with partial_file(path) as partial:
        _fill(partial, content)
        set_access(partial, mode=0o644, owner="")
        try:
            _name_once(partial, path)
        except FileExistsError:
            return False
    sync_folder(path.parent)
    return True


def make_folders(path: Path, *, mode: int, owner: str) -> None:
    """Make a folder with these bits; missing ones above it get 0755, whatever the umask."""
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            set_access(folder, mode=0o755, owner="")
    path.mkdir(exist_ok=True)
    set_access(path, mode=mode, owner=owner)


def replace_folder(source: Path, path: Path) -> None:
    """Put a copy of `source` at `path`, with bits and times. Symbolic links stay links."""
    _sweep(path)
    partial = _partial_folder(path)
    try:
        copy_folder(source, partial)
        if path.is_dir() and not path.is_symlink():
            path.rename(_partial_folder(path) / "old")
        partial.replace(path)
    except BaseException:
        _wipe(partial)
        raise
    sync_folder(path.parent)
    _sweep(path)


def copy_folder(source: Path, target: Path) -> None:
    """Copy into a folder that is there and empty. The first refusal ends it."""
    for entry in os.scandir(source):
        there = target / entry.name
        if entry.is_symlink():
            there.symlink_to(Path(entry.path).readlink())
        elif entry.is_dir():
            there.mkdir()
            copy_folder(Path(entry.path), there)
        else:
            shutil.copy2(entry.path, there)
    shutil.copystat(source, target)


def merge_folder(source: Path, target: Path) -> None:
    """Copy each file that is absent from `target` or different there, each in one move."""
    if not target.exists():
        target.mkdir()
        shutil.copystat(source, target)
    for entry in os.scandir(source):
        there = target / entry.name
        if entry.is_dir():
            merge_folder(Path(entry.path), there)
        elif not _same(Path(entry.path), there):
            with partial_file(there) as partial:
                shutil.copy2(entry.path, partial)
                partial.replace(there)


def remove_path(path: Path) -> None:
    """Remove a file, a link or a folder, and folders of that name which a crash left half-way.

    A folder loses its name first: no half of it stands.
    """
    try:
        if path.is_dir() and not path.is_symlink():
            path.rename(_partial_folder(path) / "old")
        else:
            path.unlink(missing_ok=True)
    finally:
        if path.parent.is_dir():
            _sweep(path)


def is_partial(name: str) -> bool:
    """Whether this is a name of something half made."""
    return name.startswith(".") and PARTIAL in name


@contextmanager
def partial_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path` that only we can read; gone afterwards unless it was renamed."""
    begin = f".{path.name}{PARTIAL}"
    _sweep_dead(path.parent, begin)
    descriptor, name = tempfile.mkstemp(prefix=f"{begin}{os.getpid()}-", dir=path.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _partial_folder(path: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{path.name}{PARTIAL}", dir=path.parent))


def _fill(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _same(one: Path, other: Path) -> bool:
    if not other.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    return digest(one) == digest(other)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sweep(path: Path) -> None:
    """Remove the folders that crashed copies to `path`, and crashed removals, have left."""
    for entry in list(os.scandir(path.parent)):
        if entry.name.startswith(f".{path.name}{PARTIAL}") and entry.is_dir():
            _wipe(Path(entry.path))


def _sweep_dead(folder: Path, begin: str) -> None:
    """Remove the files with this beginning whose writers are gone. Others write at this moment."""
    for entry in list(os.scandir(folder)):
        if entry.name.startswith(begin):
            pid = entry.name.removeprefix(begin).partition("-")[0]
            if pid.isdecimal() and not psutil.pid_exists(int(pid)):
                Path(entry.path).unlink(missing_ok=True)


def _wipe(path: Path) -> None:
    """Remove all of it, if it is there."""
    _unlock(path)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if sys.platform == "win32":

    def sync_folder(folder: Path) -> None:
        """Nothing: Windows cannot sync a folder."""

    def _name_once(partial: Path, path: Path) -> None:
        partial.rename(path)

    def _unlock(path: Path) -> None:
        """Make read-only files writable: they could not be removed."""
        for file in path.rglob("*"):
            file.chmod(0o666)

else:

    def sync_folder(folder: Path) -> None:
        """Make a rename in `folder` outlast a power cut."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _name_once(partial: Path, path: Path) -> None:
        """Give a finished file its name, unless somebody has it (then `FileExistsError`)."""
        path.hardlink_to(partial)

    def _unlock(path: Path) -> None:
        """Nothing: only the folder's bits count, and they are ours."""
