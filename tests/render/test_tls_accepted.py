"""Real balancers speak HTTPS on the rendered files: Apache and HAProxy, without any instance."""

import http.client
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER, ServiceKind
from pipeline.farm.software import Software
from pipeline.observe.pem import read_der, self_signed
from pipeline.settings import is_privileged
from tests.live.farm import free_ports, wait_for
from tests.render.made import render_balancer

pytestmark = pytest.mark.live

KINDS: Mapping[str, ServiceKind] = {"apache": "httpd", "haproxy": "haproxy"}
MISSING = {kind: not shutil.which(kind if kind == "haproxy" else "apache2") for kind in KINDS}


@dataclass(frozen=True)
class Front:
    """A balancer that runs, and has nobody behind it."""

    inventory: Inventory

    @property
    def https(self) -> int:
        assert self.inventory.tls
        return self.inventory.tls.port

    def ask(self, path: str, host: str, *, https: bool = False) -> tuple[int, dict[str, str]]:
        """One GET: status and headers."""
        if https:
            connection = http.client.HTTPConnection("127.0.0.1", self.https, timeout=10)
            connection.connect()
            connection.sock = secured(connection.sock)
        else:
            port = self.inventory.environment.balancer.port
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.putrequest("GET", path, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def secured(sock: socket.socket, **limits: ssl.TLSVersion) -> ssl.SSLSocket:
    """A connection to a server whoever it is."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for name, version in limits.items():
        setattr(context, name, version)
    return context.wrap_socket(sock, server_hostname="www.example.com")


@pytest.fixture(params=KINDS)
def front(
    request: pytest.FixtureRequest,
    farm: Callable[..., Inventory],
    software: Software,
    templates: dict[str, str],
) -> Iterator[Callable[..., Front]]:
    kind = request.param
    if MISSING[kind]:
        pytest.skip(f"{kind} is missing")
    root = Path(tempfile.mkdtemp(prefix="farm-"))
    root.chmod(0o755)
    started: list[subprocess.Popen[bytes]] = []

    def start(**tls: object) -> Front:
        first = free_ports(8)
        inventory = farm(
            is_privileged(),
            root=str(root),
            balancer={
                "kind": kind,
                "listen": "127.0.0.1",
                "port": first,
                "tls": {"port": first + 2, "certificate": "self-signed", **tls},
            },
            hosts={
                "box": {"transport": "local", "instances": {"count": 1, "first_port": first + 3}}
            },
            site={"server_name": "www.example.com"},
        )
        layout = inventory.layout("box")
        paths = layout.service_paths(BALANCER, KINDS[kind])
        for folder in paths.folders:
            Path(folder).mkdir(parents=True)
        Path(layout.secret_file(BALANCER)).write_bytes(
            self_signed(["www.example.com"], datetime.now(UTC))
        )
        for path, text in render_balancer(inventory, software, templates).items():
            Path(path).write_text(text, encoding="utf-8")
        words = {"apache": ("apache2", "-X"), "haproxy": ("haproxy", "-db")}[kind]
        started.append(subprocess.Popen([*words, "-f", paths.conf], cwd=root))
        wait_for(lambda: listens(first + 2), 10)
        return Front(inventory)

    yield start
    for process in started:
        process.terminate()
        process.wait(10)
    shutil.rmtree(root)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


NAMED = "https://shop.example.com:PORT"


@pytest.mark.parametrize("code", [301, 308])
def test_http_sends_people_to_the_same_page(front: Callable[..., Front], code: int) -> None:
    running = front(redirect=code)

    def location(path: str, host: str = "shop.example.com") -> tuple[int, str]:
        status, headers = running.ask(path, host)
        return status, headers["location"].replace(str(running.https), "PORT")

    assert location("/") == (code, f"{NAMED}/")
    assert location("/a%20b/?x=%20y&z=1", "shop.example.com:80") == (
        code,
        f"{NAMED}/a%20b/?x=%20y&z=1",
    )
    assert location("/x%3fy") == (code, f"{NAMED}/x%3fy")
    assert location("/a", "[::1]:80") == (code, "https://[::1]:PORT/a")
    assert location("/a", "what_is_this")[1].startswith("https://www.example.com:PORT/")


def test_without_a_redirect_both_serve(front: Callable[..., Front]) -> None:
    running = front()
    assert running.ask("/", "www.example.com")[0] == 503  # nobody is behind it
    status, headers = running.ask("/", "www.example.com", https=True)
    assert (status, "strict-transport-security" in headers) == (503, False)


def test_the_promise_is_made_by_https_only_and_for_errors_too(front: Callable[..., Front]) -> None:
    running = front(hsts=600)
    status, headers = running.ask("/", "www.example.com", https=True)
    assert (status, headers["strict-transport-security"]) == (503, "max-age=600")
    assert "strict-transport-security" not in running.ask("/", "www.example.com")[1]


def test_the_certificate_is_shown_and_what_is_broken_is_not_spoken(
    front: Callable[..., Front],
) -> None:
    running = front()
    with socket.create_connection(("127.0.0.1", running.https)) as sock, secured(sock) as shown:
        der = shown.getpeercert(binary_form=True)
        assert der
        assert read_der(der).names == ("www.example.com",)
        assert shown.version() == "TLSv1.3"
    old = {"maximum_version": ssl.TLSVersion.TLSv1_2}
    with (
        socket.create_connection(("127.0.0.1", running.https)) as sock,
        secured(sock, **old) as shown,
    ):
        assert shown.version() == "TLSv1.2"
