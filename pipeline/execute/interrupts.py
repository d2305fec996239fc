"""Ctrl-C, once: finish what runs and begin nothing more. Twice: stop at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)  # a person's Ctrl-C; a CI server's cancel


@dataclass(slots=True)
class Interrupt:
    """Whether somebody asked to stop."""

    asked: bool = False


@contextmanager
def interrupts(wake: Callable[[], None]) -> Iterator[Interrupt]:
    """Catch the first signal: it calls `wake`, which must be safe anywhere. The second is raised.

    Outside the main thread, signals go where they always go.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    def heard(number: int, frame: FrameType | None) -> None:
        if interrupt.asked:
            raise KeyboardInterrupt
        interrupt.asked = True
        wake()

    before = {number: signal.signal(number, heard) for number in SIGNALS}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
