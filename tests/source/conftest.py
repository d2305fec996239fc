"""A repository with everything that a name can mean, made once, and copied by who changes it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.source.repository import Repository
from pipeline.source.server import Server


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody with a working copy."""

    folder: Path
    server: Server

    def hg(self, *words: str) -> str:
        return self.server.tell(*words)

    def commit(self, name: str, content: str = "", *, day: int = 1, summary: str = "") -> str:
        """Write a file, commit it, and give the node."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        self.hg("addremove", "-q")
        self.hg("commit", "-m", summary or f"change {name}", "-d", f"{day * 86400} 0")
        return self.node(".")

    def node(self, rev: str) -> str:
        return self.hg("log", "-r", rev, "-T", "{node}")


def start(folder: Path) -> Author:
    return Author(
        folder, Server.start(folder, "ui.username=Ann <ann@example.com>", own_config=False)
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """default: a - b (tag 1.0) - .hgtags; branch two-heads: c, d; branch shut: e, closed."""
    folder = tmp_path_factory.mktemp("source") / "repo"
    folder.mkdir()
    Server.initialise(folder)
    ann = start(folder)
    first = ann.commit("a.txt", "a", day=1, summary="First\n\nand more")
    ann.commit("b.txt", "b", day=2, summary="Second")
    ann.hg("bookmark", "-r", ".", "stable")
    ann.hg("tag", "-r", first, "1.0", "-d", "259200 0")
    ann.hg("branch", "-q", "two-heads")
    ann.commit("c.txt", "c", day=4, summary="One way")
    ann.hg("update", "-q", "default")
    ann.hg("branch", "-qf", "two-heads")
    ann.commit("d.txt", "d", day=5, summary="Another way")
    ann.hg("update", "-q", "default")
    ann.hg("branch", "-q", "shut")
    ann.commit("e.txt", "e", day=6)
    ann.hg("commit", "--close-branch", "-m", "closed", "-d", "604800 0")
    ann.hg("update", "-q", "null")
    ann.server.stop()
    return folder


@pytest.fixture(scope="session")
def repository(made: Path) -> Iterator[Repository]:
    """The repository, to be asked and never changed."""
    with Repository.open(made) as repository:
        yield repository


@pytest.fixture
def source(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(made, tmp_path / "elsewhere" / "repo", symlinks=True)


@pytest.fixture
def author() -> Iterator[Callable[[Path], Author]]:
    """Somebody who works in a folder for as long as the test runs."""
    started: list[Author] = []

    def at_work(folder: Path) -> Author:
        started.append(start(folder))
        return started[-1]

    yield at_work
    for author in started:
        author.server.stop()
