"""Outcomes to be shown: small ones by hand, and big ones made of numbers, the same every time."""

from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome
from pipeline.verdict import Verdict

ORDERS_OLD = """CREATE TABLE [dbo].[Orders] (
    [Id] int IDENTITY(1, 1) NOT NULL,
    [Customer] nvarchar(80) NULL, -- who ordered
    [Total] decimal(10, 2) NOT NULL
)
GO
"""
ORDERS_NEW = """CREATE TABLE [dbo].[Orders] (
    [Id] int IDENTITY(1, 1) NOT NULL,
    [Customer] nvarchar(40) NOT NULL, -- who ordered
    [Total] decimal(12, 2) NOT NULL,
    [Placed] datetime2(3) NOT NULL CONSTRAINT [DF_Orders_Placed] DEFAULT (sysutcdatetime())
)
GO
"""
NARROWS = Hazard(HazardName.LOSES_DATA, "dbo.Orders.Customer", "longer values do not fit")
MAY_FAIL = Hazard(HazardName.MAY_FAIL, "dbo.Orders.Customer", "fails where a value is NULL")
DROPS = Hazard(HazardName.DROPS_OBJECT, "dbo.OldLog", "its rows go with it")

SMALL = Outcome(
    dialect="mssql",
    source="scripts:new",
    target="snapshot:prod.snap",
    objects=(
        ObjectOutcome(
            type="Table",
            schema="dbo",
            name="Customers",
            verdict=Verdict.SAME,
            ignored=("index IX_Customers_Name: fill factor 90 / 80",),
        ),
        ObjectOutcome(
            type="Table",
            schema="dbo",
            name="OldLog",
            verdict=Verdict.TARGET_ONLY,
            phase=Phase.CONTRACT,
            hazards=(DROPS,),
            target="CREATE TABLE [dbo].[OldLog] (\n    [Line] nvarchar(max) NULL\n)\nGO\n",
        ),
        ObjectOutcome(
            type="Table",
            schema="dbo",
            name="Orders",
            verdict=Verdict.DIFFERENT,
            because=(
                "column Customer: nvarchar(40) NOT NULL / nvarchar(80) NULL",
                "column Placed: only in the source",
                "column Total: decimal(12,2) / decimal(10,2)",
            ),
            ignored=("filegroup: PRIMARY / DATA",),
            phase=Phase.CONTRACT,
            hazards=(NARROWS, MAY_FAIL),
            source=ORDERS_NEW,
            target=ORDERS_OLD,
            place="Tables/dbo.Orders.sql:1",
            advice=("narrow Customer in a release of its own",),
        ),
        ObjectOutcome(
            type="StoredProcedure",
            schema="dbo",
            name="Place",
            verdict=Verdict.SOURCE_ONLY,
            phase=Phase.EXPAND,
            source="CREATE PROCEDURE [dbo].[Place] AS\nSELECT 1\nGO\n",
        ),
        ObjectOutcome(
            type="View",
            schema="dbo",
            name="Secret",
            verdict=Verdict.CANNOT_TELL,
            because=("cannot be told in the target: it is encrypted",),
        ),
    ),
    same=12,
    steps=(
        StepOutcome(
            number=1,
            title="Adding column Placed to [dbo].[Orders]",
            type="Table",
            object="dbo.Orders",
            phase=Phase.EXPAND,
            sql="ALTER TABLE [dbo].[Orders] ADD [Placed] datetime2(3) NOT NULL",
            because="column Placed: only in the source",
        ),
        StepOutcome(
            number=2,
            title="Altering column Customer of [dbo].[Orders]",
            type="Table",
            object="dbo.Orders",
            phase=Phase.CONTRACT,
            sql="ALTER TABLE [dbo].[Orders] ALTER COLUMN [Customer] nvarchar(40) NOT NULL",
            hazards=(NARROWS, MAY_FAIL),
            guards=("3 rows of dbo.Orders have a Customer longer than 40",),
            needs=(1,),
        ),
        StepOutcome(
            number=3,
            title="Creating [dbo].[Place]",
            type="StoredProcedure",
            object="dbo.Place",
            phase=Phase.EXPAND,
            sql="CREATE PROCEDURE [dbo].[Place] AS\nSELECT 1",
            needs=(1, 2),
        ),
        StepOutcome(
            number=4,
            title="Dropping [dbo].[OldLog]",
            type="Table",
            object="dbo.OldLog",
            phase=Phase.CONTRACT,
            sql="DROP TABLE [dbo].[OldLog]",
            hazards=(DROPS,),
            transactional=False,
        ),
    ),
    script="ALTER TABLE [dbo].[Orders] ADD [Placed] datetime2(3) NOT NULL\nGO\n",
    undo="ALTER TABLE [dbo].[Orders] DROP COLUMN [Placed]\nGO\n",
    lost=("the rows of dbo.OldLog",),
    notes=("scripts:new is changeset 5de9d3c2ab54",),
    options=("preset redgate", "ignore-white-space"),
    skipped={"INSERT": 3, "UPDATE": 1},
)
NOTHING = Outcome(dialect="sqlite", source="scripts:a", target="scripts:b", objects=(), same=3)

_KINDS = (
    *("Table",) * 10,
    *("StoredProcedure",) * 5,
    *("View",) * 3,
    *("Function", "Sequence", "Role", "User", "Synonym", "UserDefinedType"),
)
_WORDS = (
    *("Orders", "Customers", "Invoices", "Payments", "Products", "Stock", "Shipments", "Audit"),
    *("Ledger", "Accounts", "Contracts", "Prices", "Returns", "Suppliers", "Tickets", "Visits"),
)
_VERDICTS = (*(Verdict.DIFFERENT,) * 6, *(Verdict.SOURCE_ONLY,) * 3, Verdict.TARGET_ONLY)
_HAZARDS = (
    (HazardName.LOSES_DATA, "longer values do not fit"),
    (HazardName.REBUILDS_TABLE, "IDENTITY cannot be altered: all rows are copied"),
    (HazardName.LOCKS_TABLE, "an index is built while nobody can write"),
    (HazardName.MAY_FAIL, "fails where a value is NULL"),
    (HazardName.CHANGES_BEHAVIOUR, "reads another view from then on"),
)


def many(number: int) -> Outcome:
    """An outcome of so many objects, with about as many steps."""
    objects = tuple(_object(at) for at in range(number))
    steps = tuple(_step(at, each) for at, each in enumerate(objects))
    text = "".join(
        f"PRINT N'{step.title}'\nGO\n{step.sql}\nGO\nIF @@ERROR <> 0 SET NOEXEC ON\nGO\n"
        for step in steps
    )
    return Outcome(
        dialect="mssql",
        source="scripts:database/wanted@release-2026.11",
        target="snapshot:snapshots/prod-2026-11-25.snap",
        objects=tuple(sorted(objects, key=lambda each: (each.type, each.name))),
        same=number * 4,
        steps=steps,
        script=text,
        undo=text,
        lost=tuple(f"values of {each.full_name}.Note" for each in objects[::17]),
        notes=("scripts:database/wanted@release-2026.11 is changeset 5de9d3c2ab54",),
        options=("preset redgate", "ignore-fill-factor-and-index-padding", "ignore-white-space"),
        skipped={"INSERT": 214, "UPDATE": 3},
    )


def _object(at: int) -> ObjectOutcome:
    kind = _KINDS[at * 7 % len(_KINDS)]
    name = f"{_WORDS[at % len(_WORDS)]}{_WORDS[at // 16 % len(_WORDS)]}{at:05}"
    verdict = Verdict.CANNOT_TELL if at % 97 == 5 else _VERDICTS[at * 3 % len(_VERDICTS)]
    text = _table if kind in {"Table", "UserDefinedType"} else _module
    old, new = text(kind, name, at), text(kind, name, at, changed=True)
    hazards = tuple(
        Hazard(name_, f"dbo.{name}", reason)
        for place, (name_, reason) in enumerate(_HAZARDS)
        if (at + place * 5) % 11 == 0 and verdict is Verdict.DIFFERENT
    )
    because = {
        Verdict.DIFFERENT: (
            f"column Amount{at % 7}: decimal(12,2) / decimal(10,2)",
            "column Note: only in the source",
        )[: 1 + at % 2],
        Verdict.CANNOT_TELL: ("cannot be told in the target: it is encrypted",),
    }
    return ObjectOutcome(
        type=kind,
        schema="" if kind in {"Role", "User"} else "dbo",
        name=name,
        verdict=verdict,
        because=because.get(verdict, ()),
        ignored=("index IX_Name: fill factor 90 / 80",) if at % 9 == 0 else (),
        phase=(Phase.EXPAND, Phase.EXPAND, Phase.CONTRACT, Phase.LOCKSTEP)[at * 5 % 13 % 4],
        hazards=hazards,
        source="" if verdict is Verdict.TARGET_ONLY else new,
        target="" if verdict is Verdict.SOURCE_ONLY else old,
        place=f"{kind}s/dbo.{name}.sql:1",
    )


def _table(kind: str, name: str, at: int, *, changed: bool = False) -> str:
    word = "TABLE" if kind == "Table" else "TYPE"
    columns = [f"    [Amount{n}] decimal({12 if changed and n == at % 7 else 10}, 2) NOT NULL,"
               for n in range(7 + at % 23)]  # fmt: skip
    note = ["    [Note] nvarchar(400) NULL, -- what people say about it"] if changed else []
    lines = [f"CREATE {word} [dbo].[{name}] (", "    [Id] int IDENTITY(1, 1) NOT NULL,"]
    end = [f"    CONSTRAINT [PK_{name}] PRIMARY KEY CLUSTERED ([Id])", ")", "GO"]
    return "\n".join([*lines, *columns, *note, *end]) + "\n"


def _module(kind: str, name: str, at: int, *, changed: bool = False) -> str:
    head = [
        f"/* {name}: what is due,",
        "   by month and customer */",
        f"CREATE PROCEDURE [dbo].[{name}] @From date, @Until date = NULL AS",
        "BEGIN",
    ]
    body = [
        f"    UPDATE o SET o.[Total] = SUM(l.[Price]) * {n} FROM [dbo].[Orders] AS o "
        f"JOIN dbo.Lines AS l ON l.OrderId = o.Id WHERE o.Placed >= @From AND o.State = N'due {n}'"
        for n in range(2 + at % 37)
    ]
    if changed:
        body[at % len(body)] = body[at % len(body)].replace(">= @From", "BETWEEN @From AND @Until")
        body.insert(1, "    IF @Until IS NULL SET @Until = SYSUTCDATETIME()")
    return "\n".join([*head, *body, "END", "GO"]) + "\n"


def _step(at: int, each: ObjectOutcome) -> StepOutcome:
    verb = {Verdict.SOURCE_ONLY: "Creating", Verdict.TARGET_ONLY: "Dropping"}
    needs = {at - back for back in (1, 3, 8) if (at * back) % 5 == 1 and at - back >= 0}
    return StepOutcome(
        number=at + 1,
        title=f"{verb.get(each.verdict, 'Altering')} [dbo].[{each.name}]",
        type=each.type,
        object=each.full_name,
        phase=each.phase or Phase.EXPAND,
        sql=each.source or f"DROP {each.type} [dbo].[{each.name}]",
        because=each.because[0] if each.because else "",
        hazards=each.hazards,
        guards=(f"rows of {each.full_name} have a NULL",) if at % 13 == 0 else (),
        needs=tuple(sorted(number + 1 for number in needs)),
        transactional=at % 29 != 0,
    )
