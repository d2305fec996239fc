"""Folders appear whole or not at all; a lock is held by one."""

import multiprocessing
import os
import stat
import threading
from contextlib import suppress
from multiprocessing.synchronize import Event
from pathlib import Path

from pipeline.disk import exclusive, made_whole, remove, sweep

SPAWN = multiprocessing.get_context("spawn")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def make(target: Path, content: str, *, replace: bool = False) -> None:
    with made_whole(target, replace=replace) as making:
        making.mkdir()
        (making / "file").write_text(content, encoding="utf-8")


def test_a_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    with made_whole(tmp_path / "it") as making:
        making.mkdir()
        assert not (tmp_path / "it").exists()
    assert names(tmp_path) == ["it"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), made_whole(tmp_path / "it") as making:
        making.mkdir()
        raise ZeroDivisionError
    assert names(tmp_path) == []


def test_who_comes_second_leaves_the_first_ones_folder(tmp_path: Path) -> None:
    make(tmp_path / "it", "first")
    make(tmp_path / "it", "second")
    assert (tmp_path / "it" / "file").read_text(encoding="utf-8") == "first"
    assert names(tmp_path) == ["it"]


def test_a_better_folder_replaces(tmp_path: Path) -> None:
    make(tmp_path / "it", "first")
    make(tmp_path / "it", "second", replace=True)
    assert (tmp_path / "it" / "file").read_text(encoding="utf-8") == "second"
    assert names(tmp_path) == ["it"]


def test_only_what_the_dead_left_is_swept(tmp_path: Path) -> None:
    for process in (str(os.getpid()), "4194999", "what"):
        (tmp_path / f".making-{process}-abc-it").mkdir()
    sweep(tmp_path)
    assert names(tmp_path) == [f".making-{os.getpid()}-abc-it"]


def test_read_only_files_are_removed_too(tmp_path: Path) -> None:
    make(tmp_path / "it", "x")
    (tmp_path / "it" / "file").chmod(stat.S_IREAD)
    remove(tmp_path / "it")
    assert names(tmp_path) == []


def hold(lock: Path, held: Event) -> None:
    with exclusive(lock):
        held.set()
        threading.Event().wait(60)


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    held = SPAWN.Event()
    holder = SPAWN.Process(target=hold, args=(tmp_path / "lock", held))
    holder.start()
    assert held.wait(30)
    waited = []

    def kill() -> None:
        waited.append("waited")
        holder.kill()

    with exclusive(tmp_path / "lock", waiting=kill):
        assert waited == ["waited"]
    holder.join()
