"""A farm behind HAProxy, on real parts: what differs from one behind Apache."""

import http.client
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.balancer.orders import balancer_for
from pipeline.facts.question import BalancerAddress
from tests.live.farm import Farm, farm_of, wait_for

pytestmark = pytest.mark.live

UPGRADE = ("deploy", "--env", "local", "--rev", "v2", "--allow", "changes-behaviour:*")
OUT = ("drain", "--env", "local", "--yes", "--instance")
BACK = ("undrain", "--env", "local", "--instance")


@pytest.fixture
def farm(built: Farm) -> Iterator[Farm]:
    with farm_of(like=built, kind="haproxy") as farm:
        farm.edit("environments/local.toml", 'kind = "haproxy"', 'kind = "haproxy"\nsticky = true')
        farm.must("deploy", "--env", "local", "--rev", "v1")
        yield farm


def ask(farm: Farm, path: str, **headers: str) -> tuple[dict[str, str], str]:
    """A page that has to be there: its headers, and its text."""
    connection = http.client.HTTPConnection("127.0.0.1", farm.port, timeout=20)
    connection.request("GET", path, headers={"Host": "localhost", **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200, text
    return {name.lower(): value for name, value in answer.getheaders()}, text


def who(farm: Farm, cookie: str = "") -> tuple[str, str]:
    """Which instance answers, and the cookie that it comes with."""
    headers, text = ask(farm, "/whoami", **({"Cookie": cookie} if cookie else {}))
    return json.loads(text)["instance"], headers.get("set-cookie", "").partition(";")[0]


def test_a_visitor_stays_with_one_instance_until_it_is_out_of_rotation(farm: Farm) -> None:
    first, cookie = who(farm)
    assert {who(farm, cookie) for _ in range(6)} == {(first, "")}

    farm.must(*OUT, first)

    moved = {who(farm, cookie) for _ in range(6)}
    assert first not in {name for name, _ in moved}
    assert all(cookie for _, cookie in moved)

    farm.must(*BACK, first)

    assert {who(farm, cookie) for _ in range(6)} == {(first, "")}
    assert farm.tried_again() == 0


def test_whom_a_person_took_out_stays_out_over_a_reload(farm: Farm) -> None:
    farm.must(*OUT, "www_2")
    worker = farm.status()["balancer"]["process"]

    answer = farm.must(
        "deploy", "--env", "local", "--rev", "v1", "--set", "variables.BALANCER_CONNECTIONS=2500"
    )

    assert "reload" in answer.err
    status = farm.status()
    assert status["balancer"]["process"] == worker
    assert {name: status[name]["rotation"] for name in farm.names} == {
        "www_1": "ready",
        "www_2": "disabled",
        "www_3": "ready",
    }
    assert "www_2" not in {who(farm)[0] for _ in range(12)}


def test_static_files_come_from_the_static_server(farm: Farm) -> None:
    _, page = ask(farm, "/")
    style = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    headers, text = ask(farm, style)

    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert text
    served = re.compile(rf'"GET {re.escape(style)} HTTP/1\.1" 200 \d+ static ')
    wait_for(lambda: served.search(farm.requests()))


def test_a_deployer_that_is_killed_in_the_middle_leaves_a_farm_that_can_be_resumed(
    farm: Farm,
) -> None:
    deploying = farm.start(*UPGRADE)
    wait_for(lambda: ("roll:www_2:drain", "done") in states(farm), 120)
    deploying.kill()
    deploying.communicate()

    farm.must("resume", "--env", "local")

    assert farm.must("diff", "--env", "local", "--rev", "v2", "--check").code == 0
    status = farm.status()
    assert {status[name]["rotation"] for name in farm.names} == {"ready"}
    assert len({status[name]["release"] for name in farm.names}) == 1
    assert farm.tried_again() == 0


def states(farm: Farm) -> set[tuple[str, str]]:
    """The steps of all runs and what was noted of them."""
    return {(step, state) for step, state in farm.journal("SELECT step, state FROM event")}


def test_the_kind_of_balancer_changes_only_when_the_old_one_is_stopped(farm: Farm) -> None:
    words = ("--env", "local", "--set", "balancer.kind=apache")
    before = farm.world()

    for refused in (("deploy", "--rev", "v1"), ("bounce",), ("stop", "--yes"), ("rollback",)):
        answer = farm.invoke(refused[0], *words, *refused[1:])
        assert answer.code == 3, answer.err
        assert "the balancer still runs as haproxy, and balancer.kind is apache now" in answer.err
        assert "invoke stop --env local --set balancer.kind=haproxy" in answer.err
    assert farm.world() == before

    farm.must("stop", "--env", "local", "--yes")
    farm.must("deploy", *words, "--rev", "v1")

    assert "server: Apache" in "\n".join(f"{k}: {v}" for k, v in ask(farm, "/")[0].items())
    assert not (farm.root / "balancer/conf/haproxy.cfg").exists()
    assert not [each for each in farm.processes() if each.name() == "haproxy"]


def test_the_static_server_does_not_move_while_it_serves(farm: Farm) -> None:
    port = ("--set", f"balancer.static_port={farm.port - 1}")

    answer = farm.invoke("deploy", "--env", "local", "--rev", "v1", *port)

    assert answer.code == 3
    assert f"would move from port {farm.port + 1} to {farm.port - 1} while it serves" in answer.err
    assert f"balancer.static_port = {farm.port + 1}" in answer.err


def test_a_page_that_a_killed_instance_was_working_on_comes_from_another(farm: Farm) -> None:
    name, cookie = who(farm)
    socket = str(farm.root / "balancer" / "run" / "haproxy.sock")
    address = BalancerAddress(kind="haproxy", name="homebrew", manager=socket)
    with ThreadPoolExecutor(1) as visitor:
        answer = visitor.submit(ask, farm, "/slow?s=3", Cookie=cookie)
        wait_for(lambda: balancer_for(address).state().members[name].in_flight)
        for process in farm.of_instance(name):
            process.kill()

        _, text = answer.result()

    assert len(text) == 1000
    wait_for(farm.tried_again)
