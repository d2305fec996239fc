"""A plan is done in its order, stops safely, and goes on where it stopped."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import BadCall, Failed, Interrupted, LockLost, StepFailed
from pipeline.execute.executor import SIDE_BY_SIDE, execute
from pipeline.execute.ledger import reason_of
from pipeline.execute.run import RunOutcome
from pipeline.execute.summary import StepReport, Summary
from pipeline.plan.action import Action, Remove
from pipeline.plan.plan import Kind, Plan
from pipeline.plan.step import Stage, Step
from pipeline.plan.step_state import StepState
from tests.execute.fake_time import FakeTime
from tests.execute.noted import Lease, NotedJournal, NotedProgress

BEGAN, DONE, FAILED, UNDOING, UNDONE = StepState
DISK_FULL = Failed("disk full", where="/srv/farm", advice="make room")


def do(name: str) -> Action:
    return Remove(paths=(name,))


def step(name: str, *needs: str, unit: str = "", undo: bool = True) -> Step:
    return Step(
        id=name,
        stage=Stage.ROLL if unit else Stage.PUSH,
        host="box",
        action=do(name),
        why="",
        needs=needs,
        undo=(do(f"un-{name}"),) if undo else (),
        unit=unit,
    )


@dataclass
class Farm:
    """What a plan is done to: `does` happens instead of nothing, by name of an action."""

    does: dict[str, Callable[[], object]] = field(default_factory=dict)
    journal: NotedJournal = field(default_factory=NotedJournal)
    progress: NotedProgress = field(default_factory=NotedProgress)
    lease: Lease = field(default_factory=Lease)
    time: FakeTime = field(default_factory=FakeTime)
    acted: list[str] = field(default_factory=list)

    def act(self, host: str, action: Action) -> str:
        assert isinstance(action, Remove)
        (name,) = action.paths
        self.acted.append(name)
        self.does.get(name, lambda: None)()
        return f"{name} on {host}"

    def execute(
        self, *steps: Step, states: dict[str, StepState] | None = None, kind: Kind = "deploy"
    ) -> Summary:
        return execute(
            Plan(kind=kind, environment="prod", steps=steps),
            journal=self.journal,
            run=1,
            act=self.act,
            lease=self.lease,
            progress=self.progress,
            states=states,
            clock=self.time.clock,
        )

    def fails(self, *names: str, problem: BaseException = DISK_FULL) -> None:
        def fail() -> None:
            raise problem

        self.does |= dict.fromkeys(names, fail)


@pytest.fixture
def farm() -> Farm:
    return Farm()


def test_each_step_is_journalled_and_told_before_and_after(farm: Farm) -> None:
    farm.does["b"] = lambda: farm.time.wait(2)
    summary = farm.execute(step("a"), step("b", "a"), step("c", "b"), states={"a": DONE})
    assert summary == Summary(
        outcome=RunOutcome.DONE,
        steps=(
            StepReport("b", "push", "b on box", 2),
            StepReport("c", "push", "c on box", 0),
        ),
        seconds=2,
        before=1,
    )
    assert str(summary) == "done: 2 steps in 2.0 s, 1 done before"
    assert farm.acted == ["b", "c"]
    assert farm.journal.events == [("b", BEGAN), ("b", DONE), ("c", BEGAN), ("c", DONE)]
    assert farm.journal.details == {"b": "b on box", "c": "c on box"}
    assert farm.journal.outcomes == [RunOutcome.DONE]
    assert farm.progress.told == ["began b", "ended b: b on box", "began c", "ended c: c on box"]


def test_a_plan_with_nothing_to_do_is_done(farm: Farm) -> None:
    assert farm.execute() == Summary(outcome=RunOutcome.DONE, steps=(), seconds=0)


def test_what_may_run_side_by_side_does_up_to_a_limit(farm: Farm) -> None:
    together = threading.Barrier(SIDE_BY_SIDE)
    count, most, lock = 0, 0, threading.Lock()

    def meet() -> None:
        nonlocal count, most
        with lock:
            count += 1
            most = max(most, count)
        together.wait(timeout=10)
        with lock:
            count -= 1
        together.wait(timeout=10)

    names = [str(number) for number in range(2 * SIDE_BY_SIDE)]
    farm.does = dict.fromkeys(names, meet)
    assert farm.execute(*map(step, names)).done == 16
    assert most == SIDE_BY_SIDE


def test_what_may_fail_is_passed_over_and_what_needs_it_is_done(farm: Farm) -> None:
    farm.fails("a")
    summary = farm.execute(replace(step("a"), may_fail=True), step("b", "a"))
    said = "FAILED, and is passed over: /srv/farm: disk full"
    assert summary.steps == (
        StepReport("a", "push", said, 0, passed_over=True),
        StepReport("b", "push", "b on box", 0),
    )
    assert summary.warnings == (f"a: {said}",)
    assert farm.journal.events == [("a", BEGAN), ("a", DONE), ("b", BEGAN), ("b", DONE)]
    assert farm.journal.details["a"] == said
    assert farm.progress.told == [
        "began a",
        f"passed over a: {said}",
        "began b",
        "ended b: b on box",
    ]
    assert farm.journal.outcomes == [RunOutcome.DONE]


def test_a_mistake_of_ours_is_never_passed_over(farm: Farm) -> None:
    farm.fails("a", problem=KeyError("a"))
    with pytest.raises(StepFailed):
        farm.execute(replace(step("a"), may_fail=True))
    assert farm.journal.states == {"a": FAILED}


def test_reasons_of_several_lines_are_told_one_below_the_other(farm: Farm) -> None:
    farm.fails("b", problem=Failed("exit code 3\n  no disk"))
    with pytest.raises(StepFailed) as caught:
        farm.execute(step("a", unit="www_1"), step("b", "a", unit="www_1"))
    assert str(caught.value) == "step b on box: exit code 3\n  no disk\nput back: www_1"


def test_a_failure_puts_its_unit_back_and_says_what_to_do_next(farm: Farm) -> None:
    farm.fails("await")
    with pytest.raises(StepFailed) as caught:
        farm.execute(
            step("push"),
            step("drain", "push", unit="www_1"),
            step("look", "drain", unit="www_1", undo=False),
            step("await", "look", unit="www_1"),
            step("undrain", "await", unit="www_1"),
            step("drain2", "undrain", unit="www_2"),
        )
    assert caught.value.lines() == (
        "step await on box: /srv/farm: disk full; put back: www_1",
        "  -> make room; invoke resume --env prod goes on from here, "
        "invoke rollback --env prod returns to the last release",
    )
    assert farm.acted == ["push", "drain", "look", "await", "un-await", "un-drain"]
    assert farm.journal.events[-8:] == [
        ("await", BEGAN),
        ("await", FAILED),
        ("await", UNDOING),
        ("await", UNDONE),
        ("look", UNDOING),
        ("look", UNDONE),
        ("drain", UNDOING),
        ("drain", UNDONE),
    ]
    assert farm.journal.outcomes == [RunOutcome.FAILED]
    assert farm.progress.told[-8:] == [
        "began await",
        "failed await: /srv/farm: disk full",
        "undoing await",
        "undone await",
        "undoing look",
        "undone look",
        "undoing drain",
        "undone drain",
    ]


def test_a_failure_without_a_unit_puts_nothing_back(farm: Farm) -> None:
    farm.fails("b")
    with pytest.raises(StepFailed, match=r"^step b on box: /srv/farm: disk full$"):
        farm.execute(step("a"), step("b", "a"), kind="bounce")
    assert farm.acted == ["a", "b"]


def test_steps_beside_a_failure_finish_and_none_begins(farm: Farm) -> None:
    failing, failed = threading.Event(), threading.Event()

    def fail() -> None:
        failing.wait(10)
        raise DISK_FULL

    def end_late() -> None:
        failing.set()
        failed.wait(10)

    class Telling(NotedProgress):
        def failed(self, step: Step, reason: str) -> None:
            super().failed(step, reason)
            failed.set()

    farm.progress = Telling()
    farm.does = {"a": fail, "b": end_late}
    with pytest.raises(StepFailed):
        farm.execute(step("a"), step("b"), step("c", "b"))
    assert farm.journal.states == {"a": FAILED, "b": DONE}


def test_a_unit_that_the_stop_cuts_off_is_put_back_too(farm: Farm) -> None:
    other = threading.Event()

    def fail() -> None:
        other.wait(10)
        raise DISK_FULL

    farm.does = {"start1": fail, "stop2": other.set}
    with pytest.raises(StepFailed, match=r"put back: www_1, www_2$"):
        farm.execute(
            step("stop1", unit="www_1"),
            step("start1", "stop1", unit="www_1"),
            step("hold", unit="www_2"),
            step("stop2", "hold", unit="www_2"),
            step("never", "start1", "stop2", unit="www_2"),
        )
    assert farm.acted[-4:] == ["un-start1", "un-stop1", "un-stop2", "un-hold"]
    assert set(farm.journal.states.values()) == {UNDONE}


def test_two_failures_are_both_told(farm: Farm) -> None:
    together = threading.Barrier(2)

    def fail() -> None:
        together.wait(10)
        raise DISK_FULL

    farm.does = {"a": fail, "b": fail}
    with pytest.raises(StepFailed, match=r"[ab] failed too: /srv/farm: disk full"):
        farm.execute(step("a"), step("b"))


def test_an_undo_that_fails_is_told_and_ends_the_putting_back_of_its_unit(farm: Farm) -> None:
    farm.fails("c", "un-b")
    with pytest.raises(StepFailed) as caught:
        farm.execute(
            step("a", unit="www_1"), step("b", "a", unit="www_1"), step("c", "b", unit="www_1")
        )
    assert str(caught.value) == (
        "step c on box: /srv/farm: disk full; www_1 could not be put back: b: /srv/farm: disk full"
    )
    assert farm.journal.states == {"a": DONE, "b": FAILED, "c": UNDONE}
    assert farm.journal.details["b"] == "could not be put back: /srv/farm: disk full"


def test_a_lost_lease_stops_before_the_next_step_and_touches_nothing_more(farm: Farm) -> None:
    farm.lease = Lease(ours_for=2)
    with pytest.raises(LockLost) as caught:
        farm.execute(
            step("a", unit="www_1"), step("b", "a", unit="www_1"), step("c", "b", unit="www_1")
        )
    assert caught.value.lines() == (
        "prod: the lease is no longer ours: somebody took it over, or broke it",
        "  -> nothing more was touched; see who deploys: invoke status --env prod",
    )
    assert farm.acted == ["a", "b"]
    assert farm.journal.states == {"a": DONE, "b": DONE}
    assert farm.journal.outcomes == [RunOutcome.FAILED]


def test_a_lease_lost_while_putting_back_stops_that(farm: Farm) -> None:
    farm.fails("b")
    farm.lease = Lease(ours_for=2)
    with pytest.raises(LockLost):
        farm.execute(step("a", unit="www_1"), step("b", "a", unit="www_1"))
    assert farm.acted == ["a", "b"]


@pytest.mark.parametrize(("fits", "acted"), [(0, []), (1, ["a"]), (2, ["a"]), (3, ["a", "b"])])
def test_a_journal_that_cannot_be_written_stops_the_run(
    farm: Farm, fits: int, acted: list[str]
) -> None:
    farm.journal = NotedJournal(full=fits, problem=DISK_FULL)
    with pytest.raises(Failed) as caught:
        farm.execute(step("a"), step("b", "a"))
    assert caught.value is DISK_FULL
    assert farm.acted == acted


def test_a_first_ctrl_c_lets_running_steps_finish(farm: Farm) -> None:
    farm.does["b"] = lambda: signal.raise_signal(signal.SIGINT)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(Interrupted) as caught:
        farm.execute(step("a"), step("b", "a", unit="www_1"), step("c", "b", unit="www_1"))
    assert caught.value.lines() == (
        "prod: interrupted: 2 of 3 steps are done; half-way: www_1",
        "  -> invoke resume --env prod goes on from here",
    )
    assert farm.journal.states == {"a": DONE, "b": DONE}
    assert farm.journal.outcomes == [RunOutcome.INTERRUPTED]
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_ctrl_c_stops_at_once(farm: Farm) -> None:
    def interrupt_twice() -> None:
        signal.raise_signal(signal.SIGTERM)
        while "stopping: what runs is finished first" not in farm.progress.told:
            released.wait(0.001)
        signal.raise_signal(signal.SIGINT)
        released.wait(10)

    released = threading.Event()
    farm.does["a"] = interrupt_twice
    with pytest.raises(KeyboardInterrupt):
        farm.execute(step("a"), step("b", "a"))
    released.set()
    assert farm.journal.states == {"a": BEGAN}
    assert farm.journal.outcomes == [RunOutcome.INTERRUPTED]


def test_a_ctrl_c_when_all_is_done_interrupts_nothing(farm: Farm) -> None:
    farm.does["a"] = lambda: signal.raise_signal(signal.SIGINT)
    assert farm.execute(step("a")).outcome is RunOutcome.DONE


def test_a_plan_may_be_executed_beside_the_main_thread(farm: Farm) -> None:
    found: list[Summary] = []
    thread = threading.Thread(target=lambda: found.append(farm.execute(step("a"))))
    thread.start()
    thread.join()
    assert [summary.done for summary in found] == [1]


def test_a_plan_whose_steps_wait_for_one_another_is_refused(farm: Farm) -> None:
    with pytest.raises(BadCall, match="not a plan: steps wait for one another: "):
        farm.execute(step("a", "b"), step("b", "a"))
    assert farm.acted == []


def test_an_unforeseen_error_is_told_by_its_place_for_its_words_may_hold_a_secret() -> None:
    with pytest.raises(ValueError, match="hunter2") as caught:
        raise ValueError("password hunter2 is wrong")
    assert reason_of(caught.value).startswith("unforeseen ValueError at test_executor.py:")
    assert reason_of(PermissionError(13, "Permission denied", "/srv/farm")) == (
        "/srv/farm: Permission denied"
    )


@dataclass(frozen=True)
class Story:
    steps: tuple[Step, ...]
    failing: frozenset[str]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Any order of steps, some of them in units, of which some fail at first."""
    names = [str(number) for number in range(draw(st.integers(1, 7)))]
    steps = []
    for number, name in enumerate(names):
        needs = draw(st.sets(st.sampled_from(names[:number]))) if number else set()
        unit = draw(st.sampled_from(["", "", "www_1", "www_2"]))
        steps.append(step(name, *sorted(needs), unit=unit))
    failing = draw(st.frozensets(st.sampled_from([*names, *(f"un-{name}" for name in names)])))
    return Story(tuple(steps), failing)


@settings(max_examples=150, deadline=None)
@given(stories())
def test_needs_are_kept_whatever_fails_and_resuming_does_just_the_rest(story: Story) -> None:
    first = Farm()
    first.fails(*story.failing)
    names = {step.id for step in story.steps}
    try:
        first.execute(*story.steps)
    except StepFailed:
        assert names & story.failing
    else:
        assert not names & story.failing
    states = first.journal.states
    check_needs(story, first.journal, {})

    again = Farm()
    summary = again.execute(*story.steps, states=states)
    done_before = {name for name, state in states.items() if state is DONE}
    assert set(again.acted) == names - done_before
    assert len(again.acted) == len(set(again.acted))
    assert {report.step for report in summary.steps} | done_before == names
    check_needs(story, again.journal, states)


def check_needs(story: Story, journal: NotedJournal, states: dict[str, StepState]) -> None:
    """A step begins only when all that it needs is done, and never after a failure."""
    now, failed = dict(states), False
    needs = {step.id: step.needs for step in story.steps}
    for name, state in journal.events:
        if state is BEGAN:
            assert not failed
            assert all(now.get(need) is DONE for need in needs[name])
        failed |= state is FAILED
        now[name] = state
