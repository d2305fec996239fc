"""One deploy at a time: others are told who; the dead are succeeded, the broken touch nothing."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

from tests.live.farm import Farm, wait_for

pytestmark = pytest.mark.live

V1 = ("deploy", "--env", "local", "--rev", "v1")
# Another configuration of every instance: the roll goes through all. It waits a while for each.
ROLL = (*V1, "--set", "site.threads=14", "--set", "rollout.healthy_count=20")
Process = subprocess.Popen[str]


def suspend(process: Process) -> None:
    psutil.Process(process.pid).suspend()


def go_on(process: Process) -> None:
    psutil.Process(process.pid).resume()


def kill(process: Process) -> None:
    process.kill()
    process.communicate()


@contextmanager
def rolling(farm: Farm, *, step: str = "roll:www_2:healthy") -> Iterator[Process]:
    """A deploy that has just begun a step of the roll, in which nothing is touched any more."""
    last = newest_run(farm)
    process = farm.start(*ROLL)
    try:
        wait_for(lambda: process.poll() is not None or began(farm, last, step))
        assert process.poll() is None, process.communicate()
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def began(farm: Farm, last: int, step: str) -> bool:
    return (step, "began") in farm.journal(f"SELECT step, state FROM event WHERE run > {last}")


def newest_run(farm: Farm) -> int:
    return int(farm.journal("SELECT max(id) FROM run")[0][0])


def runs_since(farm: Farm, last: int) -> list[tuple[Any, ...]]:
    return farm.journal(f"SELECT kind, outcome FROM run WHERE id > {last} ORDER BY id")


def told(farm: Farm, text: str) -> str:
    """What was told, with words for what varies."""
    text = text.replace(str(farm.root), "ROOT")
    text = re.sub(r"\S+@\S+ \(process [0-9]+\)", "WHO", text)
    text = re.sub(r"\bdefault-[0-9a-f]{12}-[0-9]+", "RELEASE", text)
    return re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}( UTC)?", "WHEN", text)


@pytest.fixture
def farm(v1: Farm) -> Iterator[Farm]:
    """The module's farm, which runs v1 with the threads of its inventory before and after."""
    before = v1.world()
    yield v1
    v1.must(*V1)
    assert without_records(v1.world()) == without_records(before)


HELD = (
    "local: ROOT/lock.json: held by WHO since WHEN: deploy RELEASE to local\n"
    "  -> wait until it has ended; if you know that it is dead: invoke unlock --env local\n"
)


def test_a_second_deploy_is_told_who_holds_the_lock_and_the_first_goes_on(farm: Farm) -> None:
    last = newest_run(farm)
    with rolling(farm) as first:
        suspend(first)
        second = farm.invoke(*V1, "--set", "site.threads=13")
        others = [
            farm.invoke(task, "--env", "local", "--yes") for task in ("rollback", "stop", "bounce")
        ]
        looking = farm.invoke("deploy", "--env", "local", "--rev", "v1", "--dry-run")
        go_on(first)
        out, err = first.communicate()

    assert [(answer.code, answer.out, told(farm, answer.err)) for answer in (second, *others)] == [
        (3, "", HELD)
    ] * 4
    assert looking.code == 0
    assert (first.returncode, "BUILD SUCCEEDED" in out) == (0, True), err
    assert runs_since(farm, last) == [("deploy", "done")]


def test_two_deploys_that_begin_at_once_are_one_deploy_and_one_refusal(farm: Farm) -> None:
    last = newest_run(farm)
    both = [farm.start(*ROLL) for _ in range(2)]
    ends = [(*process.communicate(), process.returncode) for process in both]

    codes = sorted(code for _, _, code in ends)
    assert codes == [0, 3], ends
    refused = next(err for _, err, code in ends if code == 3)
    assert told(farm, refused).endswith(HELD)
    assert runs_since(farm, last) == [("deploy", "done")]


def test_unlock_shows_the_holder_asks_and_frees(farm: Farm) -> None:
    with rolling(farm) as first:
        suspend(first)
        asked = farm.invoke("unlock", "--env", "local")
        still = farm.invoke(*V1)
        freed = farm.invoke("unlock", "--env", "local", "--yes")
        again = farm.invoke("unlock", "--env", "local", "--yes")
        kill(first)

    holder = "held by WHO since WHEN: deploy RELEASE to local\n"
    assert (asked.code, asked.out, told(farm, asked.err)) == (
        3,
        "",
        f"{holder}nobody is there to be asked\n  -> say it beforehand: --yes\n",
    )
    assert still.code == 3
    assert (freed.code, freed.out) == (0, "the lock of local is free\n")
    assert told(farm, freed.err) == holder
    assert (again.code, again.out, again.err) == (0, "nobody holds the lock of local\n", "")


def test_an_old_holder_whose_lock_was_broken_touches_nothing_more(farm: Farm) -> None:
    last = newest_run(farm)
    with rolling(farm) as old:
        suspend(old)
        farm.must("unlock", "--env", "local", "--yes")
        farm.must(*V1)
        after = farm.world()
        go_on(old)
        out, err = old.communicate()

    assert (old.returncode, out) == (1, f"BUILD FAILED: deploy {release(farm)} to local\n")
    assert told(farm, err).splitlines()[-2:] == [
        "local: the lease is no longer ours: somebody took it over, or broke it",
        "  -> nothing more was touched; see who deploys: invoke status --env local",
    ]
    assert farm.world() == after
    assert runs_since(farm, last) == [("deploy", "failed"), ("deploy", "done")]


def test_an_old_holder_stops_while_a_new_one_deploys(farm: Farm) -> None:
    with rolling(farm) as old:
        suspend(old)
        farm.must("unlock", "--env", "local", "--yes")
        with rolling(farm, step="roll:www_3:healthy") as new:
            go_on(old)
            _, err = old.communicate()
            out, _ = new.communicate()

    assert "the lease is no longer ours" in err
    assert (old.returncode, new.returncode) == (1, 0)
    assert "BUILD SUCCEEDED" in out


@pytest.mark.parametrize("words", [V1, ("resume", "--env", "local")], ids=["deploy", "resume"])
def test_the_lock_of_a_killed_deploy_is_taken_over_at_once_and_it_is_said(
    farm: Farm, words: tuple[str, ...]
) -> None:
    with rolling(farm) as first:
        kill(first)
    assert lock(farm)["owner"]["pid"] == first.pid

    answer = farm.must(*words)

    assert "WHO is gone; taking over its lease" in told(farm, answer.err).splitlines()
    assert "BUILD SUCCEEDED" in answer.out
    assert not (farm.root / "lock.json").exists()


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "TERM"])
def test_an_interrupted_roll_finishes_its_step_says_how_to_go_on_and_does(
    farm: Farm, sig: signal.Signals
) -> None:
    last = newest_run(farm)
    with rolling(farm) as first:
        os.kill(first.pid, sig)
        out, err = first.communicate()
    interrupted = runs_since(farm, last)
    states = farm.journal(f"SELECT step, state FROM event WHERE run > {last} ORDER BY seq")
    resumed = farm.must("resume", "--env", "local")

    assert (first.returncode, out) == (1, f"BUILD INTERRUPTED: deploy {release(farm)} to local\n")
    end = told(farm, err).splitlines()
    assert "WHEN stopping: what runs is finished first" in end
    assert re.fullmatch(
        r"local: interrupted: [0-9]+ of [0-9]+ steps are done(; half-way: .*)?", end[-2]
    )
    assert end[-1] == "  -> invoke resume --env local goes on from here"
    assert interrupted == [("deploy", "interrupted")]
    assert states[-1] == ("roll:www_2:healthy", "done")
    assert runs_since(farm, last) == [("deploy", "done")]
    assert "BUILD SUCCEEDED" in resumed.out
    assert "resuming run" in resumed.err


def lock(farm: Farm) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((farm.root / "lock.json").read_text())
    return found


def release(farm: Farm) -> str:
    return str(farm.status()["www_1"]["release"])


def without_records(world: dict[str, str]) -> dict[str, str]:
    """The world without the hosts' memory of how it came about."""
    return {name: text for name, text in world.items() if not name.startswith("records/")}
