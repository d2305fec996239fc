"""A worker is killed with -9 under load: who notices, and how soon is it back?

Each round kills one worker that is in use: its child alone (Apache's parent makes another), and
then all of it (its keeper starts it again). The site stays up: at most those requests fail that
the worker had in flight, which are counted at the moment of the kill. The environment must be
deployed, and its workers be processes of this machine; any kind of balancer will do.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from benchmarks.load import Load, under
from benchmarks.load_report import Report
from benchmarks.measure import told
from benchmarks.rolling import PAGES
from pipeline.facts.question import HttpGet, Service
from pipeline.farm.instances import Instance
from pipeline.flow.want import look
from pipeline.flow.world import World, reach
from pipeline.services import httpd
from pipeline.transport.http import fetch

PROJECT = Path(__file__).parents[1]
PATIENCE = 30.0  # seconds for anything
POLL = 0.01
AFTER = 5  # answers of the killed worker that show that it is used again
Victim = Literal["child", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """One kill under load. Seconds until the worker answered again, and until it was used."""

    instance: str
    victim: Victim
    in_flight: int
    back: float
    used: float
    report: Report

    @property
    def failed(self) -> int:
        """Requests that failed, and those that only a second try of the client has saved."""
        return sum(self.report.failed.values()) + len(self.report.retried)

    @property
    def good(self) -> bool:
        """Whether the site stayed up: nothing failed that had not been on the killed worker."""
        return self.failed <= self.in_flight

    def row(self) -> str:
        """The line of a table."""
        return (
            f"{self.instance:10} {self.victim:6} {self.in_flight:9} {self.failed:7} "
            f"{self.back:7.2f} s {self.used:7.2f} s {self.report.requests:9}"
        )


HEAD = f"{'instance':10} {'killed':6} in flight  failed      back      used  requests"


def crash(world: World, instance: Instance, victim: Victim, load: Load) -> Crash:
    """Kill a worker that has a request in flight, and see it come back."""
    service = look(world, secrets=False).services[instance.host][instance.name]
    with under(load, warm=50) as running:
        in_flight = _kill(world, service, instance.host, victim)
        began = time.monotonic()
        _wait(lambda: _healthy(world, instance), f"{instance.name} does not come back")
        back = time.monotonic() - began
        served = running.by(instance.name)
        _wait(
            lambda: running.by(instance.name) >= served + AFTER,
            f"{instance.name} is back, and nobody is sent to it",
        )
        used = time.monotonic() - began
    return Crash(
        instance=instance.name,
        victim=victim,
        in_flight=in_flight,
        back=back,
        used=used,
        report=running.report,
    )


def _kill(world: World, service: Service, host: str, victim: Victim) -> int:
    """Kill it when it has something to do; how many requests it had in flight then."""
    found = httpd.look(service, world.ways[host])
    if found.parent is None or not found.children:
        raise SystemExit(f"{service.name} does not run")
    whole = ("--parent", str(found.parent)) if victim == "whole" else ()
    words = (*map(str, found.children), "--port", str(service.port), *whole)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kill_busy", *words],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


def _healthy(world: World, instance: Instance) -> bool:
    environment = world.inventory.environment
    url = instance.url + environment.health.path
    host = environment.site.server_name
    return fetch(HttpGet(url=url, host_header=host, timeout=1.0)).status == 200


def _wait(done: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"{otherwise}: waited for {PATIENCE:g} s")
        time.sleep(POLL)


def main() -> int:
    """Exit code 1 when more failed than had been in flight on the killed workers."""
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.worker_crash", description=__doc__
    )
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--env", default="local")
    options.add_argument("--rounds", type=int, default=1, help="each kills every worker twice")
    options.add_argument("--rate", type=float, default=100, help="requests/s")
    options.add_argument("--slow", type=int, default=3, help="clients of 5 s requests")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    world = reach(PROJECT, given.env, (), lambda line: None)
    url = world.inventory.url.rstrip("/")
    load = Load(url=url, rate=given.rate, slow=given.slow, pages=PAGES)
    crashes = []
    if not given.json:
        print(HEAD)
    for _ in range(min(given.rounds, 20)):
        for instance in world.inventory.instances:
            for victim in get_args(Victim):
                crashes.append(crash(world, instance, victim, load))
                if not given.json:
                    print(crashes[-1].row(), flush=True)
    if given.json:
        print(json.dumps([asdict(each) for each in crashes]))
        return 0 if all(each.good for each in crashes) else 1
    lost = sum(max(0, each.failed - each.in_flight) for each in crashes)
    return told("requests lost that no killed worker had", lost, 0, "")


if __name__ == "__main__":
    sys.exit(main())
