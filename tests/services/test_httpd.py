"""What is asked and refused, on a host made of dictionaries."""

import pytest

from pipeline.command import Command, Outcome
from pipeline.errors import Failed
from pipeline.facts.question import Service
from pipeline.services import httpd, plain
from pipeline.transport.fake import FakeTransport

WORKER = Service(
    name="www_1", program="apache2", config="/srv/a.conf", pid_file="/srv/pid", port=9001
)
RUNNING = "\0".join(
    (
        "pid_file:7",
        *("7/cmdline:apache2", "7/cmdline:-f", "7/cmdline:/srv/a.conf", "7/stat:7 (a) S 1 7 7"),
        *("8/cmdline:apache2", "8/cmdline:-f", "8/cmdline:/srv/a.conf", "8/stat:8 (a) S 7 7 7"),
        "",
    )
)


def test_a_host_without_processes_to_look_at() -> None:
    with pytest.raises(Failed, match="www_1: cannot see its processes: sh: not found"):
        httpd.status(WORKER, FakeTransport())


def test_one_that_may_not_be_signalled() -> None:
    def answer(command: Command) -> Outcome:
        if plain.SIGNAL in command.argv:
            return Outcome(1, err="kill: Operation not permitted")
        return Outcome(0, RUNNING)

    with pytest.raises(Failed, match="cannot be signalled: kill: Operation") as failed:
        httpd.stop(WORKER, FakeTransport(answer=answer), deadline=1)
    assert failed.value.advice == "run as root, or as the user who started it"


def test_one_that_runs_is_not_started_again() -> None:
    port = "listeners:\0 0: 0100007F:2329 00000000:0000 0A 0:0 00:0 0 0 0 77 1\0"
    host = FakeTransport(answer=lambda command: Outcome(0, RUNNING + port))
    assert httpd.start(WORKER, host, deadline=1).pid == 7
    assert not [sent for sent in host.sent if "start" in sent.argv]
