"""A hook runs where it should, what it says is kept, and nothing of it is left."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.command import Command, Outcome
from pipeline.errors import Failed
from pipeline.execute.act_hooks import AS_USER
from pipeline.execute.acts import Acts
from pipeline.facts.answer import sha256
from pipeline.farm.layout import Layout
from pipeline.plan.action import RunHook
from pipeline.plan.step import CONTROL
from pipeline.secret import Secret, SecretRef
from pipeline.transport.fake import FakeTransport
from pipeline.transport.local import LocalTransport

TEXT = "echo from $0 in $(pwd)\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="the hooks of this test are for sh")


def secret(reference: SecretRef) -> Secret:
    return Secret(f"word of {reference}")


@dataclass
class Site:
    """A host and the control machine, both below a folder of this machine."""

    folder: Path
    way: LocalTransport | FakeTransport = field(default_factory=lambda: LocalTransport(secret))
    windows: bool = False

    def run(self, action: RunHook, host: str = CONTROL) -> str:
        control = self.folder / "state"
        acts = Acts(
            ways={"box": self.way, CONTROL: LocalTransport(secret)},
            layouts={
                "box": Layout(str(self.folder / "host"), windows=self.windows),
                CONTROL: Layout(str(control)),
            },
            store=self.folder,
            blobs={sha256(TEXT.encode()): TEXT},
            resolve=secret,
            project=str(self.folder),
        )
        return acts.act(host, action)

    @property
    def log(self) -> str:
        return (self.folder / "state" / "hooks" / "it.log").read_text()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def sh(script: str, **more: object) -> RunHook:
    return RunHook(hook="it", argv=("sh", "-c", script), **more)  # type: ignore[arg-type]


@posix
def test_its_last_line_is_told_and_all_it_said_is_kept_in_its_order(site: Site) -> None:
    assert site.run(sh("echo one; echo two >&2; echo three; echo")) == "three"
    assert site.log == "one\ntwo\nthree\n\n"


@posix
def test_one_that_says_nothing_has_nothing_told(site: Site) -> None:
    assert site.run(sh(":")) == ""
    assert site.log == ""


@posix
def test_it_runs_in_the_projects_folder_or_where_the_plan_says(site: Site) -> None:
    assert site.run(sh("pwd")) == str(site.folder)
    assert site.run(sh("pwd", folder="/"), "box") == "/"


@posix
def test_a_failure_tells_the_last_lines_and_where_all_of_them_are(site: Site) -> None:
    with pytest.raises(Failed) as caught:
        site.run(sh("for n in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $n; done; exit 7"))
    assert "\n".join(caught.value.lines()).splitlines() == [
        "hook it: exit code 7",
        *(f"  line {n}" for n in range(3, 13)),
        f"  -> all it said: {site.folder}/state/hooks/it.log",
    ]
    assert len(site.log.splitlines()) == 12


@posix
def test_one_that_hangs_is_killed_and_told_from_one_that_ends_with_that_code(site: Site) -> None:
    with pytest.raises(Failed, match=r"killed with all that it had started: no end within 0.2 s"):
        site.run(sh("sleep 60 & sleep 60", timeout=0.2))
    with pytest.raises(Failed, match="exit code 124"):
        site.run(sh("exit 124"))


@posix
def test_a_program_that_is_not_there_is_a_failure(site: Site) -> None:
    with pytest.raises(Failed, match="exit code 127"):
        site.run(RunHook(hook="it", argv=("no-such-program",)))


@posix
def test_secrets_reach_it_and_nobody_else(site: Site) -> None:
    action = sh('echo "$A $B"', environ={"A": "plain"}, secrets={"B": SecretRef("env:B")})
    assert site.run(action) == "plain ***"
    assert site.log == "plain ***\n"


@posix
@pytest.mark.parametrize(("host", "folder"), [(CONTROL, "state"), ("box", "host")])
def test_a_script_is_put_where_it_runs_and_is_gone_afterwards(
    site: Site, host: str, folder: str
) -> None:
    action = RunHook(hook="it", script="SITE:hooks/x.sh", text=sha256(TEXT.encode()), folder="/")
    assert site.run(action, host) == f"from {site.folder}/{folder}/hooks/it.sh in /"
    assert not list((site.folder / folder / "hooks").glob("*.sh"))


@posix
def test_a_task_is_run_by_the_projects_own_invoke(site: Site) -> None:
    (site.folder / "tasks.py").write_text(
        "from invoke.tasks import task\n"
        "@task\ndef reindex(context):\n    import os; print('for', os.environ['FARM_RELEASE'])\n"
    )
    action = RunHook(hook="it", task="reindex", environ={"FARM_RELEASE": "r-1"})
    assert site.run(action) == "for r-1"


def answering(outcome: Outcome) -> Callable[[Command], Outcome]:
    return lambda command: outcome


@posix
def test_as_the_sites_user_it_is_another_who_runs_it_and_owns_its_script(tmp_path: Path) -> None:
    way = FakeTransport(answer=answering(Outcome(0, "done\n")))
    site = Site(tmp_path, way)
    action = RunHook(hook="it", script="x.sh", text=sha256(TEXT.encode()), user="www-data")
    assert site.run(action, "box") == "done"
    script = f"{tmp_path}/host/hooks/it.sh"
    assert way.sent[0].argv == ("sh", "-c", AS_USER, "www-data", "sh", script)
    assert way.files == {}


def test_on_windows_a_script_goes_to_its_program_as_it_is(tmp_path: Path) -> None:
    way = FakeTransport(answer=answering(Outcome(1, "out\r\n", "err\r\n")))
    site = Site(tmp_path, way, windows=True)
    action = RunHook(hook="it", script="x.cmd", text=sha256(TEXT.encode()), folder="C:\\")
    with pytest.raises(Failed, match="exit code 1\n  out\n  err"):
        site.run(action, "box")
    assert [str(word) for word in way.sent[0].argv[:3]] == ["cmd", "/d", "/c"]
    assert str(way.sent[0].argv[3]).endswith("hooks\\it.cmd")
