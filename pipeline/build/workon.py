"""A developer's own virtualenv: the pins of the site's lock, in step with it, where it stays.

Who uses it needs nothing else; virtualenvwrapper's `workon` finds in it what it looks for.
"""

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from uv import find_uv_bin

from pipeline.build.interpreter import Interpreter
from pipeline.build.pythons import NO_DOWNLOADS, find_python
from pipeline.build.release import ask_interpreter
from pipeline.build.run import run, tool_environ
from pipeline.build.venv import ISOLATED, SLOW, venv_key
from pipeline.build.wheels import fetch
from pipeline.command import Command
from pipeline.disk import MAKING, exclusive, remove, sweep
from pipeline.errors import BadCall, BuildFailed, CheckFailed

NOTE = "farmhand.json"  # in the virtualenv: that it is ours, and what it was made from
# On Windows it is read by a shell that knows no other encoding.
PROJECT_ENCODING = "oem" if sys.platform == "win32" else "utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a virtualenv should be. `python`, a path or a version, is empty when any may stay.

    `project` is the folder that its user works in: it stands in the file `project_note`.
    """

    path: Path
    lock: Path
    python: str
    system_site_packages: bool
    project: Path
    project_note: str = ".project"


@dataclass(frozen=True, slots=True)
class Made:
    """What a virtualenv of ours was made from; `lock` is the hash, and empty until all is in."""

    python: str
    version: str
    system_site_packages: bool
    lock: str = ""


def keep(wish: Wish, cache: Path) -> tuple[str, Made]:
    """Make the virtualenv, or bring it up to its lock: `made`, `synced` or `unchanged`.

    When the lock has changed, what it does not name goes. Raises BadCall when the place is taken.
    """
    with exclusive(cache / "locks" / f"venv-{wish.path.name}"):
        sweep(wish.path.parent)
        found = _found(wish.path)
        wanted = _wanted(wish, found)
        kept = found is not None and replace(found, lock="") == replace(wanted, lock="")
        kept = kept and _works(wish.path)
        if kept and found == wanted:
            _tell_project(wish)
            return "unchanged", wanted
        uv = find_uv_bin()
        wheels = fetch(wish.lock, wanted.python, uv, cache, _wheels_name(wanted))
        if not kept:
            _make(wish, wanted, uv, cache)
        _write(wish.path, replace(wanted, lock=""))
        _sync(wish, wheels, uv, cache)
        _tell_project(wish)
        _write(wish.path, wanted)
        return "synced" if kept else "made", wanted


def python_of(path: Path) -> Path:
    """The interpreter in a virtualenv, wherever its system has it."""
    windows = path / "Scripts" / "python.exe"
    return windows if windows.is_file() else path / "bin" / "python"


def _found(path: Path) -> Made | None:
    """What is in the place; None for nothing. Raises BadCall for what is not ours."""
    try:
        return Made(**json.loads((path / NOTE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        if not path.exists() or not any(path.iterdir()):
            return None
    except (ValueError, TypeError, OSError):
        pass
    raise BadCall(
        f"{path} was not made by farmhand",
        advice="name another with --name, or remove that one if nobody needs it",
    )


def _wanted(wish: Wish, found: Made | None) -> Made:
    python = wish.python
    if not python and found is not None and Path(found.python).is_file():
        python = found.python
    path = find_python(python)
    return Made(
        python=path,
        version=ask_interpreter(path).version,
        system_site_packages=wish.system_site_packages,
        lock=hashlib.sha256(wish.lock.read_bytes()).hexdigest(),
    )


def _works(path: Path) -> bool:
    """Whether it still runs: the Python that it was made from may have gone."""
    python = python_of(path)
    return (
        python.is_file() and not run(Interpreter.question(str(python)), tool_environ({})).exit_code
    )


def _wheels_name(made: Made) -> str:
    return f"{venv_key(made.lock, made.version)}-{sys.platform}"


def _make(wish: Wish, made: Made, uv: str, cache: Path) -> None:
    """An empty virtualenv. It is known as ours from its first moment on."""
    if wish.path.exists():
        old = wish.path.with_name(f"{MAKING}-{os.getpid()}-old-{wish.path.name}")
        try:
            wish.path.rename(old)
        except OSError as problem:
            raise CheckFailed(
                f"cannot be made anew: {problem.strerror}",
                where=str(wish.path),
                advice="a program that runs in it may be why: end it",
            ) from problem
        remove(old)
    wish.path.mkdir(parents=True)
    _write(wish.path, replace(made, lock=""))
    system = ("--system-site-packages",) if made.system_site_packages else ()
    _must(
        (
            *(uv, "venv", "-q", *ISOLATED, "--no-project", "--allow-existing"),
            *("--python", made.python, "--prompt", wish.path.name, *system, str(wish.path)),
        ),
        cache / "logs" / f"venv-{wish.path.name}.log",
    )


def _sync(wish: Wish, wheels: Path, uv: str, cache: Path) -> None:
    _must(
        (
            *(uv, "pip", "sync", "-q", *ISOLATED, "--no-cache", "--link-mode", "copy"),
            *("--no-index", "--find-links", str(wheels), "--require-hashes"),
            *("--allow-empty-requirements", "--python", str(python_of(wish.path))),
            str(wish.lock),
        ),
        cache / "logs" / f"venv-{wish.path.name}.log",
    )


def _must(argv: tuple[str, ...], log: Path) -> None:
    outcome = run(Command(argv=argv, timeout=SLOW), tool_environ(NO_DOWNLOADS), log=log)
    if outcome.exit_code:
        raise BuildFailed(
            f"the virtualenv was not made: {outcome.said}", advice=f"the whole log: {log}"
        )


def _tell_project(wish: Wish) -> None:
    note = wish.path / wish.project_note
    note.write_text(f"{wish.project}\n", encoding=PROJECT_ENCODING)


def _write(path: Path, made: Made) -> None:
    (path / NOTE).write_text(json.dumps(asdict(made), indent=1) + "\n", encoding="utf-8")
