"""This machine as a host."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.command import Command, Outcome, Word
from pipeline.errors import CheckFailed, Failed
from pipeline.facts.answer import Tree
from pipeline.secret import Secret, SecretRef
from pipeline.transport import files
from pipeline.transport.patterns import Patterns
from pipeline.transport.process import run_program
from pipeline.transport.refusals import refusals
from pipeline.transport.walk import Walk


def no_secrets(reference: SecretRef) -> Secret:
    """The resolver of a transport that was given none: `CheckFailed`."""
    raise CheckFailed("no secrets can be read here", where=str(reference))


@dataclass(frozen=True, slots=True)
class LocalTransport:
    """The files and programs of this machine, as `Transport` says. Safe to use from many threads.

    `resolve` gives the word that a reference stands for, at the moment it is needed.
    """

    resolve: Callable[[SecretRef], Secret] = no_secrets

    def run(self, command: Command) -> Outcome:
        """Run without a shell. A program that is not there is exit code 127, one cut off 124."""
        folder = Path(command.folder) if command.folder else None
        if folder and not folder.is_dir():
            raise Failed("no such folder", where=command.folder, advice="make it first")
        outcome = run_program(
            [self._word(word) for word in command.argv],
            folder=folder,
            environ={name: self._word(word) for name, word in command.environ.items()},
            timeout=command.timeout,
        )
        return self._hushed(outcome, (*command.argv, *command.environ.values()))

    def read(self, path: str) -> bytes | None:
        """A file's content; None when there is none."""
        with refusals(path):
            try:
                return Path(path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def write(self, path: str, content: bytes, *, mode: int = 0o644, owner: str = "") -> None:
        """Replace a file in one move; its folder must be there."""
        with refusals(path):
            files.write_file(Path(path), content, mode=mode, owner=owner)

    def create(self, path: str, content: bytes) -> bool:
        """Make a file that must not exist yet; False, and nothing done, when it does."""
        with refusals(path):
            return files.create_file(Path(path), content)

    def tree(self, path: str, patterns: tuple[str, ...], *, contents: bool = False) -> Tree:
        """The files below a folder that match one of the globs."""
        with refusals(path):
            return Walk(Patterns.of(patterns), contents).tree(Path(path))

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there."""
        with refusals(path):
            return Path(path).exists()

    def make_folder(self, path: str, *, mode: int = 0o755, owner: str = "") -> None:
        """Make a folder and those above it."""
        with refusals(path):
            files.make_folders(Path(path), mode=mode, owner=owner)

    def push(self, folder: Path, path: str) -> None:
        """Copy a local folder to `path`; what stood there is replaced."""
        with refusals(path):
            files.replace_folder(folder, Path(path))

    def merge(self, source: str, path: str) -> None:
        """Copy the files of a folder into another that may have more."""
        with refusals(path):
            files.merge_folder(Path(source), Path(path))

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all in it."""
        with refusals(path):
            files.remove_path(Path(path))

    def _word(self, word: Word) -> str:
        return self.resolve(word).value if isinstance(word, SecretRef) else word

    def _hushed(self, outcome: Outcome, words: Iterable[Word]) -> Outcome:
        """The outcome with `***` in place of every secret that the program repeated."""
        out, err = outcome.out, outcome.err
        for value in {self._word(word) for word in words if isinstance(word, SecretRef)} - {""}:
            out, err = out.replace(value, "***"), err.replace(value, "***")
        return Outcome(outcome.exit_code, out, err)
