"""A memcached, and its keeper. Linux hosts, by any transport.

It has no file of settings: what `config` says are its arguments, one option in each line. Its word
is the process id file. It writes that one only where it may: started by root, it changes its user
first, and is none the worse for it.
"""

from pipeline.errors import Failed
from pipeline.facts.answer import ServiceState
from pipeline.facts.question import Service
from pipeline.services import plain
from pipeline.services.plain import Program
from pipeline.transport.base import Transport

# $1 the file of arguments, $2 the program; what follows is added. Words may not be quoted there.
RUN = r"""
set -f
config=$1 program=$2
shift 2
exec "$program" $(sed 's/^[[:space:]]*#.*//' "$config") "$@"
"""


def reload(service: Service, transport: Transport) -> ServiceState:
    """It reads its arguments once. Raises `Failed`: who changes them restarts it."""
    raise Failed("memcached cannot be reloaded", where=service.name, advice="stop and start it")


def _run(service: Service, *more: str) -> tuple[str, ...]:
    return ("sh", "-c", RUN, "farmhand", service.config, service.program, *more)


def _foreground(service: Service) -> tuple[str, ...]:
    return _run(service, "-P", service.pid_file)


def _checking(service: Service) -> tuple[str, ...]:
    return _run(service, "-V")


def _reason(service: Service, transport: Transport) -> str:
    """Why it does not run, in its own words; empty when it says nothing."""
    found = plain.look(service, transport)
    return found.last_word if found.lost else ""


MEMCACHED = Program(
    foreground=_foreground,
    checking=_checking,
    finish="TERM",
    renew="",
    reason=_reason,
    single=True,
)

status = plain.status
check, start, stop = MEMCACHED.check, MEMCACHED.start, MEMCACHED.stop
