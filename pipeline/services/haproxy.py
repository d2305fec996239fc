"""A HAProxy as a plain process: a master with a worker, in the foreground of its keeper.

What it says is rotated: a line for each request goes from its standard output to `access.log`, its
troubles from its standard error to `error.log`, with the time before them. The readers may not be
children of the master, which ends only after all of its children, nor in its session, which the
keeper kills: they end when nobody can write to them any more.
"""

from pipeline.command import command
from pipeline.errors import Unreachable
from pipeline.facts.answer import ServiceState
from pipeline.facts.haproxy import alerts, carried, worker
from pipeline.facts.question import Service
from pipeline.farm.layout import beside
from pipeline.services import plain
from pipeline.services.ended import Ended
from pipeline.services.plain import POLL, TERM_GRACE, Program
from pipeline.transport import unix
from pipeline.transport.base import Transport
from pipeline.transport.waiting import until

ANSWER_LIMIT = 5.0  # seconds for one answer of the runtime API
SAID_LIMIT = 0.5  # seconds until the last words of one that ended stand in its log

# $1 the folder of logs, $2 what the names of the pipes begin with, $3 the file that tells HAProxy
# who is out of rotation: one that starts anew is told nothing. The rest is the command, its fourth
# word the configuration, which says in a comment how many logs are kept and when one is full.
FOREGROUND = r"""
log=$1 pipe=$2 state=$3
shift 3
keep=5 when=10M
eval "$(sed -n 's/^# rotatelogs -n \([0-9]*\) LOG \([0-9M ]*\)$/keep=\1 when="\2"/p' "$4")"
command -v rotatelogs > /dev/null || { echo 'rotatelogs is not installed' >&2; exit 127; }
rm -f "$pipe.out" "$pipe.err"
mkfifo -m 600 "$pipe.out" "$pipe.err" || exit
echo 1 > "$state" || exit
stamped='
while IFS= read -r line; do
  printf "%s %s\n" "$(date +%Y-%m-%dT%H:%M:%S%z)" "$line"
done | exec rotatelogs -n "$1" "$2" $3
'
(setsid rotatelogs -n "$keep" "$log/access.log" $when < "$pipe.out" > /dev/null 2>&1 &)
set_apart() { setsid sh -c "$stamped" farmhand "$keep" "$log/error.log" "$when"; }
(set_apart < "$pipe.err" > /dev/null 2>&1 &)
exec > "$pipe.out" 2> "$pipe.err"
rm -f "$pipe.out" "$pipe.err"
exec "$@"
"""

# $1 the folder of logs. rotatelogs writes to `error.log`, `error.log.1` ... in turn.
TAIL = 'cd "$1" && tail -n 60 "$(ls -t error.log* | head -n 1)"'


def stop(
    service: Service,
    transport: Transport,
    *,
    deadline: float,
    grace: float = TERM_GRACE,
    poll: float = POLL,
) -> Ended:
    """Stop it and wait until it is gone, as `Program.stop` says."""
    ended = HAPROXY.stop(service, transport, deadline=deadline, grace=grace, poll=poll)
    for kind in ("sock", "state"):
        transport.remove(beside(service.pid_file, kind))
    return ended


def reload(
    service: Service, transport: Transport, *, deadline: float = 10, poll: float = POLL
) -> ServiceState:
    """Let a new worker read its config, as `Program.reload` says.

    The new worker gets the listeners of the old one, and is told who is out of rotation.
    """
    old = None
    if plain.status(service, transport).running:
        old = worker(_ask(service, "show info"))
        config = transport.read(service.config) or b""
        states = carried(_ask(service, "show servers state"), config.decode())
        path = beside(service.pid_file, "state")
        transport.write(path, states.encode(), mode=0o600)
    found = HAPROXY.reload(service, transport, deadline=deadline, poll=poll)
    _await_orders(service, old, deadline, poll)
    return found


def _await_orders(service: Service, old: int | None, deadline: float, poll: float) -> None:
    """Wait until orders reach the new worker: those to the old one would be lost."""

    def answers() -> int | None:
        try:
            return worker(_ask(service, "show info"))
        except Unreachable:
            return None

    now = until(answers, lambda now: now not in (old, None), limit=deadline, poll=poll)
    if now in (old, None):
        raise HAPROXY.failed(service, f"its new worker takes no orders after {deadline:g} s")


def _ask(service: Service, words: str) -> str:
    return unix.ask(beside(service.pid_file, "sock"), words, timeout=ANSWER_LIMIT)


def _foreground(service: Service) -> tuple[str, ...]:
    words = (service.program, "-W", "-f", service.config, "-p", service.pid_file)
    beside_it = (beside(service.pid_file, kind) for kind in ("pipe", "state"))
    return "sh", "-c", FOREGROUND, "farmhand", service.log, *beside_it, *words


def _checking(service: Service) -> tuple[str, ...]:
    return service.program, "-c", "-f", service.config


def _reason(service: Service, transport: Transport) -> str:
    """Why HAProxy does not run, in its own words; empty when it says nothing."""
    checked = transport.run(plain.order(*_checking(service)))
    if checked.exit_code != 0:
        return alerts(checked.err)
    tail = command("sh", "-c", TAIL, "farmhand", service.log)
    return until(lambda: alerts(transport.run(tail).out), bool, limit=SAID_LIMIT, poll=POLL)


HAPROXY = Program(
    foreground=_foreground, checking=_checking, finish="USR1", renew="USR2", reason=_reason
)

look, status = plain.look, plain.status
check, start = HAPROXY.check, HAPROXY.start
