"""What pure code may import and call: no socket, file, clock, random number, environment."""

import ast
from collections.abc import Iterator

from tests.architecture.code import Code, Import
from tests.architecture.order import PURE, room

# A list of what is allowed: a list of what is forbidden always misses something.
MODULES = """
    __future__ abc base64 bisect collections collections.abc copy dataclasses decimal difflib enum
    fnmatch functools graphlib hashlib heapq hmac html itertools json math numbers operator re
    string textwrap tomllib types typing unicodedata urllib.parse xml.etree.ElementTree
    pathlib.PurePath pathlib.PurePosixPath pathlib.PureWindowsPath
"""
ALLOWED = frozenset(MODULES.split())
THIRD_PARTY = frozenset({"jinja2", "markupsafe", "pydantic", "pydantic_core"})
CALLS = frozenset({"open", "input", "print", "exec", "eval", "breakpoint", "id"})


def is_pure(module: str) -> bool:
    """Whether a module stands in a room up to `plan`."""
    return room(module) in PURE


def impure(code: Code, module: str) -> Iterator[str]:
    """How a module can reach the world, itself or through another one of ours."""
    for reached, way in code.chains(module).items():
        for found in code.modules[reached].imports:
            if code.target(found) is None and not _allowed(found):
                yield (
                    f"{' -> '.join(way)} imports {found.words} (line {found.line}): pure code "
                    f"gets text and values; read them at the edge and pass them in"
                )
    for node in ast.walk(code.modules[module].tree):
        match node:
            case ast.Call(func=ast.Name(id=called)) if called in CALLS:
                yield (
                    f"{module}:{node.lineno} calls {called}(): do that in a room to the "
                    f"right of plan, and pass the value in"
                )
            case _:
                pass


def _allowed(found: Import) -> bool:
    return (
        found.module in ALLOWED
        or found.words in ALLOWED
        or found.module.split(".")[0] in (*THIRD_PARTY, "pipeline")
    )
