"""What is refused is refused in one line, with at most one of advice, and nothing is touched."""

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.observe.pem import self_signed
from pipeline.settings import is_privileged
from pipeline.source.program import find_hg
from tests.live.farm import Answer, Farm, farm_of

pytestmark = pytest.mark.live

V1 = ("deploy", "--env", "local", "--rev", "v1")
HEAD = ("deploy", "--env", "local", "--set", "farm.build.tests=false")
PLAN = ("deploy", "--env", "local", "--plan", "plan.json")
BOUNCE = ("bounce", "--env", "local")
WORKER = "templates/apache/worker.conf"
RECIPES = "schema/tables/recipes_recipe.sql"
AGAIN = "make it anew: invoke plan --env local --out plan.json"
HAZARDS = (
    "loses-data, rebuilds-table, locks-table, may-fail, changes-behaviour, breaks-old-code, "
    "drops-object, not-transactional, lockstep, drifted, stops-service, excludes-host, "
    "installs-software, no-undo"
)
ROOT_ONLY = pytest.mark.skipif(not is_privileged(), reason="the deployer is the site's user")

Words = tuple[str, ...]
Arrange = Callable[[Farm], AbstractContextManager[Words]]


# ------------------------------------------------------------------------------ how it is arranged


@contextmanager
def as_it_is(farm: Farm) -> Iterator[Words]:
    """Nothing is different."""
    yield ()


def edited(path: str, old: str, new: str) -> Arrange:
    """A file of the project that says something else."""

    @contextmanager
    def arrange(farm: Farm) -> Iterator[Words]:
        file = farm.project / path
        before = file.read_bytes()
        farm.edit(path, old, new)
        try:
            yield ()
        finally:
            file.write_bytes(before)

    return arrange


def added(path: str, text: str) -> Arrange:
    """A file of the project that says more at its end."""

    @contextmanager
    def arrange(farm: Farm) -> Iterator[Words]:
        file = farm.project / path
        before = file.read_bytes()
        file.write_bytes(before + text.encode())
        try:
            yield ()
        finally:
            file.write_bytes(before)

    return arrange


@contextmanager
def a_picture(farm: Farm) -> Iterator[Words]:
    """A file among the templates that is no text."""
    file = farm.project / "templates" / "apache" / "logo.png"
    file.write_bytes(b"\x89PNG\r\n")
    try:
        yield ()
    finally:
        file.unlink()


def taken(setting: str, *, more: int = 0) -> Arrange:
    """A port that somebody listens on, given to the farm by a setting, `more` before it."""

    @contextmanager
    def arrange(farm: Farm) -> Iterator[Words]:
        with closing(socket.socket()) as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            yield ("--set", f"{setting}={other.getsockname()[1] - more}")

    return arrange


@contextmanager
def two_heads(farm: Farm) -> Iterator[Words]:
    """Another repository, whose branch has two heads."""
    repo = farm.folder / "two"

    def hg(*words: str, folder: Path = repo) -> None:
        subprocess.run([find_hg(), *words], cwd=folder, check=True, capture_output=True)

    hg("clone", "--rev", "v1", ".farm/demo-hg", str(repo), folder=farm.project)
    for day, name in enumerate(("one", "two"), 1):
        hg("update", "--clean", "--rev", "0")
        (repo / name).write_text(name)
        hg(
            "commit",
            "--addremove",
            "-m",
            f"Head {name}",
            "-u",
            "Ann",
            "-d",
            f"2026-02-0{day} 0:0 +0000",
        )
    hg("bookmark", "--delete", "v1")
    try:
        yield ("--set", f"farm.source.repo={repo}")
    finally:
        shutil.rmtree(repo)


@contextmanager
def no_database(farm: Farm) -> Iterator[Words]:
    """A setting that names another file as the site's database."""
    yield ("--set", f"databases.default.url=sqlite:///{farm.project / 'farm.toml'}")


@contextmanager
def private_python(farm: Farm) -> Iterator[Words]:
    """A Python in a folder that only the deployer may enter."""
    folder = farm.folder / "private"
    folder.mkdir(mode=0o700)
    (folder / "python3").symlink_to("/usr/bin/python3")
    try:
        yield ("--set", f"hosts.box.python={folder / 'python3'}")
    finally:
        shutil.rmtree(folder)


@contextmanager
def readable_secret(farm: Farm) -> Iterator[Words]:
    """A secret that others may read."""
    file = farm.project / ".farm" / "local" / "secret-key"
    file.chmod(0o644)
    try:
        yield ()
    finally:
        file.chmod(0o600)


def mode(path: str, bits: int) -> Arrange:
    """A file of the project with other permissions."""

    @contextmanager
    def arrange(farm: Farm) -> Iterator[Words]:
        file = farm.project / path
        before = file.stat().st_mode
        file.chmod(bits)
        try:
            yield ()
        finally:
            file.chmod(before)

    return arrange


def certificate(*, made: datetime | None = None, key: str = "") -> Arrange:
    """Another certificate, which lasts a year from the day on which it was made."""

    @contextmanager
    def arrange(farm: Farm) -> Iterator[Words]:
        files = [farm.project / name for name in ("site.pem", "other.pem")]
        for file in files:
            file.touch(mode=0o600)
            pem = self_signed(["localhost"], made or datetime.now(UTC))
            alone = key and file is files[0]
            file.write_bytes(pem[: pem.index(b"-----BEGIN PRIVATE")] if alone else pem)
        more = ("--set", f"balancer.tls.key={key}") if key else ()
        try:
            yield ("--set", "balancer.tls.certificate=file:site.pem", *more)
        finally:
            for file in files:
                file.unlink()

    return arrange


def journal(change: Callable[[Path], None]) -> Arrange:
    """Another journal for a while; `change` gets a copy of the real one."""

    @contextmanager
    def arrange(farm: Farm) -> Iterator[Words]:
        file = farm.project / ".farm" / "local" / "journal.db"
        aside = file.with_name("aside.db")
        shutil.copy(file, aside)
        change(file)
        try:
            yield ()
        finally:
            shutil.rmtree(file) if file.is_dir() else file.unlink()
            aside.replace(file)

    return arrange


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE meta SET version = 3")
        connection.commit()


def damaged(file: Path) -> None:
    file.write_text("once upon a time " * 100)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def plan_with(**changes: object) -> Arrange:
    """The saved plan, with something else in it."""

    @contextmanager
    def arrange(farm: Farm) -> Iterator[Words]:
        file = farm.project / "plan.json"
        before = file.read_text()
        file.write_text(json.dumps({**json.loads(before), **changes}))
        try:
            yield ()
        finally:
            file.write_text(before)

    return arrange


@contextmanager
def half_a_plan(farm: Farm) -> Iterator[Words]:
    """The saved plan, as a full disk leaves it."""
    file = farm.project / "plan.json"
    before = file.read_text()
    file.write_text(before[: len(before) // 2])
    try:
        yield ()
    finally:
        file.write_text(before)


@contextmanager
def without_a_need(farm: Farm) -> Iterator[Words]:
    """The saved plan, with a step that waits for one which is not there."""
    file = farm.project / "plan.json"
    before = file.read_text()
    plan = json.loads(before)
    plan["steps"] = [{**plan["steps"][0], "needs": ["nobody"]}]
    file.write_text(json.dumps(plan))
    try:
        yield ()
    finally:
        file.write_text(before)


@contextmanager
def moved_world(farm: Farm) -> Iterator[Words]:
    """A file of an instance that somebody edited since the plan was saved."""
    file = farm.root / "instances" / "www_2" / "conf" / "www_2.conf"
    before = file.read_bytes()
    file.write_bytes(before + b"# by hand\n")
    try:
        yield ()
    finally:
        file.write_bytes(before)


# --------------------------------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A call that is refused. `err` is all of stderr behind the plan, in placeholders."""

    words: Words
    code: int
    err: str
    arrange: Arrange = as_it_is
    env: dict[str, str] = field(default_factory=dict)


MISTAKES_IN_THE_CALL = {
    "unknown environment": Case(
        words=("deploy", "--env", "locl"),
        code=1,
        err="environments/: no environment 'locl'\n  -> did you mean local?",
    ),
    "no such revision": Case(
        words=("deploy", "--env", "local", "--rev", "v9"),
        code=1,
        err="the repository has no changeset named 'v9'\n  -> the nearest names are v3, v2, v1",
    ),
    "a revision beside a plan": Case(
        words=(*PLAN, "--rev", "v1"),
        code=1,
        err="--rev: a saved plan has its revision\n  -> leave one out",
    ),
    "a setting that is none": Case(
        words=(*V1, "--set", "nonsense"),
        code=1,
        err="--set: 'nonsense' is not NAME=VALUE\n  -> for example: --set balancer.port=8090",
    ),
    "unknown instance": Case(
        words=(*BOUNCE, "--instance", "www_9"),
        code=1,
        err="no instance 'www_9' in local\n  -> did you mean www_3?",
    ),
    "unknown option": Case(
        words=("deploy", "--env", "local", "--reve", "v1"),
        code=1,
        err="No idea what '--reve' is!",
    ),
    "unknown hazard": Case(
        words=(*V1, "--allow", "drops-objct:x"),
        code=1,
        err="--allow: there is no hazard 'drops-objct'\n  -> did you mean drops-object?",
    ),
    "a hazard like no other": Case(
        words=(*V1, "--allow", "zzz:x"),
        code=1,
        err=f"--allow: there is no hazard 'zzz'\n  -> there are: {HAZARDS}",
    ),
    "a run that never was": Case(
        words=("history", "--env", "local", "--run", "99"),
        code=1,
        err="local: there is no run 99\n"
        "  -> invoke history --env local shows those that there are",
    ),
    "a number that is none": Case(
        words=("history", "--env", "local", "--limit", "many"),
        code=1,
        err="--limit: 'many' is not a number from 1 on",
    ),
    "a plan that cannot be saved": Case(
        words=("plan", "--env", "local", "--rev", "v1", "--out", "nowhere/plan.json"),
        code=1,
        err="nowhere/plan.json: No such file or directory",
    ),
    "no plan there": Case(
        words=("deploy", "--env", "local", "--plan", "nowhere.json"),
        code=1,
        err="nowhere.json: No such file or directory",
    ),
    "a plan of another environment": Case(
        words=PLAN,
        arrange=plan_with(environment="prod"),
        code=1,
        err="plan.json: this is a plan for prod, not for local\n"
        "  -> invoke deploy --env prod --plan plan.json",
    ),
    "half a plan": Case(
        words=PLAN,
        arrange=half_a_plan,
        code=1,
        err=f"plan.json: this is no plan, or a damaged one\n  -> {AGAIN}",
    ),
    "a plan of steps that are none": Case(
        words=PLAN,
        arrange=plan_with(steps=[{"id": "x"}]),
        code=1,
        err=f"plan.json: this is no plan, or a damaged one\n  -> {AGAIN}",
    ),
    "a plan with a step that waits for nobody": Case(
        words=PLAN,
        arrange=without_a_need,
        code=1,
        err="plan.json: a damaged plan: step push:box:release needs nobody, "
        f"which is no step of the plan\n  -> {AGAIN}",
    ),
    "a plan of a newer format": Case(
        words=PLAN,
        arrange=plan_with(format=2),
        code=1,
        err="plan.json: a plan of format 2; this farmhand reads format 1\n"
        "  -> plan again with this version",
    ),
    "--dry where there is no dry run": Case(
        words=("--dry", "resume", "--env", "local"),
        code=1,
        err="--dry: this task has no dry run\n  -> leave --dry out",
    ),
}

INVENTORY = {
    "unknown key of an environment": Case(
        words=V1,
        arrange=edited("environments/local.toml", "max_parallel", "max_paralel"),
        code=3,
        err="environments/local.toml:19: rollout.max_paralel: unknown key; "
        "did you mean max_parallel?",
    ),
    "unknown key of the farm": Case(
        words=V1,
        arrange=edited("farm.toml", "branch = ", "brnch = "),
        code=3,
        err="farm.toml:8: source.brnch: unknown key; did you mean branch?",
    ),
    "not TOML": Case(
        words=V1,
        arrange=edited("environments/local.toml", "[rollout]", "[rollout"),
        code=3,
        err="environments/local.toml:18: not TOML: Expected ']' at the end of a table declaration",
    ),
    "unknown key in a setting": Case(
        words=(*V1, "--set", "balancer.prt=8090"),
        code=3,
        err="--set balancer.prt: balancer.prt: unknown key; did you mean port?",
    ),
    "no such branch": Case(
        words=("deploy", "--env", "local", "--set", "farm.source.branch=defalt"),
        code=3,
        err="the repository has no branch 'defalt'\n  -> the nearest names are default",
    ),
    "several heads": Case(
        words=("deploy", "--env", "local"),
        arrange=two_heads,
        code=3,
        err="branch default has 2 heads:\n"
        "  NODE  Ann  2026-02-01T00:00:00+00:00  Head one\n"
        "  NODE  Ann  2026-02-02T00:00:00+00:00  Head two\n"
        "  -> merge them, or name one with --rev",
    ),
}

TEMPLATES_AND_SCRIPTS = {
    "unknown token": Case(
        words=HEAD,
        arrange=edited(WORKER, "ServerName @SITE_NAME@", "ServerName @SITE_NAM@"),
        code=3,
        err="worker.conf:7: unknown token SITE_NAM\n  -> did you mean SITE_NAME?",
    ),
    "a block that does not end": Case(
        words=HEAD,
        arrange=edited(WORKER, "ServerName @SITE_NAME@", "{% if USER %}"),
        code=3,
        err="worker.conf:140: Unexpected end of template. Jinja was looking for the following "
        "tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.",
    ),
    "not for Apache": Case(
        words=HEAD,
        arrange=edited(WORKER, "KeepAlive Off", "KeepAlife Off"),
        code=3,
        err="worker.conf:66: Invalid command 'KeepAlife', perhaps misspelled or defined by a "
        "module not included in the server configuration\n  -> it gives line 49 of www_1.conf",
    ),
    "no text": Case(
        words=HEAD,
        arrange=a_picture,
        code=3,
        err="apache/logo.png: not UTF-8 text at byte 0\n"
        "  -> templates and schema scripts are text: keep other files elsewhere",
    ),
    "a script with a syntax error": Case(
        words=HEAD,
        arrange=added(RECIPES, "\nCREATE INDEX ON ;\n"),
        code=3,
        err='tables/recipes_recipe.sql, line 20: near "ON": syntax error\n'
        "  -> the message is SQLite's; mend the script",
    ),
    "a script with rows": Case(
        words=HEAD,
        arrange=added(RECIPES, "\nINSERT INTO recipes_recipe VALUES (1);\n"),
        code=3,
        err="tables/recipes_recipe.sql, line 20: INSERT INTO … is not a CREATE, ALTER or DROP\n"
        "  -> rows belong in a script under data/; settings belong to the connection",
    ),
    "no folder of scripts": Case(
        words=(*V1, "--set", "farm.databases.default.scripts=SITE:shema"),
        code=3,
        err="databases.default.scripts: NODE has no folder shema",
    ),
    "a lock without hashes": Case(
        words=HEAD,
        arrange=added("example/requirements.lock", "idna==3.10\n"),
        code=3,
        err="requirements.lock:21: idna==3.10 has no hash\n"
        "  -> lock with `uv pip compile --universal --generate-hashes`",
    ),
}

HOST = {
    "an instance's port": Case(
        words=(*V1, "--set", "hosts.box.instances.count=4"),
        arrange=taken("hosts.box.instances.first_port", more=3),
        code=3,
        err="host box: port PORT, meant for www_4, is taken by PROGRAM\n"
        "  -> stop that program, or choose another port: hosts.box.instances.first_port",
    ),
    "the balancer's port": Case(
        words=V1,
        arrange=taken("balancer.port"),
        code=3,
        err="host box: port PORT, meant for the balancer, is taken by PROGRAM\n"
        "  -> stop that program, or choose another port: balancer.port",
    ),
    "the manager's port": Case(
        words=V1,
        arrange=taken("balancer.manager_port"),
        code=3,
        err="host box: port PORT, meant for the balancer's manager, is taken by PROGRAM\n"
        "  -> stop that program, or choose another port: balancer.manager_port",
    ),
    "the port for HTTPS": Case(
        words=V1,
        arrange=taken("balancer.tls.port"),
        code=3,
        err="host box: port PORT, meant for the balancer's HTTPS, is taken by PROGRAM\n"
        "  -> stop that program, or choose another port: balancer.tls.port",
    ),
    "an expired certificate": Case(
        words=V1,
        arrange=certificate(made=datetime(2024, 11, 2, 12, tzinfo=UTC)),
        code=3,
        err="file:site.pem: the certificate expired on 2025-11-02 12:00 UTC\n"
        "  -> put a new one there, with those that link it to a root",
    ),
    "a certificate of tomorrow": Case(
        words=V1,
        arrange=certificate(made=datetime(2095, 11, 2, 13, tzinfo=UTC)),
        code=3,
        err="file:site.pem: the certificate is not valid before 2095-11-02 12:00 UTC\n"
        "  -> put a new one there, with those that link it to a root",
    ),
    "a certificate with another's key": Case(
        words=V1,
        arrange=certificate(key="file:other.pem"),
        code=3,
        err="file:other.pem: the key does not fit the certificate\n"
        "  -> the server's own certificate comes first, then those that link it to a root",
    ),
    "no certificate": Case(
        words=(*V1, "--set", "balancer.tls.certificate=file:farm.toml"),
        arrange=mode("farm.toml", 0o600),
        code=3,
        err="file:farm.toml: holds no certificate that can be read\n"
        "  -> the PEM must hold the certificate, those that link it to a root, and its key",
    ),
    "no such Apache": Case(
        words=(*V1, "--set", "hosts.box.apache=/opt/nowhere/httpd"),
        env={"PATH": "/usr/bin:/bin"},
        code=3,
        err="hosts.box.apache: /opt/nowhere/httpd is no Apache that runs\n"
        "  -> mend the path, or leave it out and let it be found",
    ),
    "nothing on the PATH": Case(
        words=V1,
        env={"PATH": "/nowhere"},
        code=3,
        err="host box: cannot see what software it has: sh: not found\n"
        "  -> sh and the usual programs of a Linux system must be on the PATH",
    ),
    "no such mod_wsgi": Case(
        words=(*V1, "--set", "hosts.box.mod_wsgi=/opt/nowhere/mod_wsgi.so"),
        code=3,
        err="hosts.box.mod_wsgi: /opt/nowhere/mod_wsgi.so is not there\n"
        "  -> mend the path, or leave it out and let it be found",
    ),
    "a secret that is not set": Case(
        words=(*V1, "--set", "site.secrets.DJANGO_SECRET_KEY=env:FARM_NOWHERE"),
        code=3,
        err="env:FARM_NOWHERE: the variable is not set\n"
        "  -> set FARM_NOWHERE in the environment of this command",
    ),
    "a secret in no file": Case(
        words=(*V1, "--set", "site.secrets.DJANGO_SECRET_KEY=file:nowhere"),
        code=3,
        err="file:nowhere: no such file or directory\n"
        "  -> put the secret into PROJECT/nowhere, readable by you alone",
    ),
    "a secret instead of a reference": Case(
        words=(*V1, "--set", "site.secrets.DJANGO_SECRET_KEY=hunter2"),
        code=3,
        err="--set site.secrets.DJANGO_SECRET_KEY: site.secrets.DJANGO_SECRET_KEY: "
        "expected env:NAME, keyring:SERVICE/USER or file:PATH",
    ),
    "a secret that others may read": Case(
        words=V1,
        arrange=readable_secret,
        code=3,
        err="file:.farm/local/secret-key: others may read it: mode 0644\n"
        "  -> chmod 600 PROJECT/.farm/local/secret-key",
    ),
}

STATE = {
    "a database that is none": Case(
        words=V1,
        arrange=no_database,
        code=1,
        err="database default: its schema cannot be read: file is not a database\n"
        "  -> see whether the deployer may read and write it: sqlite:///PROJECT/farm.toml",
    ),
    "a stale plan": Case(
        words=PLAN,
        arrange=moved_world,
        code=3,
        err="deploy RELEASE to local: 1 thing has changed since the plan was made\n"
        "  box:instances/www_2/conf/www_2.conf: expected NODE…, found NODE…\n"
        "  -> look, then plan again",
    ),
    "a newer journal": Case(
        words=BOUNCE,
        arrange=journal(newer),
        code=3,
        err="PROJECT/.farm/local/journal.db: the journal has version 3; this farmhand knows 2\n"
        "  -> use the newer farmhand that wrote it",
    ),
    "a newer journal, for history": Case(
        words=("history", "--env", "local"),
        arrange=journal(newer),
        code=3,
        err="PROJECT/.farm/local/journal.db: the journal has version 3; this farmhand knows 2\n"
        "  -> use the newer farmhand that wrote it",
    ),
    "a damaged journal": Case(
        words=BOUNCE,
        arrange=journal(damaged),
        code=3,
        err="PROJECT/.farm/local/journal.db: the journal is damaged: file is not a database\n"
        "  -> move the file away: the history in it is lost, and nothing else",
    ),
    "a journal that is no file": Case(
        words=BOUNCE,
        arrange=journal(a_folder),
        code=3,
        err="PROJECT/.farm/local/journal.db: the journal cannot be used: "
        "unable to open database file\n"
        "  -> see that the folder can be written and the disk is not full",
    ),
    "nothing to return to": Case(
        words=("rollback", "--env", "local", "--yes"),
        code=3,
        err="host box: RELEASE is all that this host remembers\n"
        "  -> deploy what you want instead: invoke deploy --rev ...",
    ),
    "nothing to resume": Case(
        words=("resume", "--env", "local"),
        code=3,
        err="local: there is nothing to resume\n"
        "  -> invoke history --env local shows what was done; deploying again finishes anything",
    ),
    "nobody to be asked": Case(
        words=("stop", "--env", "local"),
        code=3,
        err="stop local: nobody is there to be asked\n  -> say it beforehand: --yes",
    ),
    "a bare hazard": Case(
        words=(*V1, "--allow", "drops-object"),
        code=3,
        err="--allow: drops-object names no object\n"
        "  -> say which: --allow drops-object:OBJECT (globs are fine)",
    ),
    "a hazard that nobody allowed": Case(
        words=PLAN,
        code=3,
        err="not allowed: changes-behaviour:recipes_recipe_updated (writes to recipes_recipe fire "
        "a new trigger, those of old code too)\n  -> allow each by name, or change the plan: "
        "--allow changes-behaviour:recipes_recipe_updated",
    ),
}

CASES = {**MISTAKES_IN_THE_CALL, **INVENTORY, **TEMPLATES_AND_SCRIPTS, **HOST, **STATE}


# --------------------------------------------------------------------------------------- the tests


@dataclass(frozen=True, slots=True)
class Still:
    """A farm that runs v1 and has a plan for v2, and what must be the same after a refusal."""

    farm: Farm
    world: dict[str, str]
    runs: list[tuple[object, ...]]
    processes: set[int]

    @classmethod
    def of(cls, farm: Farm) -> "Still":
        return cls(
            farm,
            farm.world(),
            farm.journal("SELECT * FROM run"),
            {process.pid for process in farm.processes()},
        )


@pytest.fixture(scope="module")
def still(v1: Farm) -> Still:
    v1.must("plan", "--env", "local", "--rev", "v2", "--out", "plan.json")
    return Still.of(v1)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_is_refused_in_a_line_and_nothing_is_touched(still: Still, case: Case) -> None:
    with case.arrange(still.farm) as more:
        answer = still.farm.invoke(*case.words, *more, env=case.env)

    assert shown(still.farm, answer) == (case.code, "", case.err)
    assert Still.of(still.farm) == still


@ROOT_ONLY
def test_a_python_that_the_sites_user_cannot_reach_is_refused(still: Still) -> None:
    with private_python(still.farm) as more:
        answer = still.farm.invoke(*V1, *more)

    assert shown(still.farm, answer) == (
        3,
        "",
        "hosts.box.python: FOLDER/private/python3 cannot be run by www-data: "
        "env: 'FOLDER/private/python3': Permission denied\n"
        "  -> mend the path, or leave it out and let it be found",
    )
    assert Still.of(still.farm) == still


@pytest.mark.parametrize(
    ("place", "err"),
    [
        pytest.param(
            "project/.farm/local",
            "PROJECT/.farm/local/journal.db: the journal cannot be used: "
            "attempt to write a readonly database\n"
            "  -> see that the folder can be written and the disk is not full",
            id="the journal's",
        ),
        pytest.param(
            "host",
            "ROOT/lock.json: permission denied\n"
            "  -> run as a user who may do this, or close what has the file open",
            id="the root",
        ),
    ],
)
def test_a_folder_that_cannot_be_written_is_found_before_the_run_begins(
    still: Still, place: str, err: str
) -> None:
    folder = still.farm.folder / place
    folder.chmod(0o555)
    try:
        nowhere = "databases.default.url=sqlite:////nowhere.db"  # the site's own needs that power
        answer = without_power(still.farm, *BOUNCE, "--set", nowhere)
    finally:
        folder.chmod(0o755)

    assert shown(still.farm, answer) == (3, "", err)
    assert Still.of(still.farm) == still


def test_a_site_whose_tests_fail_becomes_no_release(still: Still) -> None:
    store = still.farm.project / ".farm" / "releases"
    before = sorted(store.iterdir())
    test = "\n\nclass Broken(TestCase):\n    def test_it(self) -> None:\n        self.fail('no')\n"
    with added("example/recipes/tests_tastings.py", test)(still.farm):
        answer = still.farm.invoke("deploy", "--env", "local")

    code, out, err = shown(still.farm, answer)
    first, *last, advice = err.splitlines()
    assert (code, out, first) == (1, "", "NODE: manage.py test failed (exit code 1)")
    assert "  AssertionError: no" in last
    assert "  FAILED (failures=1)" in last
    log = re.fullmatch(r"  -> the whole log: PROJECT/(.+)", advice)
    assert log
    assert "FAIL: test_it" in last_log(still.farm)
    assert sorted(store.iterdir()) == before
    assert Still.of(still.farm) == still


def test_a_package_with_another_hash_becomes_no_release(still: Still) -> None:
    lock = still.farm.project / "example" / "requirements.lock"
    wrong = re.search(r"sha256:[0-9a-f]{64}", lock.read_text())
    assert wrong
    store = still.farm.project / ".farm" / "releases"
    before = sorted(store.iterdir())
    text = re.sub(r"sha256:[0-9a-f]{6}", "sha256:000000", lock.read_text())
    with edited("example/requirements.lock", lock.read_text(), text)(still.farm):
        answer = still.farm.invoke("deploy", "--env", "local")

    code, out, err = shown(still.farm, answer)
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == (
        "the requirements lock has no hash for a package, or the package has another"
    )
    assert sorted(store.iterdir()) == before
    assert Still.of(still.farm) == still


NEVER_DEPLOYED = "host box: www_1 was never deployed\n"
NEVER_DEPLOYED += "  -> invoke deploy --env local; or name others: --instance"


@pytest.mark.parametrize(
    ("task", "err"),
    [
        ("bounce", NEVER_DEPLOYED),
        ("start", NEVER_DEPLOYED),
        ("drain", NEVER_DEPLOYED),
        ("undrain", NEVER_DEPLOYED),
        ("rollback", "local: nothing was ever deployed here\n  -> invoke deploy --env local"),
        (
            "resume",
            "local: there is nothing to resume\n  -> invoke history --env local shows what was "
            "done; deploying again finishes anything",
        ),
    ],
)
def test_where_nothing_was_ever_deployed_there_is_nothing_to_do_it_to(
    empty: Farm, task: str, err: str
) -> None:
    answer = empty.invoke(task, "--env", "local")

    assert shown(empty, answer) == (3, "", err)
    assert not empty.root.exists()
    assert not (empty.project / ".farm" / "local" / "journal.db").exists()


@pytest.fixture(scope="module")
def empty(built: Farm) -> Iterator[Farm]:
    """A farm on which nothing was ever deployed."""
    with farm_of(like=built) as farm:
        yield farm


# ---------------------------------------------------------------------------------- how it is read

TOLD = (
    r"(archive|wheels|virtualenv|collectstatic|tests|manifest): [0-9.]+ s"
    r"|\.farm/demo-hg: committed what example/, schema/ and templates/ hold now"
    r"|\.farm/local/tls/self-signed\.pem: "
    r"a certificate for localhost, 127\.0\.0\.1, signed by nobody else"
)


def shown(farm: Farm, answer: Answer) -> tuple[int, str, str]:
    """Code, output, and the message behind what was told before it, with words for what varies."""
    assert secret(farm) not in answer.out + answer.err
    assert "Traceback (most recent call last):\n  File" not in answer.err
    lines = answer.err.splitlines()
    ends = [n for n, line in enumerate(lines) if re.fullmatch(r"\d+ steps?\.", line)]
    lines = lines[ends[-1] + 2 :] if ends else lines
    told = (line for line in lines if not re.fullmatch(TOLD, line))
    text = "\n".join(told)
    for path, word in ((farm.project, "PROJECT"), (farm.root, "ROOT"), (farm.folder, "FOLDER")):
        text = text.replace(str(path), word)
    text = re.sub(r"\bport [0-9]{4,5}", "port PORT", text)
    text = re.sub(r"taken by \S+ \(pid [0-9]+\)", "taken by PROGRAM", text)
    text = re.sub(r"\bdefault-[0-9a-f]{12}-[0-9]+", "RELEASE", text)
    return answer.code, answer.out, re.sub(r"\b[0-9a-f]{12}\b", "NODE", text)


def secret(farm: Farm) -> str:
    return (farm.project / ".farm" / "local" / "secret-key").read_text()


def last_log(farm: Farm) -> str:
    logs = (farm.project / ".farm" / "cache" / "logs").glob("*-test.log")
    return max(logs, key=lambda log: log.stat().st_mtime).read_text()


def without_power(farm: Farm, *words: str) -> Answer:
    """Give a command as a user whom modes of files hold back; root must give that power up."""
    power = ["setpriv", "--bounding-set=-dac_override"] if is_privileged() else []
    done = subprocess.run(
        [*power, sys.executable, "-m", "invoke", *words],
        cwd=farm.project,
        env=farm.environ(None),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)
