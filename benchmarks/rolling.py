"""A deploy while people use the site: is any request lost? And is the counter-test able to fail?

Each round has a farm of its own: v1 runs, v2 is rolled out under load, v3 (whose health check
fails) is tried under load, and `rollback` leaves all clean. The load is a share of the ceiling
that is measured first, with one worker out. Then, without any drain, a worker is terminated
under a slow request: that request must be lost, or this benchmark proves nothing.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.load import Load, ceiling, under
from benchmarks.load_report import Report
from pipeline.facts.answer import HttpAnswer
from pipeline.facts.question import HttpGet
from pipeline.transport.http import fetch
from tests.live.farm import NAMES, Farm, farm_of, wait_for

ALLOW = ("--allow", "changes-behaviour:recipes_recipe_updated")
NOBODY_LEFT = ("--allow", "stops-service:local")
STICKY = 4  # of the visitors: where the balancer gives a cookie, one worker answers them
PAGES = ("/", "/?page=2", "/search/?q=hops", "/about/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round showed."""

    ceiling: float  # requests per second, one worker out
    rate: float  # requests per second asked for
    upgrade: Report
    failing: Report
    failing_code: int
    tried_again: int  # requests that the balancer had to send once more
    served_after: str
    clean: bool
    lost_without_drain: bool
    kept_with_drain: bool

    @property
    def good(self) -> bool:
        """Nothing lost, the bad release kept out, and the counter-test failed as it must."""
        return (
            self.upgrade.clean
            and self.failing.clean
            and self.failing_code == 1
            and self.tried_again == 0
            and self.clean
            and self.lost_without_drain
            and self.kept_with_drain
        )


def one_round(farm: Farm, *, seconds: float, share: float, slow: int, seed: int) -> Round:
    """Take a farm that runs v1 through all of it."""
    most = ceiling_with_one_out(farm, seconds)
    rate = share * most
    upgrade = deploy_under_load(farm, "v2", rate=rate, slow=slow, seed=seed, code=0)
    before = farm.world()
    failing = deploy_under_load(farm, "v3", rate=rate, slow=slow, seed=seed, code=1)
    farm.must("rollback", "--env", "local", "--yes")
    after = farm.world()
    tried_again = farm.tried_again()
    return Round(
        ceiling=most,
        rate=rate,
        upgrade=upgrade,
        failing=failing,
        failing_code=1,
        tried_again=tried_again,
        served_after=farm.status()["www_1"]["release"],
        clean=after == before,
        lost_without_drain=slow_request_while(farm, terminate).status != 200,
        kept_with_drain=slow_request_while(farm, stop_well).status == 200,
    )


def ceiling_with_one_out(farm: Farm, seconds: float) -> float:
    """The most that the farm answers in a second while one worker is out of rotation."""
    farm.must("drain", "--env", "local", "--instance", "www_1")
    most = ceiling(farm.url, seconds)
    farm.must("undrain", "--env", "local", "--instance", "www_1")
    return most


def deploy_under_load(
    farm: Farm, rev: str, *, rate: float, slow: int, seed: int, code: int
) -> Report:
    """Deploy while people use the site; what they saw."""
    load = Load(url=farm.url, rate=rate, slow=slow, sticky=STICKY, seed=seed, pages=PAGES)
    with under(load, warm=50) as running:
        answer = farm.invoke("deploy", "--env", "local", "--rev", rev, *ALLOW)
    assert answer.code == code, f"{answer.out}\n{answer.err}"
    assert running.report is not None
    return running.report


def slow_request_while(farm: Farm, end: Callable[[Farm, str], None]) -> HttpAnswer:
    """Hold a slow request open on the last worker, let `end` take that worker away, and see."""
    *others, last = farm.names
    farm.must("drain", "--env", "local", "--instance", ",".join(others), *NOBODY_LEFT)
    answers: list[HttpAnswer] = []
    ask = HttpGet(url=f"{farm.url}/slow?s=3", host_header="localhost", timeout=20.0)
    visitor = threading.Thread(target=lambda: answers.append(fetch(ask)))
    visitor.start()
    wait_for(lambda: farm.status()[last]["in_flight"])
    end(farm, last)
    visitor.join()
    wait_for(lambda: farm.status()[last]["process"] == "stopped")
    farm.must("start", "--env", "local")
    farm.must("undrain", "--env", "local")
    return answers[0]


def terminate(farm: Farm, name: str) -> None:
    """As a careless script does it: TERM, with the worker still in rotation."""
    pid = int((farm.root / "instances" / name / "run" / "httpd.pid").read_text())
    os.kill(pid, signal.SIGTERM)


def stop_well(farm: Farm, name: str) -> None:
    """As farmhand does it."""
    farm.must("stop", "--env", "local", "--instance", name, "--yes", *NOBODY_LEFT)


def main() -> int:
    """Exit code 1 when any round was not good."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.rolling", description=__doc__)
    options.add_argument("--env", choices=NAMES.values(), default="local")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=5.0, help="for measuring the ceiling")
    options.add_argument("--share", type=float, default=0.7, help="of the ceiling")
    options.add_argument("--slow", type=int, default=3, help="clients of 5 s requests")
    options.add_argument("--keep", type=Path, help="a folder for the logs of bad rounds")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    rounds = []
    kind = next(kind for kind, name in NAMES.items() if name == given.env)
    with farm_of(kind=kind) as built:
        for rev in ("v1", "v2", "v3"):
            built.must("build", "--rev", rev)
        for number in range(min(given.rounds, 50)):
            rounds.append(_round(built, given, number))
            _tell(number + 1, rounds[-1])
    if given.json:
        print(json.dumps([asdict(each) for each in rounds], default=str))
    return 0 if all(each.good for each in rounds) else 1


def _round(built: Farm, given: argparse.Namespace, number: int) -> Round:
    with farm_of(like=built, kind=built.kind) as farm:
        farm.edit("environments/local.toml", "healthy_deadline = 60", "healthy_deadline = 5")
        farm.edit("environments/local.toml", "[balancer]\n", "[balancer]\nsticky = true\n")
        farm.must("deploy", "--env", "local", "--rev", "v1")
        found = one_round(
            farm, seconds=given.seconds, share=given.share, slow=given.slow, seed=number + 1
        )
        if given.keep and not found.good:
            for log in farm.root.glob("**/log/*"):
                kept = given.keep / str(number + 1) / log.relative_to(farm.root)
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(log, kept)
        return found


def _tell(number: int, found: Round) -> None:
    print(
        f"round {number}: ceiling {found.ceiling:.0f}/s, load {found.rate:.0f}/s; "
        f"v1 -> v2: {_counts(found.upgrade)}; v3 refused: {_counts(found.failing)}; "
        f"sent again: {found.tried_again}; clean after rollback: {found.clean}; "
        f"slow request under TERM lost: {found.lost_without_drain}, "
        f"under stop kept: {found.kept_with_drain} -> {'good' if found.good else 'BAD'}",
        flush=True,
    )
    for report in (found.upgrade, found.failing):
        for failure in report.failures[:5]:
            print(f"    {failure}")


def _counts(report: Report) -> str:
    failed = sum(report.failed.values())
    return f"{report.requests} requests in {report.seconds:.1f} s, {failed} failed"


if __name__ == "__main__":
    sys.exit(main())
