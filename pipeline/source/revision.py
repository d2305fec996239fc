"""What a person may write after `--rev`. Pure: text in, text or a refusal out."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pipeline.errors import BadCall

HASH = re.compile(r"(?!(0+|[fF]+)$)[0-9a-fA-F]{1,40}")  # Mercurial's own: only 0 or only f
NUMBER = re.compile(r"[0-9]{1,6}")
ELSEWHERE_ANOTHER = {
    "tip": "is the newest changeset of one clone",
    "null": "is no changeset",
    ".": "is what one working copy is at",
}


def is_hash(revision: str) -> bool:
    """Whether it can be a changeset's hash, or the beginning of one."""
    return HASH.fullmatch(revision) is not None


def is_number(revision: str) -> bool:
    """Whether a person means a revision number by it: digits, and too few of them for a hash."""
    return NUMBER.fullmatch(revision) is not None


def refuse_unusable(revision: str) -> None:
    """Raise for what cannot name one changeset in every clone. It is a name, never a revset."""
    if not revision.strip() or revision != revision.strip():
        raise BadCall(f"--rev {revision!r} is not a name", advice=NAME_ONE)
    if revision.startswith("-") or not revision.isprintable():
        raise BadCall(f"--rev {revision!r} is not a name", advice=NAME_ONE)
    if revision in ELSEWHERE_ANOTHER:
        raise BadCall(f"--rev {revision} {ELSEWHERE_ANOTHER[revision]}", advice=NAME_ONE)


def unknown(revision: str, known: Iterable[str]) -> BadCall:
    """The refusal of a name that the repository does not have, with the nearest that it has."""
    if is_number(revision):
        what = f"--rev {revision} is a number, which means another changeset in each clone"
        return BadCall(what, advice=NAME_ONE)
    near = get_close_matches(revision, sorted(set(known)), n=3, cutoff=0.5)
    advice = f"the nearest names are {', '.join(near)}" if near else NAME_ONE
    return BadCall(f"the repository has no changeset named {revision!r}", advice=advice)


def ambiguous(prefix: str, nodes: Iterable[str]) -> BadCall:
    """The refusal of a prefix that several changesets begin with."""
    found = ", ".join(node[:12] for node in nodes)
    return BadCall(
        f"--rev {prefix} is ambiguous: {found}", advice="write more characters of the hash"
    )


def quoted(text: str) -> str:
    """A string in Mercurial's revset language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


NAME_ONE = "name a hash, a bookmark, a tag or a branch"
