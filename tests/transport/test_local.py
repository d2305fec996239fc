"""This machine as a host: programs, owners, crashes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pipeline.command import Command, command
from pipeline.errors import CheckFailed, Failed
from pipeline.secret import Secret, SecretRef
from pipeline.transport.base import Transport
from pipeline.transport.local import LocalTransport

posix = pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX's")
as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.getuid() != 0, reason="only root may give files away"
)
PASSWORD = SecretRef("env:PASSWORD")


def python(code: str, timeout: float = 20) -> Command:
    return command(sys.executable, "-c", code, timeout=timeout)


@pytest.fixture
def local() -> Transport:
    return LocalTransport(resolve=lambda reference: Secret(f"word of {reference.rest}"))


def test_out_err_and_code_are_told(local: Transport) -> None:
    outcome = local.run(python("import sys; print('ä'); print('b', file=sys.stderr); sys.exit(3)"))
    assert (outcome.exit_code, outcome.out.split(), outcome.err.split()) == (3, ["ä"], ["b"])


def test_no_shell_reads_the_words(local: Transport) -> None:
    words = ("$HOME", "a b", "*", "; exit 1", "")
    outcome = local.run(command(sys.executable, "-c", "import sys; print(sys.argv[1:])", *words))
    assert outcome.out.strip() == str(list(words))


def test_a_program_gets_no_input(local: Transport) -> None:
    assert local.run(python("import sys; print(sys.stdin.read() == '')")).out.strip() == "True"


def test_environment_and_folder_are_added(local: Transport, tmp_path: Path) -> None:
    code = "import os; print(os.environ['COLOUR'], 'PATH' in os.environ, os.getcwd())"
    asked = Command(
        argv=(sys.executable, "-c", code), folder=str(tmp_path), environ={"COLOUR": "r"}
    )
    assert local.run(asked).out.strip() == f"r True {tmp_path.resolve()}"


def test_a_folder_that_is_not_there_is_named(local: Transport, tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no such folder"):
        local.run(command(sys.executable, folder=str(tmp_path / "nothing")))


def test_a_secret_reaches_the_program_and_is_not_repeated(local: Transport) -> None:
    code = (
        "import os, sys; print(os.environ['P']); sys.exit(os.environ['P'] != 'word of PASSWORD')"
    )
    outcome = local.run(Command(argv=(sys.executable, "-c", code), environ={"P": PASSWORD}))
    assert (outcome.exit_code, outcome.out.strip()) == (0, "***")


def test_without_a_resolver_secrets_are_refused() -> None:
    with pytest.raises(CheckFailed, match="env:PASSWORD"):
        LocalTransport().run(command(sys.executable, PASSWORD))


def test_a_program_that_takes_too_long_is_killed_with_its_children(
    local: Transport, tmp_path: Path
) -> None:
    code = (
        "import subprocess, sys, time; print('begun', flush=True); wait = 'time.sleep(60)';"
        f"subprocess.Popen([sys.executable, '-c', 'import time;' + wait, {str(tmp_path)!r}]);"
        "time.sleep(60)"
    )
    began = time.monotonic()
    outcome = local.run(python(code, timeout=1))
    assert time.monotonic() - began < 5
    assert (outcome.exit_code, outcome.out.strip()) == (124, "begun")
    assert outcome.err.strip() == "no answer within 1 s: killed"
    assert not [p for p in psutil.process_iter() if str(tmp_path) in _words(p)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@posix
def test_a_daemon_that_keeps_the_output_open_is_not_waited_for(local: Transport) -> None:
    began = time.monotonic()
    outcome = local.run(command("sh", "-c", "sleep 3 & echo started"))
    assert time.monotonic() - began < 1
    assert outcome.out == "started\n"


@posix
def test_what_cannot_be_executed_is_an_outcome(local: Transport, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    outcome = local.run(command(str(tmp_path / "data")))
    assert (outcome.exit_code, outcome.err) == (126, f"{tmp_path / 'data'}: Permission denied")


@posix
def test_a_write_sets_the_mode_whatever_the_umask(local: Transport, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        local.write(str(tmp_path / "a"), b"", mode=0o664)
        local.make_folder(str(tmp_path / "b" / "c"), mode=0o750)
        local.create(str(tmp_path / "d"), b"")
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("a", "b", "b/c", "d")]
    assert modes == [0o664, 0o755, 0o750, 0o644]


@as_root
def test_an_owner_is_given_and_told(local: Transport, tmp_path: Path) -> None:
    local.write(str(tmp_path / "a"), b"", mode=0o600, owner="nobody")
    fact = local.tree(str(tmp_path), ("a",)).files["a"]
    assert (fact.owner, fact.mode) == ("nobody", 0o600)


@posix
def test_an_unknown_owner_is_refused_and_nothing_is_left(local: Transport, tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no user no-such-user"):
        local.write(str(tmp_path / "a"), b"", owner="no-such-user")
    assert list(tmp_path.iterdir()) == []


def test_a_write_leaves_nothing_beside_it(local: Transport, tmp_path: Path) -> None:
    local.write(str(tmp_path / "a"), b"1")
    assert local.create(str(tmp_path / "b"), b"2")
    assert not local.create(str(tmp_path / "b"), b"3")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_a_crash_left_is_no_file_and_goes_at_the_next_push(
    local: Transport, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a").write_bytes(b"")
    host = tmp_path / "host"
    for left in (".7.partial-x1", ".8.partial-x1"):
        (host / left).mkdir(parents=True)
        (host / left / "half").write_bytes(b"")
    local.push(tmp_path / "new", str(host / "7"))
    assert sorted(path.name for path in host.iterdir()) == [".8.partial-x1", "7"]
    assert list(local.tree(str(host), ("**",)).files) == ["7/a"]


@pytest.mark.parametrize("write", ["write", "create", "merge"])
def test_what_a_dead_writer_left_of_a_file_goes_when_it_is_written_next(
    local: Transport, tmp_path: Path, write: str
) -> None:
    host, new = tmp_path / "host", tmp_path / "new"
    for folder in (host, new):
        folder.mkdir()
    (new / "a").write_bytes(b"a")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f".a.partial-{gone.pid}-x1", f".a.partial-{os.getpid()}-x2", ".a.partial-x3"):
        (host / name).write_bytes(b"half")
    match write:
        case "write":
            local.write(str(host / "a"), b"a")
        case "create":
            assert local.create(str(host / "a"), b"a")
        case _:
            local.merge(str(new), str(host))
    left = sorted(path.name for path in host.iterdir())
    assert left == sorted([f".a.partial-{os.getpid()}-x2", ".a.partial-x3", "a"])


def test_a_removal_that_was_killed_is_ended_by_the_next_one(
    local: Transport, tmp_path: Path
) -> None:
    (tmp_path / ".7.partial-x1" / "old").mkdir(parents=True)  # it had lost its name
    (tmp_path / ".7.partial-x1" / "old" / "half").write_bytes(b"")
    (tmp_path / ".7.partial-x2").write_bytes(b"somebody writes a file 7")
    local.remove(str(tmp_path / "7"))
    assert [path.name for path in tmp_path.iterdir()] == [".7.partial-x2"]


@posix
def test_links_are_pushed_as_links_and_removed_without_their_target(
    local: Transport, tmp_path: Path
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (target / "kept").write_bytes(b"")
    (source / "link").symlink_to(target)
    (source / "dangling").symlink_to("nowhere")
    local.push(source, str(tmp_path / "7"))
    assert (tmp_path / "7" / "link").readlink() == target
    assert local.tree(str(tmp_path / "7"), ("**",)).files == {}
    local.remove(str(tmp_path / "7" / "link"))
    local.remove(str(tmp_path / "7"))
    assert (target / "kept").exists()


@posix
def test_a_refusal_of_the_system_has_path_reason_and_no_half(
    local: Transport, tmp_path: Path
) -> None:
    with pytest.raises(Failed) as failed:
        local.write("/proc/version", b"")
    assert failed.value.where == "/proc/version"
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(Failed, match="not a directory"):
        local.push(tmp_path, str(tmp_path / "a" / "b"))
