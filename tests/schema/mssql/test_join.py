"""From two scripts to the outcome that is shown: objects, steps, advice, notes, the way back."""

from pipeline.phase import Phase
from pipeline.schema.diff.mssql.join import outcome_of
from pipeline.schema.normalise.mssql.filters import EVERYTHING, Filter
from pipeline.schema.normalise.mssql.options import Options, options_of
from pipeline.schema.outcome import ObjectOutcome, Outcome
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from pipeline.verdict import Verdict

STRICT = options_of("strict")


def outcome(new: str, old: str, options: Options = STRICT, chosen: Filter = EVERYTHING) -> Outcome:
    sides = (
        read_database([SourceFile(f"{n}.sql", text)]) for n, text in (("new", new), ("old", old))
    )
    source, target = sides
    return outcome_of(source, target, options, chosen, ("new", "old"))


def told(found: Outcome) -> list[tuple[str, Verdict, tuple[str, ...], Phase | None]]:
    return [(each.full_name, each.verdict, each.because, each.phase) for each in found.objects]


def test_two_sides_that_are_the_same_need_nothing() -> None:
    found = outcome("CREATE TABLE dbo.T (a int)", "create table T (a int null)")
    assert (found.objects, found.same, found.steps, found.differs) == ((), 1, (), False)
    assert "There is nothing to do" in found.script
    assert "There is nothing to do" in found.undo


def test_an_object_is_told_whole() -> None:
    found = outcome("CREATE TABLE dbo.T (a int, b int)", "\nCREATE TABLE dbo.T (a int)")
    assert found.objects == (
        ObjectOutcome(
            type="Table",
            schema="dbo",
            name="T",
            verdict=Verdict.DIFFERENT,
            because=("column b: only in the source",),
            phase=Phase.EXPAND,
            source="CREATE TABLE [dbo].[T]\n(\n    [a] [int] NULL,\n    [b] [int] NULL\n)\nGO\n",
            target="CREATE TABLE [dbo].[T]\n(\n    [a] [int] NULL\n)\nGO\n",
            place="new.sql:1:1",
        ),
    )
    assert [(each.number, each.title, each.type, each.object) for each in found.steps] == [
        (1, "Adding column [b] to [dbo].[T]", "Table", "dbo.T")
    ]
    assert "ALTER TABLE [dbo].[T] ADD [b] [int] NULL" in found.script
    assert "ALTER TABLE [dbo].[T] DROP COLUMN [b]" in found.undo


def test_what_only_the_target_has_is_found_where_it_was_read() -> None:
    found = outcome("", "CREATE TABLE dbo.T (a int)")
    assert [(each.place, each.source, bool(each.target)) for each in found.objects] == [
        ("old.sql:1:1", "", True)
    ]
    assert found.lost == ("dbo.T: the rows of the table are dropped",)


def test_what_is_in_the_way_is_told_though_it_is_the_same() -> None:
    view = "GO\nCREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT Id FROM dbo.P\n"
    found = outcome(
        f"CREATE TABLE dbo.P (Id bigint NOT NULL)\n{view}",
        f"CREATE TABLE dbo.P (Id int NOT NULL)\n{view}",
    )
    assert told(found) == [
        (
            "dbo.P",
            Verdict.DIFFERENT,
            ("column Id: type bigint in the source, int in the target",),
            Phase.EXPAND,
        ),
        ("dbo.V", Verdict.SAME, ("it is in the way of dbo.P.Id",), Phase.EXPAND),
    ]
    assert [(each.number, each.needs) for each in found.steps] == [(1, ()), (2, (1,)), (3, (1, 2))]


def test_a_rename_comes_with_the_way_to_do_it_in_two_releases() -> None:
    found = outcome(
        "-- @renamed from=dbo.Old\nCREATE TABLE dbo.New (\n  -- @renamed from=A\n  B int)",
        "CREATE TABLE dbo.Old (A int)",
    )
    assert told(found) == [
        (
            "dbo.New",
            Verdict.DIFFERENT,
            ("renamed from dbo.Old", "column B: renamed from A"),
            Phase.LOCKSTEP,
        )
    ]
    assert found.objects[0].advice == (
        "dbo.Old: with the rename, make a synonym dbo.Old for dbo.New; drop it in the next "
        "release, when no code uses the old name",
        "column A: first add B beside it, write both and copy the rows; drop A in the next "
        "release, when no code reads it",
    )


def test_a_renamed_module_is_no_more_than_renamed() -> None:
    found = outcome(
        "-- @renamed from=dbo.Q\nCREATE PROCEDURE [dbo].[P] AS SELECT 1 AS a",
        "CREATE PROCEDURE Q AS SELECT 1 AS a",
    )
    assert told(found) == [("dbo.P", Verdict.DIFFERENT, ("renamed from dbo.Q",), Phase.LOCKSTEP)]
    assert [each.title for each in found.steps] == [
        "Renaming [dbo].[Q] to [P]",
        "Altering [dbo].[P]",
    ]


def test_a_narrowing_comes_with_the_way_to_do_it_in_two_releases() -> None:
    found = outcome(
        "CREATE TABLE T (a varchar(5), b int NOT NULL)", "CREATE TABLE T (a varchar(9), b int)"
    )
    assert found.objects[0].advice == (
        "column a: first let the code write only what the new type holds and mend the rows that "
        "do not fit; alter it in the next release",
        "column b: first let the code write a value always and fill the rows that have none; "
        "make it NOT NULL in the next release",
    )


def test_what_is_ignored_is_told() -> None:
    found = outcome(
        "CREATE TABLE T (a int)\nGO\nCREATE INDEX IX ON T (a) WITH (FILLFACTOR = 70)",
        "CREATE TABLE T (a int)\nGO\nCREATE INDEX IX ON T (a)",
        options_of("redgate"),
    )
    assert [(each.verdict, each.ignored) for each in found.objects] == [
        (Verdict.SAME, ("index IX: FILLFACTOR 70 in the source, 0 in the target",))
    ]
    assert (found.same, found.steps, found.differs) == (1, (), False)
    assert "ignore-fill-factor-and-index-padding" in found.options


def test_what_was_left_out_and_skipped_is_said() -> None:
    found = outcome(
        "CREATE TABLE dbo.A (a int)\nGO\nINSERT dbo.A VALUES (1)",
        "CREATE TABLE dbo.B (b date)\nGO\nINSERT dbo.B VALUES (1)",
        chosen=Filter.of([], ["Table:dbo.B"]),
    )
    assert found.notes == ("1 object is left out by the filter",)
    assert found.skipped == {"INSERT": 2}
    assert [each.title for each in found.steps] == ["Creating [dbo].[A]"]
