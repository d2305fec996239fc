"""Every token says where its value comes from."""

from collections.abc import Callable

import pytest

from pipeline.farm.instances import Inventory
from pipeline.farm.provenance import Provenance, Written, values_by_key
from pipeline.farm.software import Software
from pipeline.render.values import (
    Given,
    balancer_values,
    cache_values,
    explained,
    instance_values,
    static_values,
)

Farm = Callable[..., Inventory]

TEXT = """\
root = "/srv/homebrew"
balancer.port = 8080
[site.secrets]
KEY = "env:FARM_KEY"
"""
PROVENANCE = Provenance(
    farm=Written(where="farm.toml", text="", tables={}, prefix="farm."),
    environment=Written(
        where="environments/local.toml",
        text=TEXT,
        tables={
            "root": "/srv/homebrew",
            "balancer": {"port": 8080},
            "site": {"secrets": {"KEY": "env:FARM_KEY"}},
            "variables": {"BANNER": "Hello"},
        },
        settings=(("variables.BANNER", "Hello"),),
    ),
)
CASES: dict[str, dict[str, object]] = {
    "plain": {},
    "all is pinned": {
        "balancer": {"kind": "apache", "manager_port": 9999, "host": "box"},
        "hosts": {
            "box": {
                "transport": "local",
                "instances": {"count": 1},
                "root": "/srv/box",
                "apache": "/a",
                "mod_wsgi": "/m",
            }
        },
        "variables": {"BANNER": "Hello"},
    },
    "HAProxy": {"balancer": {"kind": "haproxy", "static_port": 9999}},
    "a cache": {
        "hosts": {
            "box": {"transport": "local", "instances": {"count": 1}, "memcached": {"memory": 99}}
        },
        "cache": {"on_deploy": "prefix"},
    },
    "an ordinary user": {"root_as_user": "/home/me/farm", "privileged": False},
}


def values(inventory: Inventory, software: Software) -> dict[str, Given]:
    """What may be said anywhere: by token, and with the service's name before it if not first."""
    first = inventory.instances[0]
    services = {
        "balancer": balancer_values(inventory, software),
        "static": static_values(inventory, software) if inventory.static_port else {},
        "cache": cache_values(inventory, "box", software) if inventory.caches else {},
    }
    return {
        **{f"{at} {token}": it for at, found in services.items() for token, it in found.items()},
        **instance_values(inventory, first, "default-0123456789ab-1", "/srv/v", software),
    }


@pytest.mark.parametrize("case", CASES)
def test_every_token_names_a_key_of_the_inventory_or_says_what_else_made_it(
    farm: Farm, software: Software, case: str
) -> None:
    inventory = farm(**CASES[case])
    known = set(values_by_key(inventory))
    tables = {key[:at] for key in known for at, letter in enumerate(key) if letter == "."}
    found = values(inventory, software)
    strays = {
        name: given.keys
        for name, given in found.items()
        if not (given.keys or given.note) or not {*given.keys.split()} <= known | tables
    }
    assert strays == {}, "Given(value, KEYS of the inventory, NOTE)"


@pytest.mark.parametrize(
    ("token", "line"),
    [
        ("balancer PORT", "8080 (environments/local.toml:2: balancer.port)"),
        (
            "balancer MANAGER_PORT",
            "8081 (environments/local.toml:2: balancer.port; the next port)",
        ),
        ("PORT", "9001 (default of hosts.box.instances.first_port)"),
        ("BANNER", "Hello (--set variables.BANNER=Hello)"),
        ("SECRETS", "['KEY'] (environments/local.toml:3: site.secrets; names only)"),
        ("STATIC_URL", "/static/ (default; change it by [variables])"),
        ("ROOT", "/srv/homebrew (environments/local.toml:1: root)"),
    ],
)
def test_a_token_is_explained_by_value_and_origin(
    farm: Farm, software: Software, token: str, line: str
) -> None:
    inventory = farm(site={"secrets": {"KEY": "env:FARM_KEY"}}, variables={"BANNER": "Hello"})
    assert explained(values(inventory, software)[token], PROVENANCE) == line


def test_an_ordinary_users_root_is_explained_by_its_own_key(
    farm: Farm, software: Software
) -> None:
    found = values(farm(root_as_user="/home/me/farm", privileged=False), software)
    assert (found["ROOT"].value, found["ROOT"].keys) == ("/home/me/farm", "root_as_user")
