"""Instances follow from the inventory: names, ports, and who they are found as."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadInventory
from pipeline.farm.instances import Instance, Inventory, inventory
from pipeline.farm.inventory import Environment, Farm
from pipeline.farm.layout import Layout

FARM = Farm.model_validate(
    {
        "format": 1,
        "project": "homebrew",
        "source": {"repo": "hg"},
        "build": {"wsgi": "homebrew.wsgi"},
    }
)
TWO_HOSTS = """\
root = "/srv/homebrew"
root_as_user = "/home/ann/farm"
balancer = { kind = "apache" }
[hosts.box]
transport = "local"
user = "brewer"
instances = { count = 2 }
[hosts.bag]
transport = "local"
address = "10.0.0.2"
root = "/srv/bag"
instances = { count = 1, name = "bag{n}", first_port = 80 }
"""


def inventory_of(text: str, *, privileged: bool = True) -> Inventory:
    environment = Environment.model_validate(tomllib.loads(text))
    return inventory("local", FARM, environment, privileged=privileged)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 65000)), min_size=1, max_size=4))
def test_names_are_unique_and_the_ports_of_a_host_follow_one_another(
    hosts: list[tuple[int, int]],
) -> None:
    text = 'root = "/srv/x"\nbalancer = { kind = "none" }\n' + "".join(
        f'[hosts.web{number}]\ntransport = "local"\naddress = "10.0.0.{number}"\n'
        f'instances = {{ count = {count}, first_port = {port}, name = "web{number}_{{n}}" }}\n'
        for number, (count, port) in enumerate(hosts)
    )
    found = inventory_of(text)
    names = [instance.name for instance in found.instances]
    assert len(set(names)) == len(names) == sum(count for count, _ in hosts)
    for number, (count, port) in enumerate(hosts):
        there = found.on(f"web{number}")
        assert [instance.port for instance in there] == list(range(port, port + count))
        assert [i.name for i in there] == [f"web{number}_{n}" for n in range(1, count + 1)]


@given(st.integers(1, 50), st.integers(1, 65535), st.integers(1, 65535))
def test_no_two_that_listen_ever_share_a_port(count: int, first: int, balancer: int) -> None:
    text = (
        f'root = "/srv/x"\nbalancer = {{ kind = "apache", port = {balancer} }}\n'
        f'[hosts.box]\ntransport = "local"\n'
        f"instances = {{ count = {count}, first_port = {first} }}\n"
    )
    ports = [*range(first, first + count), balancer, balancer + 1]
    good = len(set(ports)) == len(ports) and max(ports) <= 65535
    try:
        inventory_of(text)
    except BadInventory:
        assert not good
    else:
        assert good


def test_two_hosts_give_their_instances_in_order() -> None:
    found = inventory_of(TWO_HOSTS)
    assert found.instances == (
        Instance(name="www_1", host="box", address="127.0.0.1", port=9001),
        Instance(name="www_2", host="box", address="127.0.0.1", port=9002),
        Instance(name="bag1", host="bag", address="10.0.0.2", port=80),
    )
    assert [instance.url for instance in found.on("bag")] == ["http://10.0.0.2:80"]


@pytest.mark.parametrize(
    ("privileged", "roots", "users"),
    [
        (True, ("/srv/homebrew", "/srv/bag"), ("brewer", "www-data")),
        (False, ("/home/ann/farm", "/home/ann/farm"), ("", "")),
    ],
)
def test_root_runs_the_site_as_somebody_else_and_anybody_else_as_himself(
    privileged: bool, roots: tuple[str, str], users: tuple[str, str]
) -> None:
    found = inventory_of(TWO_HOSTS, privileged=privileged)
    assert (found.layout("box"), found.layout("bag")) == (Layout(roots[0]), Layout(roots[1]))
    assert (found.user("box"), found.user("bag")) == users


def test_windows_hosts_have_windows_paths_and_a_user_of_their_own() -> None:
    found = inventory_of("""
        root = 'D:\\farm'
        root_as_user = "/home/ann/farm"
        balancer = { kind = "none" }
        [hosts.web1]
        transport = "psexec"
        platform = "windows"
        python_version = "3.11.9"
        user = "web"
        instances = { count = 1, name = "a_{n}" }
        [hosts.web2]
        address = "web2"
        transport = "psexec"
        platform = "windows"
        python_version = "3.11.9"
        root = "E:/sites"
        instances = { count = 1, name = "b_{n}" }
        """)
    assert found.windows
    assert [found.layout(host).release("r") for host in ("web1", "web2")] == [
        r"D:\farm\releases\r",
        r"E:\sites\releases\r",
    ]
    assert found.user("web1") == ""
