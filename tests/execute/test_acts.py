"""Each action does what it says, does it twice without harm, and fails with a reason."""

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import pytest

from pipeline.command import Command, Outcome, Word
from pipeline.errors import BadInventory, Failed
from pipeline.execute.act_release import TIED
from pipeline.execute.acts import Acts
from pipeline.execute.executor import execute
from pipeline.execute.progress import NoProgress
from pipeline.facts.answer import (
    BalancerState,
    HttpAnswer,
    MemberMode,
    MemberState,
    sha256,
)
from pipeline.facts.changeset import Manifest, ManifestEntry
from pipeline.facts.question import BalancerAddress, HttpGet, Service
from pipeline.farm.layout import Layout
from pipeline.observe.databases import read_schema
from pipeline.plan.action import (
    Action,
    ApplySchema,
    AwaitHealthy,
    CompileBytecode,
    CreateUser,
    Drain,
    MakeFolders,
    MakeVenv,
    PublishStatic,
    PushRelease,
    Remove,
    RemoveUser,
    StopService,
    Undrain,
    WriteFiles,
    WriteSecrets,
)
from pipeline.plan.plan import Plan
from pipeline.plan.step import Stage, Step
from pipeline.plan.step_state import StepState
from pipeline.schema.snapshot import digest
from pipeline.secret import Secret, SecretRef
from pipeline.transport.base import Transport
from pipeline.transport.fake import FakeFile, FakeTransport
from pipeline.transport.local import LocalTransport
from pipeline.transport.waiting import until
from tests.execute.fake_time import FakeTime
from tests.execute.noted import Lease, NotedJournal

ROOT = "/srv/farm"
BALANCER = BalancerAddress(name="farm", manager="http://127.0.0.1:8081/balancer-manager")
WORKER = Service(
    name="www_1", program="apache2", config="/srv/a.conf", pid_file="/srv/pid", port=9001
)


@dataclass
class Site:
    """One host, and what carries out actions on it."""

    way: Transport
    store: Path
    root: str = ROOT
    texts: Iterable[str] = ()
    answers: list[int] = field(default_factory=list)
    asked: list[HttpGet] = field(default_factory=list)
    usable: bool = True
    time: FakeTime = field(default_factory=FakeTime)

    def act(self, action: Action, *, host: str = "box") -> str:
        return self.acts.act(host, action)

    @property
    def acts(self) -> Acts:
        return Acts(
            ways={"box": self.way},
            layouts={"box": Layout(self.root)},
            store=self.store,
            blobs={sha256(text.encode()): text for text in self.texts},
            resolve=lambda reference: Secret(f"word of {reference}"),
            balancers=lambda address: self,
            fetch=self.fetch,
            clock=self.time.clock,
            uv="uv",
        )

    def fetch(self, get: HttpGet) -> HttpAnswer:
        self.asked.append(get)
        self.time.wait(0.01)
        status = self.answers.pop(0) if self.answers else 503
        return HttpAnswer(status, "\n  Service Unavailable: database locked\nmore" * 9)

    def state(self) -> BalancerState:
        return BalancerState(reachable=True)

    def drain(self, member: str, *, timeout: float, baseline: int = 0) -> MemberState:
        return self.member(member, MemberMode.DISABLED, in_flight=2)

    def undrain(self, member: str, *, timeout: float) -> MemberState:
        return self.member(member, MemberMode.READY, in_flight=0)

    def member(self, name: str, mode: MemberMode, *, in_flight: int) -> MemberState:
        return MemberState(
            name=name,
            url="http://127.0.0.1:9001",
            mode=mode,
            usable=self.usable,
            in_flight=in_flight,
        )


@pytest.fixture
def fake() -> FakeTransport:
    way = FakeTransport()
    way.make_folder(ROOT)
    return way


@pytest.fixture
def site(fake: FakeTransport, tmp_path: Path) -> Site:
    return Site(fake, tmp_path / "store")


@pytest.fixture
def local(tmp_path: Path) -> Site:
    root = tmp_path / "root"
    for name in ("releases", "venvs", "data"):
        (root / name).mkdir(parents=True)
    return Site(LocalTransport(), tmp_path / "store", root=str(root))


def users(*names: str, refuse: str = "") -> Callable[[Command], Outcome]:
    """A host with these users, that can make and remove others unless it refuses."""
    known = set(names)

    def answer(command: Command) -> Outcome:
        program, name = str(command.argv[0]), str(command.argv[-1])
        if program == "id":
            return Outcome(0 if name in known else 1)
        if refuse:
            return Outcome(1, err=refuse)
        known.symmetric_difference_update({name})
        return Outcome(0)

    return answer


def sent(fake: FakeTransport) -> list[str]:
    return [str(command) for command in fake.sent]


def test_a_user_is_made_once(site: Site, fake: FakeTransport) -> None:
    fake.answer = users()
    assert site.act(CreateUser(name="homebrew")) == "homebrew made"
    assert site.act(CreateUser(name="homebrew")) == "homebrew is there"
    assert sent(fake) == [
        "id -u homebrew",
        "useradd --system --no-create-home --shell /usr/sbin/nologin homebrew",
        "id -u homebrew",
    ]


def test_a_user_is_removed_once(site: Site, fake: FakeTransport) -> None:
    fake.answer = users("homebrew")
    assert site.act(RemoveUser(name="homebrew")) == "homebrew removed"
    assert site.act(RemoveUser(name="homebrew")) == "homebrew is not there"
    assert sent(fake)[1] == "userdel homebrew"


@pytest.mark.parametrize(
    ("action", "there"), [(CreateUser(name="site"), ()), (RemoveUser(name="site"), ("site",))]
)
def test_a_host_that_refuses_is_quoted(
    site: Site, fake: FakeTransport, action: Action, there: tuple[str, ...]
) -> None:
    fake.answer = users(*there, refuse="Permission denied.")
    with pytest.raises(Failed, match=r"^user(add|del) site: Permission denied\.$"):
        site.act(action)


def test_folders_get_mode_and_owner(site: Site, fake: FakeTransport) -> None:
    action = MakeFolders(paths=("/srv/farm/data", "/srv/farm/log"), mode=0o750, owner="homebrew")
    for _ in range(2):
        assert site.act(action) == "2 folders"
    assert fake.folders["/srv/farm/data"] == fake.folders["/srv/farm/log"] == (0o750, "homebrew")


def test_files_are_written_and_those_no_longer_wanted_removed(
    site: Site, fake: FakeTransport
) -> None:
    fake.files["/srv/farm/old.conf"] = FakeFile(b"old")
    site.texts = ("Listen 9001\n",)
    action = WriteFiles(
        files={"/srv/farm/worker.conf": sha256(b"Listen 9001\n")},
        remove=("/srv/farm/old.conf",),
        mode=0o640,
        owner="homebrew",
    )
    for _ in range(2):
        assert site.act(action) == "1 file, 1 removed"
    assert fake.files == {"/srv/farm/worker.conf": FakeFile(b"Listen 9001\n", 0o640, "homebrew")}


def test_a_text_that_the_plan_lacks_fails_before_any_file_is_written(
    site: Site, fake: FakeTransport
) -> None:
    site.texts = ("a",)
    files = {"/srv/farm/a": sha256(b"a"), "/srv/farm/b": "0123456789abcdef"}
    with pytest.raises(Failed, match="the plan lacks its text 0123456789ab"):
        site.act(WriteFiles(files=files))
    assert fake.files == {}


def test_removing_what_is_not_there_is_no_error(site: Site, fake: FakeTransport) -> None:
    fake.files["/srv/farm/a/b"] = FakeFile(b"")
    for _ in range(2):
        assert site.act(Remove(paths=("/srv/farm/a", "/srv/farm/c"))) == "2 removed"
    assert fake.files == {}


def test_secrets_are_resolved_on_the_way_and_never_told(site: Site, fake: FakeTransport) -> None:
    references = {"SECRET_KEY": SecretRef("env:KEY"), "DB": SecretRef("file:db")}
    action = WriteSecrets(path="/srv/farm/site.json", secrets=references, owner="homebrew")
    assert site.act(action) == "2 secrets"
    key = fake.files["/srv/farm/secret.key"]
    assert site.act(action) == "2 secrets"
    assert fake.files["/srv/farm/secret.key"] == key
    assert (len(key.content), key.mode) == (32, 0o600)
    written = fake.files["/srv/farm/site.json"]
    assert (written.mode, written.owner) == (0o400, "homebrew")
    assert json.loads(written.content) == {
        "DB": "word of file:db",
        "SECRET_KEY": "word of env:KEY",
    }
    assert list(json.loads(written.content)) == ["DB", "SECRET_KEY"]


def make_release(store: Path, files: dict[str, str]) -> PushRelease:
    """A release in the store, and the action that pushes it."""
    folder = store / "default-1a2b-1"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    manifest = Manifest(
        {
            name: ManifestEntry(len(text), sha256(text.encode()), 0o644)
            for name, text in files.items()
        }
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return PushRelease(
        release="default-1a2b-1", digest=manifest.digest, path=f"{ROOT}/releases/default-1a2b-1"
    )


RELEASE = {"code/manage.py": "print()", "static/site.css": "a {}", "wheels/x.whl": "wheel"}


def test_a_release_is_pushed_once(site: Site, fake: FakeTransport) -> None:
    fake.make_folder(f"{ROOT}/releases")
    push = make_release(site.store, RELEASE)
    assert site.act(push) == f"default-1a2b-1, manifest {push.digest[:12]}"
    assert fake.files[f"{push.path}/code/manage.py"].content == b"print()"
    assert site.act(push) == "it is there, whole"


@pytest.mark.parametrize("harm", ["lost", "changed", "manifest"])
def test_a_release_that_was_harmed_on_the_host_is_pushed_again(
    site: Site, fake: FakeTransport, harm: str
) -> None:
    fake.make_folder(f"{ROOT}/releases")
    push = make_release(site.store, RELEASE)
    site.act(push)
    whole = dict(fake.files)
    if harm == "lost":
        del fake.files[f"{push.path}/code/manage.py"]
    elif harm == "changed":
        fake.files[f"{push.path}/code/manage.py"] = FakeFile(b"spying")
    else:
        fake.files[f"{push.path}/manifest.json"] = FakeFile(b"{}")
    site.act(push)
    assert fake.files == whole


def test_a_release_that_arrives_otherwise_fails_naming_the_files(
    site: Site, fake: FakeTransport
) -> None:
    fake.make_folder(f"{ROOT}/releases")
    push = make_release(site.store, {f"code/{name}.py": "x" for name in "abcde"})
    for name in "bcde":
        (site.store / push.release / f"code/{name}.py").write_text("y")
    with pytest.raises(Failed) as caught:
        site.act(push)
    assert str(caught.value) == (
        f"{push.path}: what arrived is not what was sent: "
        "code/b.py, code/c.py, code/d.py and 1 more"
    )


def test_a_release_that_is_not_in_the_store_fails(site: Site) -> None:
    push = make_release(site.store, RELEASE)
    (site.store / push.release / "manifest.json").unlink()
    with pytest.raises(Failed, match="the release is not in the store"):
        site.act(push)


VENV = MakeVenv(
    path=f"{ROOT}/venvs/py3.11-1a2b",
    marker=f"{ROOT}/venvs/py3.11-1a2b/complete",
    python="/usr/bin/python3",
    release_path=f"{ROOT}/releases/default-1a2b-1",
    requirements="requirements.lock",
)


def test_a_half_made_virtualenv_is_begun_anew_and_a_whole_one_kept(
    site: Site, fake: FakeTransport
) -> None:
    fake.files[f"{VENV.path}/pyvenv.cfg"] = FakeFile(b"half")
    fake.make_folder(f"{ROOT}/venvs")

    def answer(command: Command) -> Outcome:
        ends_others = untied(command)[0] == "sh"
        assert (f"{VENV.path}/pyvenv.cfg" in fake.files) is ends_others
        if not ends_others:
            fake.make_folder(VENV.path)
        return Outcome(0)

    fake.answer = answer
    assert site.act(VENV) == VENV.path
    assert fake.read(VENV.marker) == b""
    programs = [untied(command)[:2] for command in fake.sent]
    assert programs == [("sh", "-c"), ("uv", "venv"), ("uv", "pip"), ("/usr/bin/python3", "-I")]
    assert f"{ROOT}/releases/default-1a2b-1/wheels" in untied(fake.sent[2])
    assert untied(fake.sent[2])[-1] == f"{ROOT}/releases/default-1a2b-1/code/requirements.lock"
    assert site.act(VENV) == "it is there"
    assert len(fake.sent) == 4


def untied(command: Command) -> tuple[Word, ...]:
    """The words of a command behind those that let it end with the deploy."""
    assert command.argv[:4] == ("sh", "-c", TIED, "farmhand")
    return command.argv[4:]


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="the host cannot see to it")
def test_what_a_deploy_has_started_is_killed_with_it(tmp_path: Path) -> None:
    sleeps = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    tied = ["sh", "-c", TIED, "farmhand", sys.executable, "-c", sleeps]
    code = f"import subprocess; subprocess.run({tied!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as deploy:
        assert deploy.stdout
        started = int(deploy.stdout.readline())
        assert psutil.pid_exists(started)
        deploy.kill()
        assert deploy.stdout.read() == b""  # at its end, nobody has the pipe open any more
    assert until(lambda: alive(started), lambda lives: not lives, limit=10, poll=0.01) is False


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="virtualenvs are made on Linux hosts")
def test_what_a_killed_deploy_left_filling_a_virtualenv_is_ended_first(local: Site) -> None:
    venv = Path(local.root) / "venvs/one"
    venv.mkdir(parents=True)
    sleep = "import time; time.sleep(60)"
    left = subprocess.Popen([sys.executable, "-c", sleep, "--python", str(venv)])
    other = subprocess.Popen([sys.executable, "-c", sleep, "--python", f"{venv}2"])
    try:
        with pytest.raises(Failed, match="uv"):  # for there is no release to fill it from
            local.act(replace(VENV, path=str(venv), marker=str(venv / "complete")))
        assert left.wait(10) == -9
        assert other.poll() is None
    finally:
        for process in (left, other):
            process.kill()
            process.wait()


def test_a_virtualenv_that_cannot_be_made_fails_and_has_no_marker(
    site: Site, fake: FakeTransport
) -> None:
    fake.answer = lambda command: Outcome(2, err="error: No solution found\n")
    with pytest.raises(Failed, match=f"^{VENV.path}: uv: error: No solution found$"):
        site.act(VENV)
    assert len(fake.sent) == 1
    assert not fake.exists(VENV.marker)


def test_a_virtualenv_and_bytecode_are_made_for_real(local: Site) -> None:
    root = Path(local.root)
    code = root / "releases/one/code"
    code.mkdir(parents=True)
    (root / "releases/one/wheels").mkdir()
    (code / "requirements.lock").write_text("")
    (code / "site.py").write_text("answer = 42\n")
    venv = MakeVenv(
        path=str(root / "venvs/one"),
        marker=str(root / "venvs/one/complete"),
        python=sys.executable,
        release_path=str(root / "releases/one"),
        requirements="requirements.lock",
    )
    acts = Acts(
        ways={"box": local.way},
        layouts={},
        store=local.store,
        blobs={},
        resolve=lambda reference: Secret(""),
    )
    acts.act("box", venv)
    assert (root / "venvs/one/pyvenv.cfg").is_file()
    assert (root / "venvs/one/complete").is_file()
    marker = root / "releases/one/bytecode.compiled"
    compiling = CompileBytecode(path=str(code), python=sys.executable, marker=str(marker))
    assert acts.act("box", compiling) == "compiled"
    assert acts.act("box", compiling) == "it is compiled"
    assert [path.name.split(".")[0] for path in (code / "__pycache__").iterdir()] == ["site"]
    assert marker.read_bytes() == b""


def test_static_files_are_added_to_what_is_there(site: Site, fake: FakeTransport) -> None:
    fake.files |= {
        f"{ROOT}/releases/two/static/new.css": FakeFile(b"new"),
        f"{ROOT}/static/old.css": FakeFile(b"old"),
    }
    marker = f"{ROOT}/releases/two/static.published"
    action = PublishStatic(
        source=f"{ROOT}/releases/two/static", path=f"{ROOT}/static", marker=marker
    )
    assert site.act(action) == "published"
    assert site.act(action) == "they are there"
    assert fake.files[f"{ROOT}/static/new.css"].content == b"new"
    assert fake.files[f"{ROOT}/static/old.css"].content == b"old"
    assert fake.files[marker].content == b""


def schema(local: Site, *statements: str) -> ApplySchema:
    text = json.dumps(statements)
    local.texts = (text,)
    return ApplySchema(
        database="default",
        url=f"sqlite:///{local.root}/data/site.db",
        group="create brew",
        statements=sha256(text.encode()),
    )


def test_a_schema_change_makes_the_file_so_that_the_site_may_write_it(local: Site) -> None:
    action = schema(local, "CREATE TABLE brew (id INTEGER)", "INSERT INTO brew VALUES (7)")
    assert local.act(action) == "2 statements"
    file = Path(local.root, "data/site.db")
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o640
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT * FROM brew").fetchall() == [(7,)]


def test_a_schema_change_that_fails_leaves_nothing_and_names_its_place(local: Site) -> None:
    action = schema(local, "CREATE TABLE brew (id INTEGER)", "INSERT INTO beer VALUES (7)")
    with pytest.raises(Failed) as caught:
        local.act(action)
    assert str(caught.value) == (
        "database default, create brew: no such table: beer: INSERT INTO beer VALUES (7)"
    )
    with closing(sqlite3.connect(Path(local.root, "data/site.db"))) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == []


def test_a_schema_change_waits_for_the_site_to_finish_its_writing(local: Site) -> None:
    action = schema(local, "CREATE TABLE brew (id INTEGER)")
    file = Path(local.root, "data/site.db")
    with closing(
        sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    ) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
        connection.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.2, lambda: connection.execute("COMMIT"))
        timer.start()
        assert local.act(action) == "1 statement"
        timer.join()


def test_a_schema_change_whose_process_died_after_its_commit_is_not_made_again(
    local: Site,
) -> None:
    action = schema(local, "CREATE TABLE brew (id INTEGER)")
    before = digest(read_schema(action.url))
    local.act(action)
    after = digest(read_schema(action.url))
    step = Step(
        id="expand",
        stage=Stage.EXPAND,
        host="box",
        action=action,
        why="",
        resources={"database:default": (before, after)},
    )
    journal = NotedJournal()
    summary = execute(
        Plan(kind="deploy", environment="local", steps=(step,)),
        journal=journal,
        run=1,
        act=local.acts.act,
        lease=Lease(),
        progress=NoProgress(),
        states={"expand": StepState.BEGAN},
        now={"database:default": digest(read_schema(action.url))},
    )
    assert (summary.before, summary.done, summary.left) == (1, 0, 0)
    assert journal.events == [("expand", StepState.DONE)]
    with pytest.raises(Failed, match="table brew already exists"):
        local.act(action)


def test_a_database_of_another_kind_is_refused(local: Site) -> None:
    text = "[]"
    local.texts = (text,)
    action = ApplySchema(
        database="default",
        url="postgresql://db/site",
        group="create brew",
        statements=sha256(text.encode()),
    )
    with pytest.raises(BadInventory, match="postgresql"):
        local.act(action)


def test_a_member_is_taken_out_and_put_back(site: Site) -> None:
    drain = Drain(balancer=BALANCER, member="www_1", timeout=5)
    assert site.act(drain) == "out of rotation, 2 in flight"
    assert site.act(Undrain(balancer=BALANCER, member="www_1")) == "in rotation"


def test_a_member_that_the_balancer_takes_for_broken_is_not_back(site: Site) -> None:
    site.usable = False
    with pytest.raises(Failed) as caught:
        site.act(Undrain(balancer=BALANCER, member="www_1"))
    assert caught.value.lines() == (
        "http://127.0.0.1:8081/balancer-manager: www_1 is back, "
        "but the balancer takes it for broken",
        "  -> see whether http://127.0.0.1:9001 answers",
    )


HEALTH = AwaitHealthy(
    url="http://127.0.0.1:9001/health", host_header="farm.test", count=3, interval=0.1, deadline=2
)


def test_health_means_so_many_good_answers_in_a_row(site: Site) -> None:
    site.answers = [0, 200, 200, 500, 200, 200, 200, 200]
    assert site.act(HEALTH) == "well after 0.7 s"
    assert site.answers == [200]
    assert site.asked[0] == HttpGet(
        url="http://127.0.0.1:9001/health", host_header="farm.test", own=True, timeout=2
    )


def test_an_instance_that_stays_unwell_fails_with_its_last_answer(site: Site) -> None:
    with pytest.raises(Failed) as caught:
        site.act(HEALTH)
    assert caught.value.lines() == (
        "http://127.0.0.1:9001/health: not well after 2 s: answered 503: "
        "Service Unavailable: database locked",
        "  -> see the error log of the instance",
    )
    assert site.time.seconds == pytest.approx(2, abs=0.02)


def test_an_instance_that_never_answers_fails_with_the_reason(site: Site) -> None:
    site.answers = [0] * 100
    with pytest.raises(Failed, match="not well after 2 s: no answer: Service Unavailable"):
        site.act(HEALTH)


def test_a_service_that_does_not_run_is_stopped_already(site: Site, fake: FakeTransport) -> None:
    fake.answer = lambda command: Outcome(0)
    assert site.act(StopService(service=WORKER)) == "not running"


def test_a_host_that_the_inventory_lacks_is_named(site: Site) -> None:
    with pytest.raises(Failed, match="the inventory has no host web9"):
        site.act(Remove(paths=()), host="web9")
