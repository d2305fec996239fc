"""A plain Apache process: `program -f config`, and its keeper. Linux hosts, by any transport.

No exit code is trusted: after every order the host is asked what runs (see `facts.service`).
"""

from pipeline.command import Command, Outcome, command
from pipeline.errors import Failed
from pipeline.facts.answer import ServiceState
from pipeline.facts.question import Service
from pipeline.facts.service import (
    Asked,
    Httpd,
    error_log,
    holders_answer,
    holders_question,
    trouble,
)
from pipeline.services import keeper
from pipeline.services.ended import Ended
from pipeline.services.keeper import Kept
from pipeline.transport.base import Transport
from pipeline.transport.waiting import until

POLL = 0.01  # seconds between two questions
TERM_GRACE = 5.0  # seconds between TERM and KILL: a thread that sleeps in Python takes 3.4 s
SETTLED = 0.05  # seconds until a process must show that a keeper started as its last deed
KILL_LIMIT = 5.0  # seconds until a killed process must be gone
PORT_LIMIT = 1.0  # seconds until the port of processes that are gone must be free

# $1 config, $2 signal, then process ids. One that no longer carries the config is left alone.
SIGNAL = r"""
config=$1 signal=$2 refused=0
shift 2
carries() { grep -qszxF -e "$config" "/proc/$1/cmdline"; }
for pid; do
  carries "$pid" || continue
  kill -s "$signal" "$pid" || { carries "$pid" && refused=1; }
done
exit $refused
"""


def status(service: Service, transport: Transport) -> ServiceState:
    """Whether it runs, as which process, and which orphans a killed parent has left."""
    return _look_closely(service, transport).state


def _look_closely(service: Service, transport: Transport) -> Httpd:
    """A look; one at the port as well when the process may be on its way out."""
    found = look(service, transport)
    leaving = found.parent is not None and found.recorded != found.parent
    return look(service, transport, "listeners") if leaving else found


def look(service: Service, transport: Transport, asked: Asked = "") -> Httpd:
    """What the host says about it, and about its port if asked. Raises `Failed` without /proc."""
    outcome = transport.run(Httpd.question(service, asked))
    if outcome.exit_code != 0:
        raise Failed(
            f"cannot see its processes: {outcome.said}",
            where=service.name,
            advice="a plain Apache process needs a Linux host: elsewhere, use services",
        )
    return Httpd.answer(service, outcome.out)


def check(service: Service, transport: Transport) -> Outcome:
    """What Apache says about the config, without starting anything."""
    return transport.run(_order(service, "-t"))


def start(
    service: Service, transport: Transport, *, deadline: float, poll: float = POLL
) -> ServiceState:
    """Start it and wait, at most `deadline` seconds, until it has a child and the port is open.

    One that runs is not touched: it gets a keeper if it has none. One that is stopping is waited
    for; a keeper that is about to try once more is replaced. Whether the site behind it answers is
    another question: ask it for a page. Raises `Failed` with Apache's own reason, or with the
    holder of the port.
    """
    before = _look_closely(service, transport)
    if before.stopping:
        before = _await_end(service, transport, deadline, poll)
    runs = before.parent is not None and not before.orphans
    if before.keepers and not runs:
        before = _unkept(service, transport, before)
        runs = before.parent is not None and not before.orphans
    if not runs:
        _refuse_taken(service, transport, before)
    if not before.keepers:
        keeper.launch(kept(service), transport, adopt=before.parent)
    return _await_serving(service, transport, deadline, poll)


def stop(
    service: Service,
    transport: Transport,
    *,
    deadline: float,
    grace: float = TERM_GRACE,
    poll: float = POLL,
) -> Ended:
    """Stop it and wait until all its processes are gone and the port is free.

    Requests in flight get `deadline` seconds to end; then TERM cuts them, and KILL after `grace`
    seconds more. New connections are refused at once. Nothing is done when it does not run.
    Raises `Failed` when it cannot be signalled, or does not even die.
    """
    found = look(service, transport, "listeners")
    if found.keepers:
        found = _unkept(service, transport, found)
    if not found.processes:
        return Ended.ALREADY
    if found.parent is not None and not found.stopping:
        # Without a child it has no request, and may be too young to know what WINCH means.
        _signal(service, transport, "TERM" if found.alone else "WINCH", found.parent)
    ended, last = Ended.GRACEFUL, _await_end(service, transport, deadline, poll)
    if last.processes:
        ended, last = _put_down(service, transport, grace, poll)
    if last.listening:
        until(
            lambda: look(service, transport, "listeners"),
            lambda now: not now.listening,
            limit=PORT_LIMIT,
            poll=poll,
        )
    return ended


def reload(
    service: Service, transport: Transport, *, deadline: float = 30, poll: float = POLL
) -> ServiceState:
    """Let it read its config anew, finishing what is in flight (`graceful`).

    Waits, at most `deadline` seconds, for a child of the new generation. A config with an error,
    which would end the running Apache, is refused before anything is done. Raises `Failed`.
    """
    checked = check(service, transport)
    if checked.exit_code != 0:
        raise _failed(service, _last_lines(checked))
    before = look(service, transport)
    if before.parent is None:
        raise Failed("it does not run", where=service.name, advice="start it")
    _signal(service, transport, "USR1", before.parent)
    old = set(before.children)
    after = until(
        lambda: look(service, transport),
        lambda now: now.parent != before.parent or not old.issuperset(now.children),
        limit=deadline,
        poll=poll,
    )
    if after.parent != before.parent:
        raise _failed(service, _reason(service, transport) or "it ended when told to reload")
    if old.issuperset(after.children):
        raise _failed(service, f"no new child within {deadline:g} s: the old ones are busy")
    return after.state


def kept(service: Service) -> Kept:
    """An Apache as its keeper knows it."""
    words = (service.program, "-f", service.config, "-DFOREGROUND")
    return Kept(service=service, foreground=words)


def _unkept(service: Service, transport: Transport, found: Httpd) -> Httpd:
    """End its keepers, and see what they leave: it may be what they have started just then."""
    keeper.end(kept(service), found.keepers, transport)
    return until(
        lambda: look(service, transport, "listeners"),
        lambda now: bool(now.processes),
        limit=SETTLED,
        poll=POLL,
    )


def _order(service: Service, *words: str) -> Command:
    return command(*keeper.CLEAN, service.program, "-f", service.config, *words)


def _refuse_taken(service: Service, transport: Transport, found: Httpd) -> None:
    """Nothing of an earlier run may be left, and nobody else may have the port."""
    if found.processes:
        pids = ", ".join(map(str, found.orphans))
        raise Failed(
            f"processes of a killed parent still serve: {pids}",
            where=service.name,
            advice="stop it first: that ends them too",
        )
    if found.listening:
        holders = holders_answer(transport.run(holders_question(found.sockets or ())).out)
        raise Failed(
            f"port {service.port} is taken by {holders}",
            where=service.name,
            advice="stop that program, or give the instance another port",
        )


def _await_serving(
    service: Service, transport: Transport, deadline: float, poll: float
) -> ServiceState:
    """Wait for a child and then for the port; all is lost when its keeper says so."""

    def look_on() -> Httpd:
        found = look(service, transport)
        return look(service, transport, "listeners") if found.children else found

    found = until(look_on, lambda now: now.lost or _serves(now), limit=deadline, poll=poll)
    if _serves(found):
        return found.state
    late = f"port {service.port} is not open after {deadline:g} s"
    reason = "it ended at once" if found.lost else late
    raise _failed(service, _reason(service, transport) or reason)


def _serves(found: Httpd) -> bool:
    return bool(found.children and found.listening)


def _await_end(service: Service, transport: Transport, limit: float, poll: float) -> Httpd:
    """What is left after at most `limit` seconds.

    A parent that has closed the port and outlived its children has no request left, but looks only
    once in a second whether it may go (server/mpm/event/event.c): TERM ends that sleep.
    Orphans know no graceful end: they are killed once no connection to the port is open.
    """

    def look_on() -> Httpd:
        found = look(service, transport)
        if found.orphans:
            found = look(service, transport, "connections")
        elif found.alone and found.sockets is None:
            found = look(service, transport, "listeners")
        if found.parent is not None and found.alone and found.sockets == ():
            _signal(service, transport, "TERM", found.parent)
        elif found.orphans and found.connections == 0:
            _signal(service, transport, "KILL", *found.orphans)
        return found

    return until(look_on, lambda now: not now.processes, limit=limit, poll=poll)


def _put_down(
    service: Service, transport: Transport, grace: float, poll: float
) -> tuple[Ended, Httpd]:
    """TERM, then KILL, to whatever is left."""
    for signal, limit, ended in (
        ("TERM", grace, Ended.TERMINATED),
        ("KILL", KILL_LIMIT, Ended.KILLED),
    ):
        left = look(service, transport).processes
        _signal(service, transport, signal, *(process.pid for process in left))
        gone = until(
            lambda: look(service, transport),
            lambda now: not now.processes,
            limit=limit,
            poll=poll,
        )
        if not gone.processes:
            return ended, gone
    pids = ", ".join(str(process.pid) for process in gone.processes)
    raise Failed(f"killed, and yet there: {pids}", where=service.name, advice="look at its disk")


def _signal(service: Service, transport: Transport, signal: str, *pids: int) -> None:
    """Signal those of `pids` that still carry the config."""
    words = ("farmhand", service.config, signal, *map(str, pids))
    outcome = transport.run(command("sh", "-c", SIGNAL, *words, timeout=20))
    if outcome.exit_code != 0:
        raise Failed(
            f"cannot be signalled: {outcome.said}",
            where=service.name,
            advice="run as root, or as the user who started it",
        )


def _reason(service: Service, transport: Transport) -> str:
    """Why Apache does not run, in its own words; empty when it says nothing."""
    dump = transport.run(_order(service, "-t", "-D", "DUMP_RUN_CFG"))
    if dump.exit_code != 0:
        return _last_lines(dump)
    log = error_log(dump.out)
    return trouble(transport.run(command("tail", "-n", "40", log)).out) if log else ""


def _last_lines(outcome: Outcome, *, lines: int = 4) -> str:
    """Apache's complaint: the reason often stands a line above the last one."""
    said = [line.strip() for line in (outcome.err or outcome.out).splitlines() if line.strip()]
    return " ".join(said[-lines:]) or outcome.said


def _failed(service: Service, reason: str) -> Failed:
    return Failed(
        reason, where=service.name, advice=f"{service.program} -f {service.config} -t checks it"
    )
