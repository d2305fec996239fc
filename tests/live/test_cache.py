"""The site's cache: a real memcached beside real workers, through deploys."""

import re
import socket
import urllib.request
from contextlib import closing

import pytest

from tests.live.farm import Farm

pytestmark = pytest.mark.live

COST = ("--allow", "changes-behaviour:*")


def page(farm: Farm, path: str) -> str:
    with urllib.request.urlopen(f"{farm.url}{path}", timeout=10) as answer:
        return bytes(answer.read()).decode()


def made_by(farm: Farm) -> str:
    """The worker that made the ranking, as the page's footer has it."""
    footer = re.search(r"<footer.*?</footer>", page(farm, "/ranking/"), re.DOTALL)
    assert footer is not None
    return footer[0]


def ask(farm: Farm, words: bytes) -> bytes:
    """One command of memcached's text protocol, and its answer."""
    address = ("127.0.0.1", farm.cache_port)
    with closing(socket.create_connection(address, timeout=5)) as connection:
        connection.sendall(words)
        return connection.recv(1000)


def test_a_page_is_made_once_for_all_workers_and_anew_for_a_new_release(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")
    farm.must("deploy", "--env", "local", "--rev", "v2", *COST)
    made = {made_by(farm) for _ in range(9)}
    farm.edit("example/recipes/templates/about.html", "{% block", "{# new #}{% block")
    farm.must("deploy", "--env", "local")

    assert len(made) == 1
    assert made_by(farm) not in made


def test_a_deploy_can_flush_what_the_old_release_has_cached(farm: Farm) -> None:
    flushing = ("--set", "cache.on_deploy=flush")
    farm.must("deploy", "--env", "local", "--rev", "v1", *flushing)
    assert ask(farm, b"set old 0 0 1\r\n1\r\n") == b"STORED\r\n"

    answer = farm.must("deploy", "--env", "local", "--rev", "v2", *COST, *flushing)

    assert f"flush memcached 127.0.0.1:{farm.cache_port}" in answer.err
    assert ask(farm, b"get old\r\n") == b"END\r\n"
    assert farm.must("diff", "--env", "local", "--rev", "v2", "--check", *flushing).code == 0


def test_other_settings_restart_it_and_it_stops_and_starts_with_the_farm(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")
    before = farm.status()["memcached"]["process"]
    more = ("--set", "hosts.box.memcached.memory=32")
    farm.must("deploy", "--env", "local", "--rev", "v1", *more)
    after = farm.status()["memcached"]["process"]

    assert before != after
    assert ask(farm, b"stats settings\r\n").startswith(b"STAT maxbytes 33554432\r\n")
    farm.must("stop", "--env", "local", "--yes", "--allow", "stops-service:*")
    assert farm.status()["memcached"]["process"] == "stopped"
    farm.must("start", "--env", "local")
    assert farm.status()["memcached"]["process"].startswith("running")
