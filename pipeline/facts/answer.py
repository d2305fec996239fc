"""Answers: what was found, as plain values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


def sha256(content: bytes) -> str:
    """The hash by which contents are named everywhere: hex, 64 characters."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class FileFact:
    """One file: size in bytes, hash, permission bits, owner; its text where it was asked for."""

    size: int
    sha256: str
    mode: int = 0o644
    owner: str = ""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder's files by relative path with forward slashes; an absent folder is empty."""

    files: Mapping[str, FileFact] = field(default_factory=dict)
    exists: bool = True


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a service is kept: who starts it again when it was killed, and how often that was so.

    `missing`: it runs, and nobody would start it again. `returns`: it is down, and is about to be
    started. `restarts` counts those since somebody started it, `last` is the time of the last one.
    `gave_up` says after how many crashes, and why.
    """

    missing: bool = False
    returns: bool = False
    restarts: int = 0
    last: str = ""
    gave_up: str = ""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """Whether a service runs, as which processes. `orphans` run without their parent.

    One that was told to stop and still finishes its requests has a `pid` and is not `running`.

    `port_taken`: it does not run, and yet something else answers on its port.
    """

    running: bool
    pid: int | None = None
    orphans: tuple[int, ...] = ()
    port_taken: bool = False
    keeping: Keeping = Keeping()

    @property
    def alive(self) -> bool:
        """Whether any process of it is left: running, stopping, orphaned, or about to return."""
        left = self.running or self.pid is not None or bool(self.orphans)
        return left or self.keeping.returns


class MemberMode(StrEnum):
    """What a balancer does with a member."""

    READY = "ready"
    DRAIN = "drain"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberState:
    """An instance as the balancer sees it. `in_flight` is a hint on Apache: it leaks upwards."""

    name: str
    url: str
    mode: MemberMode
    usable: bool
    in_flight: int
    served: int = 0


@dataclass(frozen=True, slots=True)
class BalancerState:
    """A balancer's members by route; `reachable` is False when nobody answered."""

    reachable: bool
    members: Mapping[str, MemberState] = field(default_factory=dict)
    because: str = ""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status 0 means that no answer came; `body` then says why. Bodies are cut at 64 KiB."""

    status: int
    body: str = ""
    seconds: float = 0.0
