"""Commands that die: farmhand's own, killed with -9 at their n-th write to the journal.

A program, run in a farm's project. It imports all that commands need, once, and then forks for
each order that it reads: a process of its own that lives, or is killed, like one that a user has
started, but without the second that Python takes to start.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

REPOSITORY = Path(__file__).parents[2]
KILLED = -9
MODULES = (
    "invoke.main",
    "pipeline.flow.resume",
    "pipeline.flow.rollback",
    "pipeline.flow.run",
    "pipeline.tasks.act",
    "pipeline.tasks.gather",
)
WRITES = ("begin_run", "resume_run", "event", "end_run")  # of a journal, in flow's one thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """When a command kills itself: at its `write`-th write to the journal, the first being 1.

    `before`: what the write tells is done, and not yet written. Else it is written, and `delay`
    seconds are gone: in the middle of the step that it begins.
    """

    write: int
    before: bool = False
    delay: float = 0.0

    def __str__(self) -> str:
        when = "before" if self.before else "after"
        return f"{when} write {self.write}" + (f" + {self.delay:.2f} s" if self.delay else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, what it said, and its writes: `began roll:www_1:stop`."""

    code: int
    out: str
    err: str
    writes: tuple[str, ...]

    @property
    def killed(self) -> bool:
        """Whether the death that was ordered came, and not the command's own end before it."""
        return self.code == KILLED


class Commands:
    """The program, started; to be used in a `with` block. Its commands are given one at a time."""

    def __init__(self, project: Path, scratch: Path) -> None:
        self.scratch = scratch
        scratch.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.killed"],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def run(self, *words: str, death: Death | None = None) -> Ended:
        """Give one command, as a user would; the end of it, by itself or by its death."""
        assert self.process.stdin
        assert self.process.stdout
        order = {"words": words, "folder": str(self.scratch), "death": death and asdict(death)}
        for name in ("out", "err", "writes"):
            (self.scratch / name).write_text("")
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        out, err, writes = ((self.scratch / name).read_text() for name in ("out", "err", "writes"))
        return Ended(code=code, out=out, err=err, writes=tuple(writes.splitlines()))


if sys.platform != "win32":

    def serve() -> None:
        """Do what is ordered, line by line, until nobody orders any more."""
        _import_all()
        for line in sys.stdin:
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _command(order["words"], Path(order["folder"]), order["death"])
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            sys.stdout.write(f"{code}\n")
            sys.stdout.flush()

    def _command(words: list[str], folder: Path, death: dict[str, Any] | None) -> NoReturn:
        """One command, in the process that was forked for it."""
        from invoke.main import program

        for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, "out", 0), (2, "err", 0)):
            os.dup2(os.open(folder / name, flags or os.O_WRONLY | os.O_APPEND), number)
        _arm(folder / "writes", Death(**death) if death else None)
        code = 1
        try:
            program.run(["invoke", *words])
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _import_all() -> None:
        """All modules that the commands import when they run; no thread is started by that."""
        for name in MODULES:
            importlib.import_module(name)

    def _arm(log: Path, death: Death | None) -> None:
        """Have each write to the journal counted, and the one that is the last."""
        from pipeline.execute.journal import Journal

        count = 0

        def counted(name: str, write: Callable[..., Any]) -> Callable[..., Any]:
            def wrapped(journal: Journal, *given: Any, **named: Any) -> Any:
                nonlocal count
                count += 1
                due = death if death and count == death.write else None
                if due and due.before:
                    _die()
                result = write(journal, *given, **named)
                with log.open("a") as file:
                    file.write(f"{_name(name, given)}\n")
                if due and due.delay:
                    threading.Thread(target=_die, args=(due.delay,), daemon=True).start()
                elif due:
                    _die()
                return result

            return wrapped

        for name in WRITES:
            setattr(Journal, name, counted(name, getattr(Journal, name)))

    def _name(write: str, given: tuple[Any, ...]) -> str:
        """A write in words: `begin_run`, or `done roll:www_1:stop`."""
        return f"{given[2]} {given[1]}" if write == "event" else write

    def _die(delay: float = 0.0) -> None:
        time.sleep(delay)
        os.kill(os.getpid(), signal.SIGKILL)

    if __name__ == "__main__":
        serve()
