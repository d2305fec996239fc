"""Any two databases: the script makes the one into the other, and its undo makes it back."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings

from pipeline.hazard import HazardName
from pipeline.schema.diff.mssql.join import outcome_of
from pipeline.schema.normalise.mssql.filters import Filter
from pipeline.schema.normalise.mssql.options import Options, options_of
from pipeline.schema.outcome import Outcome
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from tests.schema.mssql.case import narrow_and_whole, read
from tests.schema.mssql.oracle.database import Database
from tests.schema.mssql.strategies import Spec, pairs, specs

STRICT = options_of("strict", ["allow-drop-and-create-of-lookalikes"])
UNNAMED = options_of("strict", ["ignore-system-named-constraint-and-index-names"])
EVERYTHING = Filter.of((), ())


def compared(source: str, target: str, options: Options = STRICT) -> Outcome:
    return outcome_of(read(source), read(target), options, EVERYTHING, ("new", "old"))


def differing(found: object, wanted: object, path: str = "") -> list[str]:
    """Give where two states differ."""
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return [
            line
            for name in sorted({*found, *wanted}, key=str)
            for line in differing(found.get(name), wanted.get(name), f"{path}/{name}")
        ]
    return [] if found == wanted else [f"{path}: {found!r}, not {wanted!r}"]


@given(pairs())
@settings(deadline=None)
def test_the_script_makes_the_old_into_the_new_and_undo_makes_it_back(
    pair: tuple[Spec, Spec],
) -> None:
    old, new = (each.script() for each in pair)
    outcome = compared(new, old)
    database = Database.from_scripts([old])
    before = database.state()

    database.run(outcome.script)

    assert differing(database.state(), Database.from_scripts([new]).state()) == []
    files = [SourceFile(path, text) for path, text in database.export()]
    left = outcome_of(read(new), read_database(files), UNNAMED, EVERYTHING, ("new", "left"))
    assert [each.title for each in left.steps] == []
    database.run(outcome.undo)
    assert differing(database.state(), before) == []


@given(pairs())
@settings(deadline=None)
def test_rows_are_lost_only_where_a_hazard_says_so(pair: tuple[Spec, Spec]) -> None:
    old, new = (each.script() for each in pair)
    database = Database.from_scripts([old])
    began = database.lineage()
    outcome = compared(new, old)
    said = {
        hazard.object.casefold()
        for hazard in outcome.hazards
        if hazard.name is HazardName.LOSES_DATA
    }

    database.run(outcome.script)

    for table, columns in database.lineage().items():
        for column in columns.keys() & began.get(table, {}).keys():
            lost = began[table][column] - columns[column]
            assert not lost or f"{table}.{column}" in said or table in said


@given(specs)
@settings(deadline=None)
def test_a_database_does_not_differ_from_itself(spec: Spec) -> None:
    outcome = compared(spec.script(), spec.script())

    assert (outcome.differs, outcome.steps) == (False, ())


@given(pairs())
@settings(deadline=None)
def test_the_same_two_sides_give_the_same_script(pair: tuple[Spec, Spec]) -> None:
    old, new = (each.script() for each in pair)

    assert compared(new, old) == compared(new, old)


@given(pairs())
@settings(deadline=None)
def test_what_a_cache_leaves_out_makes_no_difference(pair: tuple[Spec, Spec]) -> None:
    old, new = (each.script() for each in pair)
    with TemporaryDirectory() as name:
        found, all_of_it = narrow_and_whole(Path(name), new, old)

    narrow, wide = (
        outcome_of(each.source, each.target, STRICT, EVERYTHING, ("new", "old"))
        for each in (found, all_of_it)
    )

    assert replace(narrow, same=narrow.same + found.same) == wide
