"""Scripts of hooks: which program reads one, by its ending, and in which bytes it wants it."""

from pathlib import PurePosixPath

_CMD = ("cmd", "/d", "/c")
_POWERSHELL = (
    "powershell",
    "-NoProfile",
    "-NonInteractive",
    "-ExecutionPolicy",
    "Bypass",
    "-File",
)
_ON_WINDOWS = {".cmd": _CMD, ".bat": _CMD, ".ps1": _POWERSHELL}
_ELSEWHERE = {".sh": ("sh",)}


def interpreter(script: str, *, windows: bool) -> tuple[str, ...]:
    """The program that runs a script, and its options; nothing when it cannot run there."""
    return (_ON_WINDOWS if windows else _ELSEWHERE).get(ending(script), ())


def ending(script: str) -> str:
    """What a script's kind is known by."""
    return PurePosixPath(script).suffix.lower()


def bytes_of(script: str, text: str) -> bytes:
    """A script as its program reads it: without the mark, PowerShell takes it for ANSI."""
    lines = text.replace("\r\n", "\n")
    match ending(script):
        case ".ps1":
            return lines.encode("utf-8-sig")
        case ".cmd" | ".bat":
            return lines.replace("\n", "\r\n").encode()
        case _:
            return lines.encode()
