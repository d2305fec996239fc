"""Progress is a plain line per event in a log, and live lines on a terminal."""

from io import StringIO

from rich.console import Console

from pipeline.execute.progress import NoProgress, PlainProgress, Progress
from pipeline.execute.progress_rich import RichProgress
from pipeline.execute.run import RunOutcome
from pipeline.execute.summary import StepReport, Summary
from pipeline.plan.step import Stage
from tests.execute.scripted import noon, plan_of, write

CODE = write("code", "new code")
CONF = write("conf", "new conf", unit="www_1", stage=Stage.ROLL)
HOOK = write("hook", "told the chat")
PLAN = plan_of(CODE, HOOK, CONF)
SUMMARY = Summary(
    outcome=RunOutcome.FAILED,
    steps=(StepReport(CODE.id, "push", "wrote 1", 0.25),),
    seconds=1.5,
    before=0,
    left=1,
)


def tell_all(progress: Progress) -> None:
    progress.plan_begins(PLAN, 3)
    progress.began(CODE)
    progress.began(CONF)
    progress.ended(CODE, "wrote [1] file", 0.25)
    progress.passed_over(HOOK, "FAILED, and is passed over: no chat", 0.25)
    progress.failed(CONF, "disk full\n  for the second time")
    progress.undoing(CONF)
    progress.undone(CONF)
    progress.note("stopping")
    progress.finished(SUMMARY)


def test_a_log_has_a_line_with_a_time_for_each_thing_that_ended() -> None:
    stream = StringIO()
    tell_all(PlainProgress(stream, noon))
    assert stream.getvalue().splitlines() == [
        "2026-03-01 12:00:00 deploy to local: 3 of 3 steps to do",
        "2026-03-01 12:00:00 [1/3] write-code (0.2 s): wrote [1] file",
        "2026-03-01 12:00:00 [2/3] write-hook (0.2 s): FAILED, and is passed over: no chat",
        "2026-03-01 12:00:00 FAILED write-conf: disk full",
        "2026-03-01 12:00:00   for the second time",
        "2026-03-01 12:00:00 put back write-conf",
        "2026-03-01 12:00:00 stopping",
        "2026-03-01 12:00:00 failed: 1 step in 1.5 s, 1 left",
    ]


def test_a_log_that_nobody_reads_stops_no_deploy() -> None:
    stream = StringIO()
    stream.close()
    tell_all(PlainProgress(stream, noon))


def test_a_terminal_keeps_a_mark_of_each_thing_that_ended() -> None:
    stream = StringIO()
    tell_all(RichProgress(Console(file=stream, width=60, force_terminal=False)))
    assert list(filter(None, stream.getvalue().splitlines())) == [
        "deploy to local: 3 of 3 steps to do",
        "push",
        "roll",
        "  ✓ write-code  wrote [1] file  0.2 s",
        "  ! write-hook  FAILED, and is passed over: no chat  0.2 s",
        "  ✗ write-conf  disk full",
        "  for the second time",
        "  ↶ put back write-conf",
        "  stopping",
        "failed: 1 step in 1.5 s, 1 left",
    ]


def test_live_lines_leave_the_terminal_as_it_was() -> None:
    stream = StringIO()
    console = Console(file=stream, width=60, force_terminal=True, legacy_windows=False)
    tell_all(RichProgress(console))
    text = stream.getvalue()
    hidden, shown = "\x1b[?25l", "\x1b[?25h"
    assert text.count(hidden) == text.count(shown) == 1
    assert text.index(hidden) < text.index(shown)
    assert text.rstrip().endswith("failed: 1 step in 1.5 s, 1 left\x1b[0m")


def test_nobody_is_told() -> None:
    tell_all(NoProgress())


def test_a_summary_counts_by_stage() -> None:
    assert SUMMARY.stages == {"push": 1}
