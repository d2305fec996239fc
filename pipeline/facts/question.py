"""What can be asked of the world. `observe` asks; every answer is a value of this room."""

from dataclasses import dataclass, field
from typing import Literal

from pipeline.command import Command
from pipeline.farm.layout import ServiceKind


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The content of one file. Answer: bytes, or None when there is none."""

    path: str


@dataclass(frozen=True, slots=True)
class ListTree:
    """The files below a folder. Answer: `Tree`.

    `patterns` are globs on paths relative to `path`; `contents` asks for the text as well.
    """

    path: str
    patterns: tuple[str, ...] = ("**",)
    contents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of a host: what starts it, and how it is recognised.

    `httpd` and `haproxy` are plain processes: `program -f config`, its process id in `pid_file`.
    `memcached` takes what `config` says as arguments, and `pid_file`.
    `log` is the folder of its logs; empty: that of the process id file.
    """

    kind: ServiceKind = "httpd"
    name: str
    program: str
    config: str
    pid_file: str
    port: int
    log: str = ""

    @property
    def word(self) -> str:
        """The word of its command line by which its processes are recognised."""
        return self.pid_file if self.kind == "memcached" else self.config


@dataclass(frozen=True, slots=True)
class ServiceQuery:
    """Is it running, and as which process? Answer: `ServiceState`."""

    service: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancerAddress:
    """Where a balancer takes orders: Apache's balancer-manager page, or HAProxy's runtime API.

    `name` is the balancer's own name (`balancer://NAME`, or a backend); `manager` is a URL on
    loopback, or the path of a unix socket; `site` a page of its members: Apache looks again at one
    that failed only when a page is asked for.
    """

    kind: Literal["apache", "haproxy"] = "apache"
    name: str
    manager: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class BalancerQuery:
    """The members and their states. Answer: `BalancerState`."""

    address: BalancerAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGet:
    """One GET. Answer: `HttpAnswer`; no answer within `timeout` seconds has status 0.

    `own`: a server of this very farm, asked at its own address, whose certificate proves nothing.
    """

    url: str
    host_header: str = ""
    own: bool = False
    timeout: float = 5.0  # seconds
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogQuery:
    """The schema of a database, by SQLAlchemy URL. Answer: `Schema`; no database: an empty one."""

    url: str


Question = Command | ReadFile | ListTree | ServiceQuery | BalancerQuery | HttpGet | CatalogQuery
