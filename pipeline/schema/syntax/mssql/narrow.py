"""Which files of two folders can matter to a comparison, when most of them are the same.

A file that stands in both folders matters only if it mentions what differs, or what such a file
needs. Mentions are all words of a text: too many rather than too few.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.names import Key

_WORD = re.compile(
    r"\[(?:[^\]]|\]\])+\]|\"(?:[^\"]|\"\")+\"|'(?:[^']|'')*'|[^\W\d][\w@#$]*|[@#]\w+"
)


class FileFacts(NamedTuple):
    """What is known of a file without reading it again.

    `alone` says that it speaks of nothing but the objects it creates; `mentions` are the names
    in it, folded, of objects that its folder creates.
    """

    digest: bytes
    alone: bool
    keys: tuple[Key, ...]
    mentions: frozenset[str]
    everywhere: bool = False


Files = Mapping[str, FileFacts]


def words(text: str) -> frozenset[str]:
    """Give every word of a script that may be a name, folded and without quotes."""
    found = set(_WORD.findall(text.lower()))
    quoted = [word for word in found if word[0] in "['\""]
    for word in quoted:
        inner = word[1:-1].replace("]]", "]") if word[0] == "[" else word[1:-1]
        found.add(inner)
        if word[0] == "'":
            found.update(part.strip('[]" ') for part in inner.split("."))
    return frozenset(found)


def narrowed(source: Files, target: Files) -> tuple[list[str], list[str]] | None:
    """Give the paths of both folders that have to be read; None for all of them."""
    sides = (source, target)
    if any(facts.everywhere for side in sides for facts in side.values()):
        return None
    digests = [{facts.digest for facts in side.values()} for side in sides]
    shared = digests[0] & digests[1]
    differing = [facts for side in sides for facts in side.values() if facts.digest not in shared]
    chosen = {facts.digest for facts in differing} | _context(_shared(sides, shared), differing)
    first, second = (
        sorted(path for path, facts in side.items() if facts.digest in chosen) for side in sides
    )
    return first, second


def _shared(sides: Iterable[Files], digests: set[bytes]) -> dict[bytes, FileFacts]:
    """Give what is in both folders, each once, with what is mentioned of either."""
    found: dict[bytes, FileFacts] = {}
    for side in sides:
        for facts in side.values():
            if facts.digest in digests:
                known = found.get(facts.digest)
                if known is None:
                    found[facts.digest] = facts
                elif known.mentions != facts.mentions:
                    mentions = known.mentions | facts.mentions
                    found[facts.digest] = known._replace(mentions=mentions)
    return found


def _context(shared: dict[bytes, FileFacts], differing: Sequence[FileFacts]) -> set[bytes]:
    """Give those of the shared files that mention what changes, or that these need.

    A table in whose type, function or partition scheme something changes may have to be made
    anew, and troubles its own users; one that only refers to a changed table does not.
    """
    left = dict(shared)
    tables = _tables((*shared.values(), *differing))
    made_in: dict[str, list[FileFacts]] = defaultdict(list)
    for facts in shared.values():
        for key in facts.keys:
            made_in[key.name].append(facts)
    fresh, needed = _touched(differing), _needed(differing)
    while fresh or needed:
        others = fresh - tables
        users = [each for each in left.values() if not each.mentions.isdisjoint(fresh)]
        makers = [each for name in needed | fresh for each in made_in.pop(name, ())]
        for each in (*users, *makers):
            left.pop(each.digest, None)
        deep = [each for each in users if not each.mentions.isdisjoint(others)]
        fresh = _touched(deep) | (_touched(users) - tables)
        needed = _needed((*users, *makers))
    return shared.keys() - left.keys()


def _tables(files: Iterable[FileFacts]) -> set[str]:
    """Give the names that are tables and nothing else."""
    keys = [key for facts in files for key in facts.keys]
    others = {key.name for key in keys if key.kind != Kind.TABLE}
    return {key.name for key in keys if key.kind == Kind.TABLE} - others


def _touched(files: Sequence[FileFacts]) -> set[str]:
    """Give the names of what files make, or speak of as something to be changed."""
    return {key.name for facts in files for key in facts.keys} | _needed(files)


def _needed(files: Iterable[FileFacts]) -> set[str]:
    """Give the names without which these files cannot be read."""
    return {name for facts in files if not facts.alone for name in facts.mentions}
