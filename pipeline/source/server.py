"""A Mercurial command server: `hg` is started once and asked many times.

Only the `hg` command is used, never Mercurial's own modules: they promise no stable interface, and
their licence is not ours. HGPLAIN keeps the user's aliases, colours and language out of the
answers; the rest of the user's configuration stays, for pulls need its `[auth]` and `[ui] ssh`.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import hglib
import hglib.client
import hglib.error

from pipeline.command import Outcome
from pipeline.errors import Failed
from pipeline.source.program import find_hg

# Exit codes that tell a broken network from a broken repository; no .hg_archival.txt in archives.
SETTINGS = ("ui.detailed-exit-code=True", "ui.archivemeta=False")


@dataclass(frozen=True, slots=True)
class Server:
    """A running `hg serve --cmdserver pipe`, in one repository."""

    client: Any

    @classmethod
    def start(cls, repository: Path, *settings: str, own_config: bool = True) -> Self:
        """Start one. Without `own_config` the user's and the machine's hgrc files are not read."""
        hglib.HGPATH = find_hg()
        client = hglib.client.hgclient(
            str(repository), "UTF-8", [*SETTINGS, *settings], connect=False
        )
        if not own_config:
            client._env["HGRCPATH"] = ""  # hglib has no other way to say it
        try:
            client.open()
        except (hglib.error.ServerError, hglib.error.ResponseError) as error:
            raise Failed(str(error), where=str(repository)) from error
        return cls(client)

    @staticmethod
    def initialise(folder: Path) -> None:
        """Make an empty repository in `folder`."""
        environ = {**os.environ, "HGPLAIN": "1"}
        words = (find_hg(), "init", "--", str(folder))
        done = subprocess.run(words, env=environ, capture_output=True, check=False)
        if done.returncode:
            raise Failed(f"hg init: {_text(done.stderr).strip()}", where=str(folder))

    def ask(self, *words: str) -> Outcome:
        """Run one command. Whatever it answers is an answer; a question of its own gets none."""
        out: list[Outcome] = []

        def note(code: int, said: bytes, complained: bytes) -> bytes:
            out.append(Outcome(code, _text(said), _text(complained)))
            return said

        try:
            said = self.client.rawcommand(
                [word.encode() for word in words], eh=note, prompt=_nothing
            )
        except (hglib.error.ServerError, hglib.error.ResponseError) as error:
            raise Failed(f"hg {words[0]}: {error}") from error
        return out[0] if out else Outcome(0, _text(said))

    def tell(self, *words: str) -> str:
        """Run one command that must succeed, and give what it said."""
        outcome = self.ask(*words)
        if outcome.exit_code:
            raise Failed(f"hg {words[0]}: {complaint(outcome)}")
        return outcome.out

    def stop(self) -> None:
        """End the server; a second time does nothing."""
        self.client.close()


def complaint(outcome: Outcome) -> str:
    """Why a command failed: its `abort:` line, not the hint that follows."""
    aborts = [line for line in outcome.err.splitlines() if line.startswith("abort: ")]
    return aborts[-1].removeprefix("abort: ") if aborts else outcome.said


def _nothing(_size: int, _said: bytes) -> bytes:
    return b""


def _text(said: bytes) -> str:
    return said.decode(errors="replace")
