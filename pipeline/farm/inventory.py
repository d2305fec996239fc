"""What a farm is, as its files say: `farm.toml` and one file per environment."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.farm.placeholders import (
    ANYWHERE,
    OF_A_HOST,
    OF_AN_INSTANCE,
    OF_THE_RELEASE,
    unknown,
)
from pipeline.secret import SecretRef
from pipeline.wording import count

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=86400)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$", max_length=64)]
# A path that is written into configuration files: nothing that ends a line or a quoted word.
PathText = Annotated[str, Field(pattern=r'^[^\x00-\x1f"\'$`]+$')]


def _send_folder(text: str) -> str:
    if not _BELOW.fullmatch(text) and not _SHARE.fullmatch(text):
        raise ValueError("expected a whole path to a folder, such as {root}/data/files")
    return text


# Below a root or a drive, and never all of it; or a share of Windows.
_BELOW = re.compile(r"(\{root\}|[A-Za-z]:)?([\\/][^\\/]+)+[\\/]?")
_SHARE = re.compile(r"[\\/]{2}[^\\/]+([\\/][^\\/]+)+[\\/]?")
SendFolder = Annotated[PathText, AfterValidator(_send_folder)]
Variable = str | int | bool


def _reference(value: object) -> object:
    return SecretRef(value) if isinstance(value, str) else value


def _certificate(value: object) -> SecretRef | str:
    if value == SELF_SIGNED:
        return SELF_SIGNED
    try:
        return SecretRef(str(value))
    except ValueError as problem:
        raise ValueError(str(problem).replace("expected", f"expected {SELF_SIGNED},")) from None


SELF_SIGNED = "self-signed"
Reference = Annotated[SecretRef, BeforeValidator(_reference)]
Certificate = Annotated[SecretRef | str, PlainValidator(_certificate)]


class Part(BaseModel):
    """A table of the inventory: immutable, and with no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    """Where changesets come from."""

    repo: str
    branch: str = "default"


class Build(Part):
    """How a changeset becomes a release."""

    wsgi: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*$")]
    requirements: PathText = "requirements.lock"
    system_site_packages: bool = False
    keep: Annotated[int, Field(ge=2, le=1000)] = 5
    tests: bool = True
    collectstatic: bool = True
    environ: Mapping[str, str] = {}


class Templates(Part):
    """Folders of templates; `SITE:` means the changeset's own tree."""

    apache: str = "SITE:templates/apache"
    haproxy: str = "SITE:templates/haproxy"
    memcached: str = "SITE:templates/memcached"


class FarmDatabase(Part):
    """The wanted schema of one database, and when what is no longer wanted may go."""

    dialect: Literal["sqlite"]
    scripts: str = "SITE:schema"
    manage: tuple[str, ...] = ("*",)
    contract: Literal["next-deploy", "by-hand", "now"] = "next-deploy"


Words = Annotated[tuple[Annotated[str, Field(pattern=r"^[^\x00]*$")], ...], Field(min_length=1)]
ScriptPath = Annotated[PathText, Field(pattern=r"(?i)[^/\\]\.(sh|cmd|bat|ps1)$")]
When = Annotated[
    str, Field(pattern=r"^(before|after) (all|prepare|push|expand|roll|contract|finish)$")
]


class Deed(Part):
    """What a hook does: a task of the project's own tasks.py, a program, or a script."""

    task: Annotated[str, Field(pattern=r"^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$")] | None = None
    run: Words | None = None
    script: ScriptPath | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Deed":
        if sum(each is not None for each in (self.task, self.run, self.script)) != 1:
            raise mistake("expected one of task, run and script")
        return self


class Hook(Deed):
    """A step of the site's own, before or after a stage."""

    name: Name
    when: When
    per: Literal["deploy", "host", "instance"] = "deploy"
    on: Literal["control", "host"] = "control"
    user: Literal["deployer", "site"] = "deployer"
    during: tuple[Literal["deploy", "rollback"], ...] = ("deploy",)
    undo: Deed | None = None
    timeout: Seconds = 60.0
    on_failure: Literal["stop", "continue"] = "stop"
    environ: Mapping[Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")], str] = {}
    secrets: Mapping[Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")], Reference] = {}

    @property
    def before(self) -> bool:
        """Whether it stands before its stage."""
        return self.when.startswith("before ")

    @property
    def stage(self) -> str:
        """The stage that it stands around, or `all`."""
        return self.when.partition(" ")[2]

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What it does, and what takes that back."""
        return (self, self.undo) if self.undo else (self,)

    @property
    def release_is_there(self) -> bool:
        """Whether the release is on the host by then, with its virtualenv."""
        return (
            self.when == "after push"
            or self.stage in {"expand", "roll", "contract", "finish"}
            or self.when == "after all"
        )

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What its words may name."""
        on_host = self.on == "host"
        return (
            *ANYWHERE,
            *(OF_A_HOST if on_host or self.per != "deploy" else ()),
            *(OF_THE_RELEASE if on_host and self.release_is_there else ()),
            *(OF_AN_INSTANCE if self.per == "instance" else ()),
        )

    @model_validator(mode="after")
    def _fits_together(self) -> "Hook":
        if self.per == "instance" and self.stage != "roll":
            raise mistake("of an instance there is only before roll and after roll", "when")
        if self.on == "host" and any(deed.task for deed in self.deeds):
            raise mistake("a task runs on the control machine, where tasks.py is", "on")
        if self.user == "site" and self.on == "control":
            raise mistake('the site\'s user is on its hosts: on = "host"', "user")
        texts = (word for deed in self.deeds for word in deed.run or ())
        for name in unknown((*texts, *self.environ.values()), self.placeholders):
            raise mistake(
                f"{{{name}}} stands for nothing here; what does: {', '.join(self.placeholders)}"
            )
        return self


def mistake(what: str, *key: str) -> PydanticCustomError:
    """What is wrong with a table as a whole, or with one of its keys because of others."""
    return PydanticCustomError("mistake", "{what}", {"what": what, "key": key})


def _named_once(hooks: tuple[Hook, ...]) -> tuple[Hook, ...]:
    names = [hook.name for hook in hooks]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise mistake(f"another hook here is named {name}", str(number), "name")
    return hooks


Hooks = Annotated[tuple[Hook, ...], AfterValidator(_named_once)]


class Farm(Part):
    """`farm.toml`: what is the same in every environment."""

    format: Literal[1]
    project: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=32)]
    source: Source
    build: Build
    templates: Templates = Templates()
    databases: Mapping[Name, FarmDatabase] = {}
    hooks: Hooks = ()


class Tls(Part):
    """HTTPS on a port of its own. Without `key`, the certificate's PEM holds the key as well."""

    port: Port = 8443
    certificate: Certificate
    key: Reference | None = None
    redirect: Literal[0, 301, 308] = 0  # from HTTP; 0: both serve
    hsts: Annotated[int, Field(ge=0, le=2 * 365 * 86400)] = 0  # seconds; 0: browsers are told none


def _regular(text: str) -> str:
    try:
        re.compile(text)
    except re.error as problem:
        raise ValueError(f"no regular expression: {problem}") from None
    return text


class Rewrite(Part):
    """What becomes of an address whose path fits a regular expression; `$1` is its first group."""

    path: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f\"]+$"), AfterValidator(_regular)]
    to: Annotated[str, Field(pattern=r"^(/|https?://)[^\x00-\x20\x7f\"'\\]*$")]
    code: Literal[0, 301, 302, 303, 307, 308] = 301  # 0: the visitor is not told

    @model_validator(mode="after")
    def _groups_are_there(self) -> "Rewrite":
        there = re.compile(self.path).groups
        for number in map(int, re.findall(r"\$(\d)", self.to)):
            if number > there:
                groups = count(there, "group")
                raise mistake(f"${number} stands for nothing: path has {groups}", "to")
        if not self.code and not self.to.startswith("/"):
            raise mistake("another site can only be redirected to: code = 301", "code")
        return self


class Balancer(Part):
    """The load balancer in front of the instances. It runs on `host`, by default the first."""

    kind: Literal["apache", "haproxy", "none"]
    host: Name | None = None
    listen: Annotated[str, Field(pattern=r"^[0-9A-Fa-f.:\[\]*]+$")] = "*"
    port: Port = 8080
    manager_port: Port | None = None  # Apache's, on loopback; by default the port after `port`
    static_port: Port | None = None  # HAProxy's static server, on loopback; the same default
    sticky: bool = False
    gzip: bool = False
    tls: Tls | None = None
    rewrites: tuple[Rewrite, ...] = ()


class Rollout(Part):
    """How the bounce goes through the instances."""

    max_parallel: Annotated[int, Field(ge=1)] = 1
    drain_timeout: Seconds = 10.0
    stop_timeout: Seconds = 30.0
    healthy_count: Annotated[int, Field(ge=1, le=100)] = 3
    healthy_interval: Seconds = 0.1
    healthy_deadline: Seconds = 60.0


class Health(Part):
    """What an instance answers with 200 when it can serve."""

    path: Annotated[str, Field(pattern=r"^/[^\s\"'\\]*$")] = "/health"
    timeout: Seconds = 5.0


class Instances(Part):
    """`count` workers named by `name` (`{n}` from 1), on ports from `first_port`."""

    count: Annotated[int, Field(ge=1, le=500)]
    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*\{n\}[A-Za-z0-9_-]*$")] = "www_{n}"
    first_port: Port = 9001


class Memcached(Part):
    """A memcached on a host, for the site's cache; `memory` in MiB.

    It asks nobody for a password: by default it listens on loopback when the environment has one
    host, else on the host's address, which a firewall must guard.
    """

    port: Port = 11211
    listen: Annotated[str, Field(pattern=r"^[0-9A-Za-z.:-]+$")] | None = None
    memory: Annotated[int, Field(ge=8, le=1048576)] = 64
    program: PathText | None = None


class Host(Part):
    """One machine and the instances on it."""

    transport: Literal["local", "psexec"]
    platform: Literal["linux", "windows"] = "linux"
    address: str = "127.0.0.1"
    location: Name = "here"
    instances: Instances
    memcached: Memcached | None = None
    root: PathText | None = None
    user: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_-]*$")] | None = None
    python: PathText | None = None
    python_version: Annotated[str, Field(pattern=r"^3\.[0-9]+(\.[0-9]+)?$")] | None = None
    apache: PathText | None = None
    mod_wsgi: PathText | None = None
    haproxy: PathText | None = None


class Cache(Part):
    """What a deploy does about what the old release has cached.

    `keep` leaves it; `prefix` gives every release keys of its own, so that old and new code do
    not meet in it; `flush` empties it after the roll.
    """

    on_deploy: Literal["keep", "prefix", "flush"] = "keep"


class EnvironmentDatabase(Part):
    """A live database by its SQLAlchemy URL, in which `{root}` is the first host's root."""

    url: str


class Logs(Part):
    """Logs are rotated when one of the two is set: after so many seconds, or MiB."""

    rotate_after: Annotated[int, Field(ge=60, le=366 * 86400)] | None = None
    rotate_size: Annotated[int, Field(ge=1, le=10240)] | None = None
    keep: Annotated[int, Field(ge=2, le=1000)] = 5


class Site(Part):
    """What the site itself is told: its public name, its settings, its secrets by reference."""

    server_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")] = "localhost"
    threads: Annotated[int, Field(ge=1, le=1024)] = 15
    environ: Mapping[Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")], str] = {}
    secrets: Mapping[Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")], Reference] = {}
    sendfile: tuple[SendFolder, ...] = ()


class Environment(Part):
    """`environments/NAME.toml`: where the site runs, and how carefully it is bounced."""

    root: PathText
    root_as_user: PathText | None = None
    branch: str | None = None
    tests: bool = True
    publish: PathText | None = None
    hooks: Hooks = ()
    balancer: Balancer
    rollout: Rollout = Rollout()
    health: Health = Health()
    site: Site = Site()
    logs: Logs = Logs()
    cache: Cache = Cache()
    hosts: Annotated[Mapping[Name, Host], Field(min_length=1)]
    databases: Mapping[Name, EnvironmentDatabase] = {}
    variables: Mapping[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")], Variable] = {}

    @model_validator(mode="after")
    def _balancer_has_a_host(self) -> "Environment":
        if self.balancer.host is not None and self.balancer.host not in self.hosts:
            raise PydanticCustomError(
                "unknown_host",
                "not one of the hosts",
                {"at": ("balancer", "host"), "input": self.balancer.host, "known": self.hosts},
            )
        return self
