"""The site's own steps, for real: each kind of them, one that hangs, one that fails, a kill."""

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import psutil
import pytest

from pipeline.settings import is_privileged
from tests.live.farm import Answer, Farm, farm_of, wait_for

pytestmark = pytest.mark.live

TASKS = """
from invoke.collection import Collection
from invoke.tasks import task

@task
def reindex(context):
    import os, pathlib
    said = f"reindexed {os.environ['FARM_RELEASE']} of {os.environ['FARM_ENVIRONMENT']}\\n"
    print(said, end="")
    pathlib.Path("said").open("a").write(said)

ns.add_collection(Collection("site", reindex))
"""
SCRIPT = 'echo "$FARM_HOOK for $FARM_INSTANCE in $(basename "$(pwd)")" >> "$SAID"\n'
THREADS = count(16)  # another configuration of every instance each time: the roll goes through all


@pytest.fixture(scope="module")
def site(built: Farm) -> Iterator[Farm]:
    """A farm of two instances that runs v1, with a task and a script of the site's own."""
    with farm_of(instances=2, like=built) as farm:
        tasks = farm.project / "tasks.py"
        tasks.write_text(tasks.read_text() + TASKS)
        (farm.project / "hooks").mkdir()
        (farm.project / "hooks" / "note.sh").write_text(SCRIPT)
        farm.must("deploy", "--env", "local", "--rev", "v1")
        yield farm


@pytest.fixture(autouse=True)
def _nothing_said(site: Farm) -> None:
    said_file(site).unlink(missing_ok=True)


def said_file(farm: Farm) -> Path:
    return farm.project / "said"


def said(farm: Farm) -> list[str]:
    return said_file(farm).read_text().splitlines() if said_file(farm).exists() else []


def hook(name: str, when: str = "after roll", **keys: object) -> str:
    """A hook as `--set hooks=[...]` has it."""
    return toml({"name": name, "when": when, **keys})


def toml(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case _:
            return json.dumps(value)


def words(*hooks: str) -> tuple[str, ...]:
    threads = f"site.threads={next(THREADS)}"
    all_hooks = f"hooks=[{', '.join(hooks)}]"
    return ("deploy", "--env", "local", "--rev", "v1", "--set", threads, "--set", all_hooks)


def deploy(farm: Farm, *hooks: str) -> Answer:
    return farm.invoke(*words(*hooks))


def states(farm: Farm, step: str) -> list[str]:
    """What happened to a step in the newest run."""
    query = f"SELECT state FROM event WHERE step = '{step}' AND run = (SELECT max(id) FROM run)"
    return [row[0] for row in farm.journal(query)]


def detail(farm: Farm, step: str) -> str:
    return str(
        farm.journal(f"SELECT detail FROM event WHERE step = '{step}' ORDER BY run, seq")[-1][0]
    )


def sleepers(seconds: int) -> list[psutil.Process]:
    """The processes that sleep for just so long: no other test's do."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        with suppress(psutil.Error):
            if str(seconds) in (process.info["cmdline"] or ()):
                found.append(process)
    return found


def test_a_task_a_script_and_a_program_run_where_and_when_they_should(site: Farm) -> None:
    environ = {"SAID": str(said_file(site))}
    check = ["{python}", "manage.py", "check"]
    answer = deploy(
        site,
        hook("reindex", task="site.reindex"),
        hook(
            "note",
            script="hooks/note.sh",
            per="instance",
            on="host",
            user="deployer",
            environ=environ,
        ),
        hook("check", "before roll", run=check, per="host", on="host", user="site"),
    )
    assert answer.code == 0, answer.err
    release = site.status()["www_1"]["release"]
    assert said(site) == [
        "note for www_1 in code",
        "note for www_2 in code",
        f"reindexed {release} of local",
    ]
    assert "System check identified no issues" in answer.err
    assert "4 hooks run" in answer.out
    assert detail(site, "roll:hook-reindex") == f"reindexed {release} of local"
    assert list((site.root / "hooks").iterdir()) == []


def test_a_hook_of_the_site_runs_as_the_sites_user_with_its_secrets_which_nobody_sees(
    site: Farm,
) -> None:
    show = [
        "sh",
        "-c",
        'id -un; echo "$USER"; echo "$DJANGO_SECRET_KEY"; test -r . && echo "$HOMEBREW_DATABASE"',
    ]
    key = (site.project / ".farm" / "local" / "secret-key").read_text().strip()
    answer = deploy(site, hook("who", run=show, on="host", user="site"))
    log = (site.project / ".farm" / "local" / "hooks" / "who.log").read_text()
    user = "www-data" if is_privileged() else psutil.Process().username()
    assert log.splitlines() == [user, user, "***", f"{site.root}/data/site.db"]
    assert key not in log + answer.out + answer.err


def test_where_nothing_is_to_be_done_no_hook_runs(site: Farm) -> None:
    site.must("deploy", "--env", "local", "--rev", "v1")
    own = hook("all", "after all", run=["sh", "-c", "echo x >> said"])
    answer = site.must("deploy", "--env", "local", "--rev", "v1", "--set", f"hooks=[{own}]")
    assert "Nothing to do." in answer.out
    assert said(site) == []


def test_one_that_hangs_is_killed_with_its_children_and_its_instance_put_back(site: Farm) -> None:
    before = site.world()
    run = ["sh", "-c", "echo begun; sleep 98761 & sleep 98761"]
    answer = deploy(site, hook("slow", run=run, per="instance", on="host", timeout=1))
    assert answer.code == 1
    assert (
        "step roll:www_1:hook-slow on box: hook slow@www_1: "
        "killed with all that it had started: no end within 1 s\n  begun\nput back: www_1"
    ) in answer.err
    assert sleepers(98761) == []
    assert site.world() == before


def test_one_that_fails_stops_the_deploy_before_anything_else_is_begun(site: Farm) -> None:
    before = site.world()
    run = ["sh", "-c", "echo no disk; exit 3"]
    answer = deploy(site, hook("backup", "before roll", run=run))
    assert answer.code == 1
    assert (
        "step roll:hook-backup on control machine: hook backup: exit code 3\n  no disk"
    ) in answer.err
    assert f"all it said: {site.project}/.farm/local/hooks/backup.log" in answer.err
    assert site.world() == before


def test_one_that_may_fail_is_passed_over_with_a_warning(site: Farm) -> None:
    run = ["sh", "-c", "echo no chat; exit 3"]
    answer = deploy(site, hook("notify", run=run, on_failure="continue"))
    assert answer.code == 0
    assert "warning: roll:hook-notify: FAILED, and is passed over: " in answer.err
    assert "BUILD SUCCEEDED" in answer.out
    assert states(site, "roll:hook-notify") == ["began", "done"]


def test_what_a_hook_has_done_is_undone_when_a_later_step_of_its_instance_fails(
    site: Farm,
) -> None:
    say = 'echo "$0 $FARM_INSTANCE" >> said'
    mark = hook(
        "mark",
        "before roll",
        per="instance",
        run=["sh", "-c", say, "marked"],
        undo={"run": ["sh", "-c", say, "unmarked"]},
    )
    fail = hook("fail", per="instance", run=["sh", "-c", 'test "$FARM_INSTANCE" = www_1'])
    answer = deploy(site, mark, fail)
    assert answer.code == 1
    assert "put back: www_2" in answer.err
    assert said(site) == ["marked www_1", "marked www_2", "unmarked www_2"]


def test_a_deploy_that_is_killed_in_the_middle_of_a_hook_takes_it_along_and_resumes_with_it(
    site: Farm,
) -> None:
    run = ["sh", "-c", "echo began >> said; test -e go || exec sleep 98762; echo ended >> said"]
    process = site.start(*words(hook("long", run=run)))
    try:
        wait_for(lambda: said(site) == ["began"], 60)
    finally:
        process.kill()
        process.communicate()
    wait_for(lambda: sleepers(98762) == [])
    (site.project / "go").touch()
    site.must("resume", "--env", "local")
    assert said(site) == ["began", "began", "ended"]
    assert states(site, "roll:hook-long") == ["began", "began", "done"]


def test_after_a_failure_another_deploy_does_the_hook_that_the_last_run_owes(site: Farm) -> None:
    failed = deploy(site, hook("reindex", run=["false"]))
    threads = next(word for word in words() if word.startswith("site.threads"))
    number = int(threads.split("=")[1]) - 1
    again = site.must(
        *("deploy", "--env", "local", "--rev", "v1", "--set", f"site.threads={number}"),
        *("--set", f"hooks=[{hook('reindex', run=['sh', '-c', 'echo done >> said'])}]"),
    )
    assert failed.code == 1
    assert said(site) == ["done"]
    assert "1 hook run" in again.out


def test_a_rollback_runs_what_is_meant_for_it(site: Farm) -> None:
    run = ["sh", "-c", 'echo "$FARM_HOOK in a $FARM_KIND" >> said']
    hooks = (hook("one", run=run), hook("both", run=run, during=["deploy", "rollback"]))
    deploy(site, *hooks)
    site.must("rollback", "--env", "local", "--yes", "--set", f"hooks=[{', '.join(hooks)}]")
    assert said(site) == ["one in a deploy", "both in a deploy", "both in a rollback"]


def test_an_unknown_task_or_a_missing_script_is_refused_before_anything_is_touched(
    site: Farm,
) -> None:
    before = site.world()
    task = deploy(site, hook("a", task="site.rebuild"))
    script = deploy(site, hook("b", script="SITE:hooks/no.sh"))
    assert (task.code, script.code) == (3, 3)
    assert "hook a: tasks.py has no task site.rebuild" in task.err
    assert "hook b: SITE:hooks/no.sh: no such file or directory" in script.err
    assert site.world() == before


def test_a_saved_plan_has_its_script_with_it(site: Farm) -> None:
    script = site.project / "hooks" / "gone.sh"
    script.write_text('echo "as it was" >> said\n')
    _, *rest = words(hook("gone", script="hooks/gone.sh"))
    shown = site.must("plan", *rest, "--out", "plan.json").out
    script.unlink()
    site.must("deploy", "--env", "local", "--plan", "plan.json")
    assert "-- hooks/gone.sh\necho" in shown
    assert said(site) == ["as it was"]
