"""The journal: what was meant to be done, written before it is done, and what came of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Engine, Row, func, inspect, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection

from pipeline.execute import journal_file
from pipeline.execute import journal_tables as tables
from pipeline.execute.journal_place import mounts, refuse_network
from pipeline.execute.run import Event, Run, RunOutcome
from pipeline.facts.answer import sha256
from pipeline.plan.plan import Plan, from_json, to_json
from pipeline.plan.step_state import StepState

DETAIL: Final = 2000  # characters; what is longer is cut
SETTLES: Final = ("deploy", "rollback")  # kinds of run that, once done, leave nothing to resume


@dataclass(frozen=True, slots=True)
class Journal:
    """The record of an environment's runs. It may be used from several threads."""

    path: Path
    now: Callable[[], datetime]
    engine: Engine
    lock: Lock = field(default_factory=Lock)

    def begin_run(self, plan: Plan, who: str, allowed: Mapping[str, str] | None = None) -> int:
        """Write down a plan that is about to be executed. Gives the number of the run.

        `allowed`: by what each hazard was allowed, `loses-data:dbo.Orders` -> `--allow ...`.
        """
        text = to_json(plan)
        digest = sha256(text.encode())
        kept = insert(tables.plan).values(hash=digest, json=text).on_conflict_do_nothing()
        begun = tables.run.insert().values(
            env=plan.environment,
            kind=plan.kind,
            plan_hash=digest,
            who=who,
            started=self._utc(),
        )
        with self._transaction() as connection:
            connection.execute(kept)
            run: int = connection.execute(begun.returning(tables.run.c.id)).scalar_one()
            for hazard, by in (allowed or {}).items():
                connection.execute(tables.allowed.insert().values(run=run, hazard=hazard, by=by))
            return run

    def resume_run(self, run: int) -> None:
        """Write down that a run goes on: it has no outcome any more."""
        self._set_outcome(run, None, None)

    def end_run(self, run: int, outcome: RunOutcome) -> None:
        """Write down how a run ended."""
        self._set_outcome(run, outcome, self._utc())

    def event(self, run: int, step: str, state: StepState, *, detail: str = "") -> None:
        """Write down what happens to a step; on the disk when this returns."""
        seen = tables.event.c
        of_run = seen.run == run
        with self._transaction() as connection:
            last = connection.scalar(select(func.max(seen.seq)).where(of_run)) or 0
            begun = connection.scalar(
                select(func.count()).where(
                    of_run, seen.step == step, seen.state == StepState.BEGAN
                )
            )
            connection.execute(
                tables.event.insert().values(
                    run=run,
                    seq=last + 1,
                    step=step,
                    attempt=(begun or 0) + (state is StepState.BEGAN),
                    state=state.value,
                    at=self._utc(),
                    detail=cut(detail),
                )
            )

    def states(self, run: int) -> dict[str, StepState]:
        """The last state of each step that was begun."""
        return {event.step: event.state for event in self.events(run)}

    def events(self, run: int) -> tuple[Event, ...]:
        """All that happened in a run, in its order."""
        query = select(tables.event).where(tables.event.c.run == run).order_by(tables.event.c.seq)
        with self._transaction() as connection:
            return tuple(_event(row) for row in connection.execute(query))

    def unfinished(self, environment: str) -> Run | None:
        """The newest run that can be resumed: not done, with no deploy or rollback done since."""
        rows = tables.run.c
        settled = (
            select(func.coalesce(func.max(rows.id), 0))
            .where(
                rows.env == environment,
                rows.kind.in_(SETTLES),
                rows.outcome == RunOutcome.DONE,
            )
            .scalar_subquery()
        )
        query = (
            select(tables.run)
            .where(
                rows.env == environment,
                rows.outcome.is_(None) | (rows.outcome != RunOutcome.DONE),
                rows.id > settled,
            )
            .order_by(rows.id.desc())
            .limit(1)
        )
        with self._transaction() as connection:
            row = connection.execute(query).first()
        return _run(row) if row else None

    def plan_of(self, run: int) -> Plan:
        """The plan that a run executes."""
        query = (
            select(tables.plan.c.json)
            .join(tables.run, tables.run.c.plan_hash == tables.plan.c.hash)
            .where(tables.run.c.id == run)
        )
        with self._transaction() as connection:
            text: str = connection.execute(query).scalar_one()
        return from_json(text, where=str(self.path))

    def history(self, environment: str, limit: int) -> tuple[Run, ...]:
        """The last runs of an environment, newest first."""
        rows = tables.run.c
        query = select(tables.run).where(rows.env == environment).order_by(rows.id.desc())
        with self._transaction() as connection:
            return tuple(_run(row) for row in connection.execute(query.limit(limit)))

    def run(self, number: int) -> Run | None:
        """One run; None when there is none of this number."""
        query = select(tables.run).where(tables.run.c.id == number)
        with self._transaction() as connection:
            row = connection.execute(query).first()
        return _run(row) if row else None

    def allowed(self, run: int) -> dict[str, str]:
        """By what each hazard of a run was allowed; nothing in a file of version 1."""
        query = select(tables.allowed).where(tables.allowed.c.run == run)
        with self._transaction() as connection:
            if not inspect(connection).has_table(tables.allowed.name):
                return {}
            return {row.hazard: row.by for row in connection.execute(query)}

    def close(self) -> None:
        """Let go of the file. The journal cannot be used afterwards."""
        self.engine.dispose()

    def _set_outcome(self, run: int, outcome: RunOutcome | None, ended: datetime | None) -> None:
        change = tables.run.update().where(tables.run.c.id == run)
        with self._transaction() as connection:
            connection.execute(
                change.values(outcome=outcome.value if outcome else None, ended=ended)
            )

    def _utc(self) -> datetime:
        return self.now().astimezone(UTC)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.lock, journal_file.in_our_words(self.path), self.engine.begin() as connection:
            yield connection


def open_journal(path: Path, *, now: Callable[[], datetime]) -> Journal:
    """Open a journal, made if there is none. `now` gives times with a time zone.

    Raises CheckFailed for a network path or a damaged file, JournalTooNew for one of a newer
    version, Failed when it cannot be written.
    """
    refuse_network(path.absolute(), mounts())
    with journal_file.in_our_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = journal_file.writing_engine(path)
    with journal_file.in_our_words(path), _or_dispose(engine), engine.begin() as connection:
        journal_file.make_tables(connection, path)
    return Journal(path, now, engine)


def read_journal(path: Path) -> Journal | None:
    """Open a journal for reading; None when there is none. Nothing is written, no file made."""
    if not path.is_file() or not path.stat().st_size:
        return None
    engine = journal_file.reading_engine(path)
    with journal_file.in_our_words(path), _or_dispose(engine), engine.begin() as connection:
        names = inspect(connection).get_table_names()
        if names:
            journal_file.check_version(connection, path, names)
    if not names:
        return None
    return Journal(path, lambda: datetime.now(UTC), engine)


def cut(text: str) -> str:
    """A detail short enough to be kept."""
    return text if len(text) <= DETAIL else text[: DETAIL - 1] + "…"


@contextmanager
def _or_dispose(engine: Engine) -> Iterator[None]:
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        environment=row.env,
        kind=row.kind,
        plan_hash=row.plan_hash,
        who=row.who,
        started=_aware(row.started),
        ended=_aware(row.ended) if row.ended else None,
        outcome=RunOutcome(row.outcome) if row.outcome else None,
    )


def _event(row: Row[Any]) -> Event:
    return Event(
        run=row.run,
        seq=row.seq,
        step=row.step,
        attempt=row.attempt,
        state=StepState(row.state),
        at=_aware(row.at),
        detail=row.detail,
    )


def _aware(at: datetime) -> datetime:
    """SQLite keeps no time zone; what is written is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
