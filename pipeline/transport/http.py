"""One request, one answer, and never an exception: no answer is an answer too.

No proxy is used and no redirect followed: a health check asks the very server that it names.

The certificate of an `own` server is not verified. That is the farm's own balancer, asked on its
own host by address: its certificate names the site, may be self-signed, and what is asked is
whether it answers at all. No secret is sent there. All others are verified.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from urllib.parse import SplitResult, urlencode, urlsplit

from pipeline.facts.answer import HttpAnswer
from pipeline.facts.question import HttpGet

BODY_LIMIT = 64 * 1024  # bytes


def fetch(get: HttpGet) -> HttpAnswer:
    """GET a page within `get.timeout` seconds, all told. The body is cut at 64 KiB."""
    return exchange(get)


def exchange(
    get: HttpGet, form: Mapping[str, str] | None = None, *, limit: int = BODY_LIMIT
) -> HttpAnswer:
    """GET a page, or POST `form` to it; at most `limit` bytes of the body are read.

    Looking up a host's name is the one thing that `get.timeout` cannot cut short.
    """
    began = time.monotonic()
    try:
        status, body = _talk(get, form, limit)
    except (OSError, http.client.HTTPException, ValueError) as error:
        status, body = 0, _reason(error)
    return HttpAnswer(status, body, time.monotonic() - began)


def certificate_of(url: str, *, name: str, timeout: float = 5.0) -> bytes:
    """The certificate (DER) that an own server shows who asks for `name`; empty for no answer."""
    get = HttpGet(url=url, host_header=name, own=True, timeout=timeout)
    try:
        with closing(_connection(urlsplit(url), get)) as connection:
            connection.connect()
            sock = connection.sock
            shown = sock.getpeercert(binary_form=True) if isinstance(sock, ssl.SSLSocket) else None
    except (OSError, ValueError):
        return b""
    return shown or b""


def _talk(get: HttpGet, form: Mapping[str, str] | None, limit: int) -> tuple[int, str]:
    url = urlsplit(get.url)
    began = time.monotonic()
    with closing(_connection(url, get)) as connection:
        connection.connect()
        with _at_most(connection.sock, get.timeout - (time.monotonic() - began)):
            _send(connection, url, get, form)
            answer = connection.getresponse()
            return answer.status, _body(answer, limit)


class _Own(http.client.HTTPConnection):
    """To a server of this farm by HTTPS, asked for the site by name (SNI)."""

    default_port = http.client.HTTPS_PORT
    name: str

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.sock = context.wrap_socket(self.sock, server_hostname=self.name)


def _connection(url: SplitResult, get: HttpGet) -> http.client.HTTPConnection:
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("expected http://HOST/ or https://HOST/")
    if url.scheme == "http":
        return http.client.HTTPConnection(url.hostname, url.port, timeout=get.timeout)
    if not get.own:
        return http.client.HTTPSConnection(url.hostname, url.port, timeout=get.timeout)
    connection = _Own(url.hostname, url.port, timeout=get.timeout)
    connection.name = urlsplit(f"//{get.host_header}").hostname or url.hostname
    return connection


def _send(
    connection: http.client.HTTPConnection,
    url: SplitResult,
    get: HttpGet,
    form: Mapping[str, str] | None,
) -> None:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {"User-Agent": "farmhand", "Connection": "close", **get.headers}
    if get.host_header:
        headers["Host"] = get.host_header
    if form is None:
        connection.request("GET", target, headers=headers)
        return
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST", target, body=urlencode(form), headers=headers)


def _body(answer: http.client.HTTPResponse, limit: int) -> str:
    """At most `limit` bytes as text. A body that ends before its stated length is an error."""
    content = answer.read(limit)
    if len(content) < limit and answer.length:
        raise http.client.IncompleteRead(content, answer.length)
    return content.decode(errors="replace")


@contextmanager
def _at_most(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Shut a connection down after `seconds`: a peer that sends byte by byte gets no more time."""
    over = threading.Event()

    def shut() -> None:
        over.set()
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(max(seconds, 0), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if over.is_set():
            raise TimeoutError("timed out") from None
        raise
    finally:
        timer.cancel()
    if over.is_set():
        raise TimeoutError("timed out")


def _reason(error: Exception) -> str:
    """Why there is no answer, in one line."""
    if isinstance(error, http.client.IncompleteRead):
        return "the answer was cut off"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
