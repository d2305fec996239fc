"""Whether the ports that a farm wants on this machine can be had."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import psutil

from pipeline.facts.finding import Finding
from pipeline.farm.instances import Inventory, port_users

PRIVATE = 1024
"""Ports below are root's, on POSIX."""


def ports(inventory: Inventory, place: str) -> Iterator[Finding]:
    """One finding for the ports that are free or ours, and one for each that cannot be had."""
    hosts = inventory.environment.hosts
    local = {host.address for host in hosts.values() if host.transport == "local"}
    roots = [inventory.layout(name).root for name in hosts]
    wanted = {port: u for (address, port), u in port_users(inventory).items() if address in local}
    try:
        listeners = _listeners()
    except psutil.AccessDenied:
        listeners = {}  # macOS tells root only
    good: list[int] = []
    for port, [(called, key), *_] in sorted(wanted.items()):
        what = f"port {port}"
        if holder := _stranger(listeners.get(port, ()), roots):
            said = f"wanted for {called}, taken by {holder}"
            cure = f"stop that program, or choose another port: {key}"
            yield Finding(place=place, what=what, state="missing", said=said, cure=cure)
        elif psutil.POSIX and port < PRIVATE and not inventory.privileged:
            said = f"wanted for {called}, and only root may open it"
            cure = f"deploy as root, or choose a port from {PRIVATE} on: {key}"
            yield Finding(place=place, what=what, state="missing", said=said, cure=cure)
        else:
            good.append(port)
    if good:
        said = f"{ranges(good)}: free, or this farm's"
        yield Finding(place=place, what="ports", state="ok", said=said)


def ranges(ports: list[int]) -> str:
    """`8080, 9001-9003` of sorted numbers."""
    runs = groupby(enumerate(ports), key=lambda pair: pair[1] - pair[0])
    ends = [[port for _, port in run] for _, run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in ends)


def _listeners() -> Mapping[int, list[int | None]]:
    """Who listens: port -> process ids, each None when it is hidden from us."""
    found: dict[int, list[int | None]] = {}
    for socket in psutil.net_connections("tcp"):
        if socket.laddr and socket.status == psutil.CONN_LISTEN:
            found.setdefault(socket.laddr.port, []).append(socket.pid)
    return found


def _stranger(pids: list[int | None] | tuple[()], roots: list[str]) -> str:
    """The first listener that does not serve one of these roots; empty when there is none."""
    for pid in pids:
        if pid is None:
            return "another user's program"
        try:
            process = psutil.Process(pid)
            name, line = process.name(), process.cmdline()
        except psutil.Error:
            continue
        if not any(root in word for root in roots for word in line):
            return f"{name} (process {pid})"
    return ""
