"""Which process holds a lease, so exactly that another one can tell whether it is dead."""

import os
import socket
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process: who started it, its id, when it began, and the machine whose ids these are."""

    who: str
    pid: int
    started: str
    machine: str

    def __str__(self) -> str:
        return f"{self.who} (process {self.pid})"

    def to_data(self) -> dict[str, object]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Owner":
        """Read back what `to_data` wrote. Raises KeyError, TypeError or ValueError."""
        pid = data["pid"]
        if not isinstance(pid, int):
            raise TypeError("the process id is not a number")
        return cls(
            who=str(data["who"]),
            pid=pid,
            started=str(data["started"]),
            machine=str(data["machine"]),
        )


def this_process(who: str) -> Owner:
    """The process that asks, for `who` (`user@machine`)."""
    pid = os.getpid()
    return Owner(who=who, pid=pid, started=started(pid) or "", machine=machine())


def is_dead(owner: Owner, *, here: str) -> bool:
    """Whether a process is provably gone: it was on machine `here`, and no longer is.

    Of another machine, nothing can be proved.
    """
    return owner.machine == here and started(owner.pid) != owner.started


def machine() -> str:
    """The machine, or the container, within which a process id means something."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    return f"{socket.gethostname()} {uuid.getnode():x}"


def started(pid: int) -> str | None:
    """When a process began, in the words of its machine; None when it is gone."""
    return _started_on_linux(pid) if sys.platform == "linux" else _started_elsewhere(pid)


def _started_on_linux(pid: int) -> str | None:
    """Clock ticks since boot: unlike a time of day, no setting of the clock changes them."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    gone = fields[0] in "ZX"
    return None if gone else fields[19]


def _started_elsewhere(pid: int) -> str | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None
