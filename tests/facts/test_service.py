"""What recorded answers of a Linux host say about an Apache. One record a line, for the reader."""

from pathlib import Path

import pytest

from pipeline.facts.answer import Keeping, ServiceState
from pipeline.facts.question import Service
from pipeline.facts.service import Process, Processes, error_log, holders_answer, trouble

UNKEPT = Keeping(missing=True)
CASES = Path(__file__).parent / "service"
WORKER = Service(
    name="www_1",
    program="/usr/sbin/apache2",
    config="/srv/farm/www_1/httpd.conf",
    pid_file="/srv/farm/www_1/pid",
    port=0x2329,
)


def answer(case: str) -> Processes:
    return Processes.answer(WORKER, "\0".join((CASES / f"{case}.txt").read_text().split("\n")))


def records(*lines: str) -> Processes:
    return Processes.answer(WORKER, "\0".join(lines) + "\0")


def process(pid: int, parent: int, group: int, *words: str) -> tuple[str, ...]:
    said = words or ("/usr/sbin/apache2", "-f", WORKER.config, "-k", "start")
    stat = f"{pid}/stat:{pid} (a) b) S {parent} {group} {group} 0 -1\n"
    return (*(f"{pid}/cmdline:{word}" for word in said), stat)


@pytest.mark.parametrize(
    ("case", "state"),
    [
        ("never-started", ServiceState(running=False)),
        ("running", ServiceState(running=True, pid=22439, keeping=UNKEPT)),
        ("running-port-not-asked", ServiceState(running=True, pid=22439, keeping=UNKEPT)),
        ("stopping", ServiceState(running=False, pid=22439)),
        ("parent-alone", ServiceState(running=False, pid=22439)),
        ("orphan", ServiceState(running=False, orphans=(22569,))),
    ],
)
def test_the_state_in_short(case: str, state: ServiceState) -> None:
    assert answer(case).state == state


def test_a_running_one_listens_and_has_a_connection() -> None:
    parent, child = Process(22439, 1, leader=True), Process(22440, 22439, leader=False)
    assert answer("running") == Processes((parent, child), 22439, (561867,), 1)


def test_an_unasked_port_is_not_known() -> None:
    found = answer("running-port-not-asked")
    assert (found.sockets, found.connections, found.listening) == (None, None, False)


@pytest.mark.parametrize(
    ("case", "stopping"),
    [("running", False), ("running-port-not-asked", False), ("stopping", True), ("orphan", False)],
)
def test_one_that_stops_has_closed_its_port_and_removed_its_file(
    case: str, stopping: bool
) -> None:
    assert answer(case).stopping is stopping


def test_somebody_else_on_the_port() -> None:
    line = "0: 00000000:2329 00000000:0000 0A 0:0 00:0 0 0 0 77 1"
    found = records("pid_file:", "listeners:", line)
    assert (found.state, found.sockets) == (ServiceState(running=False, port_taken=True), (77,))


def test_without_its_file_the_leader_of_the_group_is_the_parent() -> None:
    found = records("pid_file:", *process(11, 1, 11), *process(12, 11, 11))
    assert (found.parent, found.children, found.orphans) == (11, (12,), ())


def test_a_recorded_number_that_is_not_its_own_says_nothing() -> None:
    found = records("pid_file:900", *process(12, 1, 11))
    assert (found.parent, found.orphans) == (None, (12,))


def test_an_orphan_beside_a_running_one() -> None:
    found = records("pid_file:21", *process(12, 1, 11), *process(21, 1, 21), *process(22, 21, 21))
    assert found.state == ServiceState(running=True, pid=21, orphans=(12,), keeping=UNKEPT)


def test_a_kept_one_its_keeper_and_what_that_has_told() -> None:
    keeper = ("sh", "-c", "script", "farmhand-keeper", "/log", "apache2", "-f", WORKER.config)
    found = records(
        "keeper:2026-11-26T12:03:11+0000 restarted 2 times: process 21",
        "pid_file:21",
        *(f"9/cmdline:{word}" for word in keeper),
        *(f"10/cmdline:{word}" for word in ("sh", "-c", "question", "farmhand", WORKER.config)),
        *process(21, 9, 21, "apache2", "-f", WORKER.config, "-DFOREGROUND"),
        *process(22, 21, 21, "apache2", "-f", WORKER.config, "-DFOREGROUND"),
    )
    assert (found.keepers, found.parent, found.children, found.orphans) == ((9,), 21, (22,), ())
    assert found.state.keeping == Keeping(restarts=2, last="2026-11-26T12:03:11+0000")


def test_what_its_keeper_starts_just_now_is_it() -> None:
    words = ("setsid", "apache2", "-f", WORKER.config, "-DFOREGROUND")
    found = records("9/cmdline:farmhand-keeper", *process(21, 9, 9, *words))
    assert (found.parent, found.orphans) == (21, ())


def test_between_two_tries_only_the_keeper_is_left() -> None:
    lost = "lost process 12 after 0 s: killed by signal 9; restarted 1 time before; starts again"
    found = records(f"keeper:TIME {lost}", "9/cmdline:farmhand-keeper")
    assert found.state == ServiceState(running=False, keeping=Keeping(returns=True, restarts=1))
    assert (found.lost, found.state.alive) == (False, True)


def test_it_is_lost_when_its_keeper_says_so_and_nothing_is_left() -> None:
    told = "keeper:TIME did not start: ended with exit code 1: bad"
    assert records(told).lost
    assert not records(told, *process(12, 1, 12)).lost


@pytest.mark.parametrize(
    "words",
    [
        ("tail", "-f", WORKER.config),
        ("sh", "-c", "script", "farmhand", WORKER.config),
        ("/usr/sbin/apache2", "-f", WORKER.config, "-t"),
        ("/usr/sbin/apache2", "-f", WORKER.config, "-k", "graceful-stop"),
        ("/usr/sbin/apache2", "-f", "/srv/other.conf", "-c", WORKER.config),
    ],
)
def test_who_only_names_the_config_is_not_it(words: tuple[str, ...]) -> None:
    assert records("pid_file:12", *process(12, 1, 12, *words)).processes == ()


def test_a_process_that_was_gone_before_the_second_look_is_left_out() -> None:
    assert records("pid_file:12", *process(12, 1, 12)[:-1]).processes == ()


@pytest.mark.parametrize("text", ["pid_file:", "pid_file:half a numb", "pid_file:-1", ""])
def test_a_file_without_a_number_records_nobody(text: str) -> None:
    assert records(text).recorded is None


def test_holders_of_a_port() -> None:
    assert holders_answer("812 nginx\n813 nginx\n") == "nginx (pid 812), nginx (pid 813)"
    assert holders_answer("") == "another program"


def test_where_the_error_log_is() -> None:
    dump = 'ServerRoot: "/srv"\nMain ErrorLog: "/srv/log/error.log"\nPidFile: "/srv/pid"\n'
    assert error_log(dump) == "/srv/log/error.log"
    rotated = 'Main ErrorLog: "|"/usr/bin/rotatelogs" -n 5 "/srv/a log/error.log" 86400 10M"\n'
    assert error_log(rotated) == "/srv/a log/error.log"
    assert error_log('Main ErrorLog: "syslog"\n') == ""


def test_trouble_is_told_without_times() -> None:
    log = (
        "[Tue Nov 24 07:07:24.2 2026] [mpm_event:notice] [pid 1:tid 1] AH00489: configured\n"
        "[Tue Nov 24 07:07:25.2 2026] [core:emerg] [pid 1:tid 1] (2)No such file: AH00023: mutex\n"
    )
    assert trouble(log) == "(2)No such file: AH00023: mutex"
    assert trouble("") == ""
