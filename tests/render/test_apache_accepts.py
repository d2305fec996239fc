"""A real Apache reads the rendered files, and serves a small site from them."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from pipeline.facts.software import Software, software, software_question
from pipeline.farm.instances import Inventory
from pipeline.render.files import blame
from tests.render.made import (
    render_balancer,
    render_instance,
    trace_balancer,
    trace_instance,
)

pytestmark = pytest.mark.live

RELEASE = "default-0123456789ab-1"
APPLICATION = """
import json
import os
import sys


def application(environ, start_response):
    seen = {name: value for name, value in environ.items() if isinstance(value, str)}
    said = {"request": seen, "environ": dict(os.environ), "path": sys.path, "prefix": sys.prefix}
    start_response("200 OK", [("Content-Type", "application/json"), ("X-Sendfile", "/etc/passwd")])
    return [json.dumps(said).encode()]
"""


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def free_ports(count: int) -> int:
    """The first of `count` ports in a row that nobody uses."""
    for first in range(21000, 32000, 16):
        try:
            for port in range(first, first + count):
                with socket.socket() as tried:
                    tried.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise OSError("no free ports")


@dataclass(frozen=True)
class Box:
    """A farm below a temporary root that the site's user can read."""

    inventory: Inventory
    software: Software
    templates: Mapping[str, str]

    @property
    def root(self) -> Path:
        return Path(self.inventory.layout("box").root)

    @property
    def port(self) -> int:
        return self.inventory.environment.balancer.port

    def write(self) -> list[str]:
        """Write every file; the paths of the configs, the balancer's first."""
        files = dict(render_balancer(self.inventory, self.software, self.templates))
        venv = str(self.root / "venvs/k")
        for instance in self.inventory.instances:
            files |= render_instance(
                self.inventory, instance, RELEASE, venv, self.software, self.templates
            ).files
        layout = self.inventory.layout("box")
        names = [instance.name for instance in self.inventory.instances]
        for paths in (layout.service_paths(name, "httpd") for name in ("balancer", *names)):
            for folder in paths.folders:
                Path(folder).mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            Path(path).write_text(text, encoding="utf-8")
        return [path for path in files if path.endswith(".conf")]

    def apache(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.software.apache, *words], capture_output=True, text=True, check=False
        )

    def get(self, port: int, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """One GET from 127.0.0.5: status, headers, body."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=10, source_address=("127.0.0.5", 0)
        )
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body


@pytest.fixture
def root() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="farm-"))
    folder.chmod(0o755)
    yield str(folder)
    shutil.rmtree(folder)


@pytest.fixture
def box(root: str, farm: Callable[..., Inventory], templates: dict[str, str]) -> Box:
    privileged = is_root()
    first = free_ports(8)
    inventory = farm(
        privileged,
        root=root,
        balancer={"kind": "apache", "listen": "127.0.0.1", "port": first, "sticky": True},
        hosts={"box": {"transport": "local", "instances": {"count": 3, "first_port": first + 2}}},
        site={
            "threads": 3,
            "environ": {"HOME_OF": '{root}\'s "{instance}"'},
            "secrets": {"SECRET_KEY": "env:UNUSED"},
        },
    )
    host = inventory.host("box")
    question = software_question(inventory.user("box"), host)
    words = [str(word) for word in question.argv]
    answer = subprocess.run(words, capture_output=True, text=True, check=True)
    return Box(inventory, software(answer.stdout, wanted=host, name="box"), templates)


def test_apache_accepts_every_file(box: Box) -> None:
    confs = box.write()
    assert len(confs) == 4
    for conf in confs:
        checked = box.apache("-t", "-f", conf)
        assert (checked.returncode, checked.stderr.strip()) == (0, "Syntax OK")


def test_a_complaint_names_the_line_of_the_template(box: Box) -> None:
    broken = dict(box.templates)
    broken["static.conf"] += "    ExpiresSometimes On\n"
    broken["worker.conf"] = broken["worker.conf"].replace("KeepAlive Off", "KeepAlive Perhaps")
    hurt = Box(box.inventory, box.software, broken)
    balancer, worker = hurt.write()[:2]
    static = broken["static.conf"].count("\n")
    keep = broken["worker.conf"][: broken["worker.conf"].index("KeepAlive Perhaps")].count("\n")

    traces = trace_balancer(box.inventory, box.software, broken)
    said = blame(box.apache("-t", "-f", balancer).stderr, traces)
    assert said.where == f"static.conf:{static}"
    assert "Invalid command 'ExpiresSometimes'" in said.what

    instance = box.inventory.instances[0]
    traces = trace_instance(box.inventory, instance, RELEASE, "/v", box.software, broken)
    said = blame(box.apache("-t", "-f", worker).stderr, traces)
    assert str(said) == f"worker.conf:{keep + 1}: KeepAlive must be On or Off"


@pytest.fixture
def serving(box: Box) -> Iterator[Box]:
    """The balancer and the first instance, really running; ended by process id."""
    confs = box.write()[:2]
    fill(box)
    for conf in confs:
        started = box.apache("-k", "start", "-f", conf)
        assert started.returncode == 0, started.stderr
    runs = [box.root / "balancer/run", box.root / "instances/www_1/run"]
    try:
        await_port(box.port)
        yield box
    finally:
        for run in runs:
            end(run / "httpd.pid")


def fill(box: Box) -> None:
    """A release with a small site, static files, a virtualenv and a secret."""
    code = box.root / "releases" / RELEASE / "code/homebrew"
    code.mkdir(parents=True)
    (code / "__init__.py").touch()
    (code / "wsgi.py").write_text(APPLICATION)
    (box.root / "static").mkdir()
    for name in ("style.css", "style.5af66c1b6797.css"):
        (box.root / "static" / name).write_text("body {}")
    venv = [box.software.python, "-m", "venv", "--without-pip", str(box.root / "venvs/k")]
    subprocess.run(venv, check=True)
    (box.root / "instances/www_1/secret/site.json").write_text('{"SECRET_KEY": "s3cret"}')


def await_port(port: int) -> None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nobody listens on port {port}")


def end(pid_file: Path) -> None:
    """End the Apache of this process id, and wait until its port is free: its file goes last."""
    deadline = time.monotonic() + 5
    while not pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    pid = int(pid_file.read_text())
    os.kill(pid, signal.SIGTERM)
    while pid_file.exists() and time.monotonic() < deadline + 5:
        time.sleep(0.02)
    time.sleep(0.05)


def test_a_farm_serves(serving: Box) -> None:
    status, headers, body = serving.get(
        serving.port,
        "/hello?x=1",
        X_Forwarded_For="6.6.6.6",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
        Host="shop.example",
    )
    assert status == 200
    assert "x-sendfile" not in headers
    assert headers["set-cookie"] == "ROUTEID=.www_1; path=/; HttpOnly; SameSite=Lax"
    said = json.loads(body)
    request, environ = said["request"], said["environ"]
    assert request["REMOTE_ADDR"] == "127.0.0.5"
    assert request["HTTP_X_FORWARDED_PROTO"] == "http"
    assert request["HTTP_X_FORWARDED_HOST"] == "shop.example"
    assert request["HTTP_HOST"] == "shop.example"
    assert environ["FARM_INSTANCE"] == "www_1"
    assert environ["FARM_RELEASE"] == RELEASE
    assert environ["HOME_OF"] == f'{serving.root}\'s "www_1"'
    assert environ["SECRET_KEY"] == "s3cret"
    assert said["path"][0] == str(serving.root / "releases" / RELEASE / "code")
    assert said["prefix"] == str(serving.root / "venvs/k")

    hashed = serving.get(serving.port, "/static/style.5af66c1b6797.css")
    assert hashed[1]["cache-control"] == "public, max-age=31536000, immutable"
    assert hashed[1]["content-type"] == "text/css; charset=utf-8"
    assert serving.get(serving.port, "/static/style.css")[1]["cache-control"] == "no-cache"
    assert serving.get(serving.port, "/static/none.css")[0] == 404
    assert serving.get(serving.port, "/static/../balancer/log/error.log")[0] != 500

    log = (serving.root / "balancer/log/access.log").read_text()
    assert '"GET /hello?x=1 HTTP/1.1" 200' in log
    assert " www_1 " in log
    assert (serving.root / "instances/www_1/log/access.log").read_text() == ""


def test_the_manager_is_on_its_own_loopback_port(serving: Box) -> None:
    manager = serving.inventory.manager_port
    assert manager is not None
    status, _, body = serving.get(manager, "/balancer-manager")
    assert status == 200
    assert "Load Balancer Manager" in body
    assert serving.get(manager, "/")[0] == 404  # the site is not there
    answer = serving.get(serving.port, "/balancer-manager")
    assert json.loads(answer[2])["request"]["PATH_INFO"] == "/balancer-manager"
    sockets = psutil.net_connections("tcp")
    listening = [tuple(each.laddr) for each in sockets if each.status == psutil.CONN_LISTEN]
    assert [at for at in listening if manager in at] == [("127.0.0.1", manager)]


def test_an_unreadable_secret_is_an_error_that_says_so_and_shows_nothing(box: Box) -> None:
    if not is_root():
        pytest.skip("a file that its own reader cannot read needs two users")
    conf = box.write()[1]
    fill(box)
    (box.root / "instances/www_1/secret/site.json").chmod(0o600)
    started = box.apache("-k", "start", "-f", conf)
    assert started.returncode == 0, started.stderr
    try:
        port = box.inventory.instances[0].port
        await_port(port)
        assert box.get(port, "/")[0] == 500
    finally:
        end(box.root / "instances/www_1/run/httpd.pid")
    log = (box.root / "instances/www_1/log/error.log").read_text()
    secret = box.root / "instances/www_1/secret/site.json"
    assert f"cannot be read: {secret}: Permission denied" in log
    assert "s3cret" not in log
