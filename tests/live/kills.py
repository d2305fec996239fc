"""What is killed, when, and what must be true afterwards: the cases of the kill matrix."""

import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from pipeline.execute.owner import is_dead, machine
from pipeline.facts.question import Service
from pipeline.farm.layout import BALANCER
from pipeline.flow.observe import ask_software, services_of
from pipeline.flow.status import look_at
from pipeline.flow.unlock import lease_of
from pipeline.flow.world import World, reach
from pipeline.services.control import control
from pipeline.transport.files import is_partial
from tests.live.farm import Farm, farm_of, wait_for
from tests.live.killed import Commands, Death, Ended

LOCAL = ("--env", "local")
STEADY = ("releases", "venvs", "static")  # below them, files are replaced and never changed
VENV = {".py", ".so", ".pth", ".cfg"}  # what counts in a virtualenv; all else follows from it
FAILING = ("--set", "rollout.healthy_deadline=4")
ALLOW = ("--allow", "changes-behaviour:*,locks-table:*,rebuilds-table:*,no-undo:*,drops-object:*")
LATE = 1.5  # seconds: a death at a random moment comes at most so long after a write
Worlds = Mapping[str, str]


class SeenFarm(Farm):
    """A farm that is looked at without a process of its own for each look."""

    @cached_property
    def reached(self) -> World:
        """The farm as the pipeline's own functions want it."""
        return reach(self.project, "local", (), lambda line: None)

    @cached_property
    def services(self) -> dict[str, Service]:
        """The farm's services by name."""
        return services_of(self.reached.inventory, ask_software(self.reached))["box"]

    def status(self) -> dict[str, Any]:
        """What `status --json` says."""
        return {line.name: asdict(line) for line in look_at(self.reached).lines}

    def schema(self) -> str:
        """The live database's schema; nothing when there is no database."""
        if not (self.root / "data" / "site.db").exists():
            return ""
        return super().schema()

    def world(self, *, data: bool = True) -> dict[str, str]:
        """All that a farm's world has; its virtualenvs by name and size; and what is half made."""
        parts = [path.relative_to(self.root) for path in self.root.rglob("*")]
        venvs = {
            path.as_posix(): str((self.root / path).lstat().st_size)
            for path in parts
            if path.parts[0] == "venvs" and path.suffix in VENV
        }
        half = [f"half made: {path}" for path in parts if is_partial(path.name)]
        return {**super().world(data=data), **venvs, **dict.fromkeys(half, "there")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A command in a start state, and what an undisturbed run of it does."""

    name: str
    start: str
    words: tuple[str, ...]
    rev: str  # what a deploy finds nothing to do for, when all is done
    before: Worlds
    after: Worlds
    code: int
    writes: tuple[str, ...]

    def label(self, death: Death) -> str:
        """The write that a death is at, in words."""
        return self.writes[death.write - 1] if death.write <= len(self.writes) else "?"

    def deaths(self) -> tuple[Death, ...]:
        """All kill points: behind each write, and between a deed and the write that tells it."""
        first = 1
        if self.code:  # that it fails is the point: what comes before is another scenario's
            first = 1 + next(n for n, it in enumerate(self.writes) if it.startswith("failed"))
        return tuple(
            Death(write=number, before=before)
            for number, write in enumerate(self.writes, 1)
            for before in (True, False)
            if number >= first and (not before or not write.startswith(("began", "undoing")))
        )


@dataclass(slots=True)
class Ground:
    """A farm that is brought back to its start states, over and over."""

    farm: SeenFarm
    commands: Commands
    saved: Path
    scenarios: dict[str, Scenario] = field(default_factory=dict)

    def must(self, *words: str) -> Ended:
        """Give a command that has to succeed."""
        ended = self.commands.run(*words)
        assert ended.code == 0, f"{' '.join(words)}\n{ended.out}\n{ended.err}\n{self.farm.logs()}"
        return ended

    def save(self, state: str) -> None:
        """Keep what the farm has on its host and in its journal. Nothing runs afterwards."""
        self._end_processes()
        folder = self.saved / state
        folder.mkdir(parents=True)
        if self.farm.root.exists():
            subprocess.run(["cp", "-a", self.farm.root, folder / "host"], check=True)
        subprocess.run(["cp", "-a", self._local, folder / "local"], check=True)
        self._start()

    def restore(self, state: str) -> None:
        """Make the farm be as it was saved, with all services running."""
        self._end_processes()
        folder, root = self.saved / state, self.farm.root
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(self._local)
        subprocess.run(["cp", "-a", folder / "local", self._local], check=True)
        if (folder / "host").exists():
            root.mkdir(mode=0o755)
            parts = sorted((folder / "host").iterdir())
            for how, steady in (("-al", True), ("-a", False)):
                some = [part for part in parts if (part.name in STEADY) is steady]
                if some:
                    subprocess.run(["cp", how, *some, root], check=True)
        self._start()

    def run(self, scenario: Scenario, death: Death) -> Ended:
        """Bring the start state back, and let the command die."""
        self.restore(scenario.start)
        return self.commands.run(*scenario.words, death=death)

    def add(self, name: str, start: str, *words: str, rev: str) -> Scenario:
        """Run a command undisturbed, and remember all about it."""
        self.restore(start)
        before = self.farm.world()
        ended = self.commands.run(*words)
        assert ended.code == (name == "failing"), f"{name}: {ended.out}\n{ended.err}"
        self.scenarios[name] = Scenario(
            name=name,
            start=start,
            words=words,
            rev=rev,
            before=before,
            after=self.farm.world(),
            code=ended.code,
            writes=ended.writes,
        )
        return self.scenarios[name]

    @property
    def _local(self) -> Path:
        return self.farm.project / ".farm" / "local"

    def _end_processes(self) -> None:
        end_processes(self.farm)

    def _start(self) -> None:
        folder = self.farm.root / BALANCER / "conf"
        if not folder.exists():
            return
        way = self.farm.reached.ways["box"]
        with ThreadPoolExecutor() as pool:
            services = self.farm.services.values()
            list(pool.map(lambda it: control(it).start(it, way, deadline=60), services))


def end_processes(farm: Farm) -> None:
    """End all that carries the farm's root, by its id. A zombie carries nothing any more."""
    while processes := farm.processes():
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        wait_for(lambda: not farm.processes())


@contextmanager
def ground_of(
    *, like: Farm | None = None, names: Iterable[str] = (), instances: int = 2
) -> Iterator[Ground]:
    """A farm with the start states and scenarios of these names; without names, all."""
    with farm_of(instances=instances, like=like) as plain:
        farm = SeenFarm(folder=plain.folder, port=plain.port, instances=instances)
        farm.edit("environments/local.toml", "healthy_count = 3", "healthy_count = 1")
        farm.edit("environments/local.toml", "drain_timeout = 10", "drain_timeout = 2")
        with Commands(farm.project, farm.folder / "scratch") as commands:
            ground = Ground(farm, commands, farm.folder / "saved")
            if like is None:
                for rev in ("v1", "v2", "v3"):
                    ground.must("build", *LOCAL, "--rev", rev)
            _make(ground, set(names) or {"first", "upgrade", "back", "again", "failing"})
            yield ground


def _make(ground: Ground, names: set[str]) -> None:
    """The start states, each from the one before, and the scenarios that begin in them."""
    _plan(ground, "v1")
    ground.save("nothing")
    if "first" in names:
        ground.add("first", "nothing", "deploy", *LOCAL, "--plan", "v1.json", *ALLOW, rev="v1")
    else:
        ground.must("deploy", *LOCAL, "--plan", "v1.json", *ALLOW)
    ground.save("v1")
    _plan(ground, "v2")
    ground.add("upgrade", "v1", "deploy", *LOCAL, "--plan", "v2.json", *ALLOW, rev="v2")
    ground.save("v2")
    if "failing" in names:
        ground.must("plan", *LOCAL, "--rev", "v3", "--out", "v3.json", *FAILING)
        words = ("deploy", *LOCAL, "--plan", "v3.json", *ALLOW)
        ground.add("failing", "v2", *words, rev="v2")
    if names & {"back", "again"}:
        ground.add("back", "v2", "rollback", *LOCAL, "--yes", *ALLOW, rev="v1")
    if "again" in names:
        ground.save("v1 again")
        ground.must("plan", *LOCAL, "--rev", "v2", "--out", "again.json")
        words = ("deploy", *LOCAL, "--plan", "again.json", *ALLOW)
        ground.add("again", "v1 again", *words, rev="v2")


def _plan(ground: Ground, rev: str) -> None:
    ground.must("plan", *LOCAL, "--rev", rev, "--out", f"{rev}.json")


Way = Callable[[Ground, Scenario], list[str]]


def resumed(ground: Ground, scenario: Scenario) -> list[str]:
    """Resume must lead to what an undisturbed run leads to. Gives what is wrong."""
    outcome = newest_run(ground.farm, scenario)
    ended = ground.commands.run("resume", *LOCAL)
    wrong = []
    if outcome == "not begun":
        wrong += _differences("untouched", scenario.before, ground.farm.world())
        wrong += _ended("resume", ended, 3)
        ended = ground.commands.run(*scenario.words)
        wrong += _ended("the command again", ended, scenario.code)
    elif outcome == "done":
        wrong += _ended("resume", ended, 3)
    else:
        wrong += _ended("resume", ended, scenario.code)
    wrong += _differences("resumed", scenario.after, ground.farm.world())
    if newest_run(ground.farm, scenario) != ("failed" if scenario.code else "done"):
        wrong.append(f"the journal says: {newest_run(ground.farm, scenario)}")
    if scenario.code:
        return wrong + rolled_back(ground, scenario)
    return wrong + _nothing_to_do(ground, scenario.rev)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a killed command left that the way back does not take back."""

    expanded: bool  # the schema may be expanded: an expand step was begun
    recorded: bool  # its record is there, and so it is one of the releases that are kept
    begun: bool  # a step was begun: there is something to return from

    @classmethod
    def of(cls, ground: Ground, scenario: Scenario) -> "Left":
        """Look at the host and the journal, right after the death."""
        begun = newest_run(ground.farm, scenario) != "not begun"
        records = {f"records/{path.name}" for path in ground.farm.root.glob("records/*.json")}
        return cls(
            expanded=begun and any("expand:" in event for event in events(ground.farm)),
            recorded=bool(records - scenario.before.keys()),
            begun=begun and bool(events(ground.farm)),
        )


def rolled_back(ground: Ground, scenario: Scenario) -> list[str]:
    """Rollback must lead back to what was before: but for records and an expanded schema."""
    left = Left.of(ground, scenario)
    if left.recorded and scenario.start == "nothing":
        return []  # a finished first deploy has nothing to return to
    ended = ground.commands.run("rollback", *LOCAL, "--yes", *ALLOW)
    wrong = returned(ground, scenario, left)
    if ended.code == 3 and not left.begun:
        return wrong
    return _ended("rollback", ended, 0) + wrong


def returned(ground: Ground, scenario: Scenario, left: Left) -> list[str]:
    """What is not as it was before the command."""
    seen = ground.farm.world()
    schema = scenario.before.get("schema", "")
    allowed = {schema, scenario.after.get("schema", "")} if left.expanded else {schema}
    wrong = [] if seen.get("schema", "") in allowed else ["another schema"]
    wanted = _without_memory(scenario.before)
    if left.recorded:
        kept = {k: v for k, v in scenario.after.items() if k.startswith(("releases/", "venvs/"))}
        wanted = {**kept, **wanted}
    wrong += _differences("returned", wanted, _without_memory(seen))
    if scenario.start == "nothing":
        wrong += _emptied(ground)
    return wrong + _lock(ground.farm)


def _emptied(ground: Ground) -> list[str]:
    """Nothing of a first deploy may be left but its data; and a deploy must work again."""
    root = ground.farm.root
    left = {path.name for path in root.iterdir()} if root.exists() else set()
    allowed = {"data", "records", "secret.key"}
    found = [f"left: {name}" for name in sorted(left - allowed) if not name.startswith("lock")]
    found += [f"left running: {process.pid}" for process in ground.farm.processes()]
    return found


def redeployed(ground: Ground, scenario: Scenario) -> list[str]:
    """After a rollback to nothing, a deploy must work as if nothing had been."""
    wrong = rolled_back(ground, scenario)
    wrong += _ended("deploy", ground.commands.run("deploy", *LOCAL, "--rev", scenario.rev), 0)
    return wrong + _differences("deployed", scenario.after, ground.farm.world())


def killed_again(seed: int, command: str) -> Way:
    """The resume, or the rollback, is killed too, at a random write; then it is resumed."""

    def way(ground: Ground, scenario: Scenario) -> list[str]:
        chance = random.Random(seed)
        left = Left.of(ground, scenario)
        words = (command, *LOCAL, *(("--yes", *ALLOW) if command == "rollback" else ()))
        death = Death(write=chance.randint(1, 14), before=chance.random() < 0.4)
        second = ground.commands.run(*words, death=death)
        if left.recorded and scenario.start == "nothing":
            return []
        if not second.killed:
            wrong = [] if second.code in (0, 3) else _ended(command, second, 0)
            if command == "resume":
                return wrong + resumed(ground, scenario)
            return wrong + returned(ground, scenario, left)
        if command == "resume":
            return resumed(ground, scenario)
        begun = "begin_run" in second.writes
        ended = ground.commands.run(*(("resume", *LOCAL) if begun else words))
        done = begun and second.writes[-1] == "end_run"
        wrong = _ended("after the second kill", ended, 3 if done else 0)
        return [
            f"{it} [rollback killed {death}: {second.writes[-1:]}]"
            for it in wrong + returned(ground, scenario, left)
        ]

    return way


def events(farm: Farm) -> list[str]:
    """What the journal says of the newest run: `began roll:www_1:stop`."""
    rows = _journal(
        farm, "SELECT state, step FROM event WHERE run = (SELECT max(id) FROM run) ORDER BY seq"
    )
    return [f"{state} {step}" for state, step in rows]


def newest_run(farm: Farm, scenario: Scenario) -> str:
    """How the newest run ended, if it is the scenario's: done, failed, killed; or not begun."""
    runs = {"nothing": 0, "v1": 1, "v2": 2, "v1 again": 3}[scenario.start]
    rows = _journal(farm, "SELECT outcome FROM run ORDER BY id")
    if len(rows) <= runs:
        return "not begun"
    return str(rows[-1][0] or "killed")


def _journal(farm: Farm, query: str) -> list[tuple[Any, ...]]:
    path = farm.project / ".farm" / "local" / "journal.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        return connection.execute(query).fetchall() if tables else []


def _nothing_to_do(ground: Ground, rev: str) -> list[str]:
    ended = ground.commands.run("deploy", *LOCAL, "--rev", rev)
    wrong = _ended(f"deploy {rev}", ended, 0)
    if not wrong and "Nothing to do." not in ended.out:
        wrong.append(f"deploy {rev} found something to do: {ended.err[:600]}")
    return wrong + _lock(ground.farm)


def _lock(farm: Farm) -> list[str]:
    """The lock must be free, or be that of a process which is gone: anybody succeeds that one."""
    lease = lease_of(reach(farm.project, "local", (), lambda line: None))
    if lease is None or (lease.owner and is_dead(lease.owner, here=machine())):
        return []
    return [f"the lock is held by {lease}"]


def _ended(what: str, ended: Ended, code: int) -> list[str]:
    if ended.code == code:
        return []
    return [f"{what}: exit code {ended.code}, not {code}: {ended.out[-300:]} {ended.err[-1500:]}"]


def _differences(what: str, wanted: Worlds, found: Worlds) -> list[str]:
    return [
        f"{what}: {name}: {wanted.get(name, 'absent')!r} -> {found.get(name, 'absent')!r}"[:300]
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def _without_memory(world: Worlds) -> dict[str, str]:
    return {
        name: text
        for name, text in world.items()
        if name != "schema" and not name.startswith("records/")
    }
