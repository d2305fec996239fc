"""The control machine's own folders: made whole or not at all, by one process at a time."""

import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

MAKING = ".making"  # and the maker's process number, a random part and the folder's name
PAUSE = 0.05  # seconds between two looks at a held lock


@contextmanager
def exclusive(lock: Path, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold `lock` for as long as the block runs; `waiting` is told once if another holds it.

    The operating system lets go of it when the holder dies, however it dies.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("ab") as file:
        if not _taken(file.fileno()):
            waiting()
            while not _taken(file.fileno()):
                time.sleep(PAUSE)
        try:
            yield
        finally:
            _let_go(file.fileno())


if sys.platform == "win32":

    def _taken(number: int) -> bool:
        os.lseek(number, 0, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(number: int) -> None:
        os.lseek(number, 0, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_UNLCK, 1)

else:

    def _taken(number: int) -> bool:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_UN)


@contextmanager
def made_whole(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a path beside `target` to make a folder at; move it there when the block ends well.

    The block makes the folder itself. When another process was first, its folder stays and ours
    goes, unless `replace` says that ours is better. What a killed process left is removed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    making = _beside(target)
    try:
        yield making
        if replace and target.exists():
            old = _beside(target)
            target.rename(old)
            making.rename(target)
            remove(old)
        else:
            _move(making, target)
    finally:
        remove(making)


def sweep(parent: Path) -> None:
    """Remove what processes that are gone left half-made in `parent`."""
    for left in parent.glob(f"{MAKING}-*"):
        process = left.name.split("-")[1]
        if not (process.isdigit() and psutil.pid_exists(int(process))):
            remove(left)


def remove(folder: Path) -> None:
    """Remove a folder, read-only files too. What cannot go now goes at a later sweep."""
    for _ in range(3):
        shutil.rmtree(folder, onerror=_writable_first)
        if not folder.exists():
            return
        time.sleep(PAUSE)


def _beside(target: Path) -> Path:
    return target.with_name(f"{MAKING}-{os.getpid()}-{secrets.token_hex(3)}-{target.name}")


def _move(making: Path, target: Path) -> None:
    try:
        making.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _writable_first(act: Callable[..., object], path: str, _: object) -> None:
    with suppress(OSError):
        Path(path).chmod(stat.S_IWRITE | stat.S_IREAD)
        act(path)
