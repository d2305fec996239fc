"""A service's process in words."""

import pytest

from pipeline.facts.answer import Keeping, ServiceState
from pipeline.flow.status import process

LAST = "2026-11-26T12:03:11+0000"


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (ServiceState(running=True, pid=7), "running (7)"),
        (ServiceState(running=False, pid=7), "stopping (7)"),
        (ServiceState(running=False, orphans=(7, 8)), "orphans (7, 8)"),
        (ServiceState(running=False, port_taken=True), "stopped; port taken"),
        (ServiceState(running=False), "stopped"),
        (
            ServiceState(running=True, pid=7, keeping=Keeping(restarts=2, last=LAST)),
            "running (7); restarted 2 times, last 2026-11-26 12:03:11",
        ),
        (
            ServiceState(running=True, pid=7, keeping=Keeping(missing=True)),
            "running (7); nobody keeps it",
        ),
        (
            ServiceState(running=False, keeping=Keeping(restarts=1, returns=True)),
            "stopped; restarted 1 time; starts again soon",
        ),
        (
            ServiceState(
                running=False, keeping=Keeping(gave_up="after 5 crashes in 60 s: exit code 1: bad")
            ),
            "stopped; gave up after 5 crashes in 60 s",
        ),
    ],
)
def test_what_a_service_does_and_what_befell_it(state: ServiceState, text: str) -> None:
    assert process(state) == text
