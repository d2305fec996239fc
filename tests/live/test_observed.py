"""A developer's view: what a deploy has published is enough to plan, and holds no secret."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live.farm import LIMIT, Answer, Farm, farm_of

pytestmark = pytest.mark.live

E = ("--env", "local")
LAST = ("--observed", "last")
TRIGGER = ("--allow", "changes-behaviour:recipes_recipe_updated")
MARKER = "marker-of-a-secret-that-nobody-may-read"
SECRET = {"SECRET_OF_THE_SITE": MARKER}
# Given before a command: whatever could reach the environment, or read a secret, is an error.
POISON = """\
import os, socket, sqlite3, sys
from pipeline.flow import want, world
from pipeline.transport import local, secrets

def poison(*args, **kwargs):
    raise AssertionError("the environment was reached")

def connect(path, *args, really=sqlite3.connect, **kwargs):
    if path != ":memory:":
        poison(path)
    return really(path, *args, **kwargs)

os.geteuid = lambda: 65534  # an ordinary user, to whom it is the same farm
local.LocalTransport.__init__ = poison
socket.socket.connect = socket.create_connection = poison
sqlite3.connect = connect
world.resolve = secrets.resolve = poison

from invoke.main import program
program.run(["invoke", *sys.argv[1:]])
"""


@pytest.fixture(scope="module")
def v1(built: Farm) -> Iterator[Farm]:
    """A farm that runs v1, whose secret is the marker."""
    with farm_of(like=built) as farm:
        farm.edit(
            "environments/local.toml", "file:.farm/local/secret-key", "env:SECRET_OF_THE_SITE"
        )
        answer = farm.invoke("deploy", *E, "--rev", "v1", env=SECRET)
        assert answer.code == 0, answer.err
        yield farm


@pytest.fixture(scope="module")
def project(v1: Farm) -> Path:
    """A developer's copy: what a clone has, the releases, and what was published."""
    project = v1.folder / "developer"
    shutil.copytree(v1.project, project, symlinks=True)
    shutil.rmtree(project / ".farm" / "local")
    return project


@contextmanager
def without_releases(project: Path) -> Iterator[None]:
    """A developer who has never built one."""
    releases, aside = project / ".farm" / "releases", project / "aside"
    releases.rename(aside)
    try:
        yield
    finally:
        shutil.rmtree(releases, ignore_errors=True)
        aside.rename(releases)


def ask(farm: Farm, project: Path, *words: str) -> Answer:
    """A command of the developer's: without rights, and without any way to the environment."""
    done = subprocess.run(
        [sys.executable, "-c", POISON, *words],
        cwd=project,
        env=farm.environ(None),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def published(project: Path) -> list[Path]:
    """What deploys have published, the oldest first."""
    return sorted((project / ".farm" / "published" / "local").glob("local-*.json"))


def plan_in(path: Path) -> dict[str, Any]:
    """A saved plan."""
    return dict(json.loads(path.read_text()))


def without_view(shown: str) -> str:
    """A plan without the lines that say what it was made from."""
    own = r"  (observed \d{4}-.*|note: (made from what|no Apache has checked).*)\n"
    return re.sub(own, "", shown)


def test_the_plan_from_a_publication_is_the_plan_of_the_environment_itself(
    v1: Farm, project: Path
) -> None:
    live = v1.invoke("plan", *E, "--rev", "v2", "--out", "live.json", env=SECRET)
    seen = ask(v1, project, "plan", *E, "--rev", "v2", *LAST, "--out", "seen.json")
    assert seen.code == 0, seen.err
    plans = [plan_in(v1.project / "live.json"), plan_in(project / "seen.json")]

    assert live.code == 0, live.err
    assert without_view(seen.out) == live.out
    assert re.match(r"Plan: .*\n  observed [-\d]+ [\d:]+ UTC by \S+@\S+, just now\n", seen.out)
    assert [note[:9] for note in plans[1].pop("notes")[:2]] == ["made from", "no Apache"]
    assert plans[0].pop("notes") == []
    assert plans[1] == plans[0]


def test_without_a_publication_the_same_call_would_reach_the_environment(
    v1: Farm, project: Path
) -> None:
    answer = ask(v1, project, "plan", *E, "--rev", "v2")

    assert answer.code == 1
    assert "the environment was reached" in answer.err


def test_diff_says_what_a_change_would_do_and_with_check_whether_it_does_anything(
    v1: Farm, project: Path
) -> None:
    same = ask(v1, project, "diff", *E, "--rev", "v1", *LAST, "--check")
    other = ask(v1, project, "diff", *E, "--rev", "v2", *LAST, "--check")
    threads = ("--set", "site.threads=14")
    files = ask(v1, project, "config.diff", *E, "--rev", "v1", *LAST, "--check", *threads)

    assert (same.code, "Nothing to do." in same.out) == (0, True), same.err
    assert (other.code, "SCHEMA" in other.out, "FILES" in other.out) == (2, True, True)
    assert (files.code, files.out.startswith("observed ")) == (2, True)
    assert re.search(r"^\+.*\b14\b", files.out, re.MULTILINE), files.out


def test_a_release_that_was_never_built_here_is_named_and_its_difference_shown(
    v1: Farm, project: Path
) -> None:
    live = v1.invoke("diff", *E, "--rev", "v2", env=SECRET)
    with without_releases(project):
        seen = ask(v1, project, "diff", *E, "--rev", "v2", *LAST)

    assert (seen.code, seen.err) == (0, "")
    assert "is not built, so its tests have not run" in seen.out
    assert re.sub(r"  note: .* is not built.*\n", "", without_view(seen.out)) == live.out


def test_a_plan_to_be_deployed_needs_its_release_and_builds_it_for_the_hosts(
    v1: Farm, project: Path
) -> None:
    words = ("plan", *E, "--rev", "v2", "--out", "seen.json", "--observed")
    live = v1.invoke("plan", *E, "--rev", "v2", "--json", env=SECRET)
    with without_releases(project):
        file = published(project)[-1]
        elsewhere = file.read_text().replace('"platform": "', '"platform": "another-')
        (project / "elsewhere.json").write_text(elsewhere)

        refused = ask(v1, project, *words, "elsewhere.json")
        built = ask(v1, project, *words, "last")
        plan = plan_in(project / "seen.json")

    assert (refused.code, "is not built" in refused.err) == (3, True)
    assert built.code == 0, built.err
    assert plan["release_digest"] == json.loads(live.out)["release_digest"]


def test_no_secret_and_no_trace_of_one_is_in_what_is_published_or_made_from_it(
    v1: Farm, project: Path
) -> None:
    ask(v1, project, "plan", *E, "--rev", "v2", *LAST, "--out", "seen.json")
    texts = [
        path.read_text(errors="replace")
        for folder in (v1.project / ".farm" / "local", project)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".whl" and ".farm/cache" not in str(path)
    ]
    key = (v1.root / "secret.key").read_text(errors="replace")
    data = json.loads(published(v1.project)[-1].read_text())

    assert any('"environment": "local"' in text for text in texts)
    assert [text for text in texts if MARKER in text or key in text] == []
    kept = data["hosts"]["box"]["secrets"]
    assert {name: kept[name] for name in v1.names} == dict.fromkeys(v1.names, "current")
    assert set(kept.values()) <= {"current", ""}


def test_a_share_that_cannot_be_written_is_a_warning_after_a_good_deploy(v1: Farm) -> None:
    nowhere = ("--set", "publish=/proc/nowhere")
    answer = v1.invoke("deploy", *E, "--rev", "v1", *nowhere, env=SECRET)

    assert (answer.code, "Nothing to do." in answer.out) == (0, True)
    assert "warning: what was observed is not published: " in answer.err


def test_every_end_of_a_deploy_is_published_and_a_plan_from_it_can_be_deployed(farm: Farm) -> None:
    farm.edit("environments/local.toml", "healthy_deadline = 60", "healthy_deadline = 2")
    farm.must("deploy", *E, "--rev", "v1")
    farm.must("plan", *E, "--rev", "v2", *LAST, "--out", "seen.json")
    farm.must("deploy", *E, "--plan", "seen.json", *TRIGGER)
    deployed = published(farm.project)

    stale = farm.invoke("deploy", *E, "--plan", "seen.json")
    failed = farm.invoke("deploy", *E, "--rev", "v3")
    after_failure = published(farm.project)
    back = farm.must("diff", *E, "--rev", "v2", *LAST)
    farm.must("rollback", *E, "--yes")

    assert (stale.code, failed.code) == (3, 1)
    assert re.search(r"remove broken-\S+ \(neither running", back.out)
    assert [len(found) for found in (deployed, after_failure, published(farm.project))] == [
        *(2, 3, 4),
    ]
