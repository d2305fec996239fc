"""How a virtualenv is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from pipeline.build.run import run, tool_environ
from pipeline.build.venv import MARKER, compile_command, venv_commands, venv_key
from pipeline.command import Command
from tests.build.conftest import wheel

LOCK = "1a2b3c4d5e6f" + "0" * 52


def test_a_key_is_short_and_readable() -> None:
    assert venv_key(LOCK, "3.11.2") == "py3.11-1a2b3c4d5e6f"
    assert venv_key(LOCK, "3.13", system_site_packages=True) == "py3.13-1a2b3c4d5e6f-system"


def test_the_commands_are_these() -> None:
    make, fill, finish = venv_commands("/v", "/usr/bin/python3", "/r/wheels", "/r/code/r.lock")
    environ = {"PYC_INVALIDATION_MODE": "UNCHECKED_HASH", "UV_PYTHON_DOWNLOADS": "never"}
    assert make == Command(
        argv=(
            *("uv", "venv", "-q", "--no-config", "--no-progress", "--offline", "--no-project"),
            *("--clear", "--python", "/usr/bin/python3", "/v"),
        ),
        environ=environ,
        timeout=600.0,
    )
    assert fill == Command(
        argv=(
            *("uv", "pip", "install", "-q", "--no-config", "--no-progress", "--offline"),
            *("--no-cache", "--python", "/v", "--no-index", "--find-links", "/r/wheels"),
            *("--require-hashes", "--link-mode", "copy", "--compile-bytecode"),
            *("-r", "/r/code/r.lock"),
        ),
        environ=environ,
        timeout=600.0,
    )
    assert finish.argv[:3] == ("/usr/bin/python3", "-I", "-c")
    assert finish.argv[-1] == "/v"


def test_with_the_systems_packages_the_lock_may_lack_some() -> None:
    make, fill, _ = venv_commands("/v", "/py", "/w", "/r", system_site_packages=True, uv="/uv")
    assert make.argv[-4:] == ("--python", "/py", "--system-site-packages", "/v")
    assert "--no-deps" in fill.argv


def do(command: Command) -> None:
    outcome = run(command, tool_environ({k: str(v) for k, v in command.environ.items()}))
    assert outcome.exit_code == 0, outcome.out


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_anybody_can_read_the_virtualenv_and_nobody_write(tmp_path: Path) -> None:
    lock = tmp_path / "r.lock"
    lock.write_text(wheel(tmp_path / "wheels"), encoding="utf-8")
    path = tmp_path / "venv"
    before = os.umask(0o077)
    try:
        for command in venv_commands(
            str(path), sys.executable, str(tmp_path / "wheels"), str(lock), uv=find_uv_bin()
        ):
            assert not (path / MARKER).exists()
            do(command)
    finally:
        os.umask(before)
    assert (path / MARKER).is_file()
    modes = {it.stat().st_mode & 0o777 for it in path.rglob("*") if not it.is_symlink()}
    assert modes == {0o755, 0o644}
    (code,) = path.rglob("odd/__pycache__/__init__.*.pyc")
    assert code.read_bytes()[4:8] == b"\1\0\0\0"  # a hash that is never checked
    said = subprocess.check_output([path / "bin" / "python", "-c", "import odd; print(odd.x)"])
    assert said.strip() == b"1"


def test_code_is_compiled_unchecked_and_odd_files_are_left(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "good.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "app" / "template.py").write_text("{{ name }} def\n", encoding="utf-8")
    do(compile_command(sys.executable, str(tmp_path)))
    (code,) = tmp_path.rglob("*.pyc")
    assert code.name.startswith("good.")
    assert code.read_bytes()[4:8] == b"\1\0\0\0"
