"""Which paths of files Windows cannot have, or would mistake for one another."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PureWindowsPath

LONGEST = 240  # Windows' own limit is 260, and bytecode lies deeper than its source
LONGEST_NAME = 255

_FORBIDDEN = re.compile('[\x00-\x1f<>:"|?*\\\\]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9¹²³]) *", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")  # what Python makes of bytes that are no UTF-8


def refused(paths: Iterable[str], folder: str) -> Iterator[tuple[str, str]]:
    """Each path that cannot be below `folder` on Windows, and why.

    Paths are relative, with forward slashes; `folder` is the whole one on the host.
    """
    spelled: dict[str, str] = {}
    for path in sorted(paths):
        why = next(filter(None, map(_bad_name, path.split("/"))), "") or _too_long(path, folder)
        for part in _and_above(path):
            other = spelled.setdefault(_upper(part), part)
            if other != part and not why:
                why = f"differs from {other} in capitals only"
        if why:
            yield path, why


def _bad_name(name: str) -> str:
    if name in {"", ".", ".."}:
        return "is no plain path"
    if _HALF.search(name):
        return f"{name!r} is not UTF-8"
    if bad := _FORBIDDEN.search(name):
        return f"{name!r} holds {bad.group()!r}"
    if name[-1] in " .":
        return f"{name!r} ends with {name[-1]!r}"
    if _DEVICE.fullmatch(name.partition(".")[0]):
        return f"{name!r} is the name of a device"
    if _length(name) > LONGEST_NAME:
        return f"a name of {_length(name)} characters, more than {LONGEST_NAME}"
    return ""


def _too_long(path: str, folder: str) -> str:
    whole = _length(str(PureWindowsPath(folder, *path.split("/"))))
    return f"{whole} characters below {folder}, more than {LONGEST}" if whole > LONGEST else ""


def _and_above(path: str) -> Iterator[str]:
    """The path and the folders above it."""
    parts = path.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _length(text: str) -> int:
    """As Windows counts: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _upper(text: str) -> str:
    """As NTFS compares: each character by itself, so that a sharp s stays one."""
    capitals = ((letter, letter.upper()) for letter in text)
    return "".join(upper if len(upper) == 1 else letter for letter, upper in capitals)
