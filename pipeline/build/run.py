"""Run a program of the build on this machine, and keep all that it says."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from pipeline.command import Command, Outcome
from pipeline.errors import CheckFailed

# What the site's own code sees of the deployer's environment while it is built: no secrets.
HARMLESS = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PROGRAMDATA"),
    *("USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)
ANOTHER_PYTHON = (
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "PIP_TARGET",
    "PIP_USER",
    "PIP_PREFIX",
)
TIMED_OUT = 124


def tool_environ(added: Mapping[str, str]) -> dict[str, str]:
    """For uv and pip: the deployer's environment, with indexes and proxies; not its Python."""
    kept = {name: value for name, value in os.environ.items() if name not in ANOTHER_PYTHON}
    return kept | dict(added)


def site_environ(added: Mapping[str, str]) -> dict[str, str]:
    """For the site's code: little, and the same on each machine."""
    kept = {name: os.environ[name] for name in HARMLESS if name in os.environ}
    steady = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    return kept | steady | dict(added)


def run(
    command: Command, environ: Mapping[str, str], *, log: Path | None = None, given: str = ""
) -> Outcome:
    """Run to the end or the time limit, with all that it starts. `given` is its input."""
    argv = [str(word) for word in command.argv]
    try:
        process = subprocess.Popen(
            argv,
            cwd=command.folder or None,
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise CheckFailed(f"{argv[0]} cannot be started: {error.strerror}") from error
    code, said = _end(process, command.timeout, given)
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"$ {' '.join(argv)}\n{said}", encoding="utf-8")
    return Outcome(code, said)


def _end(process: "subprocess.Popen[str]", timeout: float, given: str) -> tuple[int, str]:
    try:
        said, _ = process.communicate(given, timeout=timeout)
    except subprocess.TimeoutExpired as late:
        _kill(process)
        said = late.output.decode(errors="replace") if isinstance(late.output, bytes) else ""
        return TIMED_OUT, f"{said}\nstopped after {timeout:.0f} s"
    except BaseException:
        _kill(process)
        raise
    return process.returncode, said


def _kill(process: "subprocess.Popen[str]") -> None:
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait()
