"""Many scripts are read by several processes, with the result of one."""

import sys

import pytest

from pipeline.schema.readers import tsql_parallel
from pipeline.schema.readers.tsql_parallel import MANY, read_each
from pipeline.schema.syntax.mssql.read import SourceFile, read_alone

BROKEN = SourceFile("broken.sql", "CREATE TABLE [dbo].[T (")
ELSEWHERE = SourceFile("elsewhere.sql", "ALTER TABLE [dbo].[Other] ADD [A] int NULL")


def scripts() -> list[SourceFile]:
    made = [SourceFile(f"{n}.sql", f"CREATE TABLE [dbo].[T{n}] ([Id] int)") for n in range(MANY)]
    return [BROKEN, *made, ELSEWHERE]


def test_several_processes_give_what_one_gives_in_the_order_of_the_scripts() -> None:
    files = scripts()

    assert read_each(files, processes=4) == [read_alone(file) for file in files]


def test_what_another_process_does_not_read_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    files = scripts()
    monkeypatch.setattr(tsql_parallel, "_TASK", "raise SystemExit(3)  # {} {}")

    assert read_each(files, processes=2) == [read_alone(file) for file in files]


def test_few_scripts_are_read_without_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "there is no such program")

    assert read_each([BROKEN], processes=4) == [read_alone(BROKEN)]
