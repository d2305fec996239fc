"""The closed list of what a step can do. An action is data, safe to show, and may be done twice.

Doing an action again is always harmless: that is what lets a killed deploy be resumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Discriminator

from pipeline.facts.question import BalancerAddress, Service
from pipeline.secret import SecretRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Make the system user that the site runs as."""

    kind: Literal["create-user"] = "create-user"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveUser:
    """Undo of CreateUser."""

    kind: Literal["remove-user"] = "remove-user"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFolders:
    """Make folders with this mode and owner, in the order given."""

    kind: Literal["make-folders"] = "make-folders"
    paths: tuple[str, ...]
    mode: int = 0o755
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRelease:
    """Copy a built release, named by its manifest's digest, to the host: whole or not at all."""

    kind: Literal["push-release"] = "push-release"
    release: str
    digest: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeVenv:
    """Make a release's virtualenv from the release's own wheels; then write `marker`."""

    kind: Literal["make-venv"] = "make-venv"
    path: str
    marker: str
    python: str
    release_path: str
    requirements: str
    system_site_packages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileBytecode:
    """Compile a release's code with the interpreter that will run it; then write `marker`."""

    kind: Literal["compile-bytecode"] = "compile-bytecode"
    path: str
    python: str
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishStatic:
    """Add a release's static files to those that the balancer serves; then write `marker`."""

    kind: Literal["publish-static"] = "publish-static"
    source: str
    path: str
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFiles:
    """Put small text files in place, each in one move; then remove those no longer wanted.

    `files`: path -> SHA-256 of a blob.
    """

    kind: Literal["write-files"] = "write-files"
    files: Mapping[str, str]
    remove: tuple[str, ...] = ()
    mode: int = 0o644
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSecrets:
    """Put a service's secrets, resolved on the way, where only its account reads them.

    An instance gets a JSON object; the balancer a PEM, whose parts follow each other.
    """

    kind: Literal["write-secrets"] = "write-secrets"
    path: str
    secrets: Mapping[str, SecretRef]
    form: Literal["json", "pem"] = "json"
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Remove files, or folders with all in them."""

    kind: Literal["remove"] = "remove"
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplySchema:
    """Run a group of schema statements in one transaction. `statements`: a blob (JSON list)."""

    kind: Literal["apply-schema"] = "apply-schema"
    database: str
    url: str
    group: str
    statements: str
    foreign_keys_off: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """Take a member out of rotation and wait, at most `timeout` seconds, for what is in flight."""

    kind: Literal["drain"] = "drain"
    balancer: BalancerAddress
    member: str
    timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Undrain:
    """Put a member back into rotation and see that the balancer uses it."""

    kind: Literal["undrain"] = "undrain"
    balancer: BalancerAddress
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartService:
    """Start a service that does not run."""

    kind: Literal["start-service"] = "start-service"
    service: Service
    timeout: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StopService:
    """Stop a service: it finishes what it does, at most `timeout` seconds, and is gone."""

    kind: Literal["stop-service"] = "stop-service"
    service: Service
    timeout: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadService:
    """Let a running service read its configuration again without losing a connection."""

    kind: Literal["reload-service"] = "reload-service"
    service: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class FlushCache:
    """Let a memcached forget all that it holds. `python` asks it, on its own host."""

    kind: Literal["flush-cache"] = "flush-cache"
    python: str
    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitHealthy:
    """Wait for `count` answers of 200 in a row, at most `deadline` seconds."""

    kind: Literal["await-healthy"] = "await-healthy"
    url: str
    host_header: str = ""
    count: int = 3
    interval: float = 0.1
    timeout: float = 5.0
    deadline: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHook:
    """Run a step of the site's own: a task of its tasks.py, a program, or a script.

    `script` is the script's name and `text` a blob. `folder`: where it runs; on the control
    machine that is the project's folder. `user`: as whom; empty means the deployer.
    """

    kind: Literal["run-hook"] = "run-hook"
    hook: str
    task: str = ""
    argv: tuple[str, ...] = ()
    script: str = ""
    text: str = ""
    folder: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, SecretRef] = field(default_factory=dict)
    user: str = ""
    timeout: float = 60.0


Action = Annotated[
    CreateUser
    | RemoveUser
    | MakeFolders
    | PushRelease
    | MakeVenv
    | CompileBytecode
    | PublishStatic
    | WriteFiles
    | WriteSecrets
    | Remove
    | ApplySchema
    | Drain
    | Undrain
    | StartService
    | StopService
    | ReloadService
    | FlushCache
    | AwaitHealthy
    | RunHook,
    Discriminator("kind"),
]
