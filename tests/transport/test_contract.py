"""What every transport promises. One that is added needs no more than a line in `HOSTS`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.command import command
from pipeline.errors import Failed
from pipeline.facts.answer import FileFact, Tree, sha256
from pipeline.transport.base import Transport
from pipeline.transport.fake import FakeTransport
from pipeline.transport.local import LocalTransport


@dataclass(frozen=True)
class Host:
    """A transport and a folder of its host that is there and empty."""

    transport: Transport
    root: str

    def path(self, *parts: str) -> str:
        return "/".join((self.root, *parts))

    def texts(self, folder: str) -> dict[str, str | None]:
        tree = self.transport.tree(self.path(folder), ("**",), contents=True)
        return {name: file.text for name, file in tree.files.items()}


def local_host(tmp_path: Path) -> Host:
    (tmp_path / "host").mkdir()
    return Host(LocalTransport(), (tmp_path / "host").as_posix())


def fake_host(tmp_path: Path) -> Host:
    transport = FakeTransport()
    transport.make_folder("/srv/host")
    return Host(transport, "/srv/host")


HOSTS: tuple[Callable[[Path], Host], ...] = (local_host, fake_host)


@pytest.fixture(params=HOSTS, ids=lambda make: make.__name__)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    made: Host = request.param(tmp_path)
    return made


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    (folder / "site" / "static").mkdir(parents=True)
    (folder / "manage.py").write_bytes(b"print()\n")
    (folder / "manage.py").chmod(0o755)
    (folder / "site" / "static" / "logo.png").write_bytes(b"\x89PNG\xff")
    return folder


def test_what_is_written_is_read(host: Host) -> None:
    host.transport.write(host.path("a.conf"), b"one")
    host.transport.write(host.path("a.conf"), b"two\r\n\xff")
    assert host.transport.read(host.path("a.conf")) == b"two\r\n\xff"


def test_a_file_that_is_not_there_is_none(host: Host) -> None:
    assert host.transport.read(host.path("nothing")) is None
    assert host.transport.read(host.path("no", "folder", "either")) is None
    assert not host.transport.exists(host.path("nothing"))


def test_a_write_into_no_folder_names_path_and_reason(host: Host) -> None:
    with pytest.raises(Failed, match="no such file or directory") as failed:
        host.transport.write(host.path("no", "a.conf"), b"")
    assert failed.value.where == host.path("no", "a.conf")
    assert failed.value.advice == "the folder must be there first"


def test_a_folder_is_no_file(host: Host) -> None:
    with pytest.raises(Failed, match="is a directory"):
        host.transport.write(host.root, b"")
    with pytest.raises(Failed, match="is a directory"):
        host.transport.read(host.root)


def test_a_file_is_created_once(host: Host) -> None:
    assert host.transport.create(host.path("lock.json"), b"mine")
    assert not host.transport.create(host.path("lock.json"), b"theirs")
    assert host.transport.read(host.path("lock.json")) == b"mine"


def test_a_tree_has_size_hash_mode_and_text(host: Host) -> None:
    host.transport.make_folder(host.path("conf", "d"))
    host.transport.write(host.path("conf", "d", "a.conf"), b"Listen 1\n", mode=0o640)
    tree = host.transport.tree(host.path("conf"), ("**",), contents=True)
    fact = tree.files["d/a.conf"]
    wanted = FileFact(9, sha256(b"Listen 1\n"), 0o640, fact.owner, "Listen 1\n")
    assert tree == Tree({"d/a.conf": wanted})


def test_a_tree_without_contents_has_no_text(host: Host) -> None:
    host.transport.write(host.path("a"), b"text")
    fact = host.transport.tree(host.root, ("**",)).files["a"]
    assert (fact.size, fact.sha256, fact.text) == (4, sha256(b"text"), None)


def test_what_is_no_text_has_none(host: Host) -> None:
    host.transport.write(host.path("a"), b"\xff\xfe")
    assert host.texts("") == {"a": None}


def test_an_absent_folder_is_an_empty_tree(host: Host) -> None:
    assert host.transport.tree(host.path("nothing"), ("**",)) == Tree(exists=False)


def test_an_empty_folder_is_there(host: Host) -> None:
    assert host.transport.tree(host.root, ("**",)) == Tree()


@pytest.mark.parametrize(
    ("globs", "names"),
    [
        (("**",), ["a.conf", "d/b.conf", "d/e/c.conf", "d/e/c.txt"]),
        (("*",), ["a.conf"]),
        (("*.conf",), ["a.conf"]),
        (("**/*.conf",), ["a.conf", "d/b.conf", "d/e/c.conf"]),
        (("d/*",), ["d/b.conf"]),
        (("d/**",), ["d/b.conf", "d/e/c.conf", "d/e/c.txt"]),
        (("d/**/*.txt", "a.*"), ["a.conf", "d/e/c.txt"]),
        (("**/e/?.txt",), ["d/e/c.txt"]),
        (("*.CONF",), []),
        ((), []),
    ],
)
def test_globs_choose_files(host: Host, globs: tuple[str, ...], names: list[str]) -> None:
    host.transport.make_folder(host.path("d", "e"))
    for name in ("a.conf", "d/b.conf", "d/e/c.conf", "d/e/c.txt"):
        host.transport.write(host.path(name), b"")
    assert list(host.transport.tree(host.root, globs).files) == names


def test_a_folder_is_made_with_those_above_it(host: Host) -> None:
    host.transport.make_folder(host.path("a", "b", "c"))
    host.transport.make_folder(host.path("a", "b", "c"), mode=0o750)
    assert host.transport.exists(host.path("a", "b"))
    host.transport.write(host.path("a", "b", "c", "file"), b"")


def test_a_folder_cannot_stand_where_a_file_is(host: Host) -> None:
    host.transport.write(host.path("a"), b"")
    with pytest.raises(Failed, match="file exists"):
        host.transport.make_folder(host.path("a"))


def test_a_folder_is_pushed_with_its_modes(host: Host, release: Path) -> None:
    host.transport.push(release, host.path("7"))
    tree = host.transport.tree(host.path("7"), ("**",))
    assert {name: file.mode for name, file in tree.files.items()} == {
        "manage.py": 0o755,
        "site/static/logo.png": 0o644,
    }


def test_a_push_replaces_what_stood_there(host: Host, release: Path) -> None:
    host.transport.make_folder(host.path("7"))
    host.transport.write(host.path("7", "left-over"), b"")
    host.transport.push(release, host.path("7"))
    assert not host.transport.exists(host.path("7", "left-over"))
    assert list(host.transport.tree(host.root, ("*",)).files) == []


def test_nothing_is_pushed_from_no_folder(host: Host, release: Path) -> None:
    host.transport.push(release, host.path("7"))
    with pytest.raises(Failed):
        host.transport.push(release / "nothing", host.path("7"))
    assert host.transport.exists(host.path("7", "manage.py"))


def test_a_merge_adds_and_replaces_and_removes_nothing(host: Host) -> None:
    host.transport.make_folder(host.path("new", "css"))
    host.transport.make_folder(host.path("static"))
    host.transport.write(host.path("static", "old.js"), b"old")
    host.transport.write(host.path("static", "a.js"), b"before")
    host.transport.write(host.path("new", "a.js"), b"after!")
    host.transport.write(host.path("new", "css", "b.css"), b"css")
    host.transport.merge(host.path("new"), host.path("static"))
    assert host.texts("static") == {"a.js": "after!", "css/b.css": "css", "old.js": "old"}


def test_a_merge_makes_the_folder_and_may_be_repeated(host: Host, release: Path) -> None:
    host.transport.push(release, host.path("7"))
    host.transport.merge(host.path("7"), host.path("static"))
    first = host.transport.tree(host.path("static"), ("**",))
    host.transport.merge(host.path("7"), host.path("static"))
    assert host.transport.tree(host.path("static"), ("**",)) == first
    assert first == host.transport.tree(host.path("7"), ("**",))


def test_nothing_is_merged_from_no_folder(host: Host) -> None:
    with pytest.raises(Failed):
        host.transport.merge(host.path("nothing"), host.path("static"))


def test_files_and_folders_are_removed(host: Host, release: Path) -> None:
    host.transport.push(release, host.path("7"))
    host.transport.remove(host.path("7", "manage.py"))
    assert not host.transport.exists(host.path("7", "manage.py"))
    host.transport.remove(host.path("7"))
    assert not host.transport.exists(host.path("7"))
    assert host.transport.exists(host.root)


def test_what_is_not_there_is_removed_already(host: Host) -> None:
    host.transport.remove(host.path("nothing"))


def test_a_program_that_is_not_there_is_an_outcome(host: Host) -> None:
    outcome = host.transport.run(command("no-such-program", "--help"))
    assert (outcome.exit_code, outcome.err) == (127, "no-such-program: not found")
