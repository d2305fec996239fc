"""Where tasks meet the user: options as given, errors as exit codes, answers on the right stream.

Nothing here is imported before a task runs but invoke and the standard library: the list of tasks
must appear at once.
"""

import functools
import inspect
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task, task

from pipeline.errors import BadCall, CheckFailed, FarmhandError

ENV = "the environment: environments/NAME.toml"
SET = "NAME=VALUE over what the files say; may be given again"
REPORT = "write what is planned, and what came of it, into this HTML file"
OBSERVED = "what a deploy observed, last or a FILE, instead of the environment itself"
Overrides = Sequence[str] | None

InvokeTask = Task[Callable[..., None]]


def farm_task(
    *, help: dict[str, str], repeated: Sequence[str] = ("set",), letters: bool = True
) -> Callable[[Callable[..., None]], InvokeTask]:
    """A task whose errors become one line and an exit code, as docs/reference/errors.md says.

    `repeated` are the options that may be given several times. Without `letters` there are no
    short forms: of many options, most would have a letter that nobody guesses.
    """

    def make(body: Callable[..., None]) -> InvokeTask:
        @functools.wraps(body)
        def run(context: Context, *args: Any, **kwargs: Any) -> None:
            with_exit_codes(lambda: _run(body, context, *args, **kwargs))

        several = [name for name in help if name in repeated]
        # What has no default is an argument by its place, for invoke. For the environment that
        # would mean that `deploy --help` deploys to an environment of this name.
        named = (
            name
            for name, parameter in inspect.signature(body).parameters.items()
            if parameter.default is parameter.empty
        )
        places = [name for name in named if name not in {"context", "env"}]
        made = task(run, help=help, iterable=several, positional=places, auto_shortflags=letters)
        return cast(InvokeTask, made)

    return make


def _run(body: Callable[..., None], context: Context, *args: Any, **kwargs: Any) -> None:
    if kwargs.get("env", "") is None:
        from pipeline.settings import environments

        known = ", ".join(environments(project())) or "none"
        raise BadCall("no environment is named", where="--env", advice=f"there are: {known}")
    body(context, *args, **kwargs)


def with_exit_codes(run: Callable[[], None]) -> None:
    """Run, and end the process as its error says. A mistake of ours is kept in a file."""
    try:
        run()
    except FarmhandError as error:
        raise Exit("\n".join(error.lines()), code=error.exit_code) from error
    except KeyboardInterrupt as error:
        raise Exit("interrupted", code=1) from error
    except Exit:
        raise
    except BrokenPipeError as error:  # whoever read our output has gone
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        raise Exit(code=1) from error
    except Exception as error:
        raise Exit(_our_mistake(error), code=1) from error


def hush_broken_pipes() -> None:
    """Let what invoke itself prints, such as the list of tasks, end quietly in `| head -1`."""
    told = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        else:
            told(kind, error, at)

    sys.excepthook = hook


def say(line: str) -> None:
    """A message for people: it goes to stderr, so that results can be piped."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def show(text: str) -> None:
    """A result: it goes to stdout."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()


def is_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """Ask on the terminal; only `y` and `yes` mean yes."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def confirm(question: str, *, yes: bool) -> None:
    """Ask unless `yes`. Raises CheckFailed for a no, or when nobody is there to be asked."""
    if yes:
        return
    if not is_terminal():
        raise CheckFailed("nobody is there to be asked", advice="say it beforehand: --yes")
    if not ask(question):
        raise CheckFailed("you said no", advice="nothing was touched")


def read(path: str) -> str:
    """A file that the user named. Raises BadCall when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadCall(str(getattr(problem, "strerror", None) or problem), where=path) from problem


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Write what the user wants to have at a path. Raises BadCall when that cannot be done."""
    try:
        yield
    except OSError as problem:
        raise BadCall(
            problem.strerror or str(problem), where=problem.filename or path
        ) from problem


def number(text: str, option: str, least: int = 1) -> int:
    """What an option says, as a number. Raises BadCall; invoke itself would show a traceback."""
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise BadCall(f"{text!r} is not a number from {least} on", where=option)
    return int(text)


def pause(seconds: float) -> None:
    """Between two looks of a task that goes on until it is interrupted."""
    time.sleep(seconds)


def words(text: str | None) -> tuple[str, ...]:
    """`A,B` as given to `--instance` or `--allow`, in parts."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def project() -> Path:
    """The project that the user is in. Raises BadCall when there is none."""
    from pipeline.settings import find_project

    return find_project(Path.cwd())


def is_dry(context: Context, dry_run: bool) -> bool:
    """Whether nothing may be changed: by `--dry-run`, or by invoke's own `--dry`."""
    return dry_run or bool(context.config.run.dry)


def refuse_dry(context: Context) -> None:
    """Refuse invoke's own `--dry` for a task that has no dry run: it must never run for real."""
    if context.config.run.dry:
        raise BadCall("this task has no dry run", where="--dry", advice="leave --dry out")


def _our_mistake(error: Exception) -> str:
    handle, name = tempfile.mkstemp(prefix="farmhand-error-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    what = str(error).splitlines()[0] if str(error) else "without a word"
    return (
        f"a mistake in farmhand itself: {type(error).__name__}: {what}\n"
        f"  -> please report it, with {name}"
    )
