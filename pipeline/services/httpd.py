"""An Apache as a plain process: `program -f config`."""

from pipeline.command import Outcome, command
from pipeline.facts.question import Service
from pipeline.facts.service import error_log, trouble
from pipeline.services import plain
from pipeline.services.plain import Program
from pipeline.transport.base import Transport


def _foreground(service: Service) -> tuple[str, ...]:
    return service.program, "-f", service.config, "-DFOREGROUND"


def _checking(service: Service) -> tuple[str, ...]:
    return service.program, "-f", service.config, "-t"


def _reason(service: Service, transport: Transport) -> str:
    """Why Apache does not run, in its own words; empty when it says nothing."""
    dump = transport.run(plain.order(*_checking(service), "-D", "DUMP_RUN_CFG"))
    if dump.exit_code != 0:
        return _last_lines(dump)
    log = error_log(dump.out)
    tail = command("sh", "-c", TAIL, "farmhand", log)
    return trouble(transport.run(tail).out) if log else ""


def _last_lines(outcome: Outcome, *, lines: int = 4) -> str:
    """Apache's complaint: the reason often stands a line above the last one."""
    said = [line.strip() for line in (outcome.err or outcome.out).splitlines() if line.strip()]
    return " ".join(said[-lines:]) or outcome.said


# $1 the error log; one that is rotated is written to `error.log`, `error.log.1` ... in turn.
TAIL = 'tail -n 40 "$(ls -t "$1"* | head -n 1)"'
APACHE = Program(
    foreground=_foreground, checking=_checking, finish="WINCH", renew="USR1", reason=_reason
)

look, status = plain.look, plain.status
kept, check, start, stop, reload = (
    APACHE.kept,
    APACHE.check,
    APACHE.start,
    APACHE.stop,
    APACHE.reload,
)
