"""The keeper of a plain process: it starts a service again that was killed.

What systemd and the service manager of Windows do for their services, a loop of `sh` does here for
a process of any kind: an Apache, a balancer, a cache. The service runs in the foreground, as the
keeper's child, and leads a session of its own. When it ends unasked, the keeper kills what is left
of that session (an orphan would go on serving, and hold the port), and starts it anew: at once,
then after 1, 2, 4 ... seconds, until it has crashed too often in a row. A service that ends well,
or by TERM, was told to end by somebody: it is not started again, and the keeper ends too.

The keeper is ended by KILL, its whole group at one stroke: from then on nobody starts anything,
and the service goes on. So whoever stops a service ends its keeper first. A service that runs
without one is adopted: it is watched from then on, and no request of it is touched.
"""

from dataclasses import dataclass

from pipeline.command import command
from pipeline.errors import Failed
from pipeline.facts.keeper import KEEPER
from pipeline.facts.question import Service
from pipeline.facts.service import keeper_log
from pipeline.transport.base import Transport

MOST = 5  # crashes in a row after which it gives up
QUICK = 10  # seconds within which an end is one of a row

# A daemon keeps the environment and umask of whoever started it: secrets, language, all. These
# start with the same few words, whoever deploys.
ENVIRONMENT = (
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG=C.UTF-8",
)
CLEAN = ("sh", "-c", 'umask 022; exec env -i "$@"', "farmhand", *ENVIRONMENT)

# $1 the keeper's script, $2 its log; what follows the first is the script's.
LAUNCH = r"""
script=$1
shift
command -v setsid > /dev/null || { echo 'setsid is not installed' >&2; exit 127; }
printf '%s asked to start\n' "$(date +%Y-%m-%dT%H:%M:%S%z)" >> "$1" || exit
setsid sh -c "$script" "$0" "$@" < /dev/null > /dev/null 2>&1 &
"""

# $1 log, $2 process id file, $3 port in hex, $4 MOST, $5 QUICK, $6 a process to adopt or nothing;
# the rest is the service's command.
SCRIPT = r"""
log=$1 pid_file=$2 port=$3 most=$4 quick=$5 main=$6
shift 6
said=${log%.log}.err
restarts=0 times='0 times' crashes=0 known= first=1
cd /

note() {
  {
    printf '%s %s\n' "$(date +%Y-%m-%dT%H:%M:%S%z)" "$*" >> "$log"
    [ "$(wc -c < "$log")" -lt 65536 ] || {
      tail -n 200 "$log" > "$log.new" && mv "$log.new" "$log"
    }
  } 2> /dev/null
}

clock() { read -r uptime idle < /proc/uptime; now=${uptime%.*}; }

run() {
  rm -f "$pid_file"
  clock
  began=$now
  setsid "$@" < /dev/null > /dev/null 2> "$said" &
  main=$!
}

# Which process has the number: when it was born; empty for a zombie, or when there is none.
born() {
  { read -r line < "/proc/$main/stat"; } 2> /dev/null || line=') Z'
  set -- ${line##*) }
  case $1 in Z | X) birth= ;; *) birth=${20} ;; esac
}

attend() {
  if [ -z "$known" ]; then
    wait "$main"
    code=$?
  else
    while born; [ "$birth" = "$known" ]; do sleep 1; done
    known=
    code=0
    [ ! -e "$pid_file" ] || code=137
  fi
}

if [ -n "$main" ]; then
  born
  known=$birth
  clock
  began=$now
  note "keeps process $main, which ran already"
else
  run "$@"
  note "started process $main"
fi
while :; do
  attend
  case $code in
    0 | 130 | 143) note "not kept: process $main ended as it was told"; exit ;;
  esac
  kill -s KILL -- "-$main" 2> /dev/null
  clock
  ran=$((now - began))
  if [ "$code" -gt 128 ]; then
    how="killed by signal $((code - 128))"
  else
    how="ended with exit code $code: $(head -c 300 "$said" | tr '\n' ' ')"
    if [ -n "$first" ] && [ $ran -lt 2 ]; then
      note "did not start: $how"
      exit
    fi
  fi
  [ $ran -lt "$quick" ] || crashes=0
  [ $crashes -gt 0 ] || row=$began
  crashes=$((crashes + 1))
  if [ $crashes -ge "$most" ]; then
    note "lost process $main after $ran s"
    note "gave up after $crashes crashes in $((now - row)) s: $how"
    exit
  fi
  pause=$((crashes > 1 ? 1 << (crashes - 2) : 0))
  note "lost process $main after $ran s: $how; restarted $times before; starts again in $pause s"
  sleep $pause
  tries=0
  while [ $tries -lt 50 ] &&
    grep -qs "^ *[0-9]*: [0-9A-F]*:$port [0-9A-F]*:0000 0A " /proc/net/tcp /proc/net/tcp6; do
    sleep 0.1
    tries=$((tries + 1))
  done
  first=
  run "$@"
  restarts=$((restarts + 1))
  [ $restarts -eq 1 ] && times='1 time' || times="$restarts times"
  note "restarted $times: process $main"
done
"""

# $1 mark, $2 log, then keepers. Waits until none of them carries the mark any more.
END = r"""
mark=$1 log=$2 refused=0
shift 2
carries() { grep -qszxF -e "$mark" "/proc/$1/cmdline"; }
for pid; do
  carries "$pid" || continue
  kill -s KILL -- "-$pid" 2> /dev/null || kill -s KILL "$pid" || { carries "$pid" && refused=1; }
done
[ $refused -eq 0 ] || exit 1
for pid; do
  tries=0
  while carries "$pid"; do
    [ $tries -lt 500 ] || { echo "keeper $pid was killed, and is yet there" >&2; exit 1; }
    tries=$((tries + 1))
    sleep 0.01
  done
done
printf '%s not kept: told to stop\n' "$(date +%Y-%m-%dT%H:%M:%S%z)" >> "$log"
exit 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A service as its keeper knows it.

    `foreground` is the command that runs it, in the foreground; one of its words must be
    `service.word`, by which all its processes are known.
    """

    service: Service
    foreground: tuple[str, ...]


def launch(kept: Kept, transport: Transport, *, adopt: int | None = None) -> None:
    """Start a service through a keeper of its own; or keep process `adopt`, which runs already.

    Does not wait: ask whether it serves. There must be no keeper yet. Raises `Failed`.
    """
    log = keeper_log(kept.service)
    words = (
        *(log, kept.service.pid_file, f"{kept.service.port:04X}"),
        *(str(MOST), str(QUICK), str(adopt or "")),
        *kept.foreground,
    )
    outcome = transport.run(command(*CLEAN, "sh", "-c", LAUNCH, KEEPER, SCRIPT, *words))
    if outcome.exit_code != 0:
        raise Failed(
            f"its keeper cannot be started: {outcome.said}",
            where=kept.service.name,
            advice=f"see whether you may write to {log}",
        )


def end(kept: Kept, keepers: tuple[int, ...], transport: Transport) -> None:
    """End these keepers for certain; the service goes on, and nobody starts it again.

    Raises `Failed` when they cannot be signalled.
    """
    words = ("farmhand", kept.service.word, keeper_log(kept.service), *map(str, keepers))
    outcome = transport.run(command("sh", "-c", END, *words, timeout=20))
    if outcome.exit_code != 0:
        raise Failed(
            f"its keeper cannot be ended: {outcome.said}",
            where=kept.service.name,
            advice="run as root, or as the user who started it",
        )
