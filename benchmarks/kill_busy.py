"""Kill a worker with -9 while it has requests in flight, and print how many.

A process of its own: in the one that makes the load, between counting and killing, another thread
would take its turn, and more requests would come. The worker is frozen, counted and killed: what
it had accepted, and (when its listener dies, too) what waits to be accepted.
"""

import argparse
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from pipeline.facts.service import ESTABLISHED, LISTEN

PATIENCE = 30.0  # seconds until there must be a request
POLL = 0.005
TABLE = Path("/proc/net/tcp")


def main() -> int:
    """Exit code 1 when it never had enough to do."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.kill_busy", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("children", type=int, nargs="+", help="the processes that serve")
    options.add_argument("--parent", type=int, help="kill this one as well")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--at-least", type=int, default=1, help="requests in flight")
    given = options.parse_args()
    if not TABLE.exists():
        raise SystemExit(f"it looks at {TABLE}: a Linux machine is needed")
    pids = (*([given.parent] if given.parent else []), *given.children)
    victims = [psutil.Process(pid) for pid in pids]
    own = _busy(given.children, given.port, given.at_least)
    for victim in victims:
        victim.suspend()
    while not all(map(_frozen, pids)):
        pass
    count = len(_sockets(given.children) - own)
    count += _queued(given.port) if given.parent else 0
    for victim in victims:
        victim.kill()
    print(count)
    return 0


def _busy(children: list[int], port: int, at_least: int) -> frozenset[str]:
    """Wait for requests. Gives the sockets that are none: listeners, ways to a database."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        had = _sockets(children)
        own = had - _accepted(port)
        if len(had - own) >= at_least:
            return own
        time.sleep(POLL)
    raise SystemExit(f"nobody asks anything of port {port}")


def _frozen(pid: int) -> bool:
    """Whether every one of its threads has stopped: each accepts connections until it has."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return all(
        Path(each, "stat").read_text().rpartition(")")[2].split()[0] == "T" for each in threads
    )


def _sockets(pids: list[int]) -> frozenset[str]:
    """The numbers of the sockets that these processes have open."""
    found: set[str] = set()
    for pid in pids:
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                kind, _, number = str(path.readlink()).partition(":")
                if kind == "socket":
                    found.add(number.strip("[]"))
    return frozenset(found)


def _accepted(port: int) -> frozenset[str]:
    """The sockets whose own end is an open connection to this port."""
    lines = (line.split() for line in TABLE.read_text().splitlines()[1:])
    return frozenset(
        line[9] for line in lines if line[3] == ESTABLISHED and line[1].endswith(f":{port:04X}")
    )


def _queued(port: int) -> int:
    """How many connections wait to be accepted. Listeners stand first in the table."""
    with TABLE.open() as table:
        next(table)
        for line in map(str.split, table):
            if line[3] != LISTEN:
                break
            if line[1].endswith(f":{port:04X}"):
                return int(line[4].partition(":")[2], 16)
    return 0


if __name__ == "__main__":
    sys.exit(main())
