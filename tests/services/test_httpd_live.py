"""Apache processes, for real: started, stopped, killed, orphaned."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.errors import Failed
from pipeline.facts.answer import ServiceState
from pipeline.facts.question import Service
from pipeline.services import httpd, plain
from pipeline.services.ended import Ended
from pipeline.transport.waiting import until
from tests.services.rig import APACHE, MODULES, Rig, get, is_root, rig_in_its_folder

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not Path(APACHE).exists() or not Path(MODULES, "mod_wsgi.so").exists(),
        reason="needs Apache and mod_wsgi",
    ),
]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with rig_in_its_folder() as made:
        yield made


@pytest.fixture
def worker(rig: Rig) -> Service:
    made = rig.worker()
    httpd.start(made, rig.local, deadline=10)
    return made


def pid_of(rig: Rig, service: Service) -> int:
    pid = httpd.status(service, rig.local).pid
    assert pid is not None
    return pid


def gone(rig: Rig, service: Service) -> bool:
    """Whether nothing is left: no process, no keeper, nobody on the port."""
    found = httpd.look(service, rig.local)
    return (found.processes, found.keepers, found.sockets) == ((), (), ())


def kill(*pids: int) -> None:
    """As `kill -9` does; and see that they are gone."""
    processes = [psutil.Process(pid) for pid in pids]
    for process in processes:
        process.kill()
    until(lambda: any(map(alive, pids)), lambda any_left: not any_left, limit=2, poll=0.005)


def alive(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False


def in_flight(rig: Rig, service: Service) -> None:
    """Wait until a request has reached the service."""
    until(
        lambda: httpd.look(service, rig.local, "connections").connections, bool, limit=5, poll=0.01
    )
    time.sleep(0.2)  # from the socket into Python


def test_started_and_stopped(rig: Rig) -> None:
    worker = rig.worker()
    assert httpd.status(worker, rig.local) == ServiceState(running=False)
    state = httpd.start(worker, rig.local, deadline=10)
    assert state == ServiceState(running=True, pid=int(Path(worker.pid_file).read_text()))
    assert (get(worker).status, get(worker).body) == (200, str(worker.port))
    assert httpd.start(worker, rig.local, deadline=10) == state
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert gone(rig, worker)
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.ALREADY


def test_a_request_in_flight_is_finished(rig: Rig, worker: Service) -> None:
    slow = rig.later(worker, "?s=1.5")
    in_flight(rig, worker)
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert slow.result().body == str(worker.port)


def test_a_second_stop_cuts_nothing_off(rig: Rig, worker: Service) -> None:
    slow = rig.later(worker, "?s=1.5")
    in_flight(rig, worker)
    first = rig.pool.submit(httpd.stop, worker, rig.local, deadline=10)
    until(lambda: httpd.look(worker, rig.local, "listeners").stopping, bool, limit=1, poll=0.01)
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert slow.result().body == str(worker.port)
    assert first.result() is Ended.GRACEFUL


def test_a_request_that_takes_too_long_is_cut_off(rig: Rig, worker: Service) -> None:
    slow = rig.later(worker, "?s=15")
    in_flight(rig, worker)
    began = time.monotonic()
    ended = httpd.stop(worker, rig.local, deadline=0.3, grace=0.5)
    assert ended in (Ended.TERMINATED, Ended.KILLED)
    assert time.monotonic() - began < 3
    assert gone(rig, worker)
    assert slow.result().status == 0


def test_the_orphan_of_a_killed_parent_is_found_and_stopped(rig: Rig, worker: Service) -> None:
    found = httpd.look(worker, rig.local)
    kill(*found.keepers, pid_of(rig, worker))
    assert httpd.status(worker, rig.local) == ServiceState(running=False, orphans=found.children)
    assert get(worker).status == 200
    with pytest.raises(Failed, match=f"killed parent still serve: {found.children[0]}"):
        httpd.start(worker, rig.local, deadline=10)
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert httpd.start(worker, rig.local, deadline=10).running
    assert get(worker).status == 200


def test_an_orphan_finishes_its_request(rig: Rig, worker: Service) -> None:
    slow = rig.later(worker, "?s=1.2")
    in_flight(rig, worker)
    kill(*httpd.look(worker, rig.local).keepers, pid_of(rig, worker))
    assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
    assert slow.result().body == str(worker.port)


def test_it_starts_after_all_of_it_was_killed(rig: Rig, worker: Service) -> None:
    found = httpd.look(worker, rig.local)
    kill(*found.keepers, *(process.pid for process in found.processes))
    assert httpd.start(worker, rig.local, deadline=10).running
    assert get(worker).status == 200


def test_another_program_that_got_the_recorded_number_is_left_alone(rig: Rig) -> None:
    worker = rig.worker()
    with subprocess.Popen(["sleep", "60"]) as other:
        Path(worker.pid_file).write_text(f"{other.pid}\n")
        assert httpd.status(worker, rig.local) == ServiceState(running=False)
        assert httpd.stop(worker, rig.local, deadline=1) is Ended.ALREADY
        assert httpd.start(worker, rig.local, deadline=10).running
        Path(worker.pid_file).write_text(f"{other.pid}\n")
        assert httpd.status(worker, rig.local).running
        assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
        assert other.poll() is None
        other.kill()


def test_whoever_shows_the_config_is_not_it(rig: Rig, worker: Service) -> None:
    with subprocess.Popen(["tail", "-f", worker.config], stdout=subprocess.DEVNULL) as other:
        assert httpd.stop(worker, rig.local, deadline=10) is Ended.GRACEFUL
        assert other.poll() is None
        other.kill()


def test_a_taken_port_is_refused_with_its_holder(rig: Rig) -> None:
    worker = rig.worker()
    with socket.create_server(("127.0.0.1", worker.port)):
        assert httpd.status(worker, rig.local).port_taken
        with pytest.raises(
            Failed, match=rf"port {worker.port} is taken by .*\(pid {os.getpid()}\)"
        ):
            httpd.start(worker, rig.local, deadline=10)
    assert httpd.start(worker, rig.local, deadline=10).running


def test_a_bad_config_is_told_in_apaches_words(rig: Rig) -> None:
    worker = rig.worker()
    with Path(worker.config).open("a") as config:
        config.write("Nonsense On\n")
    assert httpd.check(worker, rig.local).exit_code == 1
    with pytest.raises(Failed, match=r"Syntax error on line .* Invalid command 'Nonsense'"):
        httpd.start(worker, rig.local, deadline=10)


def test_an_apache_that_ends_at_once_is_told_from_its_log(rig: Rig) -> None:
    worker = rig.worker()
    with Path(worker.config).open("a") as config:
        config.write("WSGIPythonHome /nonexistent\nMutex file:/nonexistent default\n")
    began = time.monotonic()
    with pytest.raises(Failed, match=r"Mutex|mutex|nonexistent"):
        httpd.start(worker, rig.local, deadline=10)
    assert time.monotonic() - began < 3


def test_a_reload_makes_a_new_child_and_finishes_the_old_ones_requests(rig: Rig) -> None:
    service = rig.balancer(rig.worker())[0]
    httpd.start(service, rig.local, deadline=10)
    before = httpd.look(service, rig.local)
    after = httpd.reload(service, rig.local)
    assert after.pid == before.parent
    assert not set(before.children) >= set(httpd.look(service, rig.local).children)


def test_a_reload_with_a_bad_config_changes_nothing(rig: Rig, worker: Service) -> None:
    with Path(worker.config).open("a") as config:
        config.write("Nonsense On\n")
    with pytest.raises(Failed, match="Invalid command 'Nonsense'"):
        httpd.reload(worker, rig.local)
    assert get(worker).status == 200


def test_the_site_does_not_see_the_deployers_environment(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARM_TEST_SECRET", "word")
    worker = rig.worker()
    httpd.start(worker, rig.local, deadline=10)
    assert get(worker, "?env=FARM_TEST_SECRET").body == ""
    assert get(worker, "?env=LANG").body == "C.UTF-8"


def test_how_long_it_takes(rig: Rig, worker: Service, capsys: pytest.CaptureFixture[str]) -> None:
    times: dict[str, list[float]] = {"status": [], "stop": [], "start": [], "start to 200": []}

    def timed(name: str, began: float) -> None:
        times[name].append((time.monotonic() - began) * 1000)

    for _ in range(8):
        began = time.monotonic()
        httpd.status(worker, rig.local)
        timed("status", began)
        began = time.monotonic()
        httpd.stop(worker, rig.local, deadline=10)
        timed("stop", began)
        began = time.monotonic()
        httpd.start(worker, rig.local, deadline=10)
        timed("start", began)
        assert get(worker).status == 200
        timed("start to 200", began)
    medians = {name: f"{statistics.median(values):.0f} ms" for name, values in times.items()}
    with capsys.disabled():
        sys.stderr.write(f"\n  one idle worker, medians of 8: {medians}\n")


@pytest.mark.skipif(not is_root(), reason="only root can act as another user")
def test_who_may_not_signal_it_is_told(rig: Rig, worker: Service) -> None:
    script = plain.SIGNAL
    pid = str(pid_of(rig, worker))
    outcome = subprocess.run(
        ["sh", "-c", script, "farmhand", worker.config, "TERM", pid],
        user="nobody",
        capture_output=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert alive(int(pid))
