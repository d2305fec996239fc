"""A port of a farm that is to be made, and somebody else has: refused before anything is built."""

import os
import re
import socket
from contextlib import closing

import pytest

from tests.live.farm import Farm, Kind, farm_of

pytestmark = pytest.mark.live


def port(farm: Farm, key: str) -> int:
    return {
        "balancer.port": farm.port,
        "balancer.manager_port": farm.port + 1,
        "balancer.static_port": farm.port + 1,
        "balancer.tls.port": farm.tls_port,
        "hosts.box.instances.first_port": farm.port + 2,
        "hosts.box.memcached.port": farm.cache_port,
    }[key]


@pytest.mark.parametrize(
    ("kind", "key", "what"),
    [
        ("apache", "balancer.port", "the balancer"),
        ("apache", "balancer.manager_port", "the balancer's manager"),
        ("apache", "balancer.tls.port", "the balancer's HTTPS"),
        ("apache", "hosts.box.instances.first_port", "www_1"),
        ("apache", "hosts.box.memcached.port", "memcached"),
        ("haproxy", "balancer.port", "the balancer"),
        ("haproxy", "balancer.static_port", "static"),
        ("haproxy", "balancer.tls.port", "the balancer's HTTPS"),
    ],
)
def test_it_is_refused_and_says_who_has_it(built: Farm, kind: Kind, key: str, what: str) -> None:
    with farm_of(like=built, kind=kind) as farm, closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port(farm, key)))
        other.listen()
        answer = farm.invoke("deploy", "--env", "local", "--rev", "v1")
        assert (answer.code, answer.out) == (3, "")
        said = re.search(r"^host box: port \d+, meant for .*$", answer.err, re.MULTILINE)
        assert said, answer.err
        assert said[0].startswith(
            f"host box: port {port(farm, key)}, meant for {what}, is taken by "
        )
        assert str(os.getpid()) in said[0]
        assert f"choose another port: {key}" in answer.err
        assert not farm.root.exists()
