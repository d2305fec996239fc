"""Farms for live tests. The releases are built once; each test's farm gets a copy of them."""

from collections.abc import Iterator

import pytest

from tests.live.farm import Farm, farm_of


@pytest.fixture(scope="session")
def built() -> Iterator[Farm]:
    """A project whose repository is made and whose three versions are built; nothing runs."""
    with farm_of() as farm:
        for rev in ("v1", "v2", "v3"):
            farm.must("build", "--rev", rev, "--env", "local")
        yield farm


@pytest.fixture
def farm(built: Farm) -> Iterator[Farm]:
    """An empty farm of three instances, for one test."""
    with farm_of(like=built) as farm:
        yield farm


@pytest.fixture(scope="module")
def v1(built: Farm) -> Iterator[Farm]:
    """A farm that runs v1, shared by a module's tests, which leave it as they found it."""
    with farm_of(like=built) as farm:
        farm.must("deploy", "--env", "local", "--rev", "v1")
        yield farm
