"""HAProxy's runtime API: what `show servers state` and `show stat` say, and how to read it. Pure.

`show servers state` tells what each server was told to do (srv_admin_state, a sum of flags of
include/haproxy/server-t.h), `show stat` what is done with it now. Both are tables with a head: new
versions add columns, so none is known by its place.
"""

import re
from collections.abc import Iterator, Mapping
from enum import IntFlag

from pipeline.errors import Failed
from pipeline.facts.answer import MemberMode, MemberState

NO_STATE = "1\n"  # the file of a HAProxy that has nothing to remember: a version and no servers


class Admin(IntFlag):
    """What somebody, or the configuration, has told a server to do; 0 is nothing at all."""

    FORCED_MAINTENANCE = 0x01
    INHERITED_MAINTENANCE = 0x02
    CONFIGURED_MAINTENANCE = 0x04
    FORCED_DRAIN = 0x08
    INHERITED_DRAIN = 0x10
    RESOLUTION = 0x20
    HOST_NAME = 0x40


MAINTENANCE = (
    Admin.FORCED_MAINTENANCE
    | Admin.INHERITED_MAINTENANCE
    | Admin.CONFIGURED_MAINTENANCE
    | Admin.RESOLUTION
)
DRAINS = Admin.FORCED_DRAIN | Admin.INHERITED_DRAIN

# From doc/management.txt: the one command for all that is asked of a backend.
ASKED = "show servers state {name};show stat {name} 4 -1"
SUMS_UP = ("Error(s) found in", "Fatal errors found in")  # alerts that say nothing new
PARTS = re.compile(r"^(?=# )", re.MULTILINE)


def members(answer: str, backend: str) -> Mapping[str, MemberState]:
    """The servers of a backend by name, from the answer to `ASKED`. Raises `Failed`."""
    states = {row["srv_name"]: row for row in _states(answer) if row["be_name"] == backend}
    stats = {row["svname"]: row for row in _stats(answer) if row["pxname"] == backend}
    if not states:
        said = next((line for line in answer.splitlines() if line.strip()), "nothing")
        raise Failed(
            f"HAProxy knows no members of {backend}; it said: {said.strip()}",
            advice="is that the balancer of this farm?",
        )
    return {name: _member(state, stats[name]) for name, state in states.items() if name in stats}


def carried(answer: str, config: str) -> str:
    """What a new worker has to know of the old one: a state file, for `config` which it will read.

    A state file is stronger than the configuration, addresses and ports as well: each server is
    told those that the configuration says now. A server that it no longer names is left out.
    """
    lines = [line.split(" ") for line in answer.splitlines() if line and line != "1"]
    head = next((line[1:] for line in lines if line[0] == "#"), [])
    if not head:
        return NO_STATE
    addresses = _addresses(config)
    kept = [f"# {' '.join(head)}"]
    for line in lines:
        row = dict(zip(head, line, strict=False))
        if at := addresses.get((row["be_name"], row["srv_name"])):
            row["srv_addr"], row["srv_port"] = at
            kept.append(" ".join(row.values()))
    return NO_STATE + "\n".join(kept) + "\n"


def worker(info: str) -> int | None:
    """The process that answers, from what `show info` says."""
    found = re.search(r"^Pid: (\d+)$", info, re.MULTILINE)
    return int(found[1]) if found else None


def alerts(said: str) -> str:
    """Why a HAProxy did not start or did not take a configuration: its alerts of the last try.

    Each try begins by telling the version. Empty when it says nothing.
    """
    last = said.rpartition(": haproxy version is")[2]
    found = re.findall(r"\[ALERT\] +\(\d+\) : (?:config : )?(.+)", last)
    told = [line.strip() for line in found if not line.startswith(SUMS_UP)]
    return "; ".join(told[:3])


def _member(state: Mapping[str, str], stat: Mapping[str, str]) -> MemberState:
    address, port = state["srv_addr"], state["srv_port"]
    host = f"[{address}]" if ":" in address else address
    status = stat["status"]
    return MemberState(
        name=state["srv_name"],
        url=f"http://{host}:{port}",
        mode=_mode(Admin(int(state["srv_admin_state"]))),
        usable=status.startswith("UP") or status == "no check",
        in_flight=int(stat["scur"]) + int(stat["qcur"]),
        served=int(stat["stot"]),
    )


def _mode(admin: Admin) -> MemberMode:
    if admin & MAINTENANCE:
        return MemberMode.DISABLED
    return MemberMode.DRAIN if admin & DRAINS else MemberMode.READY


def _states(answer: str) -> Iterator[dict[str, str]]:
    yield from _rows(answer, "# be_id", " ")


def _stats(answer: str) -> Iterator[dict[str, str]]:
    yield from _rows(answer, "# pxname", ",")


def _rows(answer: str, head: str, between: str) -> Iterator[dict[str, str]]:
    """The rows of the table that begins so; an empty line ends it.

    A comma within quotes is only in the words of a health check, behind all that is read here.
    """
    for part in PARTS.split(answer):
        if part.startswith(head):
            names, *lines = part.partition("\n\n")[0].removeprefix("# ").splitlines()
            for line in lines:
                yield dict(zip(names.split(between), line.split(between), strict=False))


def _addresses(config: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Address and port of each server, by backend and name."""
    found, section = {}, ""
    for line in config.splitlines():
        words = line.split()
        if words[:1] in (["backend"], ["listen"]) and len(words) > 1:
            section = words[1]
        elif words[:1] == ["server"] and len(words) > 2:
            address, _, port = words[2].rpartition(":")
            found[section, words[1]] = address.strip("[]"), port
    return found
