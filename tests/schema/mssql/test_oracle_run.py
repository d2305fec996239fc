"""A script is run as a server runs it: batches, frames, guards, renames, and where rows go."""

import pytest

from tests.schema.mssql.oracle.database import (
    Database,
    Refused,
    effective_batches,
    without,
)

TABLE = """
CREATE TABLE [dbo].[T] (
    [id] int NOT NULL IDENTITY(1, 1) CONSTRAINT [PK_T] PRIMARY KEY,
    [a] int NULL DEFAULT ((7)),
    [b] nvarchar(20) NULL
)
GO
CREATE INDEX [IX_b] ON [dbo].[T] ([b])
GO
CREATE TRIGGER [dbo].[tr] ON [dbo].[T] AFTER INSERT AS PRINT 'x'
GO
CREATE USER [ann] WITHOUT LOGIN
GO
GRANT SELECT ON [dbo].[T] TO [ann]
GO
EXEC sp_addextendedproperty N'note', N'what', 'SCHEMA', N'dbo', 'TABLE', N'T', 'COLUMN', N'b'
GO
"""

FRAME = """
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL Serializable
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
{body}
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS BIT
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT 'The database update succeeded'
ELSE BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT 'The database update failed'
END
GO
"""

REBUILD = """
CREATE TABLE [dbo].[tmp_T] (
    [id] int NOT NULL IDENTITY(1, 1),
    [both] nvarchar(60) NULL,
    [a] int NULL DEFAULT ((7))
)
GO
SET IDENTITY_INSERT [dbo].[tmp_T] ON
GO
INSERT INTO [dbo].[tmp_T] ([id], [both])
SELECT [id], [b] + CONVERT(nvarchar(20), [a]) FROM [dbo].[T] WITH (TABLOCKX)
GO
SET IDENTITY_INSERT [dbo].[tmp_T] OFF
GO
DROP TABLE [dbo].[T]
GO
EXEC sp_rename N'[dbo].[tmp_T]', N'T', N'OBJECT'
GO
ALTER TABLE [dbo].[T] ADD CONSTRAINT [PK_T] PRIMARY KEY CLUSTERED ([id])
GO
"""


def database(*texts: str) -> Database:
    return Database.from_scripts(texts or [TABLE])


def after(script: str, *texts: str) -> Database:
    changed = database(*texts)
    changed.run(script)
    return changed


def test_scripts_may_come_in_any_order() -> None:
    parts = [
        "CREATE VIEW [v] AS SELECT [w].[a] FROM [w]",
        "ALTER TABLE [t] ADD CONSTRAINT [fk] FOREIGN KEY ([a]) REFERENCES [p] ([a])",
        "CREATE VIEW [w] AS SELECT [a] FROM [t]",
        "CREATE TABLE [t] ([a] [mine])",
        "CREATE TABLE [p] ([a] [mine] NOT NULL PRIMARY KEY)",
        "CREATE TYPE [mine] FROM int",
    ]

    assert database(*parts).state() == database(*reversed(parts)).state()


def test_layout_case_brackets_and_comments_make_no_difference() -> None:
    one = database("CREATE TABLE [dbo].[T] ([A] [int] NULL CONSTRAINT [d] DEFAULT ((0)))\nGO\n")
    other = database("create table t(a integer constraint D default 0 /* none */) -- end")

    assert one.state() == other.state()


def test_names_that_the_system_gave_make_no_difference() -> None:
    before = database("CREATE TABLE [t] ([a] int PRIMARY KEY, [b] int DEFAULT 1 CHECK ([b] > 0))")
    renamed = after(
        "EXEC sp_rename N'tmp', N't'",
        "CREATE TABLE [tmp] ([a] int PRIMARY KEY, [b] int DEFAULT 1 CHECK ([b] > 0))",
    )

    assert renamed.state() == before.state()


def test_the_frame_of_a_script_is_run() -> None:
    changed = after(FRAME.format(body="ALTER TABLE [dbo].[T] ADD [c] int NULL\nGO"))

    assert list(changed.state()["tables"]["dbo.t"]["columns"]) == ["id", "a", "b", "c"]


def test_nothing_is_executed_behind_noexec() -> None:
    script = "SET NOEXEC ON\nGO\nDROP TABLE [dbo].[T]\nGO\nSET NOEXEC OFF\nGO\n"

    assert after(script).state() == database().state()


def test_a_script_that_leaves_noexec_on_is_refused() -> None:
    changed = database()

    with pytest.raises(Refused, match="the script ends with NOEXEC on"):
        changed.run("SET NOEXEC ON\nGO\nDROP TABLE [dbo].[T]\n")
    assert changed.state() == database().state()


def test_what_is_rolled_back_has_not_happened() -> None:
    script = "BEGIN TRANSACTION\nGO\nDROP TABLE [dbo].[T]\nGO\nROLLBACK TRANSACTION\n"

    assert after(script).state() == database().state()


def test_go_ends_no_batch_within_a_string_or_a_comment() -> None:
    script = "/* a\nGO\n*/ PRINT 'b\nGO\nc'\nALTER TABLE [T] ADD [c] int NULL\nGO 1\n"

    assert [batch.number for batch in effective_batches(script)] == [1]
    assert "c" in after(script).state()["tables"]["dbo.t"]["columns"]


def test_a_batch_runs_as_often_as_its_go_says() -> None:
    script = "IF COL_LENGTH('dbo.T', 'c') IS NULL ALTER TABLE [T] ADD [c] int NULL\nGO 3\n"

    assert "c" in after(script).state()["tables"]["dbo.t"]["columns"]


def test_a_guard_about_rows_is_taken_as_not_met() -> None:
    guard = """
    IF EXISTS (SELECT 1 FROM [dbo].[T] WHERE [b] IS NULL)
    BEGIN
        RAISERROR('rows would be lost', 16, 1)
        SET NOEXEC ON
    END
    """

    assert after(guard).state() == database().state()


def test_a_guard_about_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="Msg 207: invalid column name z"):
        after("IF EXISTS (SELECT 1 FROM [dbo].[T] WHERE [z] IS NULL) SET NOEXEC ON")


def test_rows_are_moved_where_there_may_be_some() -> None:
    script = """
    CREATE TABLE [dbo].[N] ([b] nvarchar(20) NULL)
    GO
    IF EXISTS (SELECT TOP 1 1 FROM [dbo].[T])
        EXEC (N'INSERT INTO [dbo].[N] ([b]) SELECT [b] FROM [dbo].[T]')
    GO
    """

    assert after(script).lineage()["dbo.n"] == {"b": frozenset({"dbo.t.b"})}


def test_guards_about_the_catalogue_are_answered() -> None:
    script = """
    IF OBJECT_ID(N'[dbo].[T]', 'U') IS NOT NULL ALTER TABLE [T] ADD [c1] int NULL
    IF OBJECT_ID(N'[dbo].[T]', 'V') IS NOT NULL ALTER TABLE [T] ADD [no1] int NULL
    IF NOT EXISTS (SELECT * FROM sys.columns WHERE object_id = OBJECT_ID('T') AND name = N'c2')
        ALTER TABLE [T] ADD [c2] int NULL
    IF EXISTS (SELECT * FROM sys.indexes i
        INNER JOIN sys.tables t ON t.object_id = i.object_id
        WHERE i.name = 'IX_b' AND t.name = 'T') ALTER TABLE [T] ADD [c3] int NULL
    IF EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.TABLES
        WHERE TABLE_SCHEMA = 'dbo' AND TABLE_NAME = 'nope') ALTER TABLE [T] ADD [no2] int NULL
    IF EXISTS (SELECT * FROM
        fn_listextendedproperty(N'note', 'SCHEMA', 'dbo', 'TABLE', 'T', 'COLUMN', 'b'))
        ALTER TABLE [T] ADD [c4] int NULL
    IF DATABASE_PRINCIPAL_ID('ann') IS NULL ALTER TABLE [T] ADD [no3] int NULL
    """

    columns = after(script).state()["tables"]["dbo.t"]["columns"]
    assert list(columns) == ["id", "a", "b", "c1", "c2", "c3", "c4"]


def test_a_default_without_a_name_is_dropped_by_the_name_that_the_system_gave_it() -> None:
    script = """
    DECLARE @name sysname
    SELECT @name = name FROM sys.default_constraints
    WHERE parent_object_id = OBJECT_ID(N'[dbo].[T]')
    AND COL_NAME(parent_object_id, parent_column_id) = N'a'
    EXEC (N'ALTER TABLE [dbo].[T] DROP CONSTRAINT ' + QUOTENAME(@name))
    """

    assert after(script).state()["tables"]["dbo.t"]["constraints"] == {}


def test_names_may_come_from_joined_views_and_go_through_sp_executesql() -> None:
    script = """
    DECLARE @sql nvarchar(max) = N''
    SELECT @sql += N'ALTER TABLE [dbo].[T] DROP CONSTRAINT ' + QUOTENAME(d.[name]) + N';'
    FROM sys.default_constraints AS d
    JOIN sys.columns AS c ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id
    WHERE d.parent_object_id = OBJECT_ID('T') AND c.[name] = 'a'
    EXEC sp_executesql @sql
    """

    assert after(script).state()["tables"]["dbo.t"]["constraints"] == {}


def test_a_rebuild_keeps_the_rows_that_it_copies_and_loses_what_hung_on_the_table() -> None:
    rebuilt = after(FRAME.format(body=REBUILD))

    assert rebuilt.lineage() == {
        "dbo.t": {
            "id": frozenset({"dbo.t.id"}),
            "both": frozenset({"dbo.t.a", "dbo.t.b"}),
            "a": frozenset(),
        }
    }
    state = rebuilt.state()
    assert state["modules"] == {}
    assert state["properties"] == {}
    assert state["permissions"] == {"connect on database to ann": "GRANT"}


def test_a_renamed_table_keeps_all_that_hangs_on_it() -> None:
    there = after("EXEC sp_rename N'dbo.T', N'U'")
    back = there.copy()

    back.run("EXEC sp_rename N'dbo.U', N'T'")

    assert there.state()["modules"]["dbo.tr"]["parent"] == ("dbo", "u")
    assert there.lineage()["dbo.u"]["a"] == frozenset({"dbo.t.a"})
    assert there.state()["permissions"] == {
        "connect on database to ann": "GRANT",
        "select on object dbo u to ann": "GRANT",
    }
    assert back.state() == database().state()


def test_a_renamed_column_is_renamed_in_what_is_on_it() -> None:
    state = after("EXEC sp_rename N'dbo.T.b', N'c', 'COLUMN'").state()

    assert state["tables"]["dbo.t"]["indexes"]["ix_b"]["columns"] == (("c", False),)
    assert state["properties"] == {"object dbo t column c: note": "what"}


def test_a_moved_table_keeps_its_properties_and_loses_its_permissions() -> None:
    state = after("CREATE SCHEMA [s]\nGO\nALTER SCHEMA [s] TRANSFER [dbo].[T]").state()

    assert state["permissions"] == {"connect on database to ann": "GRANT"}
    assert state["properties"] == {"object s t column b: note": "what"}
    assert state["modules"]["s.tr"]["parent"] == ("s", "t")


def test_a_column_of_a_versioned_table_is_added_to_its_history() -> None:
    versioned = """
    CREATE TABLE [p] (
        [id] int PRIMARY KEY,
        [f] datetime2 GENERATED ALWAYS AS ROW START NOT NULL,
        [t] datetime2 GENERATED ALWAYS AS ROW END NOT NULL,
        PERIOD FOR SYSTEM_TIME ([f], [t])
    ) WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [dbo].[h]))
    """

    state = after("ALTER TABLE [p] ADD [n] int NULL", versioned).state()

    assert list(state["tables"]["dbo.h"]["columns"]) == ["id", "f", "t", "n"]


def test_checks_are_trusted_as_they_were_last_checked() -> None:
    table = "CREATE TABLE [t] ([a] int CONSTRAINT [k] CHECK ([a] > 0))"
    steps = {
        "ALTER TABLE [t] NOCHECK CONSTRAINT [k]": (False, True),
        "ALTER TABLE [t] NOCHECK CONSTRAINT ALL\nALTER TABLE [t] CHECK CONSTRAINT [k]": (
            False,
            False,
        ),
        "ALTER TABLE [t] NOCHECK CONSTRAINT [k]\n"
        "ALTER TABLE [t] WITH CHECK CHECK CONSTRAINT [k]": (
            True,
            False,
        ),
    }

    found = {}
    for script in steps:
        check = after(script, table).state()["tables"]["dbo.t"]["constraints"]["k"]
        found[script] = (check["trusted"], check["disabled"])

    assert found == steps


def test_an_altered_trigger_is_enabled_and_has_no_order() -> None:
    script = """
    DISABLE TRIGGER [dbo].[tr] ON [dbo].[T]
    EXEC sp_settriggerorder N'dbo.tr', 'First', 'INSERT'
    GO
    ALTER TRIGGER [dbo].[tr] ON [dbo].[T] AFTER INSERT AS PRINT 'x'
    GO
    """

    assert after(script).state() == database().state()


def test_a_module_remembers_the_options_that_it_was_made_under() -> None:
    script = (
        "SET QUOTED_IDENTIFIER OFF\nGO\nSET ANSI_NULLS OFF\nGO\n"
        'CREATE PROCEDURE [p] AS SELECT "a"\nGO\n'
    )

    assert after(script).state()["modules"]["dbo.p"]["settings"] == (False, False)


def test_create_or_alter_and_alter_give_what_create_gives() -> None:
    created = database("-- about\nCREATE PROC [p] AS SELECT 1")
    altered = after(
        "CREATE OR ALTER PROCEDURE dbo.[P] AS\nSELECT 1", "CREATE PROCEDURE [p] AS SELECT 2"
    )

    assert altered.state() == created.state()


def test_altering_a_text_column_without_a_collation_gives_it_the_databases() -> None:
    table = "CREATE TABLE [t] ([a] varchar(10) COLLATE Latin1_General_BIN NULL)"

    state = after("ALTER TABLE [t] ALTER COLUMN [a] varchar(20) NULL", table).state()

    assert state["tables"]["dbo.t"]["columns"]["a"]["collation"] == ""


def test_deny_and_grant_take_each_others_place_and_revoke_takes_either() -> None:
    script = "DENY SELECT ON [T] TO [ann]\nGRANT UPDATE ON [T] ([a]) TO [ann] WITH GRANT OPTION\n"

    assert after(script).state()["permissions"] == {
        "connect on database to ann": "GRANT",
        "select on object dbo t to ann": "DENY",
        "update on object dbo t column a to ann": "GRANT WITH OPTION",
    }
    assert after(script + "REVOKE SELECT ON [T] TO [ann]").state()["permissions"] == {
        "connect on database to ann": "GRANT",
        "update on object dbo t column a to ann": "GRANT WITH OPTION",
    }


def test_an_update_brings_a_columns_rows_into_another() -> None:
    script = "ALTER TABLE [T] ADD [c] int NULL\nGO\nUPDATE [T] SET [c] = [a] WHERE [c] IS NULL\n"

    assert after(script).lineage()["dbo.t"]["c"] == frozenset({"dbo.t.a"})


def test_a_dropped_column_loses_its_rows() -> None:
    script = """
    DROP INDEX [IX_b] ON [T]
    ALTER TABLE [T] DROP COLUMN [b]
    ALTER TABLE [T] ADD [b] nvarchar(20) NULL
    CREATE INDEX [IX_b] ON [T] ([b])
    """

    assert after(script).lineage()["dbo.t"]["b"] == frozenset()


def test_each_batch_that_does_something_is_known_and_can_be_taken_out() -> None:
    script = FRAME.format(body=REBUILD)
    complete = after(script)

    effective = effective_batches(script)

    assert effective == database().effective_batches(script)
    assert len(effective) == 5
    for batch in effective:
        changed = database()
        try:
            changed.run(without(script, batch))
        except Refused:
            continue
        same = changed.state() == complete.state() and changed.lineage() == complete.lineage()
        assert not same, batch.text


def test_what_is_exported_makes_the_same_database_again() -> None:
    changed = after(FRAME.format(body=REBUILD))

    again = Database.from_scripts([text for _, text in changed.export()])

    assert again.state() == changed.state()


def test_an_export_is_one_file_for_each_object() -> None:
    assert [path for path, _ in database().export()] == [
        "Tables/dbo.T.sql",
        "Triggers/dbo.tr.sql",
        "Users/ann.sql",
    ]


def test_a_guard_may_be_asked_within_sp_executesql() -> None:
    guard = """
    DECLARE @found bit
    EXEC sp_executesql N'IF EXISTS (SELECT 1 FROM [dbo].[T] WHERE [a] IS NULL) SET @found = 1',
        N'@found bit OUTPUT', @found OUTPUT
    IF @found = 1
    BEGIN
        RAISERROR (N'rows would be lost', 16, 1)
        IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
        SET NOEXEC ON
    END
    """

    assert after(guard).state() == database().state()
    assert effective_batches(guard) == ()


def test_a_column_that_may_hold_null_becomes_required_when_it_is_filled_or_asked_for() -> None:
    required = "ALTER TABLE [T] ALTER COLUMN [a] int NOT NULL\nGO\n"
    filled = "UPDATE [T] SET [a] = 0 WHERE [a] IS NULL\nGO\n"
    asked = "IF EXISTS (SELECT 1 FROM [T] WHERE [a] IS NULL) SET NOEXEC ON\nGO\n"
    table = "CREATE TABLE [T] ([a] int NULL)"

    for before in (filled, asked):
        database(table).run(before + required, nulls=True)
    database(table).run(required)
    with pytest.raises(Refused, match="may hold NULL"):
        database(table).run(required, nulls=True)
    assert len(database(table).effective_batches(filled + required, nulls=True)) == 2


UNNAMED = """
CREATE TABLE [p] ([a] int NOT NULL, [b] int NOT NULL, PRIMARY KEY ([a], [b]),
    UNIQUE ([b], [a]), UNIQUE ([b]))
GO
CREATE TABLE [c] (
    [x] int NULL CHECK ([x] > 0),
    [y] int NULL,
    CHECK ([x] > [y]),
    FOREIGN KEY ([x], [y]) REFERENCES [p] ([a], [b])
)
GO
"""

LOOKUPS = {
    "a unique constraint by its columns": (
        "p",
        """SELECT @name = k.[name] FROM sys.key_constraints AS k
        WHERE k.[parent_object_id] = OBJECT_ID(N'[dbo].[p]') AND k.[type] = 'UQ'
        AND (SELECT COUNT(*) FROM sys.index_columns AS c WHERE c.[object_id] = k.[parent_object_id]
            AND c.[index_id] = k.[unique_index_id] AND c.[key_ordinal] > 0) = 1
        AND (SELECT COUNT(*) FROM sys.index_columns AS c WHERE c.[object_id] = k.[parent_object_id]
            AND c.[index_id] = k.[unique_index_id]
            AND (c.[key_ordinal] = 1 AND COL_NAME(c.[object_id], c.[column_id]) = N'b')) = 1""",
    ),
    "a foreign key by its columns": (
        "c",
        """SELECT @name = k.[name] FROM sys.foreign_keys AS k
        WHERE k.[parent_object_id] = OBJECT_ID(N'[dbo].[c]')
        AND (SELECT COUNT(*) FROM sys.foreign_key_columns AS c
            WHERE c.[constraint_object_id] = k.[object_id]
            AND COL_NAME(c.[parent_object_id], c.[parent_column_id]) IN (N'x', N'y')) = 2""",
    ),
    "a check by the columns in it": (
        "c",
        """SELECT @name = k.[name] FROM sys.check_constraints AS k
        WHERE k.[parent_object_id] = OBJECT_ID(N'[dbo].[c]') AND k.[is_system_named] = 1
        AND (SELECT COUNT(*) FROM sys.sql_expression_dependencies AS c
            WHERE c.[referencing_id] = k.[object_id] AND c.[referenced_minor_id] > 0) = 2""",
    ),
}


@pytest.mark.parametrize(("table", "select"), LOOKUPS.values(), ids=LOOKUPS.keys())
def test_a_name_is_found_by(table: str, select: str) -> None:
    script = f"""
    DECLARE @name sysname, @sql nvarchar(max)
    {select}
    IF @@ROWCOUNT <> 1 RAISERROR (N'it cannot be told', 16, 1)
    ELSE
    BEGIN
        SET @sql = N'ALTER TABLE [{table}] DROP CONSTRAINT ' + QUOTENAME(@name)
        EXEC (@sql)
    END
    """
    before = database(UNNAMED).state()["tables"][f"dbo.{table}"]

    left = after(script, UNNAMED).state()["tables"][f"dbo.{table}"]

    assert len({**before["indexes"], **before["constraints"]}) == 3
    assert len({**left["indexes"], **left["constraints"]}) == 2


def test_a_renamed_role_keeps_its_members_and_permissions() -> None:
    roles = """
    CREATE ROLE [r]
    GO
    CREATE USER [u] WITHOUT LOGIN
    GO
    ALTER ROLE [r] ADD MEMBER [u]
    GRANT CREATE TABLE TO [r]
    """

    renamed = after("ALTER ROLE [r] WITH NAME = [s]", roles)

    assert renamed.state() == database(roles.replace("[r]", "[s]")).state()
