"""A farm of three instances, and the templates of this repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.farm.instances import Inventory, inventory
from pipeline.farm.inventory import Environment, Farm
from pipeline.farm.software import Software

REPOSITORY = Path(__file__).parents[2]

SOFTWARE = Software(
    apache="/usr/sbin/apache2",
    apache_version="2.4.71",
    server_root="/etc/apache2",
    modules="/usr/lib/apache2/modules",
    mod_wsgi="/usr/lib/apache2/modules/mod_wsgi.so-3.11",
    python="/usr/bin/python3.11",
    python_version="3.11",
)


def farm_of(privileged: bool = True, **environment: object) -> Inventory:
    """Three instances on one box; `environment` replaces tables of the environment's file."""
    farm = {"format": 1, "project": "homebrew", "source": {"repo": "hg"}}
    described = {
        "root": "/srv/homebrew",
        "balancer": {"kind": "apache", "port": 8080},
        "hosts": {"box": {"transport": "local", "instances": {"count": 3}}},
        **environment,
    }
    return inventory(
        "local",
        Farm.model_validate({**farm, "build": {"wsgi": "homebrew.wsgi"}}),
        Environment.model_validate(described),
        privileged=privileged,
    )


@pytest.fixture(scope="session")
def farm() -> Callable[..., Inventory]:
    return farm_of


@pytest.fixture(scope="session")
def software() -> Software:
    return SOFTWARE


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    paths = sorted((REPOSITORY / "templates").glob("*/*"))
    return {path.name: path.read_text("utf-8") for path in paths}
