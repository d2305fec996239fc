"""The inventory's keys are explained without asking anything of anybody."""

from pathlib import Path

import pytest

from pipeline.errors import BadInventory
from pipeline.flow.config import explanations
from pipeline.flow.world import World
from pipeline.settings import load

FARM = 'format = 1\nproject = "homebrew"\nsource.repo = "hg"\nbuild.wsgi = "homebrew.wsgi"\n'
LOCAL = """\
root = "/srv/homebrew"
balancer = { kind = "apache", port = 8080 }
hosts.box.transport = "local"
hosts.box.instances.count = 3
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "environments").mkdir()
    (tmp_path / "farm.toml").write_text(FARM, "utf-8")
    (tmp_path / "environments/local.toml").write_text(LOCAL, "utf-8")
    settings = load(tmp_path, "local", ["balancer.port=8090"])
    return World(settings=settings, ways={}, say=lambda line: None)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("root", ['root = "/srv/homebrew" (environments/local.toml:1)']),
        ("balancer.port", ["balancer.port = 8090 (--set)"]),
        ("farm.build.keep", ["farm.build.keep = 5 (default)"]),
        (
            "farm.sou*",
            ['farm.source.repo = "hg" (farm.toml:3)', 'farm.source.branch = "default" (default)'],
        ),
        (
            "hosts.box.instances",
            [
                "hosts.box.instances.count = 3 (environments/local.toml:4)",
                'hosts.box.instances.name = "www_{n}" (default)',
                "hosts.box.instances.first_port = 9001 (default)",
            ],
        ),
        ("health", ['health.path = "/health" (default)', "health.timeout = 5.0 (default)"]),
    ],
)
def test_a_key_a_table_or_a_glob_is_explained_by_value_and_origin(
    world: World, name: str, lines: list[str]
) -> None:
    assert explanations(world, name) == lines


def test_an_unknown_key_is_refused_with_the_nearest_one(world: World) -> None:
    with pytest.raises(BadInventory) as caught:
        explanations(world, "rollout.drain_timout")
    assert caught.value.lines() == (
        "there is no key rollout.drain_timout",
        "  -> did you mean rollout.drain_timeout?",
    )
