"""A real memcached and its keeper: started, killed, stopped, refused."""

import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from pipeline.errors import Failed
from pipeline.execute.act_services import flush_cache
from pipeline.facts.question import Service
from pipeline.plan.action import FlushCache
from pipeline.services import memcached
from pipeline.services.ended import Ended
from pipeline.transport.local import LocalTransport
from tests.live.farm import wait_for
from tests.services.rig import Rig, free_port, is_root, rig_in_its_folder

pytestmark = pytest.mark.live
LOCAL = LocalTransport()


@pytest.fixture
def rig() -> Iterator[Rig]:
    with rig_in_its_folder() as made:
        yield made


@pytest.fixture
def cache(rig: Rig) -> Service:
    port, folder = free_port(), rig.folder / "cache"
    folder.mkdir()
    user = "-u www-data\n" if is_root() else ""
    (folder / "memcached.conf").write_text(f"# ours\n-l 127.0.0.1\n-p {port}\n-U 0\n{user}")
    return Service(
        kind="memcached",
        name="memcached",
        program="memcached",
        config=str(folder / "memcached.conf"),
        pid_file=str(folder / "memcached.pid"),
        port=port,
    )


def say(cache: Service, words: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", cache.port), timeout=5)) as connection:
        connection.sendall(words)
        return connection.recv(1000)


def test_it_starts_once_serves_and_stops(cache: Service) -> None:
    assert not memcached.status(cache, LOCAL).running
    first = memcached.start(cache, LOCAL, deadline=10)
    assert first.running
    assert memcached.start(cache, LOCAL, deadline=10) == first == memcached.status(cache, LOCAL)
    assert say(cache, b"set a 0 0 1\r\n1\r\n") == b"STORED\r\n"
    assert memcached.stop(cache, LOCAL, deadline=10) is Ended.GRACEFUL
    assert memcached.stop(cache, LOCAL, deadline=10) is Ended.ALREADY
    state = memcached.status(cache, LOCAL)
    assert (state.alive, state.port_taken) == (False, False)


def test_killed_it_comes_back(cache: Service) -> None:
    pid = memcached.start(cache, LOCAL, deadline=10).pid
    assert pid is not None
    psutil.Process(pid).kill()
    wait_for(lambda: memcached.status(cache, LOCAL).keeping.restarts == 1)
    wait_for(lambda: memcached.status(cache, LOCAL).running)
    assert memcached.status(cache, LOCAL).pid != pid
    assert memcached.stop(cache, LOCAL, deadline=10) is Ended.GRACEFUL


def test_arguments_that_it_does_not_know_are_refused_in_its_own_words(cache: Service) -> None:
    path = Path(cache.config)
    path.write_text(f"{path.read_text()}--nope\n")
    checked = memcached.check(cache, LOCAL)
    assert checked.exit_code == 1
    assert "unrecognized option '--nope'" in checked.err
    with pytest.raises(Failed, match=r"did not start: .*unrecognized option '--nope'"):
        memcached.start(cache, LOCAL, deadline=10)


def test_its_arguments_are_read_without_a_start(cache: Service) -> None:
    assert memcached.check(cache, LOCAL).exit_code == 0
    assert not memcached.status(cache, LOCAL).alive


def test_a_taken_port_is_refused_with_its_holder(cache: Service) -> None:
    with closing(socket.create_server(("127.0.0.1", cache.port))):
        assert memcached.status(cache, LOCAL).port_taken
        name = psutil.Process().name()
        with pytest.raises(Failed, match=f"port {cache.port} is taken by {name}"):
            memcached.start(cache, LOCAL, deadline=10)
    assert not memcached.status(cache, LOCAL).alive


def test_a_flush_makes_it_forget(cache: Service) -> None:
    memcached.start(cache, LOCAL, deadline=10)
    say(cache, b"set a 0 0 1\r\n1\r\n")
    flush = FlushCache(python=sys.executable, address="127.0.0.1", port=cache.port)
    assert flush_cache(flush, LOCAL) == "flushed"
    wait_for(lambda: say(cache, b"get a\r\n") == b"END\r\n")
    memcached.stop(cache, LOCAL, deadline=10)
    with pytest.raises(Failed, match="was not flushed"):
        flush_cache(flush, LOCAL)
