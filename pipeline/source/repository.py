"""A Mercurial repository on this machine: what its names mean, its history and its trees."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from pipeline.disk import made_whole
from pipeline.errors import BadCall, CheckFailed
from pipeline.facts.changeset import Changeset
from pipeline.source import parse
from pipeline.source.links import refuse_escaping_links
from pipeline.source.revision import (
    ambiguous,
    is_hash,
    is_number,
    quoted,
    refuse_unusable,
    unknown,
)
from pipeline.source.server import Server, complaint

NAMES = {"bookmarks": "bookmark", "tags": "tag", "branches": "branch"}


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository behind one running `hg`. `source` is the alias it is pulled from, if any."""

    server: Server
    source: str = ""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """A repository as it is, without a pull: the user's own clone."""
        return cls(Server.start(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.server.stop()

    def resolve(self, rev: str | None, branch: str) -> Changeset:
        """What `rev` names: a bookmark, tag, branch or hash. None: the head of `branch`."""
        if rev is None:
            return self._head(branch) or self._no_branch(branch)
        refuse_unusable(rev)
        for kind in ("bookmark", "tag"):
            for changeset in self._log(f"present({kind}({quoted(f'literal:{rev}')}))"):
                return changeset
        return self._head(rev) or self._hash(rev)

    def knows(self, node: str) -> bool:
        """Whether the changeset of this whole hash is here."""
        return len(node) == 40 and is_hash(node) and bool(self._log(f"id({quoted(node)})"))

    def between(self, old: str, new: str) -> tuple[Changeset, ...]:
        """What `new` has and `old` lacks, newest first. Going back, swap them."""
        for node in (old, new):
            if not self.knows(node):
                raise BadCall(f"the repository has no changeset {node}")
        return self._log(f"reverse(only(id({quoted(new)}), id({quoted(old)})))")

    def archive(self, node: str, trees: Path) -> Path:
        """The clean tree of a changeset, in `trees`/NODE; made at most once."""
        tree = trees / node
        if tree.is_dir():
            return tree
        if not self.knows(node):
            raise BadCall(f"the repository has no changeset {node}")
        with made_whole(tree) as making:
            outcome = self.server.ask(
                "archive", "--no-decode", "-t", "files", "-r", node, str(making)
            )
            if outcome.exit_code:
                raise CheckFailed(
                    f"hg archive: {complaint(outcome)}",
                    where=node[:12],
                    advice="if the local clone is damaged, remove it: the next pull makes it anew",
                )
            making.mkdir(exist_ok=True)
            refuse_escaping_links(making)
        return tree

    def _log(self, revset: str) -> tuple[Changeset, ...]:
        return parse.changesets(self.server.tell("log", "-T", "json", "-r", revset))

    def _head(self, branch: str) -> Changeset | None:
        """The one open head of a branch; None when there is no such branch."""
        heads = f"head() and branch({quoted(f'literal:{branch}')})"
        found = self._log(f"present({heads} and not closed())")
        if len(found) > 1:
            found = self._still_in_source(found)
        if len(found) > 1:
            raise CheckFailed(
                f"branch {branch} has {len(found)} heads:\n" + "\n".join(map(_line, found)),
                advice="merge them, or name one with --rev",
            )
        if not found and self._log(f"present({heads})"):
            raise CheckFailed(f"branch {branch} is closed", advice="name another with --rev")
        return found[0] if found else None

    def _still_in_source(self, heads: tuple[Changeset, ...]) -> tuple[Changeset, ...]:
        """Without those that were stripped from the source after we had pulled them."""
        if not self.source:
            return heads
        gone = self.server.ask("outgoing", "-T", "{node}\n", self.source).out.split()
        return tuple(head for head in heads if head.node not in gone) or heads

    def _hash(self, rev: str) -> Changeset:
        """The changeset whose hash begins with `rev`."""
        if is_hash(rev) and not is_number(rev):
            prefix = rev.lower()
            for changeset in self._log(f"id({quoted(prefix)})"):
                return changeset
            nodes = self.server.tell("log", "-T", "{node}\n", "-r", "all()").split()
            several = sorted(node for node in nodes if node.startswith(prefix))
            if several:
                raise ambiguous(rev, several)
        raise unknown(rev, self._names())

    def _names(self) -> tuple[str, ...]:
        found = (
            name
            for command, key in NAMES.items()
            for name in parse.names(self.server.tell(command, "-T", "json"), key)
        )
        return tuple(name for name in found if name != "tip")

    def _no_branch(self, branch: str) -> NoReturn:
        near = unknown(branch, self._names())
        raise CheckFailed(f"the repository has no branch {branch!r}", advice=near.advice)


def _line(head: Changeset) -> str:
    return f"  {head.short}  {head.author}  {head.date}  {head.summary}"
