"""Symbolic links in a tree that came from somebody's repository."""

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import CheckFailed


def refuse_escaping_links(tree: Path) -> None:
    """Raise if a link leads out of `tree`, nowhere, or to a folder that holds the link itself."""
    whole = tree.resolve()
    for link in _links(tree):
        inside = link.relative_to(tree).as_posix()
        end = link.resolve()
        if not end.is_relative_to(whole):
            raise CheckFailed(f"{inside} is a link that leads out of the tree", advice=LINK_ADVICE)
        if not end.exists() or link.parent.resolve().is_relative_to(end):
            raise CheckFailed(f"{inside} is a link without an end", advice=LINK_ADVICE)


def _links(tree: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(tree):
        for name in sorted((*folders, *files)):
            path = Path(folder, name)
            if path.is_symlink():
                yield path


LINK_ADVICE = "remove the link from the repository, or commit what it points to"
