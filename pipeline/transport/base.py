"""How a host is reached. Every way answers the same few questions."""

from pathlib import Path
from typing import Protocol

from pipeline.command import Command, Outcome
from pipeline.facts.answer import Tree


class Transport(Protocol):
    """A way to one host. A non-zero exit code is an outcome; only a broken way is an error.

    Paths are text in the host's own way of writing. `owner` is a user's name; empty means the
    deployer. Raises `Unreachable` when the host cannot be talked to, and `Failed` with path and
    reason when it refuses.
    """

    def run(self, command: Command) -> Outcome:
        """Run a command to its end, or for its `timeout` seconds (then exit code 124).

        A program that is not there has exit code 127. What the outcome repeats of a secret is
        `***`.
        """

    def read(self, path: str) -> bytes | None:
        """A file's content; None when there is none."""

    def write(self, path: str, content: bytes, *, mode: int = 0o644, owner: str = "") -> None:
        """Replace a file in one move: a reader sees the old content or the new, never half.

        Its folder must be there.
        """

    def create(self, path: str, content: bytes) -> bool:
        """Make a file that must not exist yet, whole; False, and nothing done, when it does."""

    def tree(self, path: str, patterns: tuple[str, ...], *, contents: bool = False) -> Tree:
        """The files below a folder that match a glob (relative; `**` crosses folders)."""

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there."""

    def make_folder(self, path: str, *, mode: int = 0o755, owner: str = "") -> None:
        """Make a folder and those above it; one that is there gets this mode and owner."""

    def push(self, folder: Path, path: str) -> None:
        """Copy a local folder to `path`, whole or not at all; what stood there is replaced."""

    def merge(self, source: str, path: str) -> None:
        """Copy files that are absent or different from a folder of this host into another.

        Each in one move; nothing is removed.
        """

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all in it; what is not there is no error."""
