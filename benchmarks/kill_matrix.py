"""Kill a deploy at every point, and see that it can be resumed and rolled back from each.

    python -m benchmarks.kill_matrix                    all of it: about an hour
    python -m benchmarks.kill_matrix --part 2/8         every eighth kill, from the second on
    python -m benchmarks.kill_matrix --only upgrade     one scenario

A line for each kill; exit code 1 when any led to another end than an undisturbed run.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.live.killed import Death
from tests.live.kills import (
    LATE,
    Ground,
    Scenario,
    Way,
    ground_of,
    killed_again,
    redeployed,
    resumed,
    rolled_back,
)

TWICE = 12  # double kills of each scenario and command
LATER = 8  # deaths in the middle of a step, of each scenario and command
SLOW = ("began push:box:release",) * 2 + ("began push:box:venv",) * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One line of the matrix."""

    scenario: Scenario
    death: Death
    name: str
    way: Way

    def __str__(self) -> str:
        return (
            f"{self.scenario.name}, {self.death} ({self.scenario.label(self.death)}), {self.name}"
        )


def kills(scenario: Scenario, seed: int) -> Iterator[Kill]:
    """All kills of a scenario: each death and each way on, and some by chance."""
    chance = random.Random(f"{scenario.name} {seed}")
    deaths = scenario.deaths()
    ways: dict[str, Way] = {"resume": resumed}
    if scenario.name != "back":
        ways["rollback"] = rolled_back
    for name, way in ways.items():
        for death in deaths:
            yield Kill(scenario=scenario, death=death, name=name, way=way)
        for death in deaths if scenario.code else chance.choices(deaths, k=TWICE):
            number = chance.randrange(1 << 30)
            again = killed_again(number, name)
            yield Kill(scenario=scenario, death=death, name=f"{name} killed, resume", way=again)
        slow = [scenario.writes.index(write) + 1 for write in SLOW if write in scenario.writes]
        for number in (*slow, *(chance.randint(1, len(scenario.writes)) for _ in range(LATER))):
            late = Death(write=number, delay=chance.uniform(0.01, LATE))
            yield Kill(scenario=scenario, death=late, name=name, way=way)
    if scenario.name == "first":
        for death in chance.sample(deaths, 6):
            yield Kill(scenario=scenario, death=death, name="rollback, deploy", way=redeployed)


def carry_out(ground: Ground, kill: Kill) -> list[str]:
    """One kill. Gives what was wrong afterwards."""
    ended = ground.run(kill.scenario, kill.death)
    if not ended.killed and not kill.death.delay:
        return [f"it was not killed: exit code {ended.code}: {ended.err[-300:]}"]
    return kill.way(ground, kill.scenario)


def run(ground: Ground, chosen: list[Kill]) -> int:
    """Carry out kills, and tell. Gives how many failed."""
    failed = 0
    for number, kill in enumerate(chosen, 1):
        began = time.monotonic()
        wrong = carry_out(ground, kill)
        failed += bool(wrong)
        word = "FAILED" if wrong else "ok"
        print(
            f"[{number}/{len(chosen)}] {word} {kill} ({time.monotonic() - began:.1f} s)",
            *(f"    {line}" for line in (*wrong[:8], *wrong[8:][-4:])),
            sep="\n",
            flush=True,
        )
    return failed


def main() -> int:
    """Exit code 1 when any kill failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", default="1/1", help="I/N: every N-th kill, from the I-th on")
    parser.add_argument("--only", default="", help="scenarios: first,upgrade,back,again,failing")
    parser.add_argument("--grep", default="", help="kills whose line has this in it")
    parser.add_argument("--instances", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    names = [name for name in options.only.split(",") if name]
    began = time.monotonic()
    with ground_of(names=names, instances=options.instances) as ground:
        print(f"the start states are made ({time.monotonic() - began:.0f} s)", flush=True)
        every = [
            kill
            for name, scenario in ground.scenarios.items()
            if not names or name in names
            for kill in kills(scenario, options.seed)
            if options.grep in str(kill)
        ]
        chosen = every[part - 1 :: parts]
        failed = run(ground, chosen)
    seconds = time.monotonic() - began
    print(f"{len(chosen)} kills, {failed} failed, seed {options.seed}, {seconds:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
