"""Time that goes by only when somebody waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.execute.clock import Clock
from tests.execute.scripted import NOON


@dataclass
class FakeTime:
    """Seconds since noon. `events` happen while somebody waits for their second."""

    seconds: float = 0.0
    events: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def wait(self, seconds: float) -> None:
        end = self.seconds + seconds
        while self.events and self.events[0][0] <= end:
            self.seconds, happens = self.events.pop(0)
            happens()
        self.seconds = end

    @property
    def clock(self) -> Clock:
        return Clock(now=self.now, monotonic=lambda: self.seconds, wait=self.wait)
