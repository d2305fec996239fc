"""What the journal tells."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from pipeline.errors import BadCall
from pipeline.execute.journal import Journal, read_journal
from pipeline.execute.run import Run, RunRecord
from pipeline.flow.table import table
from pipeline.flow.world import World


def runs_of(world: World, limit: int) -> tuple[Run, ...]:
    """The last runs of the environment, newest first; none when nothing was ever deployed."""
    journal = read_journal(world.settings.journal)
    if journal is None:
        return ()
    try:
        return journal.history(world.inventory.name, limit)
    finally:
        journal.close()


def as_table(runs: tuple[Run, ...]) -> str:
    """The runs for people."""
    if not runs:
        return "Nothing was deployed from this machine yet."
    rows = [
        (str(run.id), run.kind, run.who, f"{run.started:%F %T}", took(run), outcome(run))
        for run in runs
    ]
    return table(("run", "kind", "who", "started (UTC)", "took", "outcome"), rows)


def as_dicts(runs: tuple[Run, ...]) -> dict[str, object]:
    """The runs for machines."""
    return {
        "format": 1,
        "runs": [
            {
                "run": run.id,
                "kind": run.kind,
                "who": run.who,
                "plan": run.plan_hash,
                "started": run.started.isoformat(),
                "ended": run.ended.isoformat() if run.ended else None,
                "outcome": outcome(run),
            }
            for run in runs
        ],
    }


def events_table(world: World, number: int) -> str:
    """The steps of one run for people. Raises BadCall when there is no such run."""
    with _journal_with(world, number) as (journal, _):
        return _events(journal, number)


def record_of(world: World, number: int) -> RunRecord:
    """All that the journal has of one run. Raises BadCall when there is no such run."""
    with _journal_with(world, number) as (journal, run):
        return RunRecord(
            run=run,
            plan=journal.plan_of(number),
            events=journal.events(number),
            allowed=journal.allowed(number),
        )


@contextmanager
def _journal_with(world: World, number: int) -> Iterator[tuple[Journal, Run]]:
    nothing = BadCall(
        f"there is no run {number}",
        where=world.inventory.name,
        advice=f"invoke history --env {world.inventory.name} shows those that there are",
    )
    journal = read_journal(world.settings.journal)
    if journal is None:
        raise nothing
    with closing(journal):
        run = journal.run(number)
        if run is None or run.environment != world.inventory.name:
            raise nothing
        yield journal, run


def outcome(run: Run) -> str:
    """How a run ended; one that was killed could not say."""
    return run.outcome.value if run.outcome else "unfinished"


def took(run: Run) -> str:
    """How long a run took."""
    return f"{(run.ended - run.started).total_seconds():.1f} s" if run.ended else "-"


def _events(journal: Journal, number: int) -> str:
    rows = [
        (f"{event.at:%T.%f}"[:-3], event.state.value, event.step, event.detail.splitlines()[0])
        if event.detail
        else (f"{event.at:%T.%f}"[:-3], event.state.value, event.step, "")
        for event in journal.events(number)
    ]
    return table(("at (UTC)", "state", "step", "detail"), rows)
