"""One deployer at a time; who is dead is succeeded, who is alive never."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PureWindowsPath

import pytest

from pipeline.errors import LockHeld, Unreachable
from pipeline.execute.clock import Clock
from pipeline.execute.lease import HeldLease, acquire, break_lock, holder
from pipeline.execute.lease_file import KEPT, Lease, LeaseFile
from pipeline.execute.owner import Owner, machine, this_process
from pipeline.transport.fake import FakeFile, FakeTransport
from pipeline.transport.local import LocalTransport
from tests.execute.fake_time import FakeTime
from tests.execute.scripted import NOON

PATH = "/srv/farm/lock.json"
ANN = Owner(who="ann@desk", pid=11, started="5", machine="desk")
BEN = Owner(who="ben@lap", pid=22, started="6", machine="lap")
EVE = Owner(who="eve@home", pid=33, started="7", machine="home")
NEVER = 3600.0  # seconds between two beats, for tests that beat by hand


@dataclass
class Host:
    """A host with a lock, and those who want it."""

    transport: FakeTransport = field(default_factory=FakeTransport)
    time: FakeTime = field(default_factory=FakeTime)
    told: list[str] = field(default_factory=list)

    def acquire(self, owner: Owner, *, wait: bool = False, reason: str = "deploy") -> HeldLease:
        return acquire(
            self.transport,
            PATH,
            environment="prod",
            owner=owner,
            reason=reason,
            clock=self.time.clock,
            wait=wait,
            tell=self.told.append,
            interval=NEVER,
        )

    @property
    def files(self) -> list[str]:
        return sorted(path.removeprefix("/srv/farm/") for path in self.transport.files)

    def put(self, name: str, content: bytes) -> None:
        self.transport.files[f"/srv/farm/{name}"] = FakeFile(content)


@pytest.fixture
def host() -> Host:
    return Host()


def lease(token: int, owner: Owner, *, beat: int = 0, seconds: float = 0) -> Lease:
    since = FakeTime(seconds).now()
    return Lease(token=token, owner=owner, reason="deploy", since=since, beat=beat)


def test_a_lease_is_a_file_while_it_is_held_and_nothing_afterwards(host: Host) -> None:
    with host.acquire(ANN) as held:
        assert json.loads(host.transport.files[PATH].content) == {
            "format": 1,
            "token": 1,
            "owner": {"who": "ann@desk", "pid": 11, "started": "5", "machine": "desk"},
            "reason": "deploy",
            "since": "2026-03-01T12:00:00+00:00",
            "beat": 0,
        }
        assert held.still_ours()
        assert holder(host.transport, PATH) == lease(1, ANN)
    assert host.files == []
    assert holder(host.transport, PATH) is None
    assert not held.still_ours()


def test_a_second_deployer_is_told_who_holds_it_since_when_why_and_what_to_do(host: Host) -> None:
    host.acquire(ANN, reason="deploy 1a2b3c of default")
    with pytest.raises(LockHeld) as caught:
        host.acquire(BEN)
    assert caught.value.lines() == (
        "prod: /srv/farm/lock.json: held by ann@desk (process 11) "
        "since 2026-03-01 12:00:00 UTC: deploy 1a2b3c of default",
        "  -> wait until it has ended; if you know that it is dead: invoke unlock --env prod",
    )
    assert holder(host.transport, PATH) == replace(
        lease(1, ANN), reason="deploy 1a2b3c of default"
    )


def test_a_held_lease_beats(host: Host) -> None:
    held = host.acquire(ANN)
    for _ in range(3):
        held.beat()
    assert holder(host.transport, PATH) == lease(1, ANN, beat=3)


def test_it_beats_by_itself_in_a_with_block(host: Host) -> None:
    beaten = threading.Event()

    @dataclass(slots=True)
    class Telling(FakeTransport):
        def write(self, path: str, content: bytes, *, mode: int = 0o644, owner: str = "") -> None:
            FakeTransport.write(self, path, content, mode=mode, owner=owner)
            if json.loads(content)["beat"] == 3:
                beaten.set()

    host.transport = Telling()
    held = host.acquire(ANN)
    held.interval = 0.001
    with held:
        assert beaten.wait(10)


def test_a_host_that_is_away_for_a_moment_ends_no_beating(host: Host) -> None:
    held = host.acquire(ANN)
    held.interval = 0.001
    with held:
        host.transport.broken = "no route"
        with pytest.raises(Unreachable):
            held.still_ours()
        host.transport.broken = ""
        assert held.still_ours()
        deadline = threading.Event()
        while held.lease.beat < 2:
            deadline.wait(0.001)


def test_what_went_wrong_first_is_what_people_read(host: Host) -> None:
    def fail() -> None:
        with host.acquire(ANN):
            host.transport.broken = "no route"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


def test_who_waits_takes_over_after_a_minute_without_a_beat(host: Host) -> None:
    old = host.acquire(ANN)
    new = host.acquire(BEN, wait=True)
    assert host.time.seconds == 60
    assert host.told == [
        "waiting 60 s for a sign of life of ann@desk (process 11) "
        "since 2026-03-01 12:00:00 UTC: deploy",
        "no sign of life of ann@desk (process 11); taking over its lease",
    ]
    assert holder(host.transport, PATH) == lease(2, BEN, seconds=60)
    assert (old.still_ours(), new.still_ours()) == (False, True)
    assert host.files == ["lock-1.broken", "lock.json"]


def test_who_waits_for_one_that_is_alive_is_refused_at_its_first_beat(host: Host) -> None:
    held = host.acquire(ANN)
    host.time.events.append((50, held.beat))
    with pytest.raises(LockHeld, match=r"deploy \(it is alive\)$"):
        host.acquire(BEN, wait=True)
    assert host.time.seconds == 50
    assert held.still_ours()


def test_who_waits_has_it_as_soon_as_it_is_released(host: Host) -> None:
    held = host.acquire(ANN)
    host.time.events.append((7.5, held.release))
    host.acquire(BEN, wait=True)
    assert holder(host.transport, PATH) == lease(1, BEN, seconds=8)


def test_who_waits_begins_anew_when_somebody_else_takes_it(host: Host) -> None:
    held = host.acquire(ANN)

    def handed_over() -> None:
        held.release()
        host.acquire(EVE)

    host.time.events.append((30, handed_over))
    host.acquire(BEN, wait=True)
    assert host.time.seconds == 90
    assert holder(host.transport, PATH) == lease(2, BEN, seconds=90)


def test_a_process_of_this_machine_that_is_gone_is_succeeded_at_once(host: Host) -> None:
    here = this_process("ann@desk")
    host.acquire(replace(here, started="0"))
    host.acquire(here)
    assert host.time.seconds == 0
    assert host.told == [f"ann@desk (process {here.pid}) is gone; taking over its lease"]
    assert holder(host.transport, PATH) == lease(2, here)


def test_a_process_of_this_machine_that_lives_is_not(host: Host) -> None:
    here = this_process("ann@desk")
    host.acquire(here)
    with pytest.raises(LockHeld):
        host.acquire(replace(here, who="ben@desk"))


def test_of_another_machine_nothing_is_taken_for_proved(host: Host) -> None:
    here = this_process("ann@desk")
    host.acquire(replace(here, started="0", machine="elsewhere"))
    with pytest.raises(LockHeld):
        host.acquire(here)


@pytest.mark.parametrize("left", [b"", b'{"format": 1, "tok', b"[]", b"\xff", b'{"token": "x"}'])
def test_a_file_that_a_crash_left_torn_is_held_by_somebody_unknown(
    host: Host, left: bytes
) -> None:
    host.put("lock.json", left)
    with pytest.raises(LockHeld) as caught:
        host.acquire(BEN)
    assert caught.value.lines() == (
        "prod: /srv/farm/lock.json: held by somebody unknown",
        "  -> a deploy that died at its start leaves such a lock: invoke unlock --env prod",
    )
    assert host.time.seconds == pytest.approx(1)
    host.acquire(BEN, wait=True)
    assert host.time.seconds == pytest.approx(62)
    assert holder(host.transport, PATH) == replace(lease(2, BEN), since=host.time.now())


def test_a_file_that_is_filled_in_a_moment_names_its_holder(host: Host) -> None:
    host.put("lock.json", b"")
    filled = lease(1, ANN)
    host.time.events.append((0.3, lambda: host.put("lock.json", filled.to_json())))
    with pytest.raises(LockHeld, match="held by ann@desk"):
        host.acquire(BEN)


def test_a_lock_is_broken_by_hand(host: Host) -> None:
    held = host.acquire(ANN)
    assert break_lock(host.transport, PATH) == lease(1, ANN)
    assert host.files == ["lock-1.broken"]
    assert break_lock(host.transport, PATH) is None
    assert not held.still_ours()
    held.beat()
    held.release()
    assert host.files == ["lock-1.broken"]
    host.acquire(BEN)
    assert holder(host.transport, PATH) == lease(2, BEN)


def test_a_torn_lock_can_be_broken_too(host: Host) -> None:
    host.put("lock.json", b"")
    assert break_lock(host.transport, PATH) == Lease(token=1)
    assert host.files == ["lock-1.broken"]


def test_a_late_write_of_an_old_holder_changes_nothing(host: Host) -> None:
    old = host.acquire(ANN)
    new = host.acquire(BEN, wait=True)
    host.put("lock.json", old.lease.with_beat(1).to_json())
    assert holder(host.transport, PATH) == lease(2, BEN, seconds=60)
    assert not old.still_ours()
    assert new.still_ours()
    assert holder(host.transport, PATH) == new.lease
    host.put("lock.json", old.lease.with_beat(1).to_json())
    with pytest.raises(LockHeld, match="held by ben@lap"):
        host.acquire(EVE)


def test_who_dies_while_taking_over_is_succeeded_too(host: Host) -> None:
    host.acquire(ANN)
    host.put("lock-1.broken", lease(2, BEN).to_json())
    assert holder(host.transport, PATH) == lease(2, BEN)
    host.acquire(EVE, wait=True)
    assert holder(host.transport, PATH) == lease(3, EVE, seconds=60)
    host.put("lock.json", lease(2, BEN).to_json())
    assert holder(host.transport, PATH) == lease(3, EVE, seconds=60)


def test_a_torn_tombstone_is_of_somebody_unknown(host: Host) -> None:
    host.acquire(ANN)
    host.put("lock-1.broken", b"")
    assert holder(host.transport, PATH) == Lease(token=2)
    host.acquire(EVE, wait=True)
    assert holder(host.transport, PATH) == replace(lease(3, EVE), since=host.time.now())


def test_a_file_removed_by_hand_ends_the_lease(host: Host) -> None:
    held = host.acquire(ANN)
    del host.transport.files[PATH]
    held.beat()
    assert host.files == []
    host.acquire(BEN)
    assert not held.still_ours()
    assert holder(host.transport, PATH) == lease(1, BEN)


def test_tombstones_of_long_ago_go(host: Host) -> None:
    for token in range(1, KEPT + 5):
        host.put(f"lock-{token}.broken", b"")
    host.acquire(ANN)
    assert holder(host.transport, PATH) == lease(KEPT + 5, ANN)
    kept = [f"lock-{token}.broken" for token in range(5, KEPT + 5)]
    assert host.files == sorted([*kept, "lock.json"])


def test_a_windows_host_keeps_its_tombstones_beside_the_lock() -> None:
    transport = FakeTransport(kind=PureWindowsPath)
    file = LeaseFile(transport, r"D:\farm\lock.json")
    file.make_folder()
    assert file.create(lease(1, ANN))
    assert file.end(lease(1, ANN), lease(2, BEN))
    assert sorted(transport.files) == [r"D:\farm\lock-1.broken", r"D:\farm\lock.json"]
    assert file.next_token() == 2


# Real processes and real files.

HOLD = """
import sys
from pipeline.execute.clock import Clock
from pipeline.execute.lease import acquire
from pipeline.execute.owner import this_process
from pipeline.errors import LockHeld
from pipeline.transport.local import LocalTransport

sys.stdin.readline()
try:
    held = acquire(
        LocalTransport(), sys.argv[1], environment="local", owner=this_process("child@here"),
        reason="deploy", clock=Clock(),
    )
except LockHeld:
    print("refused", flush=True)
else:
    with held:
        print("won", flush=True)
        sys.stdin.readline()
"""
Child = subprocess.Popen[str]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[[], Child]]:
    """Makes processes that wait for a line, then for the lease, then hold it for a line."""
    children: list[Child] = []

    def start() -> Child:
        child = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path / "lock.json")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.communicate()


def go(child: Child) -> None:
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


def answer(child: Child) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_of_processes_that_race_for_a_lease_one_wins(begin: Callable[[], Child]) -> None:
    children = [begin() for _ in range(6)]
    for child in children:
        go(child)
    assert sorted(map(answer, children)) == ["refused"] * 5 + ["won"]


def test_of_processes_that_race_to_take_over_one_wins(
    begin: Callable[[], Child], tmp_path: Path
) -> None:
    gone = Owner(who="child@here", pid=1, started="never", machine=machine())
    (tmp_path / "lock.json").write_bytes(lease(7, gone).to_json())
    children = [begin() for _ in range(6)]
    for child in children:
        go(child)
    assert sorted(map(answer, children)) == ["refused"] * 5 + ["won"]
    found = holder(LocalTransport(), str(tmp_path / "lock.json"))
    assert found is not None
    assert found.token == 8


def test_a_holder_that_is_killed_is_succeeded_at_once(
    begin: Callable[[], Child], tmp_path: Path
) -> None:
    killed = begin()
    go(killed)
    assert answer(killed) == "won"
    killed.kill()
    killed.wait()
    heir = begin()
    go(heir)
    assert answer(heir) == "won"
    found = holder(LocalTransport(), str(tmp_path / "lock.json"))
    assert found is not None
    assert (found.token, found.owner.pid if found.owner else 0) == (2, heir.pid)


def test_a_holder_that_is_killed_and_not_yet_buried_is_succeeded_too(
    begin: Callable[[], Child],
) -> None:
    killed = begin()
    go(killed)
    assert answer(killed) == "won"
    killed.kill()
    assert killed.stdout is not None
    assert killed.stdout.read() == ""  # it is gone, though nobody has asked for its exit code
    heir = begin()
    go(heir)
    assert answer(heir) == "won"


@pytest.mark.parametrize("round", range(10))
def test_of_threads_that_take_over_from_the_dead_one_at_a_time_holds_it(
    tmp_path: Path, round: int
) -> None:
    path, found = str(tmp_path / "lock.json"), list[HeldLease]()
    gone = Owner(who="child@here", pid=1, started="never", machine=machine())
    LeaseFile(LocalTransport(), path).create(lease(1, gone))
    ready = threading.Barrier(8)

    def want() -> None:
        ready.wait()
        try:
            found.append(
                acquire(
                    LocalTransport(),
                    path,
                    environment="local",
                    owner=this_process("me@here"),
                    reason="deploy",
                    clock=Clock(now=lambda: NOON),
                )
            )
        except LockHeld:
            return

    threads = [threading.Thread(target=want) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [held.lease.token for held in found] == [2]
