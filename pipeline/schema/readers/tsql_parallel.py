"""Many scripts read by several processes: each reads a share, and hands back what they make."""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from pipeline.schema.syntax.mssql.read import Alone, SourceFile, read_alone

MANY = 1_500
"""Scripts: fewer are read sooner than another process has helped."""
HEAD_START = 400
"""Scripts that this process reads while another one starts."""
MOST = 4
"""Processes, this one included."""
_TASK = "import sys; sys.path[:] = {}; from {} import answer; answer()"


class _Share(NamedTuple):
    """Scripts that another process reads. Question and answer are files: no pipe can fill up."""

    process: subprocess.Popen[bytes]
    files: Sequence[SourceFile]
    answer: IO[bytes]

    def result(self) -> list[Alone]:
        """Wait for it. What another process did not read is read here."""
        if self.process.wait() == 0:
            self.answer.seek(0)
            found: list[Alone] = pickle.load(self.answer)  # noqa: S301 - our own process wrote it
            return found
        return list(map(read_alone, self.files))


def read_each(files: Sequence[SourceFile], processes: int | None = None) -> list[Alone]:
    """Give what each of these scripts makes by itself, in their order.

    Few are read here; many by as many processes as there are processors, at most four.
    """
    others = min(processes or os.cpu_count() or 1, MOST) - 1
    if len(files) < MANY or others < 1:
        return list(map(read_alone, files))
    each = (len(files) - HEAD_START) // (others + 1)
    mine = len(files) - each * others
    with ExitStack() as stack:
        shares = [
            _begin(files[begin : begin + each], stack) for begin in range(mine, len(files), each)
        ]
        found = list(map(read_alone, files[:mine]))
        for share in shares:
            found += share.result()
    return found


def _begin(files: Sequence[SourceFile], stack: ExitStack) -> _Share:
    question, answered = (
        stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes them
        for _ in range(2)
    )
    pickle.dump([tuple(file) for file in files], question, pickle.HIGHEST_PROTOCOL)
    question.seek(0)
    task = _TASK.format(sys.path, __name__)
    process = subprocess.Popen(
        [sys.executable, "-c", task], stdin=question, stdout=answered, stderr=subprocess.DEVNULL
    )
    stack.callback(_end, process)
    return _Share(process, files, answered)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave no process behind, whatever has happened here."""
    if process.poll() is None:
        process.kill()
    process.wait()


def answer() -> None:
    """Read the share on standard input, and put what it makes on standard output."""
    import gc

    gc.disable()
    files: list[tuple[str, str]] = pickle.load(sys.stdin.buffer)  # noqa: S301 - the caller's
    found = [read_alone(SourceFile(*file)) for file in files]
    pickle.dump(found, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()
