"""The doctor sees what this machine lacks, and leaves no trace."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CheckFailed, Unreachable
from pipeline.facts.finding import Finding
from pipeline.flow.doctor import examine_environment, examine_machine
from pipeline.flow.doctor_ports import ports, ranges
from pipeline.flow.world import World
from pipeline.settings import Settings, Workon, load
from pipeline.transport.fake import FakeTransport

FARM = 'format = 1\nproject = "homebrew"\nsource.repo = "hg"\nbuild.wsgi = "homebrew.wsgi"\n'
LOCAL = """\
root = "/srv/not-there/homebrew"
balancer = { kind = "%s", tls = { certificate = "self-signed", key = "env:FARM_TEST_TLS" } }
hosts.box.transport = "local"
hosts.box.instances = { count = 2, first_port = %d }
site.secrets.KEY = "env:FARM_TEST_KEY"
[[hooks]]
name = "tell"
when = "after all"
run = ["tell"]
secrets.WORD = "env:FARM_TEST_WORD"
"""
LISTEN = """
import socket, sys
it = socket.create_server(("127.0.0.1", 0))
print(it.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "environments").mkdir(parents=True)
    (project / "farm.toml").write_text(FARM, "utf-8")
    return project


def settings(project: Path, first_port: int = 9001, kind: str = "none") -> Settings:
    (project / "environments/local.toml").write_text(LOCAL % (kind, first_port), "utf-8")
    return load(project, "local")


@pytest.fixture
def listener(request: pytest.FixtureRequest) -> Iterator[int]:
    """A process that listens, with the test's parameter as its argument. Its port."""
    argv = [sys.executable, "-c", LISTEN, request.param]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdout is not None
        yield int(it.stdout.readline())
        it.communicate("", timeout=30)


def by_name(findings: Iterator[Finding]) -> dict[str, Finding]:
    return {each.what: each for each in findings}


def test_what_farmhand_brings_is_there_and_nothing_is_made(project: Path) -> None:
    before = sorted(project.rglob("*"))
    found = by_name(examine_machine(project, Workon(home=None)))
    fine = ("Python", "uv", "hg", "TLS in Python", "rights")
    assert {name: found[name].state for name in fine} == dict.fromkeys(fine, "ok")
    assert found["WORKON_HOME"].state == "unused"
    assert sorted(project.rglob("*")) == before


def test_hg_that_is_not_there_is_missing_with_its_cure(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> str:
        raise CheckFailed("the hg command (Mercurial) is not there")

    monkeypatch.setattr("pipeline.flow.doctor.find_hg", gone)
    hg = by_name(examine_machine(project, Workon(home=None)))["hg"]
    assert (hg.state, hg.said, "mercurial" in hg.cure.lower()) == ("missing", "not found", True)


@pytest.mark.parametrize("listener", ["/srv/another"], indirect=True)
def test_a_port_that_a_stranger_has_is_named_with_the_key_that_moves_it(
    project: Path, listener: int
) -> None:
    taken, *_ = ports(settings(project, listener).inventory, "here")
    assert (taken.what, taken.state) == (f"port {listener}", "missing")
    assert taken.said.startswith("wanted for www_1, taken by ")
    assert taken.cure.endswith("choose another port: hosts.box.instances.first_port")


@pytest.mark.parametrize("listener", ["/srv/not-there/homebrew/balancer"], indirect=True)
def test_a_port_that_this_farm_has_is_fine(project: Path, listener: int) -> None:
    found = list(ports(settings(project, listener).inventory, "here"))
    assert f"port {listener}" not in {each.what for each in found}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX alone keeps ports for root")
@pytest.mark.parametrize(("privileged", "state"), [(True, "ok"), (False, "missing")])
def test_a_low_port_is_for_root(
    project: Path, monkeypatch: pytest.MonkeyPatch, privileged: bool, state: str
) -> None:
    monkeypatch.setattr("pipeline.settings.is_privileged", lambda: privileged)
    first = next(port for port in range(600, 1020) if _free(port) and _free(port + 1))
    assert {each.state for each in ports(settings(project, first).inventory, "here")} == {state}


@given(st.sets(st.integers(1, 60)))
def test_ranges_name_every_port_once(numbers: set[int]) -> None:
    parts = filter(None, ranges(sorted(numbers)).split(", "))
    ends = [list(map(int, part.split("-"))) for part in parts]
    named = [port for end in ends for port in range(end[0], end[-1] + 1)]
    assert named == sorted(numbers)
    assert all(one[-1] + 1 < other[0] for one, other in pairwise(ends))


def test_a_host_that_does_not_answer_is_a_finding(project: Path) -> None:
    class Gone(FakeTransport):
        def read(self, path: str) -> bytes | None:
            raise Unreachable("no route to it", advice="plug it in")

    world = World(settings=settings(project), ways={"box": Gone()}, say=lambda line: None)
    found = by_name(examine_environment(world))
    assert found["host"] == Finding(
        place="host box", what="host", state="missing", said="no route to it", cure="plug it in"
    )


def test_each_secret_of_the_site_and_of_hooks_is_told_by_its_reference(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARM_TEST_KEY", "the word itself")
    monkeypatch.delenv("FARM_TEST_WORD", raising=False)
    monkeypatch.setenv("FARM_TEST_TLS", "another word")
    found_in = settings(project, kind="apache")
    world = World(settings=found_in, ways={}, say=lambda line: None)
    found = [each for each in examine_environment(world) if each.what == "secret"]
    assert [(each.state, each.said) for each in found] == [
        ("ok", "KEY: env:FARM_TEST_KEY"),
        ("missing", "WORD: env:FARM_TEST_WORD: the variable is not set"),
        ("ok", "balancer.tls.key: env:FARM_TEST_TLS"),
    ]


def _free(port: int) -> bool:
    with socket.socket() as it:
        return it.connect_ex(("127.0.0.1", port)) != 0
