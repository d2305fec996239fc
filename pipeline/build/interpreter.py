"""Which Python a release is built for."""

import json
from dataclasses import dataclass

from pipeline.command import Command, command

ASK = (
    "import json, sys, sysconfig; version = '%d.%d.%d' % sys.version_info[:3]; "
    "print(json.dumps([version, sys.implementation.cache_tag, sysconfig.get_platform()]))"
)


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
