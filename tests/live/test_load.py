"""People who use the site do not notice a deploy; and the test would notice if they did."""

from collections.abc import Iterator

import pytest

from benchmarks.rolling import (
    ceiling_with_one_out,
    deploy_under_load,
    slow_request_while,
    stop_well,
    terminate,
)
from tests.live.farm import NAMES, Farm, Kind, farm_of

pytestmark = pytest.mark.live

SHARE = 0.5  # of the ceiling: whoever runs the tests may run other things beside them


@pytest.fixture(scope="module", params=list(NAMES), ids=list(NAMES.values()))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def farm(built: Farm, kind: Kind) -> Iterator[Farm]:
    with farm_of(like=built, kind=kind) as farm:
        yield farm


@pytest.fixture(scope="module")
def v1(built: Farm, kind: Kind) -> Iterator[Farm]:
    with farm_of(like=built, kind=kind) as farm:
        farm.must("deploy", "--env", "local", "--rev", "v1")
        yield farm


def test_an_upgrade_and_a_failing_release_lose_no_request(farm: Farm) -> None:
    farm.edit("environments/local.toml", "healthy_deadline = 60", "healthy_deadline = 4")
    farm.must("deploy", "--env", "local", "--rev", "v1")
    rate = SHARE * ceiling_with_one_out(farm, 2.0)

    upgrade = deploy_under_load(farm, "v2", rate=rate, slow=2, seed=1, code=0)
    failing = deploy_under_load(farm, "v3", rate=rate, slow=2, seed=2, code=1)

    assert upgrade.clean, upgrade
    assert failing.clean, failing
    assert len(upgrade.releases) == 2
    assert {release.rsplit("-", 2)[0] for release in failing.releases} == {"default"}
    assert farm.tried_again() == 0


def test_a_slow_request_is_lost_when_its_worker_is_just_terminated(v1: Farm) -> None:
    assert slow_request_while(v1, terminate).status != 200


def test_a_slow_request_is_finished_when_its_worker_is_stopped_by_us(v1: Farm) -> None:
    answer = slow_request_while(v1, stop_well)

    assert (answer.status, len(answer.body)) == (200, 1000)
