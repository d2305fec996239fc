"""What can be asked of the world. `observe` asks; every answer is a value of this room."""

from dataclasses import dataclass, field

from pipeline.command import Command


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

    `httpd` is a plain Apache process: `program -f config`, its process id in `pid_file`.
    """

    kind: str = "httpd"
    name: str
    program: str
    config: str
    pid_file: str
    port: int


@dataclass(frozen=True, slots=True)
class ServiceQuery:
    """Is it running, and as which process? Answer: `ServiceState`."""

    service: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancerAddress:
    """Where a balancer takes orders: Apache's balancer-manager page.

    `name` is the balancer's own name (`balancer://NAME`); `manager` is a URL on loopback, `site` a
    page of its members: it looks again at one that failed only when a page is asked for.
    """

    kind: str = "apache"
    name: str
    manager: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class BalancerQuery:
    """The members and their states. Answer: `BalancerState`."""

    address: BalancerAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGet:
    """One GET. Answer: `HttpAnswer`; no answer within `timeout` seconds has status 0."""

    url: str
    host_header: str = ""
    timeout: float = 5.0  # seconds
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogQuery:
    """The schema of a database, by SQLAlchemy URL. Answer: `Schema`; no database: an empty one."""

    url: str


Question = Command | ReadFile | ListTree | ServiceQuery | BalancerQuery | HttpGet | CatalogQuery
