"""The judge of what is written: it takes good T-SQL, and says what is wrong with bad."""

from tests.schema.mssql.accepted import accepted


def test_a_good_script_has_no_errors() -> None:
    assert (
        accepted("CREATE TABLE [dbo].[T] ([a] [int] NOT NULL)\nGO\nDROP TABLE [dbo].[T]\n") == []
    )


def test_an_error_names_its_place_and_its_batch() -> None:
    assert accepted("SELECT 1\nGO\nCREATE TABLE [T] ([a] [int];\nGO\nSELECT 2\n") == [
        "1:28: Incorrect syntax near ';'. (error 46010) in:\nCREATE TABLE [T] ([a] [int];"
    ]


def test_what_a_version_does_not_know_yet_is_an_error_there() -> None:
    script = "DROP TABLE IF EXISTS [dbo].[T]"
    assert [version for version in (2008, 2014, 2016, 2022) if accepted(script, version)] == [
        2008,
        2014,
    ]


def test_an_empty_script_is_taken() -> None:
    assert accepted("\n") == []
