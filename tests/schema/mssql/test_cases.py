"""Each file in cases/ is one comparison; what it gives is proved by running it both ways.

The script is run by an interpreter that shares nothing with farmhand (tests/schema/mssql/oracle).
"""

from pathlib import Path

import pytest

from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from pipeline.verdict import Verdict
from tests.schema.mssql.accepted import accepted
from tests.schema.mssql.case import ROOT, Case, paths, read, read_case, said, shown
from tests.schema.mssql.oracle.database import Database, Refused, without

SPARE = {
    "Table/check-not-trusted.different": "NOCHECK first: CHECK alone may leave it trusted",
    "Table/foreign-key-not-trusted.different": "NOCHECK first: CHECK alone may leave it trusted",
    "Table/foreign-keys-in-a-circle.target-only": "one of the two would go with its table",
}
"""Cases with a batch that the interpreter could do without, and why it is there."""

every_case = pytest.mark.parametrize(
    "case",
    [pytest.param(read_case(p), id=str(p.relative_to(ROOT).with_suffix(""))) for p in paths()],
)


@every_case
def test_it_says_this_of_each_object_and_writes_these_steps(case: Case) -> None:
    outcome = case.compare()

    assert [said(each) for each in outcome.objects] == case.objects
    assert shown(outcome.steps) == case.steps


@every_case
def test_the_script_and_its_undo_are_t_sql(case: Case) -> None:
    outcome = case.compare()

    assert accepted(outcome.script, case.target_version) == []
    assert accepted(outcome.undo, case.target_version) == []


@every_case
def test_after_the_script_nothing_is_left_and_after_undo_all_is_as_before(case: Case) -> None:
    outcome = case.compare()
    database = Database.from_scripts([case.old])
    before = database.state()

    database.run(outcome.script)

    assert _left(case, database) == []
    if not _hides(case):
        assert database.state() == Database.from_scripts([case.new]).state()
    database.run(outcome.undo)
    assert database.state() == before


@every_case
def test_no_batch_of_the_script_is_there_for_nothing(
    case: Case, request: pytest.FixtureRequest
) -> None:
    if any(f"[{name}]" in request.node.name for name in SPARE):
        return
    script = case.compare().script
    start = Database.from_scripts([case.old])
    whole = start.copy()
    whole.run(script)

    for batch in start.effective_batches(script):
        database = start.copy()
        try:
            database.run(without(script, batch))
        except Refused:
            continue
        assert (database.state(), database.lineage()) != (whole.state(), whole.lineage())


def test_there_are_at_least_four_hundred_cases() -> None:
    assert len(list(paths())) >= 400


def test_no_case_is_there_twice() -> None:
    seen: dict[tuple[object, ...], Path] = {}
    for path in paths():
        case = read_case(path)
        key = (case.old, case.new, case.preset, *case.ignore, *case.options)
        assert seen.setdefault(key, path) == path


def _hides(case: Case) -> bool:
    """Whether something of the source is meant not to arrive, or is there in other words."""
    outcome = case.compare()
    return (
        not outcome.steps
        or any(each.ignored or each.verdict is Verdict.CANNOT_TELL for each in outcome.objects)
        or (bool(case.include or case.exclude) or case.preset == "dacfx")
    )


def _left(case: Case, database: Database) -> list[str]:
    """Compare the source with what the script has made of the target."""
    files = [SourceFile(path, text) for path, text in database.export()]
    outcome = case.between(read(case.new, case.lenient), read_database(files))
    return [each.title for each in outcome.steps]
