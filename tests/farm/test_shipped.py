"""The environments that come with the project are what they say."""

from pathlib import Path

from pipeline.farm.inventory import Environment
from pipeline.farm.parse import checked, read_toml

ENVIRONMENTS = Path(__file__).parents[2] / "environments"


def test_the_example_for_production_differs_from_a_valid_one_by_its_transport_only() -> None:
    text = (ENVIRONMENTS / "prod.toml.example").read_text(encoding="utf-8")
    here = text.replace('transport = "psexec"', 'transport = "local"')

    environment = checked(Environment, read_toml(here, "prod"), where="prod", text=here)

    assert [(name, host.location) for name, host in environment.hosts.items()] == [
        ("web1", "oslo"),
        ("web2", "bergen"),
    ]
    assert environment.rollout.max_parallel == 2
