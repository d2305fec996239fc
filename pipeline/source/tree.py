"""The files below one folder at one revision, out of the user's own clone."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.disk import remove
from pipeline.errors import BadCall, CheckFailed
from pipeline.source.links import refuse_escaping_links
from pipeline.source.repository import Repository
from pipeline.source.server import complaint

HERE = frozenset({".", "tip"})
"""Names that mean something in one clone only. Here there is but one."""


class Tree(NamedTuple):
    """What stood below a folder: content by path with forward slashes; and the changeset."""

    files: Mapping[str, bytes]
    short: str


def tree_at(folder: Path, rev: str) -> Tree:
    """Give the files of `folder` (or of one script) as they were at `rev`.

    BadCall when the folder is in no repository, or the revision is not known or lacks it.
    """
    place = folder.absolute()
    root = next((each for each in place.parents if (each / ".hg").is_dir()), None)
    if (place / ".hg").is_dir():
        root = place
    if root is None:
        raise BadCall(
            f"{folder} is in no Mercurial repository",
            advice="leave @REV out, or name a folder of a clone",
        )
    with Repository.open(root) as repository:
        node = _node(repository, rev)
        files = _files(repository, node, place.relative_to(root).as_posix())
    if not files:
        raise BadCall(
            f"{node[:12]} has nothing in {place.relative_to(root).as_posix()}",
            advice="was the folder called otherwise then?",
        )
    return Tree(files, node[:12])


def _node(repository: Repository, rev: str) -> str:
    if rev in HERE:
        return repository.server.tell("log", "-r", rev, "-T", "{node}")
    return repository.resolve(rev, rev).node


def _files(repository: Repository, node: str, inside: str) -> dict[str, bytes]:
    """Give what `hg archive` writes of a folder, as bytes: scripts come in several encodings."""
    with tempfile.TemporaryDirectory(prefix="farmhand-tree-", ignore_cleanup_errors=True) as home:
        making = Path(home) / "tree"
        only = () if inside == "." else ("-I", f"path:{inside}")
        outcome = repository.server.ask(
            "archive", "--no-decode", "-t", "files", "-r", node, *only, str(making)
        )
        if outcome.exit_code and "no files match" in outcome.err:
            return {}
        if outcome.exit_code:
            raise CheckFailed(f"hg archive: {complaint(outcome)}", where=node[:12])
        making.mkdir(exist_ok=True)
        refuse_escaping_links(making)
        top = making if inside == "." else making / inside
        if top.is_file():
            files = {top.name: top.read_bytes()}
        else:
            files = {
                path.relative_to(top).as_posix(): path.read_bytes()
                for path in sorted(top.rglob("*"))
                if path.is_file()
            }
        remove(making)
    return files
