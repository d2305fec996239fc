"""A database that scripts make and change."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.schema.mssql.oracle.errors import Refused, Unknown
from tests.schema.mssql.oracle.execution import read_batch, run_batch, run_statement
from tests.schema.mssql.oracle.export import exported
from tests.schema.mssql.oracle.lexer import Batch, batches
from tests.schema.mssql.oracle.session import Session, Statement
from tests.schema.mssql.oracle.state import State, state_of
from tests.schema.mssql.oracle.world import World

__all__ = ["Batch", "Database", "Refused", "State", "Unknown", "effective_batches", "without"]
COLLATION = "SQL_Latin1_General_CP1_CI_AS"


@dataclass(slots=True)
class Waiting:
    """A statement of a folder that is still to be run, with the options it was read under."""

    statement: Statement
    session: Session


class Database:
    """`from_scripts` makes one of a folder's texts, `run` changes it as a server would."""

    def __init__(self, world: World) -> None:
        self.world = world

    @classmethod
    def from_scripts(cls, texts: Iterable[str], collation: str = COLLATION) -> "Database":
        """The texts may come in any order: what is refused is tried again when others have run."""
        world = World(collation, inventing=False)
        waiting = [step for text in texts for step in steps(world, text)]
        refused: Refused | None = None
        while waiting:
            left: list[Waiting] = []
            for step in waiting:
                try:
                    run_statement(step.session, step.statement)
                except Refused as stopped:
                    refused = refused if left else stopped
                    left.append(step)
            if refused and len(left) == len(waiting):
                if world.inventing:
                    raise refused
                world.inventing = True
            waiting = left
        world.inventing = True
        for table in world.tables.values():
            table.rows = True
            for column in table.columns.values():
                column.nulls = column.nullable and column.computed is None
                column.lineage = frozenset(
                    {f"{'.'.join(table.name.key)}.{column.name.casefold()}"}
                )
        return cls(world)

    def run(self, script: str, *, nulls: bool = False) -> None:
        """Runs a script in its order; a refused statement leaves what ran before it.

        With `nulls`, a column that may hold NULL becomes NOT NULL only where an UPDATE has filled
        it, or a guard has asked.
        """
        session = Session(self.world, nulls=nulls)
        for batch in batches(script):
            for _ in range(batch.times):
                session.variables = {}
                try:
                    run_batch(session, batch.text)
                except (Refused, Unknown) as stopped:
                    stopped.batch = batch.number
                    raise
                finally:
                    self.world = session.world
        if session.depth:
            raise Refused(3998, "the script ends within a transaction: the server would undo it")
        if not session.executing:
            raise Refused(0, "the script ends with NOEXEC on: nothing behind it was executed")

    def effective_batches(self, script: str, *, nulls: bool = False) -> tuple[Batch, ...]:
        """The batches that change the state or the lineage when a script runs here, on a copy.

        With `nulls`, also those that fill or ask for NULL; see `run`.
        """
        work = self.copy()
        session = Session(work.world)
        found = []
        for batch in batches(script):
            before = effects(session.world, nulls=nulls)
            session.variables = {}
            run_batch(session, batch.text)
            if effects(session.world, nulls=nulls) != before:
                found.append(batch)
        return tuple(found)

    def state(self, *, column_order: bool = False) -> State:
        """All definitions as plain values, equal for databases that are equal."""
        return state_of(self.world, column_order=column_order)

    def lineage(self) -> dict[str, dict[str, frozenset[str]]]:
        """For each stored column, which columns of the first scripts its data come from."""
        return lineage_of(self.world)

    def export(self) -> list[tuple[str, str]]:
        """Scripts of all that is here: paths and texts."""
        return exported(self.world)

    def copy(self) -> "Database":
        return Database(self.world.copy())

    @property
    def data_statements(self) -> int:
        """How many statements about rows were passed over, or only followed for lineage."""
        return self.world.data_statements


def steps(world: World, text: str) -> list[Waiting]:
    session = Session(world, loading=True)
    found = []
    for batch in batches(text):
        for statement in read_batch(session, batch.text):
            if is_setting(statement):
                statement.act(session)
            else:
                mine = Session(world, loading=True, variables=session.variables)
                mine.ansi_nulls, mine.quoted = session.settings
                found.append(Waiting(statement, mine))
        session.variables = {}
    return found


def is_setting(statement: Statement) -> bool:
    """Whether a statement sets an option of the session."""
    return statement.title.startswith("SET ") and not statement.title.startswith(
        ("SET @", "SET IDENTITY_INSERT")
    )


def effects(world: World, *, nulls: bool) -> tuple[object, ...]:
    """All that a batch may change; with `nulls`, also which columns may hold NULL."""
    held = {
        key: [c.name for c in t.columns.values() if c.nulls] for key, t in world.tables.items()
    }
    return state_of(world), lineage_of(world), held if nulls else None


def lineage_of(world: World) -> dict[str, dict[str, frozenset[str]]]:
    return {
        ".".join(key): {name: c.lineage for name, c in table.columns.items() if c.computed is None}
        for key, table in world.tables.items()
        if key[0] != "#"
    }


def effective_batches(script: str) -> tuple[Batch, ...]:
    """The batches that hold a statement which may change a definition or move rows."""
    session = Session(World(COLLATION))
    found = []
    for batch in batches(script):
        if any(statement.changes for statement in read_batch(session, batch.text)):
            found.append(batch)
        for statement in read_batch(session, batch.text):
            if is_setting(statement):
                statement.act(session)
    return tuple(found)


def without(script: str, batch: Batch) -> str:
    """The script with a batch taken out; its GO stays."""
    return script[: batch.start] + script[batch.end :]
