"""The journal keeps what was meant and what came of it, and says what is wrong with its file."""

import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from pipeline.errors import CheckFailed, Failed, JournalTooNew
from pipeline.execute.journal import DETAIL, Journal, open_journal, read_journal
from pipeline.execute.journal_file import translated
from pipeline.execute.run import Event, Run, RunOutcome
from pipeline.plan.plan import Plan
from pipeline.plan.step_state import StepState
from tests.execute.scripted import NOON, noon, plan_of, write

NOBODY = 65534  # a user who owns nothing
PLAN = plan_of(write("a", "new a"), texts=("new a",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "local" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with closing(open_journal(path, now=noon)) as journal:
        yield journal


def run_of(number: int, **more: object) -> Run:
    values: dict[str, object] = {
        "id": number,
        "environment": "local",
        "kind": "deploy",
        "plan_hash": PLAN.hash,
        "who": "ann@desk",
        "started": NOON,
        **more,
    }
    return Run(**values)  # type: ignore[arg-type]


def test_a_run_is_told_as_it_was_written(journal: Journal) -> None:
    run = journal.begin_run(PLAN, "ann@desk")
    journal.event(run, "write-a", StepState.BEGAN)
    journal.event(run, "write-a", StepState.FAILED, detail="disk full")
    journal.event(run, "write-a", StepState.BEGAN)
    journal.event(run, "write-a", StepState.DONE, detail="wrote 1")
    journal.end_run(run, RunOutcome.DONE)

    def event(seq: int, attempt: int, state: StepState, detail: str = "") -> Event:
        return Event(
            run=1, seq=seq, step="write-a", attempt=attempt, state=state, at=NOON, detail=detail
        )

    assert journal.events(run) == (
        event(1, 1, StepState.BEGAN),
        event(2, 1, StepState.FAILED, "disk full"),
        event(3, 2, StepState.BEGAN),
        event(4, 2, StepState.DONE, "wrote 1"),
    )
    assert journal.states(run) == {"write-a": StepState.DONE}
    assert journal.plan_of(run) == PLAN
    assert journal.history("local", 5) == (run_of(1, ended=NOON, outcome=RunOutcome.DONE),)


def test_a_run_knows_by_what_its_hazards_were_allowed(journal: Journal) -> None:
    costs = {"loses-data:recipes.yeast": "--allow loses-data:*", "no-undo:x": "yes, on a terminal"}
    run = journal.begin_run(PLAN, "ann@desk", costs)
    other = journal.begin_run(PLAN, "ben@desk")
    assert journal.allowed(run) == costs
    assert journal.allowed(other) == {}
    assert journal.run(other) == run_of(other, who="ben@desk")
    assert journal.run(99) is None


def as_version_1(path: Path) -> None:
    """Make a journal what an older farmhand has left."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE allowed")
        connection.execute("UPDATE meta SET version = 1")
        connection.commit()


def test_a_journal_of_version_1_is_read_as_it_is_and_written_as_version_2(path: Path) -> None:
    with closing(open_journal(path, now=noon)) as journal:
        old = journal.begin_run(PLAN, "ann@desk")
    as_version_1(path)

    read = reading(path)
    assert (read.allowed(old), read.run(old)) == ({}, run_of(old))
    with closing(open_journal(path, now=noon)) as journal:
        new = journal.begin_run(PLAN, "ann@desk", {"no-undo:x": "--allow no-undo:*"})
        assert journal.allowed(old) == {}
        assert journal.allowed(new) == {"no-undo:x": "--allow no-undo:*"}
        assert [run.id for run in journal.history("local", 5)] == [new, old]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version FROM meta").fetchall() == [(2,)]


def test_times_are_kept_in_utc(path: Path) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    with closing(open_journal(path, now=lambda: east)) as journal:
        journal.begin_run(PLAN, "ann@desk")
        assert journal.history("local", 1) == (run_of(1),)


def test_the_same_plan_is_kept_once(journal: Journal, path: Path) -> None:
    journal.begin_run(PLAN, "ann@desk")
    journal.begin_run(PLAN, "ben@desk")
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT hash FROM plan").fetchall() == [(PLAN.hash,)]


def test_history_is_of_one_environment_newest_first_and_limited(journal: Journal) -> None:
    for environment in ("local", "prod", "local", "local"):
        journal.begin_run(plan_of(environment=environment), "ann@desk")
    assert [run.id for run in journal.history("local", 2)] == [4, 3]


@pytest.mark.parametrize(
    ("runs", "unfinished"),
    [
        pytest.param([], None, id="nothing ran"),
        pytest.param([("deploy", None)], 1, id="killed"),
        pytest.param([("deploy", "failed")], 1, id="failed"),
        pytest.param([("deploy", "interrupted")], 1, id="interrupted"),
        pytest.param([("deploy", "done")], None, id="done"),
        pytest.param([("deploy", "failed"), ("deploy", None)], 2, id="the newest counts"),
        pytest.param([("deploy", "failed"), ("deploy", "done")], None, id="a later deploy"),
        pytest.param([("deploy", None), ("rollback", "done")], None, id="a later rollback"),
        pytest.param([("deploy", "failed"), ("bounce", "done")], 1, id="a bounce settles nothing"),
        pytest.param([("deploy", "done"), ("bounce", "failed")], 2, id="a bounce is resumed too"),
    ],
)
def test_the_run_to_resume_is(
    journal: Journal, runs: list[tuple[str, str | None]], unfinished: int | None
) -> None:
    for kind, outcome in runs:
        run = journal.begin_run(Plan(kind=kind, environment="local"), "ann@desk")  # type: ignore[arg-type]
        if outcome:
            journal.end_run(run, RunOutcome(outcome))
    journal.end_run(
        journal.begin_run(Plan(kind="deploy", environment="prod"), "ann@desk"), RunOutcome.DONE
    )
    found = journal.unfinished("local")
    assert (found.id if found else None) == unfinished


def test_a_resumed_run_has_no_outcome_until_it_ends_again(journal: Journal) -> None:
    run = journal.begin_run(PLAN, "ann@desk")
    journal.end_run(run, RunOutcome.FAILED)
    journal.resume_run(run)
    assert journal.history("local", 1) == (run_of(run),)


def test_a_long_detail_is_cut(journal: Journal) -> None:
    run = journal.begin_run(PLAN, "ann@desk")
    journal.event(run, "write-a", StepState.FAILED, detail="x" * 100_000)
    assert journal.events(run)[0].detail == "x" * (DETAIL - 1) + "…"


def test_every_commit_is_on_the_disk(journal: Journal) -> None:
    with journal.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
    }


def test_what_was_written_is_there_after_opening_again(path: Path) -> None:
    for who in ("ann@desk", "ben@desk"):
        with closing(open_journal(path, now=noon)) as journal:
            journal.begin_run(PLAN, who)
            assert journal.history("local", 1)[0].who == who
    assert [run.id for run in reading(path).history("local", 9)] == [2, 1]


def reading(path: Path) -> Journal:
    journal = read_journal(path)
    assert journal is not None
    return journal


def test_reading_makes_nothing(tmp_path: Path, path: Path) -> None:
    assert read_journal(path) is None
    assert list(tmp_path.iterdir()) == []
    with closing(open_journal(path, now=noon)) as journal:
        journal.begin_run(PLAN, "ann@desk")
    before = sorted(path.parent.iterdir())
    with closing(reading(path)) as journal:
        assert journal.history("local", 9) == (run_of(1),)
    assert sorted(path.parent.iterdir()) == before == [path]


def test_a_reader_sees_what_is_written_meanwhile(journal: Journal, path: Path) -> None:
    with closing(reading(path)) as reader:
        for count in (1, 2):
            journal.begin_run(PLAN, "ann@desk")
            assert len(reader.history("local", 9)) == count


def test_a_reader_cannot_write(journal: Journal, path: Path) -> None:
    with closing(reading(path)) as reader, pytest.raises(Failed, match="readonly database"):
        reader.begin_run(PLAN, "ann@desk")


def test_two_writers_of_several_threads_lose_no_event(path: Path) -> None:
    journals = [open_journal(path, now=noon) for _ in range(2)]
    run = journals[0].begin_run(PLAN, "ann@desk")

    def note(journal: Journal, name: str) -> None:
        for _ in range(10):
            journal.event(run, name, StepState.BEGAN)

    threads = [
        threading.Thread(target=note, args=(journals[n % 2], f"step-{n}")) for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = journals[0].events(run)
    assert [event.seq for event in events] == list(range(1, 61))
    assert [event.attempt for event in events if event.step == "step-5"] == list(range(1, 11))
    for journal in journals:
        journal.close()


def test_opening_at_the_same_time_makes_one_journal(path: Path) -> None:
    found: list[Journal] = []
    threads = [
        threading.Thread(target=lambda: found.append(open_journal(path, now=noon)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for journal in found:
        journal.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version FROM meta").fetchall() == [(2,)]
    assert len(found) == 8


def opened(path: Path) -> None:
    open_journal(path, now=noon).close()


def test_a_journal_of_a_newer_version_is_refused(path: Path) -> None:
    opened(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET version = 3")
        connection.commit()
    for use in (opened, read_journal):
        with pytest.raises(JournalTooNew) as caught:
            use(path)
        assert caught.value.lines() == (
            f"{path}: the journal has version 3; this farmhand knows 2",
            "  -> use the newer farmhand that wrote it",
        )


ADVICE = "  -> move the file away: the history in it is lost, and nothing else"


def test_another_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE site_user (name)")
    for use in (opened, read_journal):
        with pytest.raises(CheckFailed) as caught:
            use(path)
        assert caught.value.lines() == (f"{path}: not a journal, but another database", ADVICE)


def test_a_file_of_something_else_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("once upon a time " * 100)
    for use in (opened, read_journal):
        with pytest.raises(CheckFailed) as caught:
            use(path)
        assert caught.value.lines() == (
            f"{path}: the journal is damaged: file is not a database",
            ADVICE,
        )
    assert path.read_text() == "once upon a time " * 100


def test_a_torn_file_is_refused(path: Path) -> None:
    with closing(open_journal(path, now=noon)) as journal:
        for _ in range(40):
            journal.begin_run(PLAN, "ann@desk")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckFailed) as caught:
        opened(path)
    assert caught.value.lines()[1] == ADVICE


def test_a_file_left_empty_by_a_crash_is_a_new_journal(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert read_journal(path) is None
    opened(path)
    assert reading(path).history("local", 1) == ()


def test_a_folder_that_cannot_be_made_fails_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "local").write_text("a file")
    path = tmp_path / "local" / "journal.db"
    with pytest.raises(Failed) as caught:
        opened(path)
    assert caught.value.where == str(path)


if sys.platform != "win32":

    @pytest.fixture
    def ordinary_user() -> Iterator[None]:
        """For as long as a test runs, not the superuser, who may write everywhere."""
        mine = os.geteuid()
        os.seteuid(mine or NOBODY)
        yield
        os.seteuid(mine)

    @pytest.fixture
    def closed_folder() -> Iterator[Path]:
        folder = Path(tempfile.mkdtemp())
        folder.chmod(0o555)
        yield folder
        shutil.rmtree(folder)

    @pytest.mark.usefixtures("ordinary_user")
    def test_a_folder_that_cannot_be_written_fails_with_its_path(closed_folder: Path) -> None:
        path = closed_folder / "journal.db"
        with pytest.raises(Failed) as caught:
            opened(path)
        assert caught.value.lines() == (
            f"{path}: the journal cannot be used: unable to open database file",
            "  -> see that the folder can be written and the disk is not full, then resume",
        )


def test_a_full_disk_fails_with_the_path(path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as full:
            connection.execute("CREATE TABLE a (b)")
    assert str(translated(full.value, path)) == (
        f"{path}: the journal cannot be used: database or disk is full"
    )
