"""The Pythons of this machine."""

import sys
from contextlib import suppress

from uv import find_uv_bin

from pipeline.build.interpreter import Interpreter
from pipeline.build.run import run, tool_environ
from pipeline.command import Command
from pipeline.errors import CheckFailed

NO_DOWNLOADS = {"UV_PYTHON_DOWNLOADS": "never"}


def find_python(wanted: str, *, where: str = "") -> str:
    """The path of a Python that is no virtualenv's: of a path, a version, or ours when empty.

    Raises CheckFailed, which names `where` it was wanted, when there is none.
    """
    words = ("python", "find", "--no-config", "--no-project", "--system")
    ours = getattr(sys, "_base_executable", sys.executable)
    found = run(Command(argv=(find_uv_bin(), *words, wanted or ours)), tool_environ(NO_DOWNLOADS))
    if found.exit_code:
        raise CheckFailed(
            f"no Python {wanted} on this machine",
            where=where,
            advice=f"install one, or let uv do it: uv python install {wanted}",
        )
    return found.out.strip()


def python_like(wanted: Interpreter, likely: str) -> str | None:
    """The path of one that builds the same releases as `wanted`; `likely` is tried first.

    It has the same minor version, kind and platform. None when there is no such here.
    """
    minor = ".".join(wanted.version.split(".")[:2])
    for named in (likely, minor):
        with suppress(CheckFailed, ValueError):
            path = find_python(named)
            outcome = run(Interpreter.question(path), tool_environ({}))
            found = Interpreter.answer(outcome.out)
            if (found.tag, found.platform) == (wanted.tag, wanted.platform):
                return path
    return None
