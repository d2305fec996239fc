"""Which Python a release is built for."""

import json
import sys
from dataclasses import dataclass

from uv import find_uv_bin

from pipeline.build.run import run, tool_environ
from pipeline.command import Command, command
from pipeline.errors import CheckFailed

ASK = (
    "import json, sys, sysconfig; version = '%d.%d.%d' % sys.version_info[:3]; "
    "print(json.dumps([version, sys.implementation.cache_tag, sysconfig.get_platform()]))"
)
NO_DOWNLOADS = {"UV_PYTHON_DOWNLOADS": "never"}


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter by what decides which wheels it takes: version, kind, platform."""

    version: str  # 3.11.2
    tag: str  # cpython-311
    platform: str  # linux-x86_64

    @classmethod
    def of_windows(cls, version: str) -> "Interpreter":
        """The one of Windows hosts that nobody asked: CPython for 64-bit x86."""
        major, minor, *_ = version.split(".")
        return cls(version, f"cpython-{major}{minor}", "win-amd64")

    @staticmethod
    def question(python: str) -> Command:
        """Ask the interpreter at this path."""
        return command(python, "-I", "-S", "-c", ASK)

    @classmethod
    def answer(cls, output: str) -> "Interpreter":
        """Read what it said."""
        return cls(*map(str, json.loads(output)))


def local_python(version: str) -> str:
    """A Python of this machine that is as new as `version`, by its path. Raises CheckFailed."""
    minor = ".".join(version.split(".")[:2])
    if minor == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    words = ("python", "find", "-q", "--no-config", "--no-project", "--system", minor)
    outcome = run(Command(argv=(find_uv_bin(), *words)), tool_environ(NO_DOWNLOADS))
    if outcome.exit_code:
        raise CheckFailed(
            f"no Python {minor} on this machine, as the Windows hosts have",
            advice=f"it collects static files and runs the tests: uv python install {minor}",
        )
    return outcome.out.strip()
