"""Old and new texts of files, as a unified diff for people."""

from collections.abc import Mapping
from difflib import unified_diff

NOTHING = "/dev/null"


def diff_files(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> str:
    """What changes between two sets of files, by path; None, or no entry, is an absent file."""
    return "".join(
        _diff(path, old.get(path), new.get(path)) for path in sorted(old.keys() | new.keys())
    )


def _diff(path: str, old: str | None, new: str | None) -> str:
    if old == new:
        return ""
    names = (NOTHING if old is None else path), (NOTHING if new is None else path)
    lines = list(unified_diff(_lines(old), _lines(new), *names))
    if not lines:  # an empty file comes or goes: there is no line to show
        lines = [f"--- {names[0]}\n", f"+++ {names[1]}\n"]
    return "".join(map(_whole, lines))


def _lines(text: str | None) -> list[str]:
    """Lines with their ends. Only \\n ends one: what else may be in a file shows as it is."""
    pieces = (text or "").split("\n")
    return [piece + "\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _whole(line: str) -> str:
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
