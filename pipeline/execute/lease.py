"""The lease of an environment: one deployer at a time, whatever dies in the middle."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Final, Self

from pipeline.errors import FarmhandError, LockHeld
from pipeline.execute.clock import Clock
from pipeline.execute.lease_file import Lease, LeaseFile
from pipeline.execute.owner import Owner, is_dead
from pipeline.transport.base import Transport

BEAT: Final = 5.0  # seconds between two signs of life
EXPIRY: Final = 60.0  # seconds without one, on the clock of who watches
LOOK: Final = 1.0  # seconds between two looks at a lease that is watched
SETTLE: Final = 1.0  # seconds that a file which was just made may be empty


@dataclass(slots=True)
class HeldLease:
    """A lease that this process holds. In a `with` block it beats, and is released at the end."""

    file: LeaseFile
    lease: Lease
    interval: float = BEAT
    _lost: bool = False
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def still_ours(self) -> bool:
        """Whether we hold it still. Once lost, it stays lost. Raises what the transport raises."""
        with self._lock:
            return self._is_ours()

    def beat(self) -> None:
        """Give a sign of life, if the lease is still ours."""
        with self._lock:
            if self._is_ours():
                self._write(self.lease.beat + 1)

    def release(self) -> None:
        """Let others have it. A lease that is no longer ours is left alone."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if self._is_ours():
                self.file.remove()
                self._lost = True

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._keep_beating, name="lease", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self.release()
        else:
            with suppress(FarmhandError):  # what went wrong first is what people must read
                self.release()

    def _keep_beating(self) -> None:
        while not self._stop.wait(self.interval):
            with suppress(
                FarmhandError
            ):  # the next one may get through; steps look for themselves
                self.beat()

    def _is_ours(self) -> bool:
        if not self._lost:
            named = self.file.named()
            if self._overwritten_by_the_dead(named):
                self._write(self.lease.beat)
            elif not self.lease.same_holder(named) or self.file.is_broken(self.lease):
                self._lost = True
        return not self._lost

    def _overwritten_by_the_dead(self, named: Lease | None) -> bool:
        """Whether an old holder, taken for dead, woke up and wrote its own, lower token."""
        return (
            named is not None
            and 0 < named.token < self.lease.token
            and not self.file.is_broken(self.lease)
        )

    def _write(self, beat: int) -> None:
        self.lease = self.lease.with_beat(beat)
        self.file.write(self.lease)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquirer:
    """One who wants the lease: who it is, what for, and what it does while others hold it."""

    file: LeaseFile
    environment: str
    owner: Owner
    reason: str
    clock: Clock
    tell: Callable[[str], None]

    def acquire(self, *, wait: bool) -> Lease:
        """Take the lease. Raises LockHeld while it is another's, and that one may be alive."""
        self.file.make_folder()
        while True:
            found = self._settled()
            if found is None:
                mine = self._mine(self.file.next_token())
                if self.file.create(mine):
                    self.file.tidy()
                    return mine
            elif self._may_take(found, wait=wait):
                mine = self._mine(found.token + 1)
                if self.file.replace(found, mine):
                    return mine

    def _may_take(self, found: Lease, *, wait: bool) -> bool:
        """Whether the holder is gone. False: somebody else changed the file, look again."""
        if found.owner is not None and is_dead(found.owner, here=self.owner.machine):
            self.tell(f"{found.owner} is gone; taking over its lease")
            return True
        if not wait:
            raise self._held(found)
        return self._expires(found)

    def _expires(self, found: Lease) -> bool:
        """Watch a lease for as long as it lives without a beat. False: it went to another."""
        self.tell(f"waiting {EXPIRY:g} s for a sign of life of {found}")
        end = self.clock.monotonic() + EXPIRY
        while (left := end - self.clock.monotonic()) > 0:
            self.clock.wait(min(LOOK, left))
            now = self.file.holder()
            if not found.same_holder(now):
                return False
            if now != found:
                raise self._held(found, "it is alive")
        self.tell(f"no sign of life of {found.owner or 'its holder'}; taking over its lease")
        return True

    def _settled(self) -> Lease | None:
        """The holder; one whose file has just been made gets a moment to fill it."""
        end = self.clock.monotonic() + SETTLE
        while (found := self.file.holder()) is not None and found.owner is None:
            if self.clock.monotonic() >= end:
                break
            self.clock.wait(SETTLE / 20)
        return found

    def _mine(self, token: int) -> Lease:
        return Lease(
            token=token, owner=self.owner, reason=self.reason, since=self.clock.now(), beat=0
        )

    def _held(self, found: Lease, why: str = "") -> LockHeld:
        command = f"invoke unlock --env {self.environment}"
        advice = f"wait until it has ended; if you know that it is dead: {command}"
        if found.owner is None:
            advice = f"a deploy that died at its start leaves such a lock: {command}"
        return LockHeld(
            f"held by {found}" + (f" ({why})" if why else ""),
            where=f"{self.environment}: {self.file.path}",
            advice=advice,
        )


def acquire(
    transport: Transport,
    path: str,
    *,
    environment: str,
    owner: Owner,
    reason: str,
    clock: Clock,
    wait: bool = False,
    tell: Callable[[str], None] = lambda text: None,
    interval: float = BEAT,
) -> HeldLease:
    """Take the lease at `path` of a host, to be used in a `with` block.

    A holder that provably is dead is succeeded at once. With `wait`, one that gives no sign of
    life for a minute is too; `tell` is told. Raises LockHeld: who holds it, since when and why.
    """
    file = LeaseFile(transport, path)
    acquirer = Acquirer(
        file=file, environment=environment, owner=owner, reason=reason, clock=clock, tell=tell
    )
    return HeldLease(file, acquirer.acquire(wait=wait), interval)


def holder(transport: Transport, path: str) -> Lease | None:
    """Who holds the lease; None when nobody does. Nothing is written."""
    return LeaseFile(transport, path).holder()


def break_lock(transport: Transport, path: str) -> Lease | None:
    """Take the lease away from whoever holds it, and give it to nobody. Tells whose it was."""
    file = LeaseFile(transport, path)
    while (found := file.holder()) is not None:
        if file.end(found, Lease(token=found.token + 1, reason="unlocked by hand")):
            file.remove()
            break
    return found
