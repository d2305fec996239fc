"""What two objects are compared on: the options, and what is known of the two databases."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.schema.diff.mssql.difference import EXACT_NAMES, IGNORES_CASE, in_force
from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import FIXED_ROLES, Kind, fold
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.normalise.mssql.options import Options

ROLES = FIXED_ROLES | {"public"}
KEEP = "keep-what-only-target-has"
TEST_SCHEMAS = frozenset({"tsqlt", "sqlcop"})
Primaries = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What two objects are compared on.

    `exact` says that names differ by case alone. `primaries` give a parent's primary key to
    foreign keys that do not name its columns. `test_schemas` are those of tSQLt.
    """

    options: Options
    exact: bool = False
    source_collation: str = ""
    target_collation: str = ""
    roles: frozenset[str] = ROLES
    test_schemas: frozenset[str] = TEST_SCHEMAS
    source_primaries: Primaries = field(default_factory=dict)
    target_primaries: Primaries = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    """Folded names, `dbo.t` or `dbo.t.c`, of which a hint says that they may go."""

    @property
    def by_case(self) -> frozenset[str]:
        """What hides that a name is written with other capitals."""
        return frozenset() if self.exact else IGNORES_CASE

    def keeps(self, *names: str) -> frozenset[str]:
        """What hides that something is in the target only."""
        name = ".".join(filter(None, map(fold, names)))
        return frozenset() if name in self.dropped else frozenset({KEEP})

    def hides(self, hidden_by: frozenset[str]) -> bool:
        """Whether one of these options is in force."""
        return bool(in_force(hidden_by, self.options))


def ground_of(source: Database, target: Database, options: Options) -> Ground:
    """Give what all objects of two databases are compared on."""
    both = (source, target)
    return Ground(
        options=options,
        exact=options.has(EXACT_NAMES) or any(is_case_sensitive(each.collation) for each in both),
        source_collation=source.collation or target.collation,
        target_collation=target.collation or source.collation,
        roles=ROLES.union(
            fold(each.name)
            for side in both
            for key, each in side.objects.items()
            if key.kind == Kind.ROLE
        ),
        test_schemas=TEST_SCHEMAS.union(*map(_test_schemas, both)),
        source_primaries=_primaries(source),
        target_primaries=_primaries(target),
        dropped=frozenset(map(fold, source.dropped)),
    )


def is_case_sensitive(collation: str) -> bool:
    """Whether names that differ by case alone are two names under a collation."""
    words = collation.upper().split("_")
    return "CS" in words or "BIN" in words or "BIN2" in words


def _test_schemas(side: Database) -> frozenset[str]:
    return frozenset(
        fold(each.name)
        for key, each in side.objects.items()
        if key.kind == Kind.SCHEMA
        and isinstance(each, Item)
        and any(fold(found.name) == "tsqlt.testclass" for found in each.properties)
    )


def _primaries(side: Database) -> Primaries:
    return {
        (fold(each.schema), fold(each.name)): tuple(column.name for column in key.columns)
        for each in side.objects.values()
        if isinstance(each, Table)
        for key in each.keys
        if key.primary
    }
