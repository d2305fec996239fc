"""A deploy that is killed with -9 is resumed to the same end, or rolled back; a seeded sample.

All kill points: `python -m benchmarks.kill_matrix`. FARMHAND_SEED repeats a sample.
"""

import os
import random
import sys
from collections.abc import Iterator

import pytest

from tests.live.farm import Farm
from tests.live.killed import Death
from tests.live.kills import (
    LATE,
    Ground,
    Way,
    ground_of,
    redeployed,
    resumed,
    rolled_back,
)

SEED = int(os.environ.get("FARMHAND_SEED") or random.SystemRandom().randrange(100_000))
# Scenario, way on, how many kills: spread over all of the run.
SAMPLES: list[tuple[str, Way, int]] = [
    ("upgrade", resumed, 8),
    ("upgrade", rolled_back, 4),
    ("first", resumed, 1),
    ("first", redeployed, 1),
    ("failing", resumed, 1),
]

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(sys.platform == "win32", reason="the program that dies is forked"),
]


@pytest.fixture(scope="module")
def ground(built: Farm) -> Iterator[Ground]:
    with ground_of(like=built, names=("first", "upgrade", "failing")) as ground:
        yield ground


@pytest.mark.parametrize(
    ("name", "way", "part", "parts"),
    [
        pytest.param(name, way, part, parts, id=f"{name}-{way.__name__}-{part}")
        for name, way, parts in SAMPLES
        for part in range(1, parts + 1)
    ],
)
def test_killed_at_a_write_it_ends_as_if_it_had_not_been(
    ground: Ground, name: str, way: Way, part: int, parts: int
) -> None:
    scenario = ground.scenarios[name]
    deaths = scenario.deaths()
    some = deaths[len(deaths) * (part - 1) // parts : len(deaths) * part // parts]
    death = random.Random(f"{SEED} {name} {way.__name__} {part}").choice(some)

    ended = ground.run(scenario, death)

    assert ended.killed, f"FARMHAND_SEED={SEED}: {death}: exit code {ended.code}"
    wrong = way(ground, scenario)
    assert not wrong, _told(f"{death}: {scenario.label(death)}", wrong)


def test_killed_in_the_middle_of_a_step_it_ends_as_if_it_had_not_been(ground: Ground) -> None:
    scenario = ground.scenarios["upgrade"]
    chance = random.Random(f"{SEED} late")
    number = chance.randint(1, len(scenario.writes))
    death = Death(write=number, delay=chance.uniform(0.01, LATE))

    ground.run(scenario, death)

    wrong = resumed(ground, scenario)
    assert not wrong, _told(f"{death}: {scenario.label(death)}", wrong)


def _told(point: str, wrong: list[str]) -> str:
    return "\n".join((f"FARMHAND_SEED={SEED}, {point}", *wrong))
