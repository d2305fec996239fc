"""Real Apaches in a folder of their own: workers with a small site, and a balancer before them."""

import os
import random
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from pipeline.facts.answer import HttpAnswer
from pipeline.facts.question import BalancerAddress, HttpGet, Service
from pipeline.transport.http import fetch
from pipeline.transport.local import LocalTransport

APACHE = "/usr/sbin/apache2"
MODULES = "/usr/lib/apache2/modules"
HAPROXY = "/usr/sbin/haproxy"

SITE = """
import os, time
from urllib.parse import parse_qs

def application(environ, start_response):
    wanted = parse_qs(environ["QUERY_STRING"])
    time.sleep(float(wanted.get("s", ["0"])[0]))
    shown = os.environ.get(wanted["env"][0], "") if "env" in wanted else environ["SERVER_PORT"]
    body = shown.encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""

COMMON = """
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
Listen 127.0.0.1:{port}
ServerName farm.test
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
{user}
"""

WORKER = """
LoadModule wsgi_module {modules}/mod_wsgi.so
StartServers 1
ServerLimit 1
ThreadLimit 8
ThreadsPerChild 8
MaxRequestWorkers 8
MinSpareThreads 1
MaxSpareThreads 8
KeepAlive Off
UseCanonicalName On
UseCanonicalPhysicalPort On
WSGIScriptAlias / {site}
WSGIApplicationGroup %{{GLOBAL}}
WSGIScriptReloading Off
<Directory {site_folder}>
Require all granted
</Directory>
"""

BALANCER = """
LoadModule headers_module {modules}/mod_headers.so
LoadModule status_module {modules}/mod_status.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
LoadModule slotmem_shm_module {modules}/mod_slotmem_shm.so
LoadModule proxy_balancer_module {modules}/mod_proxy_balancer.so
LoadModule lbmethod_byrequests_module {modules}/mod_lbmethod_byrequests.so
Header add Set-Cookie "ROUTEID=.%{{BALANCER_WORKER_ROUTE}}e; path=/" env=BALANCER_ROUTE_CHANGED
<Proxy balancer://farm>
{members}
ProxySet stickysession=ROUTEID
</Proxy>
<Proxy balancer://other>
{members}
</Proxy>
<Location /balancer-manager>
SetHandler balancer-manager
</Location>
ProxyPass /balancer-manager !
ProxyPass /other/ balancer://other/
ProxyPass / balancer://farm/
"""

HAPROXY_CFG = """
global
    {user}
    stats socket "{folder}/haproxy.sock" mode 600 level admin expose-fd listeners
    server-state-file "{folder}/haproxy.state"
defaults
    mode http
    load-server-state-from-file global
    timeout connect 1s
    timeout client 60s
    timeout server 60s
frontend site
    bind 127.0.0.1:{port}
    log stdout format raw local0
    option httplog
    default_backend farm
backend farm
    balance leastconn
    cookie ROUTEID insert indirect nocache
    option httpchk GET /
    default-server check inter 200ms fall 2 rise 1
{servers}
"""


@dataclass
class Rig:
    """A folder, and the services whose files are in it. Nothing is started by making one."""

    folder: Path
    local: LocalTransport = field(default_factory=LocalTransport)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8))

    def service(self, name: str, text: str, **values: object) -> Service:
        """An Apache with the common lines and `text`."""
        port, folder = free_port(), self.folder / name
        folder.mkdir()
        user = "User www-data\nGroup www-data" if is_root() else ""
        filled = (COMMON + text).format(
            folder=folder, port=port, modules=MODULES, user=user, **values
        )
        (folder / "httpd.conf").write_text(filled)
        return Service(
            name=name,
            program=APACHE,
            config=str(folder / "httpd.conf"),
            pid_file=str(folder / "pid"),
            port=port,
        )

    def worker(self, number: int = 1) -> Service:
        """A worker with the site."""
        (self.folder / "site.wsgi").write_text(SITE)
        name = f"www_{number}"
        return self.service(name, WORKER, site=self.folder / "site.wsgi", site_folder=self.folder)

    def balancer(self, *workers: Service) -> tuple[Service, BalancerAddress]:
        """A balancer before these workers, with two balancers on its page."""
        members = "\n".join(
            f"BalancerMember http://127.0.0.1:{each.port} route={each.name} "
            "retry=0 disablereuse=On"
            for each in workers
        )
        service = self.service("balancer", BALANCER, members=members)
        manager = f"http://127.0.0.1:{service.port}/balancer-manager"
        return service, BalancerAddress(name="farm", manager=manager)

    def haproxy(self, *workers: Service) -> tuple[Service, BalancerAddress]:
        """A HAProxy before these workers."""
        folder = self.folder / "haproxy"
        folder.mkdir()
        servers = "\n".join(
            f"    server {each.name} 127.0.0.1:{each.port} cookie {each.name}" for each in workers
        )
        port, pid_file = free_port(), folder / "haproxy.pid"
        user = "user www-data\n    group www-data" if is_root() else ""
        filled = HAPROXY_CFG.format(folder=folder, port=port, user=user, servers=servers)
        (folder / "haproxy.cfg").write_text(filled)
        service = Service(
            kind="haproxy",
            name="balancer",
            program=HAPROXY,
            config=str(folder / "haproxy.cfg"),
            pid_file=str(pid_file),
            port=port,
            log=str(folder),
        )
        address = BalancerAddress(
            kind="haproxy", name="farm", manager=str(folder / "haproxy.sock")
        )
        return service, address

    def later(self, service: Service, query: str, **headers: str) -> Future[HttpAnswer]:
        """A request that goes on while the test does something else."""
        return self.pool.submit(get, service, query, **headers)

    def close(self) -> None:
        """Kill what runs out of this folder, and nothing else: a keeper may start some more."""
        while processes := self.processes():
            for process in processes:
                with suppress(psutil.Error):
                    process.kill()
        self.pool.shutdown(cancel_futures=True)

    def processes(self) -> list[psutil.Process]:
        """What runs out of this folder: keepers and services. A zombie no longer does."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if any(word.startswith(f"{self.folder}/") for word in process.cmdline()):
                    found.append(process)
        return found


@contextmanager
def rig_in_its_folder() -> Iterator[Rig]:
    """A rig in a folder that the workers' user can read; its processes end with it."""
    with TemporaryDirectory(prefix="farm-rig-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        rig = Rig(folder)
        try:
            yield rig
        finally:
            rig.close()


def get(service: Service, query: str = "", **headers: str) -> HttpAnswer:
    """One page of a service."""
    url = f"http://127.0.0.1:{service.port}/{query}"
    return fetch(HttpGet(url=url, timeout=20, headers=headers))


def is_root() -> bool:
    """Whether these tests run as root: Apache must then be told whom its children run as."""
    return sys.platform != "win32" and os.getuid() == 0


def free_port() -> int:
    """A port that nobody has, below those that the system gives to clients."""
    while True:
        port = random.randrange(30000, 32700)
        with suppress(OSError), socket.create_server(("127.0.0.1", port), reuse_port=False):
            return port
