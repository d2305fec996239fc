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

    @staticmethod
    def question(python: str) -> Command:
        """Ask the interpreter at this path."""
        return command(python, "-I", "-S", "-c", ASK)

    @classmethod
    def answer(cls, output: str) -> "Interpreter":
        """Read what it said."""
        return cls(*map(str, json.loads(output)))
