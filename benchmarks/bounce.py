"""What our bounce costs on top of Apache's own: stop, start and health of each idle worker.

First each worker is bounced by hand, with its own configuration file and nothing of ours, and
the times are added up. Then `./invoke bounce` does the same to all of them. Visitors of that
environment will see errors while it is done by hand.
"""

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks.measure import INVOKE, once, told
from pipeline.farm.instances import Instance, Inventory
from pipeline.settings import load

PROJECT = Path(__file__).parents[1]
LIMIT = 1.2  # times as long
PATIENCE = 60.0  # seconds for anything
POLL = 0.005


def by_hand(inventory: Inventory, instance: Instance) -> float:
    """Seconds for one worker: graceful stop until it is gone, start, and as healthy as we want."""
    layout = inventory.layout(instance.host)
    config = layout.instance(instance.name, "conf", f"{instance.name}.conf")
    pid_file = Path(layout.instance(instance.name, "run", "httpd.pid"))
    apache = inventory.host(instance.host).apache or _apache()
    pid = int(pid_file.read_text())
    began = time.perf_counter()
    _order(apache, config, "graceful-stop")
    _wait(lambda: not _lives(pid))
    _order(apache, config, "start")
    for _ in range(inventory.environment.rollout.healthy_count):
        _wait(lambda: _healthy(instance, inventory.environment.health.path))
    return time.perf_counter() - began


def _order(apache: str, config: str, word: str) -> None:
    clean = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    subprocess.run([apache, "-f", config, "-k", word], check=True, env=clean, timeout=PATIENCE)


def _apache() -> str:
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    found = shutil.which("apache2", path=path) or shutil.which("httpd", path=path)
    if found is None:
        raise SystemExit("no Apache on this machine")
    return found


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _healthy(instance: Instance, path: str) -> bool:
    connection = http.client.HTTPConnection(instance.address, instance.port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit("gave up waiting for Apache")
        time.sleep(POLL)


def main() -> int:
    """Exit code 1 when the target is missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.bounce", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--env", default="local")
    given = options.parse_args()
    inventory = load(PROJECT, given.env).inventory
    times = {each.name: by_hand(inventory, each) for each in inventory.instances}
    for name, seconds in times.items():
        print(f"{name}: {seconds:.2f} s by hand")
    ours = once([INVOKE, "bounce", "--env", given.env, "--yes"], timeout=600).wall
    theirs = sum(times.values())
    print(f"./invoke bounce: {ours:.2f} s; by hand, one after the other: {theirs:.2f} s")
    return told("a bounce against its workers' own times", ours / theirs, LIMIT, "x")


if __name__ == "__main__":
    sys.exit(main())
