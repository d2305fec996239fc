"""Threads that do steps, and a queue for what came of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from pipeline.execute.clock import Clock
from pipeline.plan.action import Action
from pipeline.plan.step import Step

LOOK: Final = 0.5  # seconds: while it waits for its lock, Windows hears no Ctrl-C


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a step: its detail, or the problem that it ended in."""

    step: Step
    detail: str
    problem: BaseException | None
    seconds: float


@dataclass(slots=True)
class Crew:
    """The steps under way, at most `size`. Its threads never outlive the process."""

    act: Callable[[str, Action], str]
    clock: Clock
    size: int
    running: dict[str, Step] = field(default_factory=dict)
    answers: SimpleQueue[Answer | None] = field(default_factory=SimpleQueue)

    @property
    def free(self) -> int:
        """How many more steps may be begun."""
        return self.size - len(self.running)

    def send(self, step: Step) -> None:
        """Let a thread do a step."""
        self.running[step.id] = step
        Thread(target=self._do, args=(step,), name=step.id, daemon=True).start()

    def next_answer(self) -> Answer | None:
        """Wait until a step ends; None when woken."""
        while True:
            try:
                answer = self.answers.get(timeout=LOOK)
            except Empty:
                continue
            if answer is not None:
                del self.running[answer.step.id]
            return answer

    def wake(self) -> None:
        """End the waiting for an answer. May be called by a signal handler."""
        self.answers.put(None)

    def _do(self, step: Step) -> None:
        began = self.clock.monotonic()
        detail, problem = "", None
        try:
            detail = self.act(step.host, step.action)
        except BaseException as caught:
            problem = caught
        self.answers.put(Answer(step, detail, problem, self.clock.monotonic() - began))
