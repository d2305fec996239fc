"""Plans in tests: two scripts in, lines that people can read out."""

from pipeline.schema.diff.mssql.compare import compare
from pipeline.schema.diff.mssql.operation import Operation, PartKind
from pipeline.schema.diff.mssql.operations import Planned, plan
from pipeline.schema.normalise.mssql.options import Options, options_of
from tests.schema.mssql.reading import database

LOOKALIKES = "allow-drop-and-create-of-lookalikes"
STRICT = options_of("strict", [LOOKALIKES])


def options(*names: str, version: int = 2022, edition: str = "enterprise") -> Options:
    """Give the strict options with these besides."""
    return options_of("strict", [LOOKALIKES, *names], version, edition)


def planned(old: str, new: str, chosen: Options = STRICT) -> tuple[Planned, ...]:
    """Give the plan that makes what `old` makes into what `new` makes."""
    target, source = database(old), database(new)
    found = compare(source, target, chosen)
    return plan(target, found.goal, found.renames, chosen)


def steps(old: str, new: str, chosen: Options = STRICT) -> list[str]:
    """Give the operations in order; those in parentheses are only in the way."""
    return [line(each.operation) for each in planned(old, new, chosen)]


def line(operation: Operation) -> str:
    """Give `drop index dbo.t.ix`: the names are those that a part is found by."""
    part = operation.part
    where = f"{part.key.schema}.{part.key.name}" if part.key.schema else part.key.name
    kind = part.key.kind if part.kind is PartKind.OBJECT else str(part.kind)
    name = f"{where}.{part.name}" if part.name else where
    text = f"{operation.verb} {kind} {name}"
    return f"({text})" if operation.in_the_way else text


def hazards(old: str, new: str, chosen: Options = STRICT) -> list[str]:
    """Give all hazards of a plan, sorted, each once."""
    found = {h for each in planned(old, new, chosen) for h in each.operation.hazards}
    return [f"{hazard}: {hazard.reason}" for hazard in sorted(found)]


def guards(old: str, new: str, chosen: Options = STRICT) -> list[str]:
    """Give the questions of a plan."""
    return [g.exists for each in planned(old, new, chosen) for g in each.operation.guards]


def phases(old: str, new: str, chosen: Options = STRICT) -> list[str]:
    """Give each operation with its phase."""
    return [
        f"{each.operation.phase}: {line(each.operation)}" for each in planned(old, new, chosen)
    ]


def table(*columns: str, name: str = "T") -> str:
    """Give a script that makes a table."""
    return f"CREATE TABLE dbo.{name} ({', '.join(columns)})\nGO\n"


def script(*batches: str) -> str:
    """Give batches as one script."""
    return "".join(f"{batch}\nGO\n" for batch in batches)
