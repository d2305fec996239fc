"""Waiting for a condition, with a limit: nothing here sleeps for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(ask: Callable[[], T], good: Callable[[T], bool], *, limit: float, poll: float) -> T:
    """Ask again every `poll` seconds until the answer is good or `limit` seconds have passed.

    Gives the last answer, good or not. Asks at least once.
    """
    end = time.monotonic() + limit
    while not good(answer := ask()) and (left := end - time.monotonic()) > 0:
        time.sleep(min(poll, left))
    return answer
