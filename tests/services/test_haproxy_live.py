"""HAProxy processes, for real: started, stopped, reloaded, killed."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.errors import Failed
from pipeline.facts.answer import ServiceState
from pipeline.facts.question import Service
from pipeline.facts.service import Processes
from pipeline.services import haproxy, httpd
from pipeline.services.ended import Ended
from pipeline.transport.waiting import until
from tests.services.rig import APACHE, HAPROXY, MODULES, Rig, free_port, get, rig_in_its_folder

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not all(map(os.path.exists, (APACHE, HAPROXY, f"{MODULES}/mod_wsgi.so"))),
        reason="needs HAProxy, Apache and mod_wsgi",
    ),
]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with rig_in_its_folder() as made:
        yield made


@pytest.fixture
def front(rig: Rig) -> Service:
    """A HAProxy that runs, before one worker."""
    worker = rig.worker()
    httpd.start(worker, rig.local, deadline=10)
    made = rig.haproxy(worker)[0]
    haproxy.start(made, rig.local, deadline=10)
    return made


def pid_of(rig: Rig, service: Service) -> int:
    pid = haproxy.status(service, rig.local).pid
    assert pid is not None
    return pid


def of_folder(service: Service) -> list[str]:
    """The names of the processes that have to do with the service's folder."""
    folder = str(Path(service.config).parent)
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        if any(folder in word for word in process.info["cmdline"] or ()):
            found.append(process.info["name"])
    return sorted(found)


def spoil(service: Service) -> None:
    with Path(service.config).open("a") as config:
        config.write("    nonsense\n")


def test_started_and_stopped_it_leaves_nothing_but_logs(rig: Rig) -> None:
    front = rig.haproxy()[0]
    assert haproxy.status(front, rig.local) == ServiceState(running=False)

    state = haproxy.start(front, rig.local, deadline=10)

    assert state == ServiceState(running=True, pid=int(Path(front.pid_file).read_text()))
    assert get(front).status == 503
    assert haproxy.start(front, rig.local, deadline=10) == state
    assert haproxy.stop(front, rig.local, deadline=10) is Ended.GRACEFUL
    assert haproxy.look(front, rig.local) == Processes(
        sockets=(), told=haproxy.look(front, rig.local).told
    )
    assert haproxy.stop(front, rig.local, deadline=10) is Ended.ALREADY
    until(lambda: of_folder(front), lambda found: not found, limit=2, poll=0.02)
    assert of_folder(front) == []
    left = {path.name for path in Path(front.config).parent.iterdir()}
    assert left == {"haproxy.cfg", "access.log", "error.log", "keeper.log", "keeper.err"}


def test_requests_are_logged_without_a_syslog(rig: Rig, front: Service) -> None:
    get(front, "?page=1")
    log = Path(front.log, "access.log")
    until(lambda: log.exists() and log.read_text(), bool, limit=2, poll=0.02)
    assert '"GET /?page=1 HTTP/1.1"' in log.read_text()


def test_a_request_in_flight_is_finished_and_nobody_new_is_let_in(
    rig: Rig, front: Service
) -> None:
    slow = rig.later(front, "?s=1.5")
    time.sleep(0.4)
    stopping = rig.pool.submit(haproxy.stop, front, rig.local, deadline=10)
    until(lambda: get(front).status, lambda status: status == 0, limit=1, poll=0.02)
    assert get(front).status == 0
    assert not haproxy.status(front, rig.local).running
    assert haproxy.stop(front, rig.local, deadline=10) is Ended.GRACEFUL
    assert slow.result().status == 200
    assert stopping.result() is Ended.GRACEFUL


def test_a_request_that_takes_too_long_is_cut_off(rig: Rig, front: Service) -> None:
    slow = rig.later(front, "?s=15")
    time.sleep(0.4)
    began = time.monotonic()
    ended = haproxy.stop(front, rig.local, deadline=0.3, grace=0.5)
    assert ended in (Ended.TERMINATED, Ended.KILLED)
    assert time.monotonic() - began < 5
    assert slow.result().status in (0, 502)


def test_a_reload_makes_a_new_worker_under_the_same_master(rig: Rig, front: Service) -> None:
    before = haproxy.look(front, rig.local)
    after = haproxy.reload(front, rig.local)
    assert after.pid == before.parent
    assert get(front).status == 200
    assert not set(before.children) >= set(haproxy.look(front, rig.local).children)


def test_a_reload_with_a_bad_config_changes_nothing(rig: Rig, front: Service) -> None:
    before = haproxy.look(front, rig.local).children
    spoil(front)
    with pytest.raises(Failed, match=r"parsing \[.*haproxy.cfg:\d+\] : unknown keyword"):
        haproxy.reload(front, rig.local)
    assert haproxy.look(front, rig.local).children == before
    assert get(front).status == 200


def test_a_reload_that_cannot_have_its_port_leaves_the_old_worker(
    rig: Rig, front: Service
) -> None:
    config, taken = Path(front.config), free_port()
    bind = f"bind 127.0.0.1:{front.port}"
    config.write_text(config.read_text().replace(bind, f"{bind}\n    bind 127.0.0.1:{taken}"))
    with (
        socket.create_server(("127.0.0.1", taken)),
        pytest.raises(Failed, match=f"Address already in use.*{taken}"),
    ):
        haproxy.reload(front, rig.local, deadline=4)
    assert haproxy.status(front, rig.local).running
    assert get(front).status == 200


def test_one_that_does_not_run_is_not_reloaded(rig: Rig) -> None:
    with pytest.raises(Failed, match="does not run"):
        haproxy.reload(rig.haproxy()[0], rig.local)


@pytest.mark.parametrize("which", ["the master", "the worker"])
def test_a_killed_one_comes_back_by_itself(rig: Rig, front: Service, which: str) -> None:
    found = haproxy.look(front, rig.local)
    killed = found.parent if which == "the master" else found.children[0]
    psutil.Process(killed).kill()
    until(
        lambda: haproxy.status(front, rig.local),
        lambda now: now.running and now.pid != found.parent and now.keeping.restarts == 1,
        limit=5,
        poll=0.05,
    )
    until(lambda: get(front).status, lambda status: status == 200, limit=3, poll=0.05)
    assert get(front).status == 200
    assert haproxy.stop(front, rig.local, deadline=10) is Ended.GRACEFUL


def test_a_taken_port_is_refused_with_its_holder(rig: Rig) -> None:
    front = rig.haproxy()[0]
    with (
        socket.create_server(("127.0.0.1", front.port)),
        pytest.raises(Failed, match=rf"port {front.port} is taken by .*\(pid {os.getpid()}\)"),
    ):
        haproxy.start(front, rig.local, deadline=10)
    assert haproxy.start(front, rig.local, deadline=10).running


def test_a_bad_config_is_told_in_haproxys_words(rig: Rig) -> None:
    front = rig.haproxy()[0]
    spoil(front)
    assert haproxy.check(front, rig.local).exit_code == 1
    with pytest.raises(
        Failed, match=r"parsing .* unknown keyword 'nonsense' in 'backend' section"
    ):
        haproxy.start(front, rig.local, deadline=10)
    assert not haproxy.status(front, rig.local).alive


def test_whoever_checks_or_shows_the_config_is_not_it(rig: Rig) -> None:
    front = rig.haproxy()[0]
    with psutil.Popen(["tail", "-f", front.config], stdout=-3) as other:
        assert haproxy.status(front, rig.local) == ServiceState(running=False)
        assert haproxy.stop(front, rig.local, deadline=1) is Ended.ALREADY
        assert other.poll() is None
        other.kill()
