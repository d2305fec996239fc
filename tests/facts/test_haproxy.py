"""What HAProxy's runtime API said, recorded from HAProxy 2.6.12, and what it means."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Failed
from pipeline.facts.answer import MemberMode, MemberState
from pipeline.facts.haproxy import NO_STATE, Admin, alerts, carried, members

ANSWERS = Path(__file__).parent / "haproxy"
CONFIG = """
frontend site
    bind *:8090
backend homebrew
    # server www_9 127.0.0.1:1
    server www_1 127.0.0.1:28101 cookie www_1
    server www_2 127.0.0.2:28202
backend static.files
    server static [::1]:28091
"""
FAILED_START = """\
2026-11-26T07:53:29+0000 [NOTICE]   (25529) : haproxy version is 2.6.12-1+deb12u4
2026-11-26T07:53:29+0000 [ALERT]    (25529) : config : of an earlier try
2026-11-26T07:53:30+0000 [NOTICE]   (25593) : haproxy version is 2.6.12-1+deb12u4
2026-11-26T07:53:30+0000 [WARNING]  (25593) : config : something else
2026-11-26T07:53:30+0000 [ALERT]    (25593) : config : parsing [/x/a.cfg:90] : unknown keyword
2026-11-26T07:53:30+0000 [ALERT]    (25593) : Binding for site: cannot bind socket
2026-11-26T07:53:30+0000 [ALERT]    (25593) : config : Error(s) found in configuration file : /x
2026-11-26T07:53:30+0000 [ALERT]    (25593) : config : Fatal errors found in configuration.
"""


def answer(name: str) -> str:
    return (ANSWERS / name).read_text("utf-8")


def member(
    name: str, mode: MemberMode, *, usable: bool, in_flight: int, served: int
) -> MemberState:
    return MemberState(
        name=name,
        url=f"http://127.0.0.1:2810{name[-1]}",
        mode=mode,
        usable=usable,
        in_flight=in_flight,
        served=served,
    )


def test_a_member_that_is_down_is_ready_and_not_usable() -> None:
    assert members(answer("one-down.txt"), "homebrew") == {
        "www_1": member("www_1", MemberMode.READY, usable=True, in_flight=2, served=2),
        "www_2": member("www_2", MemberMode.READY, usable=True, in_flight=1, served=1),
        "www_3": member("www_3", MemberMode.READY, usable=False, in_flight=0, served=0),
    }


def test_who_is_out_of_rotation_goes_on_with_what_is_in_flight() -> None:
    assert members(answer("maint-and-drain.txt"), "homebrew") == {
        "www_1": member("www_1", MemberMode.DISABLED, usable=False, in_flight=2, served=2),
        "www_2": member("www_2", MemberMode.DRAIN, usable=False, in_flight=1, served=1),
        "www_3": member("www_3", MemberMode.READY, usable=False, in_flight=0, served=0),
    }


def test_a_backend_that_is_not_there_is_told_in_haproxys_words() -> None:
    with pytest.raises(Failed, match="no members of shop; it said: Can't find backend"):
        members(answer("unknown-backend.txt"), "shop")


def test_what_is_carried_over_a_reload_has_the_addresses_of_the_new_configuration() -> None:
    text = carried(answer("all-backends.txt"), CONFIG)

    head, *rows = text.removeprefix(NO_STATE).splitlines()
    names = head.removeprefix("# ").split()
    told = [dict(zip(names, row.split(), strict=True)) for row in rows]
    assert [
        (row["be_name"], row["srv_name"], row["srv_addr"], row["srv_port"], row["srv_admin_state"])
        for row in told
    ] == [
        ("homebrew", "www_1", "127.0.0.1", "28101", str(Admin.FORCED_MAINTENANCE.value)),
        ("homebrew", "www_2", "127.0.0.2", "28202", str(Admin.FORCED_DRAIN.value)),
        ("static.files", "static", "::1", "28091", "0"),
    ]


@dataclass(frozen=True)
class Server:
    """One server, as HAProxy would tell of it."""

    name: str
    port: int
    admin: int
    status: str
    current: int
    queued: int
    total: int

    def cells(self) -> tuple[dict[str, str], dict[str, str]]:
        """Its cells in both tables, with a column of tomorrow."""
        state = {
            "be_id": "3",
            "be_name": "homebrew",
            "srv_name": self.name,
            "srv_addr": "127.0.0.1",
            "srv_admin_state": str(self.admin),
            "srv_port": str(self.port),
            "new_column": "-",
        }
        stat = {
            "pxname": "homebrew",
            "svname": self.name,
            "qcur": str(self.queued),
            "scur": str(self.current),
            "stot": str(self.total),
            "status": self.status,
            "new_column": "",
        }
        return state, stat


def table(rows: list[dict[str, str]], between: str) -> str:
    lines = [between.join(row.values()) for row in rows]
    return "\n".join([f"# {between.join(rows[0])}", *lines]) + "\n\n"


COUNTS = st.integers(0, 9999)
STATUS = st.sampled_from(["UP", "UP 1/2", "DOWN", "DOWN 1/2", "MAINT", "DRAIN", "no check"])
SERVERS = st.lists(
    st.builds(
        Server,
        name=st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True),
        port=st.integers(1, 65535),
        admin=st.sampled_from([0, 1, 2, 4, 8, 9, 16, 32, 64]),
        status=STATUS,
        current=COUNTS,
        queued=COUNTS,
        total=COUNTS,
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda server: server.name,
)


@given(SERVERS)
def test_every_server_of_both_tables_is_read_whatever_columns_there_are(
    servers: list[Server],
) -> None:
    states, stats = zip(*(server.cells() for server in servers), strict=True)

    found = members(f"1\n{table(list(states), ' ')}{table(list(stats), ',')}", "homebrew")

    assert list(found) == [server.name for server in servers]
    for server, member in zip(servers, found.values(), strict=True):
        assert member.url == f"http://127.0.0.1:{server.port}"
        assert (member.in_flight, member.served) == (server.current + server.queued, server.total)
        assert member.usable is (server.status[:2] in ("UP", "no"))
        ready = not server.admin & ~Admin.HOST_NAME
        assert (member.mode is MemberMode.READY) is ready
        assert (member.mode is MemberMode.DRAIN) is (server.admin in (8, 16))


@given(st.text())
def test_an_answer_that_is_no_table_carries_nothing(said: str) -> None:
    assert carried(said.replace("# ", ""), CONFIG) == NO_STATE


def test_a_failed_start_is_told_by_the_alerts_of_that_try() -> None:
    assert alerts(FAILED_START) == (
        "parsing [/x/a.cfg:90] : unknown keyword; Binding for site: cannot bind socket"
    )
    assert alerts("") == ""
