"""One request: deadlines, cut answers, redirects, against a server of raw bytes."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.facts.question import HttpGet
from pipeline.observe.pem import read_der, self_signed
from pipeline.transport.http import BODY_LIMIT, certificate_of, exchange, fetch

Serve = Callable[[bytes], str]


class Server:
    """Answers each connection with the same bytes; `heard` is the last request."""

    def __init__(self, answer: bytes, pause: float = 0) -> None:
        self.answer, self.pause, self.heard = answer, pause, b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/page?a=1"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                with peer, suppress(OSError):
                    self.heard = _request(peer)
                    self._send(peer)

    def _send(self, peer: socket.socket) -> None:
        if not self.pause:
            peer.sendall(self.answer)
            return
        for byte in self.answer:
            peer.sendall(bytes([byte]))
            time.sleep(self.pause)


def _request(peer: socket.socket) -> bytes:
    """A request with its body, which may come in a packet of its own."""
    heard = peer.recv(65536)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    return heard + (peer.recv(65536) if length and len(body) < int(length[1]) else b"")


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def make(answer: bytes, pause: float = 0) -> Server:
        servers.append(Server(answer, pause))
        return servers[-1]

    yield make
    for server in servers:
        server.socket.close()


def test_an_answer_has_status_body_and_time(serve: Callable[..., Server]) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xc3\xa4b")
    answer = fetch(HttpGet(url=server.url, host_header="site.example", headers={"X-A": "b"}))
    assert (answer.status, answer.body) == (200, "äb")
    assert 0 < answer.seconds < 1
    lines = server.heard.decode().split("\r\n")
    assert lines[0] == "GET /page?a=1 HTTP/1.1"
    assert {"Host: site.example", "X-A: b", "Connection: close"} <= set(lines)
    assert [line for line in lines if line.startswith("Host:")] == ["Host: site.example"]


def test_a_form_is_posted(serve: Callable[..., Server]) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert exchange(HttpGet(url=server.url), {"w": "http://a:1", "n": "1"}).status == 200
    head, _, body = server.heard.decode().partition("\r\n\r\n")
    assert head.startswith("POST /page?a=1 ")
    assert body == "w=http%3A%2F%2Fa%3A1&n=1"


def test_a_redirect_is_an_answer(serve: Callable[..., Server]) -> None:
    server = serve(
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    )
    assert fetch(HttpGet(url=server.url)).status == 302


def test_no_proxy_is_asked(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert fetch(HttpGet(url=server.url)).status == 200


def test_a_long_body_is_cut(serve: Callable[..., Server]) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * 99999)
    answer = fetch(HttpGet(url=server.url))
    assert (answer.status, len(answer.body)) == (200, BODY_LIMIT)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "the answer was cut off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf", "cut off"),
        (b"", "Remote end closed connection"),
        (b"SSH-2.0-OpenSSH_9\r\n", "SSH"),
    ],
)
def test_half_an_answer_is_none(serve: Callable[..., Server], raw: bytes, reason: str) -> None:
    answer = fetch(HttpGet(url=serve(raw).url))
    assert answer.status == 0
    assert reason in answer.body


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 99,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 99,
    ],
)
def test_the_deadline_holds_for_a_trickle(serve: Callable[..., Server], raw: bytes) -> None:
    server = serve(raw, pause=0.05)
    began = time.monotonic()
    answer = fetch(HttpGet(url=server.url, timeout=0.4))
    assert (answer.status, answer.body) == (0, "timed out")
    assert 0.3 < time.monotonic() - began < 1


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    answer = fetch(HttpGet(url=f"http://127.0.0.1:{port}/"))
    assert (answer.status, answer.body) == (0, "connection refused")


@pytest.mark.parametrize("url", ["ftp://a/", "nonsense", "http:///x", "http://127.0.0.1:x/"])
def test_a_url_that_is_none_is_no_answer(url: str) -> None:
    assert fetch(HttpGet(url=url)).status == 0


@pytest.fixture
def https(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A server with a certificate that nobody vouches for: its URL, and the names asked for."""
    pem = tmp_path / "pem"
    pem.write_bytes(self_signed(["site.example"], datetime.now(UTC)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    names: list[str] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(peer, server_side=True) as secured:
                    secured.recv(65536)
                    secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell")

    threading.Thread(target=serve, daemon=True).start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}/health", names
    listener.close()


def test_an_own_server_is_asked_for_the_site_and_its_certificate_not_verified(
    https: tuple[str, list[str]],
) -> None:
    url, names = https
    answer = fetch(HttpGet(url=url, host_header="site.example:8443", own=True))
    assert (answer.status, answer.body, names) == (200, "well", ["site.example"])


def test_any_other_server_has_to_prove_who_it_is(https: tuple[str, list[str]]) -> None:
    answer = fetch(HttpGet(url=https[0], host_header="site.example"))
    assert answer.status == 0
    assert "certificate" in answer.body


def test_the_certificate_of_an_own_server_can_be_looked_at(https: tuple[str, list[str]]) -> None:
    assert read_der(certificate_of(https[0], name="site.example")).names == ("site.example",)
    assert certificate_of("https://127.0.0.1:9/", name="site.example") == b""
