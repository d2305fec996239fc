"""Where things are on a host. The only place that knows these names."""

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Literal

BALANCER, STATIC, CACHE = "balancer", "static", "memcached"
NO_INSTANCES = frozenset({BALANCER, STATIC, CACHE})  # names of services that are no instance
ServiceKind = Literal["httpd", "haproxy", "memcached"]

_CONF: dict[ServiceKind, str] = {
    "httpd": "{name}.conf",
    "haproxy": "haproxy.cfg",
    "memcached": "memcached.conf",
}


@dataclass(frozen=True, slots=True)
class ServicePaths:
    """Where a service has its own things. `folders` must be there before it starts."""

    folder: str
    conf: str
    pid_file: str
    socket: str
    state: str
    log: str
    error_log: str
    folders: tuple[str, ...]


def service_folder(name: str) -> str:
    """Where a service's files are, relative to the root."""
    return BALANCER if name == BALANCER else f"instances/{name}"


def folder_parts(name: str) -> tuple[str, ...]:
    """The deployer's folders in a service's own folder; only an instance has a site to import.

    Apache opens logs and pid files before it changes user; the site itself writes only to `data`.
    """
    return ("conf", *(() if name in NO_INSTANCES else ("wsgi",)), "log", "run")


# The name of a unix socket has at most 107 bytes, and HAProxy begins with `NAME.PID.tmp`.
LONGEST_SOCKET = 107 - len(".4194304.tmp")


def beside(pid_file: str, kind: str) -> str:
    """What a process has beside its process id file: the `sock` for orders, its `state`."""
    return f"{pid_file.removesuffix('.pid')}.{kind}"


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths below a host's root, as text in the host's own way of writing."""

    root: str
    windows: bool = False

    def path(self, *parts: str) -> str:
        """`parts` below the root."""
        return str((PureWindowsPath if self.windows else PurePosixPath)(self.root, *parts))

    def relative(self, path: str) -> str:
        """`path` below the root, with forward slashes."""
        kind = PureWindowsPath if self.windows else PurePosixPath
        return kind(path).relative_to(kind(self.root)).as_posix()

    def ancestors(self) -> tuple[str, ...]:
        """The root and all folders above it, the topmost first."""
        root = (PureWindowsPath if self.windows else PurePosixPath)(self.root)
        return tuple(str(path) for path in (*reversed(root.parents), root))

    @property
    def releases(self) -> str:
        """All releases; one folder each."""
        return self.path("releases")

    def release(self, release: str) -> str:
        """The code, static files and wheels of one release."""
        return self.path("releases", release)

    def venv(self, key: str) -> str:
        """A virtualenv, keyed by lock hash and interpreter: releases may share it."""
        return self.path("venvs", key)

    def venv_python(self, key: str) -> str:
        """The Python of a virtualenv."""
        return self.path(
            "venvs", key, *(("Scripts", "python.exe") if self.windows else ("bin", "python"))
        )

    @property
    def static(self) -> str:
        """Static files of all kept releases: old pages find their old, hashed files here."""
        return self.path("static")

    @property
    def data(self) -> str:
        """What the site itself writes."""
        return self.path("data")

    @property
    def records(self) -> str:
        """What this host has run: one numbered file per deploy."""
        return self.path("records")

    def record(self, number: int) -> str:
        """Record `number`: the release and the rendered files of one deploy."""
        return self.path("records", f"{number}.json")

    @property
    def lock(self) -> str:
        """The lease of whoever deploys."""
        return self.path("lock.json")

    @property
    def secret_key(self) -> str:
        """The key with which this host compares secret files without showing them."""
        return self.path("secret.key")

    def instance(self, name: str, *parts: str) -> str:
        """An instance's own folder, or something in it."""
        return self.path("instances", name, *parts)

    def balancer(self, *parts: str) -> str:
        """The balancer's own folder, or something in it."""
        return self.service(BALANCER, *parts)

    def service(self, name: str, *parts: str) -> str:
        """A service's own folder, or something in it."""
        return self.path(service_folder(name), *parts)

    def secret_file(self, name: str) -> str:
        """What only one service may read: the site's secrets, or the balancer's certificate."""
        return self.service(name, "secret", "tls.pem" if name == BALANCER else "site.json")

    def service_paths(self, name: str, kind: ServiceKind) -> ServicePaths:
        """Where a service of this kind has its things."""
        pid_file = self.service(name, "run", f"{kind}.pid")
        return ServicePaths(
            folder=self.service(name),
            conf=self.service(name, "conf", _CONF[kind].format(name=name)),
            pid_file=pid_file,
            socket=beside(pid_file, "sock"),
            state=beside(pid_file, "state"),
            log=self.service(name, "log"),
            error_log=self.service(name, "log", "error.log"),
            folders=tuple(self.service(name, part) for part in (*folder_parts(name), "secret")),
        )
