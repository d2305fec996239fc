"""Kill a worker with -9 while it has requests in flight, and print how many.

A process of its own: in the one that makes the load, between counting and killing, another thread
would take its turn, and more requests would come. The worker is frozen, counted and killed. What
it had accepted counts, and when its listener dies, too, what came in until then: on a busy machine
a killed process takes its time to be gone.
"""

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from pipeline.facts.service import LISTEN

PATIENCE = 30.0  # seconds until there must be a request
POLL = 0.005
TABLE = Path("/proc/net/tcp")


def _busy(children: list[int], port: int, at_least: int) -> frozenset[str]:
    """Wait for requests. Gives the sockets that are none: its listener, ways to a database."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        others = _others(port)
        if len(_sockets(children) - others) >= at_least:
            return others
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


def _others(port: int) -> frozenset[str]:
    """All sockets of this machine of which one knows that they are no connection to this port."""
    lines = [line.split() for line in TABLE.read_text().splitlines()[1:]]
    ours = (line[3] != LISTEN and line[1].endswith(f":{port:04X}") for line in lines)
    unix = (line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:])
    return frozenset(
        (
            *(line[9] for line, our in zip(lines, ours, strict=True) if not our),
            *(u[6] for u in unix),
        )
    )


def _listener(port: int) -> tuple[str, int]:
    """The socket that listens, and how many connections wait there. They stand first: quick."""
    with TABLE.open() as table:
        next(table)
        for line in map(str.split, table):
            if line[3] != LISTEN:
                break
            if line[1].endswith(f":{port:04X}"):
                return line[9], int(line[4].partition(":")[2], 16)
    return "", 0


if sys.platform != "win32":  # it looks at /proc: a Linux machine is needed

    def _freeze(victims: tuple[int, ...], children: list[int], others: frozenset[str]) -> int:
        """Stop them all; how many connections of theirs stand still with them."""
        with suppress(OSError):  # nobody takes the processor away meanwhile, where it is allowed
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        end = time.monotonic() + PATIENCE
        for pid in victims:
            os.kill(pid, signal.SIGSTOP)
        while not all(map(_frozen, victims)) and time.monotonic() < end:
            pass
        return len(_sockets(children) - others)

    def main() -> int:
        """Exit code 1 when it never had enough to do."""
        options = argparse.ArgumentParser(
            prog="python -m benchmarks.kill_busy", description=__doc__
        )
        options.formatter_class = argparse.RawDescriptionHelpFormatter
        options.add_argument("children", type=int, nargs="+", help="the processes that serve")
        options.add_argument("--parent", type=int, help="kill this one as well")
        options.add_argument("--port", type=int, required=True)
        options.add_argument("--at-least", type=int, default=1, help="requests in flight")
        given = options.parse_args()
        victims = (*([given.parent] if given.parent else []), *given.children)
        listener, _ = _listener(given.port)
        end = time.monotonic() + PATIENCE
        others = _busy(given.children, given.port, given.at_least)
        accepted = _freeze(victims, given.children, others)
        while accepted < given.at_least and time.monotonic() < end:
            for pid in victims:  # it had answered before it stood still: another time
                os.kill(pid, signal.SIGCONT)
            others = _busy(given.children, given.port, given.at_least)
            accepted = _freeze(victims, given.children, others)
        waiting = 0
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        while given.parent and time.monotonic() < end:
            now, queued = _listener(given.port)
            if now != listener:
                break
            waiting = max(waiting, queued)
        print(accepted + waiting)
        return 0

    if __name__ == "__main__":
        sys.exit(main())
