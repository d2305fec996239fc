"""The options of a comparison, by RedGate's names in kebab case, and the presets.

Names and RedGate's defaults: documentation.red-gate.com, SQL Compare, "Setting project options",
and Flyway's "Redgate Compare" namespaces. DacFx's: learn.microsoft.com, "SqlPackage publish".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from pipeline.errors import BadCall

VERSIONS = (2008, 2012, 2014, 2016, 2017, 2019, 2022)
EDITIONS = ("enterprise", "standard", "express", "azure")

_HIDING = {
    "authorization-on-schema-objects": "who owns an object",
    "bindings": "defaults and rules bound by sp_bindefault and sp_bindrule",
    "certificates-and-crypto-keys": "certificates, symmetric and asymmetric keys",
    "change-tracking": "change tracking of tables",
    "check-constraints": "check constraints",
    "collations": "collations of columns",
    "comments": "comments in modules",
    "constraint-names": "names of constraints and indexes",
    "data-compression": "compression of tables and indexes",
    "data-sync-schema": "what SQL Data Sync makes for itself",
    "database-and-server-name-in-synonyms": "the database and the server that a synonym names",
    "dml-triggers": "triggers of tables and views",
    "dynamic-data-masking": "masks of columns",
    "event-notifications-on-queues": "event notifications on queues",
    "extended-properties": "extended properties",
    "filegroups-partition-schemes-and-partition-functions": "where rows are kept",
    "fill-factor-and-index-padding": "FILLFACTOR and PAD_INDEX",
    "foreign-keys": "foreign keys",
    "full-text-indexing": "full-text indexes, catalogs and stoplists",
    "identity-properties": "IDENTITY of columns",
    "identity-seed-and-increment": "seed and increment of IDENTITY",
    "indexes": "indexes, unique constraints and primary keys",
    "instead-of-triggers": "INSTEAD OF triggers",
    "internally-used-microsoft-extended-properties": "properties that designers write",
    "keyword-case": "upper and lower case of keywords in modules",
    "lock-properties-of-indexes": "ALLOW_ROW_LOCKS and ALLOW_PAGE_LOCKS",
    "nocheck-and-with-nocheck": "whether a constraint is disabled or not trusted",
    "not-for-replication": "NOT FOR REPLICATION",
    "nullability": "NULL and NOT NULL of columns",
    "performance-indexes": "indexes that enforce nothing",
    "permissions": "permissions",
    "replication-triggers": "triggers that replication makes",
    "schemas": "schemas, and which one an object stands in",
    "semicolons": "semicolons between statements of modules",
    "sensitivity-classifications": "sensitivity classifications",
    "set-quoted-identifier-and-ansi-nulls": "the SET options that modules were made under",
    "square-brackets-in-object-names": "brackets and the schema before a module's own name",
    "statistics": "statistics",
    "statistics-incremental": "STATISTICS_INCREMENTAL",
    "statistics-no-recompute": "STATISTICS_NORECOMPUTE",
    "synonym-dependencies": "what a synonym stands for, when changes are put in order",
    "system-named-constraint-and-index-names": "names that the server chose",
    "trigger-order": "first and last triggers",
    "tsqlt": "tSQLt and SQLCop with their tests",
    "user-properties": "all properties of users but their names",
    "users-permissions-and-role-memberships": "permissions and memberships of users",
    "white-space": "white space in modules, but not in strings",
    "with-element-order": "the order of what stands behind WITH in modules",
    "with-encryption": "WITH ENCRYPTION of modules",
    "with-no-check": "whether a constraint is trusted",
}
_BEHAVIOUR = {
    "add-no-population-to-fulltext-indexes": "full-text indexes are made WITH NO POPULATION",
    "allow-drop-and-create-of-lookalikes": (
        "what looks like a rename is dropped and created, without a hint in the scripts"
    ),
    "create-or-alter": "modules by CREATE OR ALTER, from SQL Server 2016 on",
    "drop-and-create": "modules are dropped and created, not altered",
    "existence-guards": "every statement asks first whether its object is there",
    "force-column-order": "a table is rebuilt where its columns are in another order",
    "keep-what-only-target-has": "what only the target has is reported, and stays",
    "no-comments": "the script has no comments",
    "no-error-handling": "the script does not look at errors",
    "no-transaction": "the script has no transaction around it",
    "online": "indexes are built ONLINE where the edition can",
    "use-case-sensitive-object-definition": "names that differ in case are different names",
    "with-values": "a new column's default also fills the rows that are there",
}
KNOWN: Mapping[str, str] = MappingProxyType(
    {
        **{f"ignore-{name}": f"Hides {what}." for name, what in _HIDING.items()},
        **{name: f"{what[0].upper()}{what[1:]}." for name, what in _BEHAVIOUR.items()},
    }
)
"""Every option, and what it does."""


def _hiding(names: Iterable[str]) -> frozenset[str]:
    return frozenset(f"ignore-{name}" for name in names)


PRESETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "redgate": _hiding(
            (
                "database-and-server-name-in-synonyms",
                "filegroups-partition-schemes-and-partition-functions",
                "fill-factor-and-index-padding",
                "user-properties",
                "white-space",
                "with-element-order",
            )
        ),
        "dacfx": _hiding(
            (
                "filegroups-partition-schemes-and-partition-functions",
                "fill-factor-and-index-padding",
                "keyword-case",
                "semicolons",
                "set-quoted-identifier-and-ansi-nulls",
                "white-space",
            )
        )
        | {"keep-what-only-target-has", "no-transaction"},
        "strict": frozenset(),
    }
)
"""The options of a preset. RedGate's is the default."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options in force, and the server that the script is for."""

    names: frozenset[str] = PRESETS["redgate"]
    target_version: int = 2022
    edition: str = "enterprise"

    def has(self, name: str) -> bool:
        """Whether an option is on."""
        return name in self.names


def options_of(
    preset: str = "redgate",
    changes: Sequence[str] = (),
    target_version: int = 2022,
    edition: str = "enterprise",
) -> Options:
    """Give the options of a preset with some switched on, and those that say `no-NAME` off.

    The word `ignore-` may be left out. BadCall names what is not known, and what is near it.
    """
    names = set(_one_of(preset, PRESETS, "--preset", PRESETS))
    for change in changes:
        name, off = _known(change)
        (names.discard if off else names.add)(name)
    if target_version not in VERSIONS:
        known = ", ".join(map(str, VERSIONS))
        raise BadCall(
            f"{target_version} is no version that is known",
            where="--target-version",
            advice=f"there are: {known}",
        )
    _one_of(edition, dict.fromkeys(EDITIONS, frozenset[str]()), "--edition", EDITIONS)
    return Options(frozenset(names), target_version, edition)


def _known(change: str) -> tuple[str, bool]:
    """Give (option, whether it is to be switched off)."""
    text = change.strip().lower().replace("_", "-")
    for word, off in ((text, False), (text.removeprefix("no-"), True)):
        for name in (word, f"ignore-{word}"):
            if name in KNOWN and (not off or word != text):
                return name, off
    plain = [name.removeprefix("ignore-") for name in KNOWN]
    near = get_close_matches(text.removeprefix("no-").removeprefix("ignore-"), plain, 1, 0.5)
    name = next((each for each in KNOWN if near and each.removeprefix("ignore-") == near[0]), "")
    advice = f"did you mean {name}?" if name else "docs/reference/schema-options.md has all names"
    raise BadCall(f"there is no option {change!r}", where="--ignore", advice=advice)


def _one_of(
    name: str, known: Mapping[str, frozenset[str]], where: str, names: Iterable[str]
) -> frozenset[str]:
    if name not in known:
        raise BadCall(
            f"{name!r} is not known", where=where, advice=f"there are: {', '.join(names)}"
        )
    return known[name]
