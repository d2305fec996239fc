"""A plain process of any kind, `program ... config`, and its keeper. Linux hosts, any transport.

No exit code is trusted: after every order the host is asked what runs (see `facts.service`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.command import Command, Outcome, command
from pipeline.errors import Failed
from pipeline.facts.answer import ServiceState
from pipeline.facts.question import Service
from pipeline.facts.service import Asked, Processes, holders_answer, holders_question
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

# $1 the word that marks the service, $2 signal, then process ids. One that no longer carries the
# mark is left alone.
SIGNAL = r"""
mark=$1 signal=$2 refused=0
shift 2
carries() { grep -qszxF -e "$mark" "/proc/$1/cmdline"; }
for pid; do
  carries "$pid" || continue
  kill -s "$signal" "$pid" || { carries "$pid" && refused=1; }
done
exit $refused
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What differs between kinds of plain processes.

    `foreground` runs one; `checking` lets it read its configuration and no more. `finish` and
    `renew` are the signals after which it ends with its last request, or reads its configuration
    anew. `reason` says why it does not run, in its own words; empty when it says nothing. One that
    is `single` serves with its only process, others with children.
    """

    foreground: Callable[[Service], tuple[str, ...]]
    checking: Callable[[Service], tuple[str, ...]]
    finish: str
    renew: str
    reason: Callable[[Service, Transport], str]
    single: bool = False

    def kept(self, service: Service) -> Kept:
        """A service of this kind as its keeper knows it."""
        return Kept(service=service, foreground=self.foreground(service))

    def failed(self, service: Service, reason: str) -> Failed:
        """An error with a way to see more."""
        return Failed(
            reason,
            where=service.name,
            advice=f"{' '.join(self.checking(service))} checks it",
        )

    def check(self, service: Service, transport: Transport) -> Outcome:
        """What the program says about the config, without starting anything."""
        return transport.run(order(*self.checking(service)))

    def start(
        self, service: Service, transport: Transport, *, deadline: float, poll: float = POLL
    ) -> ServiceState:
        """Start it and wait, at most `deadline` seconds, until it serves and the port is open.

        One that runs is not touched: it gets a keeper if it has none. One that is stopping is
        waited for; a keeper that is about to try once more is replaced. Whether the site behind it
        answers is another question: ask it for a page. Raises `Failed` with the program's own
        reason, or with the holder of the port.
        """
        before = _look_closely(service, transport)
        if before.stopping:
            before = _await_end(service, transport, deadline, poll)
        runs = before.parent is not None and not before.orphans
        if before.keepers and not runs:
            before = self._unkept(service, transport, before)
            runs = before.parent is not None and not before.orphans
        if not runs:
            _refuse_taken(service, transport, before)
        if not before.keepers:
            keeper.launch(self.kept(service), transport, adopt=before.parent)
        return self._await_serving(service, transport, deadline, poll)

    def stop(
        self,
        service: Service,
        transport: Transport,
        *,
        deadline: float,
        grace: float = TERM_GRACE,
        poll: float = POLL,
    ) -> Ended:
        """Stop it and wait until all its processes are gone and the port is free.

        Requests in flight get `deadline` seconds to end; then TERM cuts them, and KILL after
        `grace` seconds more. New connections are refused at once. Nothing is done when it does not
        run. Raises `Failed` when it cannot be signalled, or does not even die.
        """
        found = look(service, transport, "listeners")
        if found.keepers:
            found = self._unkept(service, transport, found)
        if not found.processes:
            return Ended.ALREADY
        if found.parent is not None and not found.stopping:
            # Without a child it has no request, and may be too young to know the other signal.
            _signal(service, transport, "TERM" if found.alone else self.finish, found.parent)
            transport.remove(service.pid_file)  # whoever looks sees that it was told to stop
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
        self, service: Service, transport: Transport, *, deadline: float = 30, poll: float = POLL
    ) -> ServiceState:
        """Let it read its config anew, finishing what is in flight.

        Waits, at most `deadline` seconds, for a child of the new generation. A config with an
        error, which could end what runs, is refused before anything is done. Raises `Failed`.
        """
        checked = self.check(service, transport)
        if checked.exit_code != 0:
            raise self.failed(service, self.reason(service, transport) or checked.said)
        before = look(service, transport)
        if before.parent is None:
            raise Failed("it does not run", where=service.name, advice="start it")
        _signal(service, transport, self.renew, before.parent)
        old = set(before.children)
        after = until(
            lambda: look(service, transport),
            # No parent at all may be one that just becomes another program: HAProxy's does.
            lambda now: (
                now.parent not in (before.parent, None)
                or now.lost
                or not old.issuperset(now.children)
            ),
            limit=deadline,
            poll=poll,
        )
        same = after.parent == before.parent
        if same and not old.issuperset(after.children):
            return after.state
        said = self.reason(service, transport)
        if not same:
            raise self.failed(service, said or "it ended when told to reload")
        late = f"no new child within {deadline:g} s"
        raise self.failed(service, f"{late}: {said}" if said else late)

    def _unkept(self, service: Service, transport: Transport, found: Processes) -> Processes:
        """End its keepers, and see what they leave: it may be what they have started just then."""
        keeper.end(self.kept(service), found.keepers, transport)
        return until(
            lambda: look(service, transport, "listeners"),
            lambda now: bool(now.processes),
            limit=SETTLED,
            poll=POLL,
        )

    def _await_serving(
        self, service: Service, transport: Transport, deadline: float, poll: float
    ) -> ServiceState:
        """Wait for a child and then for the port; all is lost when its keeper says so."""

        def look_on() -> Processes:
            found = look(service, transport)
            return look(service, transport, "listeners") if may_serve(found) else found

        def may_serve(found: Processes) -> bool:
            return bool(found.parent if self.single else found.children)

        def serves(found: Processes) -> bool:
            return may_serve(found) and found.listening

        found = until(look_on, lambda now: now.lost or serves(now), limit=deadline, poll=poll)
        if serves(found):
            return found.state
        late = f"port {service.port} is not open after {deadline:g} s"
        reason = "it ended at once" if found.lost else late
        raise self.failed(service, self.reason(service, transport) or reason)


def order(*words: str) -> Command:
    """A command with an environment of few words, the same whoever deploys."""
    return command(*keeper.CLEAN, *words)


def status(service: Service, transport: Transport) -> ServiceState:
    """Whether it runs, as which process, and which orphans a killed parent has left."""
    return _look_closely(service, transport).state


def _look_closely(service: Service, transport: Transport) -> Processes:
    """A look; one at the port as well when the process may be on its way out."""
    found = look(service, transport)
    leaving = found.parent is not None and found.recorded != found.parent
    return look(service, transport, "listeners") if leaving else found


def look(service: Service, transport: Transport, asked: Asked = "") -> Processes:
    """What the host says about it, and about its port if asked. Raises `Failed` without /proc."""
    outcome = transport.run(Processes.question(service, asked))
    if outcome.exit_code != 0:
        raise Failed(
            f"cannot see its processes: {outcome.said}",
            where=service.name,
            advice="a plain process needs a Linux host: elsewhere, use services",
        )
    return Processes.answer(service, outcome.out)


def _refuse_taken(service: Service, transport: Transport, found: Processes) -> None:
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
            advice="stop that program, or give the service another port",
        )


def _await_end(service: Service, transport: Transport, limit: float, poll: float) -> Processes:
    """What is left after at most `limit` seconds.

    A parent that has closed the port and outlived its children has no request left, but Apache's
    looks only once in a second whether it may go (server/mpm/event/event.c): TERM ends that sleep.
    Orphans know no graceful end: they are killed once no connection to the port is open.
    """

    def look_on() -> Processes:
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
) -> tuple[Ended, Processes]:
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
    """Signal those of `pids` that still carry the service's mark."""
    words = ("farmhand", service.word, signal, *map(str, pids))
    outcome = transport.run(command("sh", "-c", SIGNAL, *words, timeout=20))
    if outcome.exit_code != 0:
        raise Failed(
            f"cannot be signalled: {outcome.said}",
            where=service.name,
            advice="run as root, or as the user who started it",
        )
