"""What a server refuses, the oracle refuses, with the server's number where it is known."""

import pytest

from tests.schema.mssql.oracle.database import Database, Refused, Unknown

SHOP = """
CREATE SCHEMA [sales] AUTHORIZATION [dbo]
GO
CREATE USER [ann] WITHOUT LOGIN
GO
CREATE ROLE [clerks]
GO
ALTER ROLE [clerks] ADD MEMBER [ann]
GO
CREATE TYPE [dbo].[code] FROM varchar(10) NOT NULL
GO
CREATE TYPE [dbo].[ids] AS TABLE ([id] int NOT NULL PRIMARY KEY)
GO
CREATE SEQUENCE [dbo].[numbers] AS int START WITH 1
GO
CREATE DEFAULT [dbo].[zero] AS 0
GO
CREATE RULE [dbo].[positive] AS @v > 0
GO
CREATE PARTITION FUNCTION [pf] (int) AS RANGE RIGHT FOR VALUES (10, 20)
GO
CREATE PARTITION SCHEME [ps] AS PARTITION [pf] ALL TO ([PRIMARY])
GO
CREATE XML SCHEMA COLLECTION [dbo].[xc] AS N'<a/>'
GO
CREATE FULLTEXT CATALOG [ft] AS DEFAULT
GO
CREATE FUNCTION [dbo].[twice] (@v int) RETURNS int WITH SCHEMABINDING AS BEGIN RETURN @v * 2 END
GO
CREATE TABLE [sales].[region] (
    [id] int NOT NULL CONSTRAINT [PK_region] PRIMARY KEY,
    [name] nvarchar(40) NOT NULL CONSTRAINT [UQ_region] UNIQUE
)
GO
CREATE TABLE [sales].[shop] (
    [id] int NOT NULL IDENTITY(1, 1) CONSTRAINT [PK_shop] PRIMARY KEY CLUSTERED,
    [region] int NULL CONSTRAINT [FK_shop_region] REFERENCES [sales].[region] ([id]),
    [code] [dbo].[code] NOT NULL,
    [size] int NULL CONSTRAINT [DF_size] DEFAULT ((1)),
    [title] nvarchar(50) NULL,
    [twice] AS ([dbo].[twice]([size])),
    [number] int NULL CONSTRAINT [DF_number] DEFAULT (NEXT VALUE FOR [dbo].[numbers]),
    [free] int NULL,
    [stamp] timestamp NOT NULL,
    [doc] xml([dbo].[xc]) NULL,
    [bound] int NULL,
    CONSTRAINT [CK_size] CHECK ([size] > 0)
)
GO
CREATE INDEX [IX_title] ON [sales].[shop] ([title]) INCLUDE ([free])
GO
CREATE STATISTICS [ST_bound] ON [sales].[shop] ([bound])
GO
EXEC sp_bindefault N'dbo.zero', N'sales.shop.bound'
GO
EXEC sp_bindrule N'dbo.positive', N'sales.shop.bound'
GO
CREATE FULLTEXT INDEX ON [sales].[region] ([name]) KEY INDEX [PK_region]
GO
CREATE TABLE [sales].[parts] ([id] int NOT NULL) ON [ps] ([id])
GO
CREATE VIEW [sales].[bound] WITH SCHEMABINDING AS SELECT [id], [region] FROM [sales].[shop]
GO
CREATE VIEW [sales].[loose] AS SELECT * FROM [sales].[shop]
GO
CREATE PROCEDURE [sales].[take] @ids [dbo].[ids] READONLY AS SELECT 1
GO
CREATE TABLE [sales].[price] (
    [id] int NOT NULL CONSTRAINT [PK_price] PRIMARY KEY,
    [amount] money NOT NULL,
    [since] datetime2 GENERATED ALWAYS AS ROW START NOT NULL,
    [until] datetime2 GENERATED ALWAYS AS ROW END NOT NULL,
    PERIOD FOR SYSTEM_TIME ([since], [until])
) WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [sales].[price_history]))
GO
CREATE MESSAGE TYPE [m]
GO
CREATE CONTRACT [c] ([m] SENT BY ANY)
GO
CREATE QUEUE [dbo].[q]
GO
CREATE SERVICE [s] ON QUEUE [dbo].[q] ([c])
GO
CREATE TABLE [dbo].[fast] (
    [id] int NOT NULL PRIMARY KEY NONCLUSTERED
) WITH (MEMORY_OPTIMIZED = ON, DURABILITY = SCHEMA_AND_DATA)
GO
"""

REFUSALS = {
    "a table that is there": (2714, "CREATE TABLE [sales].[shop] ([id] int)"),
    "a procedure under a constraint's name": (
        2714,
        "CREATE PROCEDURE [sales].[CK_size] AS SELECT 1",
    ),
    "a table in a schema that is not there": (2760, "CREATE TABLE [no].[t] ([id] int)"),
    "a column of a type that is not there": (2715, "CREATE TABLE [t] ([id] [nope])"),
    "a table that is not there": (3701, "DROP TABLE [dbo].[nope]"),
    "altering a table that is not there": (4902, "ALTER TABLE [dbo].[nope] ADD [a] int"),
    "altering a procedure that is not there": (208, "ALTER PROCEDURE [dbo].[nope] AS SELECT 1"),
    "dropping what a foreign key references": (3726, "DROP TABLE [sales].[region]"),
    "dropping what a module is bound to": (3729, "DROP TABLE [sales].[shop]"),
    "dropping a versioned table": (13552, "DROP TABLE [sales].[price]"),
    "dropping a history table": (13552, "DROP TABLE [sales].[price_history]"),
    "dropping a period while versioning is on": (
        13573,
        "ALTER TABLE [sales].[price] DROP PERIOD FOR SYSTEM_TIME",
    ),
    "a column twice": (2705, "ALTER TABLE [sales].[shop] ADD [FREE] int"),
    "a required column without a default": (
        4901,
        "ALTER TABLE [sales].[shop] ADD [a] int NOT NULL",
    ),
    "a column that is not there": (4924, "ALTER TABLE [sales].[shop] DROP COLUMN [nope]"),
    "a column with a default": (5074, "ALTER TABLE [sales].[shop] DROP COLUMN [size]"),
    "a column in an index": (5074, "ALTER TABLE [sales].[shop] DROP COLUMN [title]"),
    "a column that an index includes": (5074, "ALTER TABLE [sales].[shop] DROP COLUMN [free]"),
    "a column with statistics": (5074, "ALTER TABLE [sales].[shop] DROP COLUMN [bound]"),
    "a column of a key": (5074, "ALTER TABLE [sales].[parts] DROP COLUMN [id]"),
    "a column that full-text search reads": (
        5074,
        "ALTER TABLE [sales].[region] ALTER COLUMN [name] nvarchar(80) NOT NULL",
    ),
    "another type under a default": (
        5074,
        "ALTER TABLE [sales].[shop] ALTER COLUMN [number] bigint",
    ),
    "a shorter text under an index": (
        5074,
        "ALTER TABLE [sales].[shop] ALTER COLUMN [title] nvarchar(20)",
    ),
    "a longer text that becomes required under an index": (
        5074,
        "ALTER TABLE [sales].[shop] ALTER COLUMN [title] nvarchar(80) NOT NULL",
    ),
    "a type that the old one does not become": (
        257,
        "ALTER TABLE [sales].[shop] ALTER COLUMN [free] uniqueidentifier NULL",
    ),
    "rows copied into a type that theirs does not become": (
        257,
        "CREATE TABLE [t] ([a] varbinary(50) NULL)\nGO\n"
        "INSERT INTO [t] ([a]) SELECT [title] FROM [sales].[shop]",
    ),
    "a filtered index without the options for it": (
        1934,
        "SET QUOTED_IDENTIFIER OFF\nGO\n"
        "CREATE INDEX [i] ON [sales].[shop] ([size]) WHERE [size] > 1",
    ),
    "altering a computed column": (4928, "ALTER TABLE [sales].[shop] ALTER COLUMN [twice] int"),
    "altering a timestamp": (4927, "ALTER TABLE [sales].[shop] ALTER COLUMN [stamp] int"),
    "a constraint that is not there": (3728, "ALTER TABLE [sales].[shop] DROP CONSTRAINT [nope]"),
    "a key that a foreign key needs": (
        3725,
        "ALTER TABLE [sales].[region] DROP CONSTRAINT [PK_region]",
    ),
    "a second default": (
        1781,
        "ALTER TABLE [sales].[shop] ADD CONSTRAINT [d] DEFAULT 1 FOR [size]",
    ),
    "a second primary key": (
        1779,
        "ALTER TABLE [sales].[shop] ADD CONSTRAINT [k] PRIMARY KEY ([size])",
    ),
    "a primary key that may be NULL": (
        8111,
        "CREATE TABLE [t] ([a] int NULL)\nALTER TABLE [t] ADD CONSTRAINT [k] PRIMARY KEY ([a])",
    ),
    "a second clustered index": (1902, "CREATE CLUSTERED INDEX [i] ON [sales].[shop] ([size])"),
    "an index twice": (1913, "CREATE INDEX [IX_TITLE] ON [sales].[shop] ([size])"),
    "an index on a column that is not there": (
        1911,
        "CREATE INDEX [i] ON [sales].[shop] ([nope])",
    ),
    "an index on xml": (1919, "CREATE INDEX [i] ON [sales].[shop] ([doc])"),
    "an index that keeps a constraint": (3723, "DROP INDEX [PK_shop] ON [sales].[shop]"),
    "an index that is not there": (3701, "DROP INDEX [nope] ON [sales].[shop]"),
    "a foreign key to what is no key": (
        1776,
        "ALTER TABLE [sales].[parts] ADD FOREIGN KEY ([id]) REFERENCES [sales].[shop] ([size])",
    ),
    "a foreign key between different types": (
        1778,
        "CREATE TABLE [t] ([a] bigint REFERENCES [sales].[region] ([id]))",
    ),
    "a foreign key to nothing": (1767, "CREATE TABLE [t] ([a] int REFERENCES [nope] ([id]))"),
    "a check of a column that is not there": (
        207,
        "ALTER TABLE [sales].[shop] ADD CONSTRAINT [k] CHECK ([nope] > 1)",
    ),
    "a function that a computed column calls": (3729, "DROP FUNCTION [dbo].[twice]"),
    "a sequence that a default takes from": (3729, "DROP SEQUENCE [dbo].[numbers]"),
    "a type that a column has": (3732, "DROP TYPE [dbo].[code]"),
    "a table type that a procedure takes": (3732, "DROP TYPE [dbo].[ids]"),
    "a default that is bound": (3729, "DROP DEFAULT [dbo].[zero]"),
    "a rule that is bound": (3729, "DROP RULE [dbo].[positive]"),
    "a partition function with a scheme": (7706, "DROP PARTITION FUNCTION [pf]"),
    "a partition scheme with a table": (7717, "DROP PARTITION SCHEME [ps]"),
    "a collection that a column has": (6328, "DROP XML SCHEMA COLLECTION [dbo].[xc]"),
    "a catalog with an index": (7668, "DROP FULLTEXT CATALOG [ft]"),
    "a schema that is not empty": (3729, "DROP SCHEMA [sales]"),
    "a role with members": (15144, "DROP ROLE [clerks]"),
    "a message type of a contract": (0, "DROP MESSAGE TYPE [m]"),
    "a contract of a service": (0, "DROP CONTRACT [c]"),
    "a queue of a service": (3729, "DROP QUEUE [dbo].[q]"),
    "a permission for nobody": (15151, "GRANT SELECT ON [sales].[shop] TO [nobody]"),
    "a permission on nothing": (15151, "GRANT SELECT ON [sales].[nope] TO [ann]"),
    "a view of a table that is not there": (208, "CREATE VIEW [v] AS SELECT 1 AS [a] FROM [nope]"),
    "a view of a column that is not there": (
        207,
        "CREATE VIEW [v] AS SELECT s.[nope] FROM [sales].[shop] AS s",
    ),
    "a schema-bound view of one-part names": (
        4512,
        "CREATE VIEW [v] WITH SCHEMABINDING AS SELECT [id] FROM [fast]",
    ),
    "a trigger on nothing": (8197, "CREATE TRIGGER [t] ON [nope] AFTER INSERT AS SELECT 1"),
    "a module behind another statement": (111, "PRINT 'a'\nCREATE VIEW [v] AS SELECT 1 AS [a]"),
    "a schema behind another statement": (111, "PRINT 'a'\nCREATE SCHEMA [a]"),
    "renaming a column that a check reads": (
        15336,
        "EXEC sp_rename N'sales.shop.size', N'extent', N'COLUMN'",
    ),
    "renaming to a name in use": (15335, "EXEC sp_rename N'sales.parts', N'shop'"),
    "a property twice": (
        15233,
        "EXEC sp_addextendedproperty 'a', '1'\nEXEC sp_addextendedproperty 'a', '2'",
    ),
    "a property of nothing": (
        15135,
        "EXEC sp_addextendedproperty 'a', '1', 'SCHEMA', 'sales', 'TABLE', 'nope'",
    ),
    "full-text search in a transaction": (
        574,
        "BEGIN TRAN\nDROP FULLTEXT INDEX ON [sales].[region]",
    ),
    "a database in a transaction": (226, "BEGIN TRAN\nALTER DATABASE [d] SET RECOVERY SIMPLE"),
    "a memory-optimized table in a transaction": (12331, "BEGIN TRAN\nDROP TABLE [dbo].[fast]"),
    "an index on a memory-optimized table": (10794, "CREATE INDEX [i] ON [dbo].[fast] ([id])"),
    "a new column in the batch that makes it": (
        207,
        "ALTER TABLE [sales].[shop] ADD [a] int NULL\nUPDATE [sales].[shop] SET [a] = 1",
    ),
    "an identity while IDENTITY_INSERT is off": (
        544,
        "INSERT INTO [sales].[shop] ([id], [code]) SELECT [id], [code] FROM [sales].[shop]",
    ),
    "rows without a required column": (
        515,
        "INSERT INTO [sales].[region] ([id]) SELECT [id] FROM [sales].[shop]",
    ),
    "a split without a filegroup to use": (
        7710,
        "ALTER PARTITION FUNCTION [pf]() SPLIT RANGE (30)\n"
        "ALTER PARTITION FUNCTION [pf]() SPLIT RANGE (40)",
    ),
    "a script that ends within a transaction": (3998, "BEGIN TRANSACTION"),
    "a script that raises an error": (50000, "RAISERROR('no', 16, 1)"),
}


@pytest.fixture(scope="module")
def shop() -> Database:
    return Database.from_scripts([SHOP])


@pytest.mark.parametrize(("number", "script"), REFUSALS.values(), ids=REFUSALS.keys())
def test_the_oracle_refuses(shop: Database, number: int, script: str) -> None:
    with pytest.raises(Refused) as refused:
        shop.copy().run(script)

    assert refused.value.number == number


def test_a_refusal_names_the_batch_and_the_statement(shop: Database) -> None:
    with pytest.raises(Refused) as refused:
        shop.copy().run("PRINT 'a'\nGO\nDROP TABLE [dbo].[nope]\nGO\n")

    assert str(refused.value) == (
        "Msg 3701: cannot find the table [dbo].[nope] [batch 2: DROP TABLE [dbo].[nope]]"
    )


@pytest.mark.parametrize(
    "script",
    [
        "BACKUP DATABASE [a] TO DISK = 'a'",
        "EXEC [dbo].[something] 1",
        "ALTER TABLE [sales].[shop] FROBNICATE",
        "SET FROBNICATE ON",
        "IF EXISTS (SELECT * FROM sys.frobnications) PRINT 'a'",
    ],
)
def test_what_the_oracle_does_not_know_is_never_passed_over(shop: Database, script: str) -> None:
    with pytest.raises(Unknown):
        shop.copy().run(script)


ALLOWED = {
    "a longer text under an index": (
        "ALTER TABLE [sales].[shop] ALTER COLUMN [title] nvarchar(80) NULL"
    ),
    "a required column with a default": (
        "ALTER TABLE [sales].[shop] ADD [a] int NOT NULL DEFAULT 0"
    ),
    "a required timestamp": "ALTER TABLE [sales].[parts] ADD [a] rowversion NOT NULL",
    "dropping what may not be there": "DROP TABLE IF EXISTS [dbo].[nope]",
    "a procedure that reads what is not there": "CREATE PROCEDURE [p] AS SELECT * FROM [nope]",
    "a new table's column in the next batch": (
        "ALTER TABLE [sales].[shop] ADD [a] int NULL\nGO\nUPDATE [sales].[shop] SET [a] = 1"
    ),
    "a schema-bound column that no module reads": (
        "ALTER TABLE [sales].[shop] DROP CONSTRAINT [CK_size], [DF_size]\n"
        "ALTER TABLE [sales].[shop] DROP COLUMN [twice]\n"
        "ALTER TABLE [sales].[shop] DROP COLUMN [size]"
    ),
}


@pytest.mark.parametrize("script", ALLOWED.values(), ids=ALLOWED.keys())
def test_the_oracle_allows(shop: Database, script: str) -> None:
    database = shop.copy()

    database.run(script)

    assert (database.state() == shop.state()) is ("IF EXISTS" in script)
