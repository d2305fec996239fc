"""Apaches that are killed, for real, and what brings them back."""

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.errors import Failed
from pipeline.facts.answer import Keeping
from pipeline.facts.keeper import KEEPER
from pipeline.facts.question import Service
from pipeline.facts.service import Processes
from pipeline.services import httpd, keeper
from pipeline.services.ended import Ended
from pipeline.transport.waiting import until
from tests.services.rig import APACHE, MODULES, Rig, get, rig_in_its_folder

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not Path(APACHE).exists() or not Path(MODULES, "mod_wsgi.so").exists(),
        reason="needs Apache and mod_wsgi",
    ),
]

REPOSITORY = Path(__file__).parents[2]
MISSING = Keeping(missing=True)
# What a deployer does until it is killed: it starts and stops the service, over and over.
DEPLOYER = """
import sys
from pipeline.facts.question import Service
from pipeline.services import httpd, keeper
from pipeline.transport.local import LocalTransport
name, program, config, pid_file, port = sys.argv[1:]
service = Service(name=name, program=program, config=config, pid_file=pid_file, port=int(port))
print("ready", flush=True)
while True:
    httpd.start(service, LocalTransport(), deadline=10)
    httpd.stop(service, LocalTransport(), deadline=10)
"""


@pytest.fixture
def rig() -> Iterator[Rig]:
    with rig_in_its_folder() as made:
        yield made


@pytest.fixture
def worker(rig: Rig) -> Service:
    made = rig.worker()
    httpd.start(made, rig.local, deadline=10)
    return made


def kill(*pids: int | None) -> None:
    """As `kill -9` does, one after the other."""
    for pid in pids:
        if pid is not None and psutil.pid_exists(pid):
            psutil.Process(pid).kill()


def alive(pid: int) -> bool:
    """Whether a process is there, and is no zombie."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False


def found(rig: Rig, service: Service) -> Processes:
    return httpd.look(service, rig.local, "listeners")


def back(rig: Rig, service: Service, before: Processes) -> Processes:
    """Wait until it is served by other processes than before, and none of the old ones is left."""

    def well(now: Processes) -> bool:
        old = {process.pid for process in before.processes} & {p.pid for p in now.processes}
        return bool(now.children and now.listening and not now.orphans) and old <= {before.parent}

    now = until(
        lambda: found(rig, service),
        lambda now: well(now) and now.children != before.children,
        limit=15,
        poll=0.02,
    )
    assert well(now), (now, log(service))
    assert get(service).status == 200
    return now


def log(service: Service) -> list[str]:
    """The events in the keeper's log, without their times."""
    lines = Path(service.pid_file).with_name("keeper.log").read_text().splitlines()
    return [line.partition(" ")[2] for line in lines]


def gone(rig: Rig, service: Service) -> bool:
    last = found(rig, service)
    return (last.processes, last.keepers, last.sockets) == ((), (), ()) and not rig.processes()


def test_one_keeper_keeps_it_and_a_stop_leaves_nothing(rig: Rig, worker: Service) -> None:
    before = found(rig, worker)
    assert len(before.keepers) == 1
    assert before.processes[0].parent == before.keepers[0]
    assert httpd.start(worker, rig.local, deadline=10) == before.state
    assert found(rig, worker).keepers == before.keepers
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert gone(rig, worker)
    assert log(worker) == [
        "asked to start",
        f"started process {before.parent}",
        "not kept: told to stop",
    ]


def test_a_killed_child_is_brought_back_by_its_parent(rig: Rig, worker: Service) -> None:
    before = found(rig, worker)
    kill(*before.children)
    after = back(rig, worker, before)
    assert (after.parent, after.keepers) == (before.parent, before.keepers)
    assert after.state.keeping == Keeping()


def test_a_killed_parent_is_brought_back_and_its_orphan_is_ended(
    rig: Rig, worker: Service
) -> None:
    before = found(rig, worker)
    kill(before.parent)
    after = back(rig, worker, before)
    assert (after.parent != before.parent, after.keepers) == (True, before.keepers)
    assert after.state.keeping.restarts == 1
    lost, restarted = log(worker)[2:]
    assert re.sub(r"after \d s", "after N s", lost) == (
        f"lost process {before.parent} after N s: killed by signal 9; restarted 0 times before; "
        "starts again in 0 s"
    )
    assert restarted == f"restarted 1 time: process {after.parent}"


def test_a_worker_that_is_killed_as_a_whole_comes_back_each_time(
    rig: Rig, worker: Service
) -> None:
    for restarts in (1, 2):
        before = found(rig, worker)
        kill(before.parent, *before.children)
        after = back(rig, worker, before)
        assert after.state.keeping.restarts == restarts
        assert after.state.keeping.last.startswith("20")


def test_without_its_keeper_a_worker_goes_on_until_it_gets_another(
    rig: Rig, worker: Service
) -> None:
    before = found(rig, worker)
    kill(*before.keepers)
    unkept = until(
        lambda: httpd.status(worker, rig.local),
        lambda now: now.keeping.missing,
        limit=2,
        poll=0.01,
    )
    assert (unkept.running, unkept.pid, unkept.keeping) == (True, before.parent, MISSING)
    assert get(worker).status == 200

    kept = httpd.start(worker, rig.local, deadline=10)
    assert (kept.pid, kept.keeping) == (before.parent, Keeping())
    kill(before.parent, *before.children)
    assert back(rig, worker, before).state.keeping.restarts == 1
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert gone(rig, worker)


def test_keeper_and_parent_killed_leave_an_orphan_that_a_stop_ends(
    rig: Rig, worker: Service
) -> None:
    before = found(rig, worker)
    kill(*before.keepers, before.parent)
    until(lambda: found(rig, worker).orphans, bool, limit=2, poll=0.01)
    assert httpd.status(worker, rig.local).orphans == before.children
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert gone(rig, worker)


def test_what_was_started_without_a_keeper_is_kept_from_then_on(rig: Rig) -> None:
    worker = rig.worker()
    subprocess.run([worker.program, "-f", worker.config, "-k", "start"], check=True)
    until(lambda: found(rig, worker).children, bool, limit=5, poll=0.02)
    before = found(rig, worker)
    assert before.state.keeping == MISSING
    after = httpd.start(worker, rig.local, deadline=10)
    assert (after.pid, after.keeping) == (before.parent, Keeping())
    assert found(rig, worker).children == before.children
    kill(before.parent)
    back(rig, worker, before)
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert gone(rig, worker)


def test_an_old_worker_is_stopped_as_ever(rig: Rig) -> None:
    worker = rig.worker()
    subprocess.run([worker.program, "-f", worker.config, "-k", "start"], check=True)
    until(lambda: found(rig, worker).children, bool, limit=5, poll=0.02)
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert gone(rig, worker)


@pytest.mark.parametrize("adopted", [False, True])
def test_a_worker_that_somebody_tells_to_end_stays_down(
    rig: Rig, worker: Service, adopted: bool
) -> None:
    if adopted:
        kill(*found(rig, worker).keepers)
        httpd.start(worker, rig.local, deadline=10)
    psutil.Process(found(rig, worker).parent).terminate()
    until(lambda: gone(rig, worker), bool, limit=5, poll=0.05)
    assert gone(rig, worker)
    assert log(worker)[-1].endswith("ended as it was told")


def test_a_crash_loop_is_given_up_and_a_start_ends_it(rig: Rig, worker: Service) -> None:
    config = Path(worker.config)
    good = config.read_text()
    config.write_text(f"{good}\nNonsense On\n")
    before = found(rig, worker)
    kill(before.parent, *before.children)
    waiting = until(
        lambda: httpd.status(worker, rig.local),
        lambda now: now.keeping.returns,
        limit=5,
        poll=0.02,
    )
    assert (waiting.running, waiting.pid, waiting.alive) == (False, None, True)
    state = until(
        lambda: httpd.status(worker, rig.local),
        lambda now: bool(now.keeping.gave_up),
        limit=30,
        poll=0.2,
    )
    assert state.keeping.gave_up.startswith("after 5 crashes in ")
    assert "Invalid command 'Nonsense'" in state.keeping.gave_up
    assert (state.alive, gone(rig, worker)) == (False, True)
    with pytest.raises(Failed, match="Invalid command 'Nonsense'"):
        httpd.start(worker, rig.local, deadline=10)
    assert gone(rig, worker)
    assert log(worker)[-1].startswith("did not start: ended with exit code 1")

    config.write_text(good)
    assert httpd.start(worker, rig.local, deadline=10).keeping == Keeping()


@pytest.mark.parametrize("order", ["stop", "start"])
def test_between_two_tries_a_keeper_obeys(rig: Rig, worker: Service, order: str) -> None:
    config = Path(worker.config)
    good = config.read_text()
    config.write_text(f"{good}\nNonsense On\n")
    before = found(rig, worker)
    kill(before.parent, *before.children)
    until(lambda: "in 2 s" in log(worker)[-1], bool, limit=10, poll=0.02)
    waiting = found(rig, worker)
    assert waiting.state.keeping.returns
    waits = psutil.Process(waiting.keepers[0]).children()
    config.write_text(good)
    if order == "start":
        state = httpd.start(worker, rig.local, deadline=10)
        assert (state.running, state.keeping) == (True, Keeping())
        assert len(found(rig, worker).keepers) == 1
    assert httpd.stop(worker, rig.local, deadline=10) is (
        Ended.GRACEFUL if order == "start" else Ended.ALREADY
    )
    assert gone(rig, worker)
    assert not any(alive(process.pid) for process in waits)
    time.sleep(2.5)  # as long as it would have waited
    assert gone(rig, worker)


def test_a_reload_keeps_the_keeper(rig: Rig) -> None:
    front = rig.balancer(rig.worker())[0]
    httpd.start(front, rig.local, deadline=10)
    before = found(rig, front)
    state = httpd.reload(front, rig.local)
    assert (state.pid, state.keeping) == (before.parent, Keeping())
    assert found(rig, front).keepers == before.keepers


def test_the_log_does_not_grow_for_ever(rig: Rig, worker: Service) -> None:
    path = Path(worker.pid_file).with_name("keeper.log")
    with path.open("a") as file:
        file.writelines(f"2026-11-26T12:03:11+0000 restarted {n} times\n" for n in range(2000))
    before = found(rig, worker)
    kill(before.parent)
    back(rig, worker, before)
    assert len(log(worker)) in (200, 201)
    assert log(worker)[-1].startswith("restarted 1 time: process ")


def test_a_host_without_setsid_is_told_so_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", keeper.LAUNCH, KEEPER, keeper.SCRIPT, str(tmp_path / "keeper.log")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (127, "setsid is not installed\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_killed_in_whatever_order_a_stop_and_a_start_put_it_right(seed: int) -> None:
    chance = random.Random(seed)
    with rig_in_its_folder() as rig:
        worker = rig.worker()
        httpd.start(worker, rig.local, deadline=10)
        for _ in range(chance.randint(1, 4)):
            now = found(rig, worker)
            pids = [*now.keepers, *(process.pid for process in now.processes)]
            kill(*chance.sample(pids, chance.randint(0, len(pids))))
            time.sleep(chance.choice((0, 0.005, 0.05, 0.4)))
        if chance.random() < 0.5:
            httpd.stop(worker, rig.local, deadline=0.5, grace=0.5)
            assert gone(rig, worker)
        elif httpd.status(worker, rig.local).orphans:
            httpd.stop(worker, rig.local, deadline=5)
        state = httpd.start(worker, rig.local, deadline=10)
        assert (state.running, state.orphans, state.keeping.missing) == (True, (), False)
        assert len(found(rig, worker).keepers) == 1
        assert get(worker).status == 200
        httpd.stop(worker, rig.local, deadline=10)
        assert gone(rig, worker)


@pytest.mark.parametrize("seed", range(6))
def test_a_deployer_that_is_killed_at_any_moment_leaves_nothing_that_the_next_cannot_mend(
    seed: int,
) -> None:
    with rig_in_its_folder() as rig:
        worker = rig.worker()
        words = (worker.name, worker.program, worker.config, worker.pid_file, str(worker.port))
        with subprocess.Popen(
            [sys.executable, "-c", DEPLOYER, *words],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        ) as deployer:
            assert deployer.stdout is not None
            assert deployer.stdout.readline() == "ready\n"
            time.sleep(random.Random(seed).uniform(0, 0.8))
            deployer.kill()
        state = httpd.start(worker, rig.local, deadline=10)
        assert (state.running, state.keeping.missing) == (True, False)
        assert len(found(rig, worker).keepers) == 1
        assert get(worker).status == 200
        httpd.stop(worker, rig.local, deadline=10)
        assert gone(rig, worker)
