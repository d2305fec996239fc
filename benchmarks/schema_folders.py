"""Two folders of T-SQL scripts, one object a file: a big database, and the same with some changes.

python -m benchmarks.schema_folders FOLDER --tables 2000
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

CHANGED = 0.05


def table(number: int, *, changed: bool) -> str:
    """A table of 8 columns with a key, a reference, a check, a default and an index."""
    parent = f"[dbo].[Table{number // 2:05}]"
    width = 80 if changed else 60
    extra = "    [Remark] nvarchar(200) NULL,\n" if changed and number % 3 == 0 else ""
    limit = 10 if changed and number % 5 == 0 else 0
    return f"""CREATE TABLE [dbo].[Table{number:05}] (
    [Id] int NOT NULL IDENTITY(1, 1),
    [ParentId] int NULL,
    [Code] varchar(20) COLLATE Latin1_General_CI_AS NOT NULL,
    [Title] nvarchar({width}) NOT NULL,
    [Price] decimal(10, 2) NOT NULL CONSTRAINT [DF_Table{number:05}_Price] DEFAULT ((0)),
    [Created] datetime2(3) NOT NULL,
    [Notes] nvarchar(max) NULL,
{extra}    [Version] rowversion NOT NULL,
    CONSTRAINT [PK_Table{number:05}] PRIMARY KEY CLUSTERED ([Id]),
    CONSTRAINT [CK_Table{number:05}_Price] CHECK ([Price] >= {limit})
) ON [PRIMARY]
GO
CREATE NONCLUSTERED INDEX [IX_Table{number:05}_Code]
    ON [dbo].[Table{number:05}] ([Code], [Created] DESC)
GO
ALTER TABLE [dbo].[Table{number:05}] ADD CONSTRAINT [FK_Table{number:05}_Parent]
    FOREIGN KEY ([ParentId]) REFERENCES {parent} ([Id])
GO
"""


def view(number: int, of: int, *, changed: bool) -> str:
    """A view over two tables."""
    more = ", a.[Created]" if changed else ""
    return f"""CREATE VIEW [dbo].[View{number:05}]
AS
SELECT a.[Id], a.[Title], b.[Price]{more}
FROM [dbo].[Table{number % of:05}] AS a
INNER JOIN [dbo].[Table{(number * 7 + 1) % of:05}] AS b ON b.[ParentId] = a.[Id]
WHERE a.[Code] <> 'x' -- all but the odd one
GO
"""


def procedure(number: int, of: int, *, changed: bool) -> str:
    """A procedure that reads a table and a view, and writes a table."""
    floor = 100 if changed else 10
    return f"""CREATE PROCEDURE [dbo].[Procedure{number:05}]
    @id int,
    @title nvarchar(60) = NULL
AS
BEGIN
    SET NOCOUNT ON;
    IF @title IS NOT NULL
        UPDATE [dbo].[Table{number % of:05}] SET [Title] = @title WHERE [Id] = @id;
    SELECT v.[Id], v.[Title], v.[Price]
    FROM [dbo].[View{number:05}] AS v
    WHERE v.[Price] > {floor} AND v.[Id] IN (SELECT [ParentId] FROM [dbo].[Table{number % of:05}]);
END
GO
"""


def trigger(number: int, of: int, *, changed: bool) -> str:
    """A trigger on a table."""
    condition = "UPDATE([Code])" if changed else "UPDATE([Title])"
    name = f"Table{number % of:05}"
    return f"""CREATE TRIGGER [dbo].[TR_{name}_{number:05}] ON [dbo].[{name}] AFTER UPDATE
AS
BEGIN
    SET NOCOUNT ON;
    IF {condition}
        UPDATE t SET [Created] = GETDATE() FROM [dbo].[{name}] AS t
        INNER JOIN inserted AS i ON i.[Id] = t.[Id];
END
GO
"""


def scripts(tables: int, share: float, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Give (path, text) of every script; `share` of them as changed as they can be."""
    draw = random.Random(seed)
    others = max(tables // 10, 1)
    for number in range(tables):
        yield f"Tables/dbo.Table{number:05}.sql", table(number, changed=draw.random() < share)
    for number in range(others):
        changed = draw.random() < share
        yield f"Views/dbo.View{number:05}.sql", view(number, tables, changed=changed)
        changed = draw.random() < share
        yield (
            f"Stored Procedures/dbo.Procedure{number:05}.sql",
            procedure(number, tables, changed=changed),
        )
        changed = draw.random() < share
        # With its table, as RedGate writes it, it would be one file; by itself it is one more.
        yield f"Triggers/dbo.TR{number:05}.sql", trigger(number, tables, changed=changed)


def write(folder: Path, tables: int, share: float = CHANGED) -> tuple[Path, Path]:
    """Write `new` and `old` into a folder, and give both."""
    for name, changes in (("new", share), ("old", 0.0)):
        for path, text in scripts(tables, changes):
            file = folder / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return folder / "new", folder / "old"


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.schema_folders")
    options.add_argument("folder", type=Path)
    options.add_argument("--tables", type=int, default=2000)
    options.add_argument("--changed", type=float, default=CHANGED)
    chosen = options.parse_args()
    new, old = write(chosen.folder, chosen.tables, chosen.changed)
    print(f"--source scripts:{new} --target scripts:{old}")


if __name__ == "__main__":
    main()
