"""A deploy that is killed at any event is resumed to the same end, and nothing looks stale."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import StepFailed
from pipeline.execute.journal import read_journal
from pipeline.execute.progress import NoProgress
from pipeline.execute.run import RunOutcome
from pipeline.facts.answer import sha256
from pipeline.plan.plan import from_json, to_json
from pipeline.plan.staleness import moved
from pipeline.plan.step import Stage
from pipeline.plan.step_state import StepState
from tests.execute.killed_deploy import KILL, deploy
from tests.execute.scripted import plan_of, write

OLD = {"conf": "old conf", "wsgi": "old wsgi"}
NEW = {"conf": "new conf", "wsgi": "new wsgi", "code": "new code", "record": "new record"}
PLAN = plan_of(
    write("code", "new code"),
    write(
        "conf",
        "new conf",
        before="old conf",
        unit="www_1",
        stage=Stage.ROLL,
        needs=("write-code",),
    ),
    write(
        "wsgi",
        "new wsgi",
        before="old wsgi",
        unit="www_1",
        stage=Stage.ROLL,
        needs=("write-conf",),
    ),
    write("record", "new record", needs=("write-wsgi",), stage=Stage.FINISH),
    texts=(*OLD.values(), *NEW.values()),
)
EVENTS = 1 + 2 * len(PLAN.steps)  # the plan begins; each step begins and ends
EVENTS_OF_FAILURE = 1 + 2 + 2 + 2 + 2 * 2  # ... code, conf, wsgi fails; wsgi, conf are put back


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    site.mkdir()
    for name, text in OLD.items():
        (site / name).write_text(text)
    (tmp_path / "plan.json").write_text(to_json(PLAN))
    return tmp_path


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "site").iterdir()}


def killed(folder: Path, event: int, *, broken: str = "") -> None:
    """Begin or resume in a process of its own, which is killed at an event."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.execute.killed_deploy", str(folder), str(event), broken],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == (1 if sys.platform == "win32" else -KILL), done.stderr


def check_not_stale(folder: Path) -> None:
    """What stands there is what the journal lets one expect."""
    journal = read_journal(folder / "journal.db")
    assert journal is not None
    run = journal.unfinished("local")
    assert run is not None
    now = {f"box:{name}": sha256(text.encode()) for name, text in texts(folder).items()}
    assert moved(journal.plan_of(run.id), now, journal.states(run.id)) == ()


def check_done(folder: Path) -> None:
    assert texts(folder) == NEW
    assert not (folder / "lock.json").exists()
    journal = read_journal(folder / "journal.db")
    assert journal is not None
    assert journal.unfinished("local") is None
    (run,) = journal.history("local", 9)
    assert run.outcome is RunOutcome.DONE
    assert journal.states(run.id) == {step.id: StepState.DONE for step in PLAN.steps}


@pytest.mark.parametrize("event", range(1, EVENTS + 1))
def test_a_deploy_killed_at_any_event_is_resumed_to_the_same_end(folder: Path, event: int) -> None:
    killed(folder, event)
    check_not_stale(folder)
    deploy(folder, NoProgress())
    check_done(folder)


@pytest.mark.parametrize("event", range(6, EVENTS_OF_FAILURE + 1))
def test_putting_back_killed_at_any_event_is_resumed_to_the_same_end(
    folder: Path, event: int
) -> None:
    killed(folder, event, broken="new wsgi")
    check_not_stale(folder)
    deploy(folder, NoProgress())
    check_done(folder)


def test_a_deploy_killed_at_every_event_in_turn_comes_to_its_end(folder: Path) -> None:
    for event in (2, 2, 3, 3, 4):
        killed(folder, event)
        check_not_stale(folder)
    deploy(folder, NoProgress())
    check_done(folder)


def test_a_unit_that_failed_is_as_it_was(folder: Path) -> None:
    with pytest.raises(StepFailed, match="put back: www_1"):
        deploy(folder, NoProgress(), broken="new wsgi")
    assert texts(folder) == {**OLD, "code": "new code"}
    check_not_stale(folder)
    deploy(folder, NoProgress())
    check_done(folder)


def test_a_plan_is_the_same_after_the_journal_kept_it() -> None:
    assert from_json(to_json(PLAN), where="plan.json") == PLAN
