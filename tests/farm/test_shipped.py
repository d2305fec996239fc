"""The environments that come with the project are what they say."""

import shutil
from pathlib import Path

from pipeline.farm.instances import Inventory, port_users
from pipeline.settings import load

PROJECT = Path(__file__).parents[2]
EXAMPLE = "environments/prod.toml.example"


def test_the_example_for_production_is_a_valid_one_for_windows(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    for name, place in (("farm.toml", "farm.toml"), (EXAMPLE, "environments/prod.toml")):
        shutil.copyfile(PROJECT / name, tmp_path / place)

    found = load(tmp_path, "prod").inventory

    assert found.windows
    assert [(name, host.location) for name, host in found.environment.hosts.items()] == [
        ("web1", "oslo"),
        ("web2", "bergen"),
    ]
    assert found.environment.rollout.max_parallel == 2


def test_the_two_farms_on_this_box_can_run_side_by_side() -> None:
    def places(inventory: Inventory) -> set[object]:
        return {*port_users(inventory), inventory.environment.root, inventory.layout("box").root}

    found = [load(PROJECT, name).inventory for name in ("local", "local-haproxy")]

    assert [each.environment.balancer.kind for each in found] == ["apache", "haproxy"]
    assert not places(found[0]) & places(found[1])
