"""Actions on running things: services, the balancer's members, and the wait until all is well."""

from collections.abc import Callable
from typing import Final

from pipeline.balancer.orders import Balancer
from pipeline.command import command
from pipeline.errors import Failed
from pipeline.execute.clock import Clock
from pipeline.facts.answer import HttpAnswer
from pipeline.facts.question import BalancerAddress, HttpGet
from pipeline.plan.action import (
    AwaitHealthy,
    Drain,
    FlushCache,
    ReloadService,
    StartService,
    StopService,
    Undrain,
)
from pipeline.services.control import control
from pipeline.transport.base import Transport

USABLE: Final = 30.0  # seconds until a member that was put back must be used
BODY: Final = 200  # characters of an answer that an error shows

FLUSH_LIMIT: Final = 15.0  # seconds
# Of memcached's text protocol (doc/protocol.txt, "Other commands"): flush_all is answered by OK.
FLUSH: Final = """
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as connection:
    connection.sendall(b"flush_all\\r\\n")
    answer = connection.recv(100)
sys.exit(0 if answer == b"OK\\r\\n" else f"it answered {answer!r}")
"""

Fetch = Callable[[HttpGet], HttpAnswer]
Balancers = Callable[[BalancerAddress], Balancer]


def drain(action: Drain, balancers: Balancers) -> str:
    """Take a member out; what is still in flight then is for the stop to finish."""
    member = balancers(action.balancer).drain(action.member, timeout=action.timeout)
    return f"out of rotation, {member.in_flight} in flight"


def undrain(action: Undrain, balancers: Balancers) -> str:
    """Put a member back, and see that it is used."""
    member = balancers(action.balancer).undrain(action.member, timeout=USABLE)
    if not member.usable:
        raise Failed(
            f"{action.member} is back, but the balancer takes it for broken",
            where=action.balancer.manager,
            advice=f"see whether {member.url} answers",
        )
    return "in rotation"


def start(action: StartService, way: Transport) -> str:
    """Start a service that does not run."""
    state = control(action.service).start(action.service, way, deadline=action.timeout)
    return f"process {state.pid}"


def stop(action: StopService, way: Transport) -> str:
    """Stop a service that runs, and what a killed parent left of it."""
    return control(action.service).stop(action.service, way, deadline=action.timeout).value


def reload(action: ReloadService, way: Transport) -> str:
    """Let a service read its files again."""
    return f"process {control(action.service).reload(action.service, way).pid}"


def flush_cache(action: FlushCache, way: Transport) -> str:
    """Let a memcached forget all; the host itself asks, for nobody else may reach the port."""
    words = (action.python, "-I", "-S", "-c", FLUSH, action.address, str(action.port))
    outcome = way.run(command(*words, timeout=FLUSH_LIMIT))
    if outcome.exit_code != 0:
        raise Failed(
            f"its memcached was not flushed: {outcome.said}",
            where=f"{action.address}:{action.port}",
            advice="see whether it runs: invoke status",
        )
    return "flushed"


def await_healthy(action: AwaitHealthy, fetch: Fetch, clock: Clock) -> str:
    """Ask until the page is well so many times in a row, or the time is over."""
    began = clock.monotonic()
    end = began + action.deadline
    row = 0
    while True:
        left = end - clock.monotonic()
        answer = fetch(_question(action, left))
        row = row + 1 if answer.status == 200 else 0
        if row >= action.count:
            return f"well after {clock.monotonic() - began:.1f} s"
        left = end - clock.monotonic()
        if left <= 0:
            raise _unwell(action, answer)
        clock.wait(min(action.interval, left))


def _question(action: AwaitHealthy, left: float) -> HttpGet:
    timeout = min(action.timeout, max(left, 0.1))
    return HttpGet(url=action.url, host_header=action.host_header, own=True, timeout=timeout)


def _unwell(action: AwaitHealthy, answer: HttpAnswer) -> Failed:
    said = next((line.strip() for line in answer.body.splitlines() if line.strip()), "")[:BODY]
    last = f"answered {answer.status}" if answer.status else "no answer"
    return Failed(
        f"not well after {action.deadline:g} s: {last}" + (f": {said}" if said else ""),
        where=action.url,
        advice="see the error log of the instance",
    )
