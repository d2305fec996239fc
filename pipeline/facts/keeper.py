"""What a keeper tells: the process that starts a plain service again when it was killed.

It writes a line for each event to `keeper.log` (see `services.keeper`); the last line alone says
how things stand.
"""

import re

from pipeline.facts.answer import Keeping

KEEPER = "farmhand-keeper"  # a word of its command line; the service's own mark is another
LOG = "keeper.log"

# How its lines begin, behind the time. After a final one there is no keeper any more.
STARTED, RESTARTED, ADOPTED = "started", "restarted", "keeps"
ENDED, GAVE_UP, FAILED, TOLD = "lost", "gave up", "did not start", "not kept"
FINAL = (GAVE_UP, FAILED, TOLD)


def is_keeper(words: list[str]) -> bool:
    """Whether a command line is a keeper's, or that of one who is about to become one."""
    return KEEPER in words


def is_final(line: str) -> bool:
    """Whether the last line of the log is a keeper's last word."""
    return line.partition(" ")[2].startswith(FINAL)


def keeping(line: str, *, missing: bool, returns: bool) -> Keeping:
    """What the last line of the log says, beside what the processes say."""
    time, _, text = line.strip().partition(" ")
    count = re.search(r"\brestarted (\d+) times?\b", text)
    return Keeping(
        missing=missing,
        returns=returns,
        restarts=int(count[1]) if count else 0,
        last=time if text.startswith(RESTARTED) else "",
        gave_up=text.removeprefix(GAVE_UP).strip() if text.startswith(GAVE_UP) else "",
    )
