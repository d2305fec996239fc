"""Hosts that run Windows are built for, and never reached."""

from pathlib import Path

import pytest

from pipeline.build.order import WindowsHosts
from pipeline.errors import BadInventory, CheckFailed
from pipeline.flow.observe import ask_software
from pipeline.flow.release import windows_hosts
from pipeline.flow.world import reach, world_of

FARM = """\
format = 1
project = "shop"
source.repo = "hg"
build.wsgi = "shop.wsgi"
"""
HOST = """
[hosts.{name}]
address = "{name}"
platform = "windows"
transport = "psexec"
python_version = "3.11"
root = '{root}'
instances = {{ count = 1, name = "{name}_{{n}}" }}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "farm.toml").write_text(FARM, encoding="utf-8")
    (tmp_path / "environments").mkdir()
    hosts = HOST.format(name="web1", root="D:\\a\\long\\root") + HOST.format(
        name="web2", root="E:\\short"
    )
    text = f"root = 'C:\\'\nbalancer.kind = \"none\"\n{hosts}"
    (tmp_path / "environments" / "prod.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_who_must_reach_them_is_refused_before_anything_is_asked(project: Path) -> None:
    with pytest.raises(CheckFailed) as caught:
        reach(project, "prod", (), print)
    assert caught.value.lines() == (
        "environments/prod.toml: its hosts run Windows, and this version has no way to them",
        "  -> `build` and `config.render` need none",
    )


def test_there_is_no_way_to_them_and_the_longest_root_counts(project: Path) -> None:
    world = world_of(project, "prod", (), print)
    assert (world.ways, world.first_host) == ({}, "web1")
    assert windows_hosts(world.inventory) == WindowsHosts(
        python_version="3.11", root="D:\\a\\long\\root"
    )


def test_their_programs_are_what_the_inventory_says(project: Path) -> None:
    pins = ["hosts.web1.python", "hosts.web1.apache", "hosts.web1.mod_wsgi"]
    said = [f"{pin}='C:\\{pin[11:]}\\x.exe'" for pin in pins]
    with pytest.raises(BadInventory, match=r"^hosts\.web2: apache, mod_wsgi, python must be said"):
        ask_software(world_of(project, "prod", said, print))
    both = said + [each.replace("web1", "web2") for each in said]
    found = ask_software(world_of(project, "prod", both, print))
    assert {name: each.python for name, each in found.items()} == dict.fromkeys(
        ("web1", "web2"), "C:\\python\\x.exe"
    )
