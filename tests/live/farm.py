"""A whole farm of its own for a test: a project, a root, free ports, and real processes."""

import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

REPOSITORY = Path(__file__).parents[2]
PARTS = ("farm.toml", "tasks.py", "environments", "example", "schema", "templates")
Kind = Literal["apache", "haproxy"]
NAMES: Mapping[Kind, str] = {"apache": "local", "haproxy": "local-haproxy"}  # of environments
LIMIT = 240.0  # seconds that one command may take
# What differs between two equal farms: processes, logs, times, and the lease's tombstones.
MOVING = ("log", "run", "__pycache__")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command answered."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Farm:
    """One farm: its project on the control machine, its root, its ports."""

    folder: Path
    port: int
    instances: int = 3
    kind: Kind = "apache"  # of its balancer

    @property
    def project(self) -> Path:
        """Where the commands are given."""
        return self.folder / "project"

    @property
    def root(self) -> Path:
        """Where the farm's host keeps everything."""
        return self.folder / "host"

    @property
    def url(self) -> str:
        """The balancer's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def cache_port(self) -> int:
        """Where memcached listens: behind the instances."""
        return self.port + 2 + self.instances

    @property
    def tls_port(self) -> int:
        """Where the balancer speaks HTTPS: behind the cache."""
        return self.cache_port + 1

    @property
    def names(self) -> list[str]:
        """The instances' names."""
        return [f"www_{n}" for n in range(1, self.instances + 1)]

    def invoke(self, *words: str, env: dict[str, str] | None = None) -> Answer:
        """Give one command, as a user would; its whole answer."""
        done = subprocess.run(
            [sys.executable, "-m", "invoke", *words],
            cwd=self.project,
            env=self.environ(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def must(self, *words: str) -> Answer:
        """Give one command that has to succeed."""
        answer = self.invoke(*words)
        assert answer.code == 0, f"{' '.join(words)}\n{answer.out}\n{answer.err}\n{self.logs()}"
        return answer

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Give a command and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "invoke", *words],
            cwd=self.project,
            env=self.environ(None),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def environ(self, more: dict[str, str] | None) -> dict[str, str]:
        """The environment of a command: this repository's package, and no terminal."""
        return {**os.environ, "PYTHONPATH": str(REPOSITORY), **(more or {})}

    def status(self) -> dict[str, Any]:
        """What `status --json` says of each instance, by name."""
        answer = json.loads(self.must("status", "--env", "local", "--json").out)
        return {line["name"]: line for line in answer["lines"]}

    def journal(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the journal."""
        path = self.project / ".farm" / "local" / "journal.db"
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(query).fetchall()

    def logs(self) -> str:
        """The ends of all error logs, for the message of a failed test."""
        found = sorted(self.root.glob("**/log/error.log"))
        return "\n".join(f"{path}:\n{path.read_text()[-1500:]}" for path in found)

    def requests(self) -> str:
        """The balancer's log of requests; a line gets there a moment after its answer."""
        logs = self.root.glob("balancer/log/access.log*")
        return "".join(log.read_text() for log in logs)

    def tried_again(self) -> int:
        """How often the balancer had to try once more: as HAProxy counts, and Apache complains."""
        if self.kind == "apache":
            logs = [log.read_text() for log in self.root.glob("balancer/log/error.log*")]
            return len(re.findall(r"\[proxy\w*:error\]", "".join(logs)))
        found = re.findall(r"/\d+ \+?(\d+) [-A-Za-z]{2} \"", self.requests())
        assert found, "HAProxy has logged nothing"
        return sum(map(int, found))

    def processes(self) -> list[psutil.Process]:
        """Every process that carries one of this farm's configurations."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            with suppress(psutil.Error):
                if any(str(self.root) in word for word in process.info["cmdline"] or ()):
                    found.append(process)
        return found

    def of_instance(self, name: str) -> list[psutil.Process]:
        """The Apache of one instance: its parent and its child, and not its keeper."""
        conf = str(self.root / "instances" / name / "conf" / f"{name}.conf")
        found = [each for each in self.processes() if each.name().startswith(("apache2", "httpd"))]
        return [each for each in found if conf in each.cmdline()]

    def end(self) -> None:
        """End the farm's processes, by their ids, and remove its folder."""
        for end in (psutil.Process.terminate, psutil.Process.kill):
            processes = self.processes()
            for process in processes:
                with suppress(psutil.Error):
                    end(process)
            psutil.wait_procs(processes, timeout=5)
        shutil.rmtree(self.folder, ignore_errors=True)

    def world(self, *, data: bool = True) -> dict[str, str]:
        """What a test compares: files by hash, services, members, schema; nothing that moves."""
        files = {
            path.relative_to(self.root).as_posix(): _hash(path)
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not _moves(path.relative_to(self.root))
        }
        lines = {
            f"status {name}": f"{line['release']} {line['process'].split()[0]} "
            f"{line['health'].split()[0]} {line['rotation']}"
            for name, line in self.status().items()
        }
        return {**files, **lines, **({"schema": self.schema()} if data else {})}

    def schema(self) -> str:
        """Every statement of the live database's schema."""
        with closing(sqlite3.connect(self.root / "data" / "site.db")) as connection:
            rows = connection.execute(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
            )
            return "\n".join(row[0] for row in rows)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file of the project."""
        file = self.project / path
        text = file.read_text()
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new))


def make(*, instances: int = 3, like: Farm | None = None, kind: Kind = "apache") -> Farm:
    """A farm with a project of its own; with `like`, that one's repository and releases too.

    Its environment is `local`, of whatever kind its balancer is.
    """
    folder = Path(tempfile.mkdtemp(prefix="farmhand-test-"))
    folder.chmod(0o755)  # the site's user must be able to reach the root
    port = free_ports(instances + 4)
    farm = Farm(folder=folder, port=port, instances=instances, kind=kind)
    farm.project.mkdir()
    for part in PARTS:
        source = REPOSITORY / part
        if source.is_dir():
            shutil.copytree(
                source, farm.project / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source, farm.project / part)
    if like is not None:
        for part in ("demo-hg", "hg", "releases", "cache"):
            shutil.copytree(
                like.project / ".farm" / part, farm.project / ".farm" / part, symlinks=True
            )
    _write_environment(farm)
    return farm


@contextmanager
def farm_of(
    *, instances: int = 3, like: Farm | None = None, kind: Kind = "apache"
) -> Iterator[Farm]:
    """A farm for the length of a block; nothing of it is left afterwards."""
    farm = make(instances=instances, like=like, kind=kind)
    try:
        yield farm
    finally:
        farm.end()


def _write_environment(farm: Farm) -> None:
    environments = farm.project / "environments"
    text = (environments / f"{NAMES[farm.kind]}.toml").read_text()
    changes = {
        r'root = ".*"': f'root = "{farm.root}"',
        r'root_as_user = ".*"': f'root_as_user = "{farm.root}"',
        r"port = 80\d0": f"port = {farm.port}",
        r"port = 84\d3": f"port = {farm.tls_port}",
        r"count = 3": f"count = {farm.instances}",
        r"first_port = 9\d01": f"first_port = {farm.port + 2}",
        r"port = 9\d11": f"port = {farm.cache_port}",
    }
    for old, new in changes.items():
        text, found = re.subn(rf"\b{old}", new, text)
        assert found == 1, f"{old!r} is there {found} times"
    (environments / "local.toml").write_text(text)


def free_ports(count: int, first: int = 20000) -> int:
    """The first of `count` ports in a row that nobody listens on, different for each process."""
    start = first + (os.getpid() * 37) % 8000
    for base in range(start, 32000, count):
        if all(map(_is_free, range(base, base + count))):
            return base
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_for(condition: Any, limit: float = 30.0) -> None:
    """Wait until `condition()` is true, at most `limit` seconds."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def _moves(path: Path) -> bool:
    name = path.name
    return (
        any(part in MOVING for part in path.parts)
        or path.parts[0] in {"data", "venvs"}
        or name.startswith("lock")
        or name in {"secret.key"}
    )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def words(line: str) -> Sequence[str]:
    """A command line in words."""
    return line.split()
