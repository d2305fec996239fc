"""The scripts of hooks are read from where they belong, and what cannot run is refused by name."""

from pathlib import Path

import pytest

from pipeline.errors import CheckFailed
from pipeline.facts.changeset import Changeset, Release
from pipeline.flow.hooks import known_tasks, owed, refuse_impossible_hooks, scripts
from pipeline.flow.world import World
from pipeline.plan.action import RunHook
from pipeline.plan.plan import Plan
from pipeline.plan.step import CONTROL, Stage, Step
from pipeline.settings import load
from pipeline.transport.fake import FakeFile, FakeTransport

FARM = """\
format = 1
project = "homebrew"
source.repo = "hg"
build.wsgi = "homebrew.wsgi"
[[hooks]]
name = "site"
when = "after roll"
script = "SITE:hooks/a.sh"
during = ["deploy", "rollback"]
[[hooks]]
name = "project"
when = "after roll"
run = ["true"]
undo = { script = "hooks/b.sh" }
"""
LOCAL = """\
root = "/srv/homebrew"
balancer = { kind = "apache" }
hosts.box.transport = "local"
hosts.box.instances.count = 1
"""
CHANGESET = Changeset(node="a" * 40, branch="default", author="", date="", summary="")
RELEASE = Release(id="default-aaa-1", changeset=CHANGESET, digest="", lock_hash="")
TASKS = """\
from invoke.collection import Collection
from invoke.tasks import task

@task(aliases=["index"])
def reindex(context): ...

@task
def clean_up(context): ...

ns = Collection(clean_up, Collection("site", Collection("deep", reindex)))
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    for path, text in {
        "farm.toml": FARM,
        "environments/local.toml": LOCAL,
        "hooks/b.sh": "echo b\n",
        f".farm/releases/{RELEASE.id}/code/hooks/a.sh": "echo stored\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    way = FakeTransport(
        files={f"/srv/homebrew/releases/{RELEASE.id}/code/hooks/a.sh": FakeFile(b"echo there\n")}
    )
    settings = load(tmp_path, "local", ["root_as_user=/srv/homebrew"])
    return World(settings=settings, ways={"box": way}, say=lambda line: None)


def plan_of(*actions: RunHook, host: str = CONTROL) -> Plan:
    steps = tuple(
        Step(id=str(number), stage=Stage.ROLL, host=host, action=action, why="")
        for number, action in enumerate(actions)
    )
    return Plan(kind="deploy", environment="local", steps=steps)


def test_a_deploy_takes_the_sites_scripts_from_the_store_a_rollback_from_the_host(
    world: World,
) -> None:
    assert scripts(world, "deploy", RELEASE) == {
        "SITE:hooks/a.sh": "echo stored\n",
        "hooks/b.sh": "echo b\n",
    }
    assert scripts(world, "rollback", RELEASE) == {"SITE:hooks/a.sh": "echo there\n"}


def test_a_script_that_is_not_there_or_no_text_is_refused(world: World) -> None:
    file = world.settings.project / "hooks" / "b.sh"
    file.write_bytes(b"echo \xff")
    with pytest.raises(CheckFailed, match=r"hook project: hooks/b.sh: not UTF-8 text at byte 5"):
        scripts(world, "deploy", RELEASE)
    file.unlink()
    with pytest.raises(CheckFailed, match=r"hook project: hooks/b.sh: no such file"):
        scripts(world, "deploy", RELEASE)
    other = Release(id="other-1", changeset=CHANGESET, digest="", lock_hash="")
    with pytest.raises(CheckFailed, match=r"hook site: SITE:hooks/a.sh: no such file"):
        scripts(world, "rollback", other)


def test_tasks_are_known_by_all_their_names(world: World) -> None:
    (world.settings.project / "tasks.py").write_text(TASKS)
    names = {"clean-up", "site.deep.reindex", "site.deep.index"}
    assert known_tasks(world.settings.project) == names
    refuse_impossible_hooks(world, plan_of(*(RunHook(hook="a", task=name) for name in names)))
    with pytest.raises(CheckFailed, match=r"hook a: tasks.py has no task site.reindex"):
        refuse_impossible_hooks(world, plan_of(RunHook(hook="a", task="site.reindex")))


def test_a_tasks_file_that_cannot_be_loaded_is_named(world: World) -> None:
    (world.settings.project / "tasks.py").write_text("import no_such_module\n")
    with pytest.raises(
        CheckFailed, match=r"tasks.py: its tasks cannot be listed: .*no_such_modul"
    ):
        refuse_impossible_hooks(world, plan_of(RunHook(hook="a", task="site.reindex")))


def test_a_script_of_another_system_is_refused(world: World) -> None:
    with pytest.raises(CheckFailed) as caught:
        refuse_impossible_hooks(world, plan_of(RunHook(hook="a", script="x.ps1"), host="box"))
    assert caught.value.lines() == (
        "hook a on box: x.ps1 cannot run on this system",
        "  -> .sh is for Linux; .cmd, .bat and .ps1 are for Windows",
    )


def test_nothing_is_owed_where_nothing_was_ever_run(world: World) -> None:
    assert owed(world) == frozenset()
