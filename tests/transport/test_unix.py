"""One line to a unix socket and its answer: cut off, silent, not there."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.errors import Unreachable
from pipeline.transport.unix import ask

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no unix sockets there")

UNIX = vars(socket).get("AF_UNIX", -1)  # a name that Windows' types do not have
Serve = Callable[[Callable[[socket.socket, bytes], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A socket whose every peer gets the same treatment. Its name must be short."""
    with TemporaryDirectory() as folder, closing(socket.socket(UNIX)) as server:
        path = str(Path(folder, "s"))
        server.bind(path)
        server.listen()

        def make(treat: Callable[[socket.socket, bytes], None]) -> str:
            def go() -> None:
                with suppress(OSError):
                    peer, _ = server.accept()
                    with peer:
                        treat(peer, peer.recv(4096))

            threading.Thread(target=go, daemon=True).start()
            return path

        yield make


def test_the_answer_is_all_that_comes_until_the_end(serve: Serve) -> None:
    def twice(peer: socket.socket, heard: bytes) -> None:
        peer.sendall(heard.upper())
        time.sleep(0.05)
        peer.sendall(b"and more\n")

    assert ask(serve(twice), "show info", timeout=5) == "SHOW INFO\nand more\n"


def test_a_peer_that_says_nothing_is_left_in_time(serve: Serve) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable, match="timed out"):
        ask(serve(lambda peer, heard: time.sleep(1)), "show info", timeout=0.1)
    assert time.monotonic() - began < 0.9


def test_a_peer_that_sends_byte_by_byte_gets_no_more_time(serve: Serve) -> None:
    def trickle(peer: socket.socket, heard: bytes) -> None:
        for _ in range(100):
            peer.sendall(b"x")
            time.sleep(0.02)

    with pytest.raises(Unreachable, match="timed out"):
        ask(serve(trickle), "show info", timeout=0.2)


@pytest.mark.parametrize(
    ("path", "because"),
    [("/nonexistent/s", "no such file or directory"), ("/" + "x" * 120, "path too long")],
)
def test_a_socket_that_cannot_be_reached(path: str, because: str) -> None:
    with pytest.raises(Unreachable, match=because) as unreachable:
        ask(path, "show info", timeout=1)
    assert unreachable.value.where == path
