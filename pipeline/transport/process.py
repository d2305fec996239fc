"""A program run on this machine: no shell, a limit in time, and nothing of it left behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from pipeline.command import Outcome

if sys.platform == "win32":
    import psutil

TIMED_OUT, NOT_RUNNABLE, NOT_FOUND = 124, 126, 127
KILLED = ": killed\n"  # the end of what is said for a program that was cut off


def run_program(
    words: Sequence[str], *, folder: Path | None, environ: Mapping[str, str], timeout: float
) -> Outcome:
    """Run to the end, or for `timeout` seconds: then the program and its children are killed.

    The end is that of the program itself: daemons that it leaves may keep its output open.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        everything = {**os.environ, **environ}
        try:
            code = _run(words, folder, everything, timeout, out, err)
        except OSError as error:
            return _not_run(words[0], error, everything.get("PATH"))
        late = f"no answer within {timeout:g} s{KILLED}" if code is None else ""
        return Outcome(TIMED_OUT if code is None else code, _said(out), _said(err) + late)


def _run(
    words: Sequence[str],
    folder: Path | None,
    environ: Mapping[str, str],
    timeout: float,
    out: IO[bytes],
    err: IO[bytes],
) -> int | None:
    """The exit code; None when the time was over."""
    process = subprocess.Popen(
        words,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.returncode is None:
            _kill(process)


def _not_run(program: str, error: OSError, path: str | None) -> Outcome:
    """Why it did not even begin. A folder of the search path that is closed to us says nothing."""
    hidden = Path(program).name == program and shutil.which(program, path=path) is None
    if hidden or isinstance(error, FileNotFoundError):
        return Outcome(NOT_FOUND, err=f"{program}: not found")
    return Outcome(NOT_RUNNABLE, err=f"{program}: {error.strerror}")


def _said(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


if sys.platform == "win32":

    def _kill(process: "subprocess.Popen[bytes]") -> None:
        """Kill a program and all that it has started."""
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        process.kill()
        process.wait()

else:

    def _kill(process: "subprocess.Popen[bytes]") -> None:
        """Kill a program's group: all that it has started and that has not gone its own way."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
