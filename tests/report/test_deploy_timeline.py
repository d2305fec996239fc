"""A run as bars on a line of seconds: every attempt is there, and idle hours are not."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.execute.ledger import FOUND_DONE
from pipeline.execute.run import RunOutcome
from pipeline.plan.step_state import StepState
from pipeline.report.deploy_timeline import Bar, BarKind, Span, bands, bars, busy, columns, states
from tests.execute.scripted import plan_of, write
from tests.report.deploys import PLAN, Told, failed, record_of, well

BEGAN, DONE, FAILED = StepState.BEGAN, StepState.DONE, StepState.FAILED
UNDOING, UNDONE = StepState.UNDOING, StepState.UNDONE
TWO = plan_of(write("a", "new a"), write("b", "new b"), texts=("new a", "new b"))
A, B = "write-a", "write-b"


def bar(
    step: int, kind: BarKind, start: float, end: float | None, detail: str = "", attempt: int = 1
) -> Bar:
    return Bar(step=step, kind=kind, attempt=attempt, start=start, end=end, detail=detail)


def of(*told: Told) -> tuple[Bar, ...]:
    return bars(record_of(TWO, told, outcome=RunOutcome.FAILED))


def test_a_bar_lasts_from_the_begin_of_an_attempt_to_its_end() -> None:
    found = of((0, A, BEGAN, ""), (1, B, BEGAN, ""), (2.5, A, DONE, "wrote 1"), (3, B, DONE, ""))
    assert found == (bar(0, BarKind.DONE, 0, 2.5, "wrote 1"), bar(1, BarKind.DONE, 1, 3))


def test_a_step_that_failed_and_was_put_back_has_two_bars_and_stays_failed() -> None:
    found = of(
        (0, A, BEGAN, ""),
        (1, A, DONE, ""),
        (1, B, BEGAN, ""),
        (2, B, FAILED, "disk full"),
        (2, B, UNDOING, ""),
        (3, B, UNDONE, ""),
        (3, A, UNDOING, ""),
        (4, A, UNDONE, ""),
    )
    assert found == (
        bar(0, BarKind.DONE, 0, 1),
        bar(1, BarKind.FAILED, 1, 2, "disk full"),
        bar(1, BarKind.UNDONE, 2, 3),
        bar(0, BarKind.UNDONE, 3, 4),
    )
    assert states(found, TWO.steps) == ("undone", "failed")


def test_what_could_not_be_put_back_is_stuck() -> None:
    found = of((0, A, BEGAN, ""), (1, A, FAILED, "x"), (1, A, UNDOING, ""), (2, A, FAILED, "y"))
    assert found == (bar(0, BarKind.FAILED, 0, 1, "x"), bar(0, BarKind.STUCK, 1, 2, "y"))
    assert states(found, TWO.steps) == ("stuck", "left")


def test_of_a_step_whose_process_was_killed_nobody_knows_the_end() -> None:
    found = of((0, A, BEGAN, ""), (90, A, BEGAN, ""), (91, A, DONE, ""), (91, B, BEGAN, ""))
    assert found == (
        bar(0, BarKind.UNFINISHED, 0, None),
        bar(0, BarKind.DONE, 90, 91, attempt=2),
        bar(1, BarKind.UNFINISHED, 91, None),
    )
    assert states(found, TWO.steps) == ("done", "unfinished")


def test_a_step_found_done_on_resume_did_not_take_the_night() -> None:
    found = of((0, A, BEGAN, ""), (30000, A, DONE, FOUND_DONE))
    assert found == (bar(0, BarKind.DONE, 0, 0, FOUND_DONE),)


def test_a_time_in_which_nothing_ran_is_left_out() -> None:
    found = bars(record_of(PLAN, [*well(PLAN, PLAN.steps[4].id), *_rest(7200.0)]))
    times = busy(found)
    assert times == (Span(0.0, 2.0), Span(7202.0, 7212.0))
    assert bands(PLAN.steps, found, times) == (
        Span(0.0, 1.5, "push"),
        Span(1.5, 2.0, "expand"),
        Span(7202.0, 7202.5, "expand"),
        Span(7202.5, 7211.5, "roll"),
        Span(7211.5, 7212.0, "finish"),
    )


def _rest(start: float) -> list[Told]:
    late = {step.id for step in PLAN.steps[4:]}
    return [told for told in well(PLAN, start=start) if told[1] in late]


def test_a_column_counts_what_must_come_before() -> None:
    steps = (write("a", "x"), write("b", "x"), write("c", "x", needs=("write-a", "write-b")))
    assert columns((*steps, write("d", "x", needs=("write-c", "write-a")))) == (0, 0, 1, 2)
    assert columns(reversed(steps)) == (1, 0, 0)


@given(
    st.lists(
        st.tuples(st.sampled_from([A, B]), st.sampled_from(list(StepState))).map(tuple),
        max_size=30,
    )
)
def test_whatever_a_journal_tells_each_begin_is_one_bar(
    events: list[tuple[str, StepState]],
) -> None:
    told = [(float(second), step, state, "") for second, (step, state) in enumerate(events)]
    found = bars(record_of(TWO, told))
    begins = sum(state in {BEGAN, UNDOING} for _, state in events)
    assert begins <= len(found) <= len(events)
    assert all(each.end is None or each.start <= each.end for each in found)
    assert len(states(found, TWO.steps)) == 2


def test_the_failed_run_of_the_other_tests_is_told_in_whole() -> None:
    kinds = [(PLAN.steps[each.step].id, str(each.kind)) for each in bars(failed(PLAN))][-6:]
    assert kinds == [
        ("roll:www_2:healthy", "failed"),
        ("roll:www_2:healthy", "undone"),
        ("roll:www_2:start", "undone"),
        ("roll:www_2:switch", "undone"),
        ("roll:www_2:stop", "undone"),
        ("roll:www_2:drain", "undone"),
    ]
