"""A command line as a value. Building one does nothing; a transport runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.secret import SecretRef

Word = str | SecretRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program and its arguments, quoted by nobody but the transport that runs it.

    `environ` is added to the host's own environment. A secret stays a reference until it is sent.
    """

    argv: tuple[Word, ...]
    folder: str = ""
    environ: Mapping[str, Word] = field(default_factory=dict)
    timeout: float = 60.0  # seconds

    def __str__(self) -> str:
        return " ".join(map(str, self.argv))


def command(*argv: Word, folder: str = "", timeout: float = 60.0) -> Command:
    """The common case: words and nothing else. `timeout` is in seconds."""
    return Command(argv=argv, folder=folder, timeout=timeout)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command answered. A non-zero exit code is an answer, not an error."""

    exit_code: int
    out: str = ""
    err: str = ""

    @property
    def said(self) -> str:
        """The last line that it said, for a message of one line."""
        lines = [line for line in (self.err or self.out).splitlines() if line.strip()]
        return lines[-1].strip() if lines else f"exit code {self.exit_code}, without a word"
