"""Results on stdout, messages on stderr, questions on a terminal: a real farm, as users ask it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.farm import Answer, Farm, farm_of

pytestmark = pytest.mark.live

E = ("--env", "local")
V1 = ("deploy", *E, "--rev", "v1")
CONF = "instances/www_2/conf/www_2.conf"
RESULT = [
    *("environment", "format", "kind", "outcome", "plan", "release", "seconds", "steps", "url"),
    "warnings",
]
DRIFTED = f"drifted:box:{CONF}"


@pytest.fixture(scope="module")
def first() -> Iterator[tuple[Farm, Answer]]:
    """A farm of two instances, and the answer of its first deploy."""
    with farm_of(instances=2) as farm:
        yield farm, farm.must(*V1)


@pytest.fixture
def farm(first: tuple[Farm, Answer]) -> Farm:
    return first[0]


@pytest.fixture
def drifted(farm: Farm) -> Iterator[Farm]:
    """The farm with a file that somebody edited by hand, which is mended afterwards."""
    conf = farm.root / CONF
    before = conf.read_bytes()
    conf.write_bytes(before + b"# by hand\n")
    yield farm
    if conf.read_bytes() != before:
        conf.write_bytes(before)


def test_the_output_of_a_deploy_is_its_summary_and_all_else_goes_to_stderr(
    first: tuple[Farm, Answer],
) -> None:
    farm, answer = first
    release = farm.status()["www_1"]["release"]

    assert re.sub(r"[0-9.]+ s$", "N s", answer.out, flags=re.MULTILINE) == (
        f"BUILD SUCCEEDED: deploy {release} to local\n"
        "  1 release pushed, 1 virtualenv made, 1 schema change, 4 services started\n"
        f"  {steps(answer.err)} steps in N s\n"
        f"  http://localhost:{farm.port}/\n"
    )
    for told in ("tests: ", f"Plan: deploy {release} to local", "PUSH", "] roll:www_1:healthy"):
        assert told in answer.err


def test_a_failure_says_so_in_the_known_words(farm: Farm) -> None:
    broken = ("--set", "health.path=/nowhere", "--set", "rollout.healthy_deadline=0.3")
    answer = farm.invoke(*V1, *broken, "--set", "site.threads=14")

    release = farm.status()["www_1"]["release"]
    assert (answer.code, answer.out) == (1, f"BUILD FAILED: deploy {release} to local\n")
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (V1, RESULT),
        (("bounce", *E, "--instance", "www_1"), RESULT),
        (
            ("plan", *E, "--rev", "v1", "--set", "site.threads=14"),
            [
                *("blobs", "changelog", "changeset", "environment", "format", "kind", "notes"),
                *("release", "release_digest", "seen", "steps"),
            ],
        ),
        (("status", *E), ["certificate", "environment", "format", "https", "lines", "url"]),
        (("history", *E), ["format", "runs"]),
    ],
    ids=["nothing to deploy", "bounce", "plan", "status", "history"],
)
def test_json_is_all_of_the_output_and_has_a_version(
    farm: Farm, words: tuple[str, ...], keys: list[str]
) -> None:
    answer: dict[str, Any] = json.loads(farm.must(*words, "--json").out)

    assert sorted(answer) == keys
    assert answer["format"] == 1


def test_json_of_a_dry_run_is_the_plan_as_plan_gives_it(farm: Farm) -> None:
    change = ("--set", "site.threads=14", "--json")
    dry = farm.must(*V1, *change, "--dry-run")

    assert dry.out == farm.must("plan", *E, "--rev", "v1", *change).out
    assert json.loads(dry.out)["kind"] == "deploy"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ((*V1, "--set", "site.threads=14"), "deploy"),
        (("bounce", *E), "bounce"),
        (("stop", *E), "stop"),
        (("drain", *E, "--instance", "www_1"), "drain"),
    ],
    ids=["deploy", "bounce", "stop", "drain"],
)
def test_invokes_own_dry_is_a_dry_run(farm: Farm, words: tuple[str, ...], kind: str) -> None:
    before, runs = farm.world(), farm.journal("SELECT count(*) FROM run")

    dry = farm.must("--dry", *words)
    option = farm.must(*words, "--dry-run")

    assert dry.out == option.out
    assert dry.out.startswith(f"Plan: {kind} ")
    assert farm.world() == before
    assert farm.journal("SELECT count(*) FROM run") == runs


@pytest.mark.parametrize(
    "words",
    [
        *(("resume", *E), ("unlock", *E), ("build", *E), ("plan", *E), ("diff", *E)),
        *(("status", *E), ("history", *E), ("check", *E), ("config.render", *E)),
        *(("config.diff", *E), ("config.explain", "PORT", *E)),
    ],
    ids=lambda words: words[0],
)
def test_what_has_no_dry_run_refuses_invokes_own(farm: Farm, words: tuple[str, ...]) -> None:
    answer = farm.invoke("--dry", *words)

    assert (answer.code, answer.out, answer.err) == (
        1,
        "",
        "--dry: this task has no dry run\n  -> leave --dry out\n",
    )


@pytest.mark.parametrize(
    "words",
    [
        *(V1, ("status", *E), ("history", *E), ("config.render", *E, "--rev", "v1")),
        ("plan", *E, "--rev", "v1", "--set", "site.threads=14"),
    ],
    ids=lambda words: words[0],
)
def test_a_pipe_that_nobody_reads_is_no_traceback(farm: Farm, words: tuple[str, ...]) -> None:
    process = farm.start(*words)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr as stream:
        err = stream.read()

    assert process.wait() == 1
    assert err == ""


if sys.platform != "win32":
    import pty

    def on_a_terminal(farm: Farm, *words: str, say: str) -> tuple[int, str, str]:
        """Give a command on a terminal; when it asks, say this. Code, output, and the screen."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "invoke", *words],
            cwd=farm.project,
            env={**farm.environ(None), "TERM": "xterm", "COLUMNS": "200"},
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
        )
        os.close(theirs)
        screen, said = b"", False
        while piece := _read(ours):
            screen += piece
            if not said and b"[y/N]" in screen:
                os.write(ours, f"{say}\n".encode())
                said = True
        out, _ = process.communicate()
        os.close(ours)
        return process.returncode, out, screen.decode(errors="replace").replace("\r\n", "\n")

    def _read(terminal: int) -> bytes:
        """What is on the terminal; nothing when its other side is closed: Linux calls that EIO."""
        try:
            return os.read(terminal, 4096)
        except OSError:
            return b""

    @pytest.mark.parametrize("say", ["n", "", "maybe"])
    def test_a_hazard_is_asked_about_on_a_terminal_and_a_no_touches_nothing(
        drifted: Farm, say: str
    ) -> None:
        before, runs = drifted.world(), drifted.journal("SELECT count(*) FROM run")

        code, out, screen = on_a_terminal(drifted, *V1, say=say)

        assert (code, out) == (3, "")
        assert f"! {DRIFTED}: edited by hand since it was deployed" in screen
        assert "Go on, at this cost? [y/N]" in screen
        assert screen.splitlines()[-2:] == ["you said no", "  -> nothing was touched"]
        assert drifted.world() == before
        assert drifted.journal("SELECT count(*) FROM run") == runs

    def test_a_yes_goes_on(drifted: Farm) -> None:
        code, out, screen = on_a_terminal(drifted, *V1, say="y")

        assert (code, out.splitlines()[0][:16]) == (0, "BUILD SUCCEEDED:"), screen
        assert "Go on, at this cost? [y/N]" in screen
        assert "# by hand" not in (drifted.root / CONF).read_text()
        assert drifted.journal(
            "SELECT hazard, by FROM allowed WHERE run = (SELECT max(id) FROM run)"
        ) == [(DRIFTED, "yes, on a terminal")]

    @pytest.mark.parametrize("more", [("--allow", DRIFTED), ("--allow", "drifted")])
    def test_what_was_allowed_beforehand_is_not_asked_about(
        drifted: Farm, more: tuple[str, ...]
    ) -> None:
        code, out, screen = on_a_terminal(drifted, *V1, *more, say="n")

        assert (code, out.splitlines()[0][:16]) == (0, "BUILD SUCCEEDED:"), screen
        assert "[y/N]" not in screen

    def test_a_stop_is_asked_about_once_and_yes_does_not_allow_a_hazard(drifted: Farm) -> None:
        stop = on_a_terminal(drifted, "stop", *E, say="n")
        deploy = on_a_terminal(drifted, *V1, "--yes", say="n")

        assert (stop[0], stop[1], stop[2].count("[y/N]")) == (3, "", 1)
        assert (deploy[0], deploy[1], deploy[2].count("[y/N]")) == (3, "", 1)


def steps(err: str) -> int:
    """How many steps a deploy was to do, as it said at its beginning."""
    found = re.search(r"deploy to local: ([0-9]+) of \1 steps to do", err)
    assert found, err
    return int(found[1])
