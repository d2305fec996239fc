"""A plain process, such as an Apache: how to ask a Linux host about it, what the answer means.

Exit codes of `apache2 -k` say little: `start` gives 0 before there is a process id file, and 0
again when the recorded process is a zombie or some other program. What counts is /proc: the
processes whose command line is `program ... -f config`. A zombie has none, so it is not counted.
One more process carries the config: the keeper, which would start it again (`facts.keeper`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Literal, Self

from pipeline.command import Command, command
from pipeline.facts.answer import ServiceState
from pipeline.facts.keeper import LOG, is_final, is_keeper, keeping
from pipeline.facts.question import Service
from pipeline.farm.layout import ServiceKind

# $1 config, $2 process id file, $3 port in hex, $4 the keeper's log, $5 nothing, `listeners` or
# `connections`.
# Every record of the answer ends with NUL. The kernel's table of sockets is the dear part: 9 ms,
# and seconds on a host with many connections. So it is read only if asked for, or if fewer than
# two processes are left; and no further than the listeners, which stand first in it.
QUESTION = r"""
cd /proc || exit 69
config=$1 pid_file=$2 port=$3 log=$4 asked=$5
printf 'pid_file:'; { read -r pid < "$pid_file" && printf '%s' "$pid"; } 2>/dev/null; printf '\0'
printf 'keeper:%s\0' "$(tail -n 1 "$log" 2>/dev/null)"
found=$(grep -lszxF -e "$config" [0-9]*/cmdline) shells=
set --
for file in $found; do
  { read -r name < "${file%cmdline}comm"; } 2>/dev/null || continue
  case $name in
    *sh | su | sudo | doas | env) shells="$shells $file" ;;
    *) set -- "$@" "$file" "${file%cmdline}stat" ;;
  esac
done
[ -z "$shells$*" ] || grep -aHsz '' $shells "$@"
if [ -n "$asked" ] || [ $# -lt 4 ]; then
  printf 'listeners:\0'
  for table in net/tcp net/tcp6; do
    lines=$(sed -n "1d; / 0[A3] /!q; /^ *[0-9]*: [0-9A-F]*:$port .* 0A /p" $table 2>/dev/null)
    [ -z "$lines" ] || { printf '%s\n' "$lines" | tr '\n' '\0'; break; }
  done
fi
if [ "$asked" = connections ]; then
  printf 'connections:\0'
  grep -hs "^ *[0-9]*: [0-9A-F]*:$port .* 01 " net/tcp net/tcp6 | tr '\n' '\0'
fi
exit 0
"""

Asked = Literal["", "listeners", "connections"]

# $@ socket numbers. One line for each holder: its process id and its program.
HOLDERS = r"""
for socket; do
  find /proc/[0-9]*/fd -lname "socket:\[$socket\]" 2>/dev/null
done | cut -d/ -f3 | sort -un | while read -r pid; do
  read -r name < "/proc/$pid/comm" && printf '%s %s\n' "$pid" "$name"
done
exit 0
"""

LISTEN, ESTABLISHED = "0A", "01"  # include/net/tcp_states.h of Linux; 03 is half open
TROUBLE = re.compile(r":(?:error|crit|alert|emerg)\]")


@dataclass(frozen=True, slots=True)
class Kind:
    """How the command line of a server begins, and how one that only looks like it differs.

    `option` is what stands before the service's own word; with one of `asks` it serves nobody.
    """

    names: tuple[str, ...]
    option: str
    asks: frozenset[str] = frozenset()


KINDS: Mapping[ServiceKind, Kind] = {
    "httpd": Kind(
        names=("apache2", "httpd"),
        option="-f",
        asks=frozenset(("-t", "-S", "-M", "-v", "-V", "-l", "-L", "stop", "graceful-stop")),
    ),
    "haproxy": Kind(names=("haproxy",), option="-f", asks=frozenset(("-c", "-cc", "-v", "-vv"))),
    "memcached": Kind(names=("memcached",), option="-P"),
}


@dataclass(frozen=True, slots=True)
class Process:
    """One process that carries the service's config. `leader`: it leads its process group."""

    pid: int
    parent: int
    leader: bool


@dataclass(frozen=True, slots=True)
class Processes:
    """What a host says about the processes of one service.

    `recorded` is the number in the process id file. `sockets` are those that listen on the port,
    whoever's; `connections` counts the open ones. Each is None when it was not looked at.
    `keepers` are processes, of which there should be one; `told` is the last line of their log.
    """

    processes: tuple[Process, ...] = ()
    recorded: int | None = None
    sockets: tuple[int, ...] | None = None
    connections: int | None = None
    keepers: tuple[int, ...] = ()
    told: str = ""

    @staticmethod
    def question(service: Service, asked: Asked = "") -> Command:
        """One question; it changes nothing. Listeners are told unasked when little runs."""
        words = (
            service.word,
            service.pid_file,
            f"{service.port:04X}",
            keeper_log(service),
            asked,
        )
        return command("sh", "-c", QUESTION, "farmhand", *words, timeout=20)

    @classmethod
    def answer(cls, service: Service, output: str) -> Self:
        """Read what `question` gave."""
        records = output.split("\0")
        lines = [record.split() for record in records if re.match(r"\s*\d+: ", record)]
        sockets = tuple(int(line[9]) for line in lines if line[3] == LISTEN)
        connections = sum(line[3] == ESTABLISHED for line in lines)
        words = _command_lines(records)
        told = (text.removeprefix("keeper:") for text in records if text.startswith("keeper:"))
        return cls(
            processes=_processes(service, records, words),
            recorded=_recorded(records),
            sockets=sockets if "listeners:" in records else None,
            connections=connections if "connections:" in records else None,
            keepers=tuple(sorted(pid for pid in words if is_keeper(words[pid]))),
            told=next(told, ""),
        )

    @property
    def listening(self) -> bool:
        """Whether anybody was seen to accept connections on the port."""
        return bool(self.sockets)

    @property
    def parent(self) -> int | None:
        """The process that takes orders: the recorded one, or the keeper's own, or the leader."""
        pids = [process.pid for process in self.processes]
        if self.recorded in pids:
            return self.recorded
        kept = (process.pid for process in self.processes if process.parent in self.keepers)
        leaders = (process.pid for process in self.processes if process.leader)
        return next(kept, next(leaders, None))

    @property
    def children(self) -> tuple[int, ...]:
        """The processes that the parent has made and that serve."""
        return tuple(process.pid for process in self.processes if process.parent == self.parent)

    @property
    def alone(self) -> bool:
        """Whether the parent is left without children: no request is in flight."""
        return self.parent is not None and len(self.processes) == 1

    @property
    def orphans(self) -> tuple[int, ...]:
        """Processes that lost their parent: they go on serving, and take no orders."""
        pids = {process.pid for process in self.processes}
        lost = (process for process in self.processes if process.parent not in pids)
        return tuple(process.pid for process in lost if process.pid != self.parent)

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop: Apache closes the port and removes the file at once.

        Telling it a second time would cut off what it still has to finish.
        """
        return self.parent is not None and self.recorded != self.parent and self.sockets == ()

    @property
    def lost(self) -> bool:
        """Whether nothing is left of it, and no keeper will start it: the log says so."""
        return not self.processes and is_final(self.told)

    @property
    def last_word(self) -> str:
        """What the last line of its keeper's log says, without its time."""
        return self.told.partition(" ")[2].strip()

    @property
    def state(self) -> ServiceState:
        """In short. One that was told to stop runs no longer, though it may take its time."""
        parent, running = self.parent, self.parent is not None and not self.stopping
        return ServiceState(
            running=running,
            pid=parent,
            orphans=self.orphans,
            port_taken=self.listening and not self.processes,
            keeping=keeping(
                self.told,
                missing=running and not self.keepers,
                returns=parent is None and bool(self.keepers),
            ),
        )


def keeper_log(service: Service) -> str:
    """The file that its keeper writes to."""
    return str(PurePosixPath(service.log or PurePosixPath(service.pid_file).parent, LOG))


def holders_question(sockets: tuple[int, ...]) -> Command:
    """Which processes hold these sockets? Only root is told about those of others."""
    return command("sh", "-c", HOLDERS, "farmhand", *map(str, sockets), timeout=20)


def holders_answer(output: str) -> str:
    """As part of a sentence: `nginx (pid 812)`; `another program` when it could not be seen."""
    found = [line.partition(" ") for line in output.splitlines() if line.strip()]
    return ", ".join(f"{name} (pid {pid})" for pid, _, name in found) or "another program"


def error_log(output: str) -> str:
    """The error log's path in what `-t -D DUMP_RUN_CFG` says; empty when it is no file.

    Of a program that writes it, the last path among its words.
    """
    found = re.search(
        r'^Main ErrorLog: "(?:\|.*")?(/[^"]*)"(?: [0-9M ]*")?$', output, re.MULTILINE
    )
    return found[1] if found else ""


def trouble(log: str, *, lines: int = 3) -> str:
    """The last lines of an error log that tell of trouble, without their times; empty if none."""
    found = [line for line in log.splitlines() if TROUBLE.search(line)]
    return "; ".join(re.sub(r"^(\[[^]]*\] )+", "", line).strip() for line in found[-lines:])


def _command_lines(records: list[str]) -> dict[int, list[str]]:
    """The words of each process among `PID/cmdline:WORD` records."""
    words: dict[int, list[str]] = {}
    for record in records:
        if found := re.match(r"(\d+)/cmdline:", record):
            words.setdefault(int(found[1]), []).append(record[found.end() :])
    return words


def _processes(
    service: Service, records: list[str], words: dict[int, list[str]]
) -> tuple[Process, ...]:
    """The service's own processes, by number: those with a `PID/stat:...` record as well."""
    stats: dict[int, list[str]] = {}
    for record in records:
        if found := re.match(r"(\d+)/stat:", record):
            stats[int(found[1])] = record.rpartition(")")[2].split()
    ours = sorted(pid for pid in words if pid in stats and _is_server(service, words[pid]))
    return tuple(Process(pid, int(stats[pid][1]), int(stats[pid][2]) == pid) for pid in ours)


def _is_server(service: Service, words: list[str]) -> bool:
    """Whether a command line is that of a server with this config: no `tail -f CONFIG`.

    `setsid PROGRAM ...` is about to become one.
    """
    name = PurePosixPath(words[1] if words[0] == "setsid" else words[0]).name
    kind = KINDS[service.kind]
    known = name == PurePosixPath(service.program).name or name.startswith(kind.names)
    return known and (kind.option, service.word) in pairwise(words) and kind.asks.isdisjoint(words)


def _recorded(records: list[str]) -> int | None:
    """The number in the process id file; None when there is no file, or no number in it."""
    texts = (text.removeprefix("pid_file:") for text in records if text.startswith("pid_file:"))
    number = next(texts, "").strip()
    return int(number) if number.isdecimal() else None
