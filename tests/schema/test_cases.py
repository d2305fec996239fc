"""Each file in cases/ is one comparison: its script, word for word, and what the script does."""

import sqlite3
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from pipeline.phase import Phase
from pipeline.schema.compare import Comparison, compare, groups
from pipeline.schema.drops import EVERYTHING
from pipeline.schema.model.schema import Schema
from pipeline.schema.model.tables import Table
from pipeline.schema.normalise.sqlite import Normal
from pipeline.schema.readers.sqlite import read_sqlite
from pipeline.schema.rehearse import rehearse
from pipeline.schema.script import script
from pipeline.schema.snapshot import digest
from pipeline.schema.syntax.sqlite.tokens import quote
from tests.schema.databases import database, run, schema, undo

ROOT = Path(__file__).parent / "cases" / "sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file."""

    old: str
    new: str
    script: str
    objects: list[list[str]]
    rows: str = ""
    why: str = ""
    drops: list[str] | None = None
    manage: list[str] = field(default_factory=lambda: ["*"])

    @property
    def has_filter(self) -> bool:
        """Whether it keeps what only the target has, or manages some objects only."""
        return self.drops is not None or self.manage != ["*"]

    def compare(self) -> Comparison:
        drops = EVERYTHING if self.drops is None else frozenset(self.drops)
        return compare(schema(self.new), schema(self.old), drops=drops, manage=self.manage)


def cases(*, filtered: bool) -> Iterator[ParameterSet]:
    for path in sorted(ROOT.rglob("*.toml")):
        case = Case(**tomllib.loads(path.read_text(encoding="utf-8")))
        if filtered or not case.has_filter:
            yield pytest.param(case, id=str(path.relative_to(ROOT).with_suffix("")))


every_case = pytest.mark.parametrize("case", tuple(cases(filtered=True)))
# What a filter leaves alone depends on which side is the source.
every_case_without_a_filter = pytest.mark.parametrize("case", tuple(cases(filtered=False)))


@every_case
def test_it_gives_this_script_and_these_reasons(case: Case) -> None:
    comparison = case.compare()
    objects = [
        [
            f"{each.type} {each.name}",
            str(each.verdict),
            str(each.phase or "-"),
            *each.because,
            *(f"ignored: {text}" for text in each.ignored),
        ]
        for each in comparison.objects
    ]

    assert script(comparison) == case.script
    assert objects == case.objects


@every_case
def test_rows_survive_and_nothing_is_left_to_do(case: Case) -> None:
    comparison = case.compare()
    with database(case.old, case.rows) as connection:
        before = rows_of(connection, comparison)
        for group in groups(comparison):
            run(connection, [group])
            assert rows_of(connection, comparison) == before
        found = read_sqlite(connection)

    assert compare(comparison.wanted, found).changes == ()
    assert digest(found) == digest(comparison.wanted)


@every_case
def test_between_expand_and_contract_there_is_the_middle(case: Case) -> None:
    comparison = case.compare()
    with database(case.old, case.rows) as connection:
        run(connection, (g for g in groups(comparison) if g.phase is Phase.EXPAND))
        assert digest(read_sqlite(connection)) == digest(comparison.middle)


@every_case
def test_it_can_be_undone_unless_it_says_no_undo(case: Case) -> None:
    todo = groups(case.compare())
    for group in todo:
        assert (group.undo is None) == any(h.name == "no-undo" for h in group.hazards)
    done = [group for group in todo if group.undo is not None]
    with database(case.old, case.rows) as connection:
        if done == list(todo):
            before = connection_dump(connection)
            run(connection, todo)
            undo(connection, todo)
            assert digest(read_sqlite(connection)) == digest(schema(case.old))
            assert connection_dump(connection) == before


@every_case_without_a_filter
def test_it_goes_the_other_way_too(case: Case) -> None:
    old, new = schema(case.old), schema(case.new)
    with database(case.new) as connection:
        run(connection, groups(compare(old, new)))
        assert digest(read_sqlite(connection)) == digest(old)


@every_case
def test_the_rehearsal_sees_each_group(case: Case) -> None:
    comparison = case.compare()
    todo = groups(comparison)
    digests = rehearse(comparison.target, todo, comparison.wanted)

    assert len(digests) == len(todo)
    assert (digests or (digest(comparison.target),))[-1] == digest(comparison.wanted)


@every_case
def test_against_itself_there_is_no_difference(case: Case) -> None:
    for text in (case.old, case.new):
        assert not compare(schema(text), schema(text)).differs


def rows_of(connection: sqlite3.Connection, comparison: Comparison) -> dict[str, list[object]]:
    """Give the values, and the rowids, that the change has no reason to touch."""
    return {
        f"{table}: {columns}": connection.execute(
            f"SELECT {columns} FROM {quote(table)} ORDER BY 1"
        ).fetchall()
        for table, columns in untouched(comparison.target, comparison.wanted)
    }


def untouched(old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    wanted = {table.key: table for table in new.tables}
    for was in old.tables:
        now = wanted.get(was.key)
        if now is not None:
            names = [quote(name) for name in same_columns(was, now, Normal.of(new))]
            yield was.name, ", ".join(["rowid"] * has_rowid(was, now) + names)


def same_columns(was: Table, now: Table, spelling: Normal) -> Iterator[str]:
    for column in was.columns:
        other = now.column(column.name)
        if other and spelling.column(column, was) == spelling.column(other, now):
            yield column.name


def has_rowid(was: Table, now: Table) -> bool:
    return not was.without_rowid and not now.without_rowid


def connection_dump(connection: sqlite3.Connection) -> list[str]:
    """Give every row of every table, in words."""
    tables = read_sqlite(connection).tables
    return [
        f"{table.name}: {row}"
        for table in tables
        for row in connection.execute(
            f"SELECT {', '.join(sorted(quote(c.name) for c in table.columns))}"
            f" FROM {quote(table.name)} ORDER BY 1"
        )
    ]
