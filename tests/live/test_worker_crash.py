"""A worker that is killed under load costs its own requests, and no others; and it comes back."""

import json
import subprocess

import pytest

from benchmarks.load import Load
from benchmarks.rolling import PAGES
from benchmarks.worker_crash import Victim, crash
from pipeline.flow.world import reach
from tests.live.farm import Farm, wait_for

pytestmark = pytest.mark.live

LOCAL = ("--env", "local")


@pytest.mark.parametrize("victim", ["child", "whole"])
def test_at_most_its_requests_in_flight_fail_and_it_is_used_again(
    v1: Farm, victim: Victim
) -> None:
    world = reach(v1.project, "local", (), lambda line: None)
    before = v1.status()["www_2"]
    load = Load(url=v1.url, clients=12, rate=30, slow=2, forms=0, pages=PAGES)

    crashed = crash(world, world.inventory.instances[1], victim, load)

    assert 1 <= crashed.in_flight <= 10
    assert crashed.failed <= crashed.in_flight, crashed.report
    after = v1.status()["www_2"]
    assert (after["rotation"], after["keeping"]["missing"]) == ("ready", False)
    restarts = after["keeping"]["restarts"] - before["keeping"]["restarts"]
    assert restarts == (1 if victim == "whole" else 0)


def test_status_tells_of_restarts_in_a_table_and_as_json(v1: Farm) -> None:
    keeping = v1.status()["www_2"]["keeping"]
    shown = v1.must("status", *LOCAL).out
    last = keeping["last"][:19].replace("T", " ")
    assert keeping["restarts"] >= 1
    assert f"restarted {keeping['restarts']} time" in shown
    assert f", last {last}" in shown


def test_a_worker_without_its_keeper_serves_and_the_next_deploy_gives_it_one(v1: Farm) -> None:
    pids = {name: line["process"] for name, line in v1.status().items()}
    keepers = [process for process in v1.processes() if "farmhand-keeper" in process.cmdline()]
    for process in keepers:
        process.kill()
    wait_for(lambda: v1.status()["www_1"]["keeping"]["missing"])
    assert "nobody keeps it" in v1.must("status", *LOCAL).out

    answer = v1.must("deploy", *LOCAL, "--rev", "v1", "--json")

    assert json.loads(answer.out)["steps"] == len(keepers)
    now = {name: line["process"] for name, line in v1.status().items()}
    assert {name: text.split(";")[0] for name, text in now.items()} == {
        name: text.split(";")[0] for name, text in pids.items()
    }
    assert "Nothing to do." in v1.must("deploy", *LOCAL, "--rev", "v1").out


def test_a_farm_of_before_there_were_keepers_is_upgraded(farm: Farm) -> None:
    farm.must("deploy", *LOCAL, "--rev", "v1")
    commands = {
        tuple(process.cmdline()[:3])
        for process in farm.processes()
        if process.cmdline()[1:2] == ["-f"]
    }
    assert len(commands) == 1 + len(farm.names)
    farm.must("stop", *LOCAL, "--yes", "--allow", "stops-service:local")
    for words in commands:
        subprocess.run([*words, "-k", "start"], check=True)
    wait_for(lambda: farm.status()["www_1"]["rotation"] == "ready")

    farm.must("deploy", *LOCAL, "--rev", "v2", "--allow", "*:*")

    assert not any(line["keeping"]["missing"] for line in farm.status().values())
    farm.must("stop", *LOCAL, "--yes", "--allow", "stops-service:local")
    assert farm.processes() == []
