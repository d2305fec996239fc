"""Every option: what it hides or does, and what RedGate and DacFx call it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

_HIDING = {
    "authorization-on-schema-objects": "who owns an object",
    "bindings": "defaults and rules bound by sp_bindefault and sp_bindrule",
    "certificates-and-crypto-keys": "certificates, symmetric and asymmetric keys",
    "change-tracking": "change tracking of tables",
    "check-constraints": "check constraints",
    "collations": "collations of columns",
    "column-order": "the order of columns, also where force-column-order asks for it",
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
_WITHOUT_EFFECT = {
    "add-with-encryption": "modules are deployed as they are written",
    "consider-next-filegroup-in-partition-schemes": "NEXT USED is always looked at",
    "database-use-statement": "a script is run in the database that it is for",
    "decrypt-encrypted-objects": "scripts are not encrypted; what is, is said to be unreadable",
    "disable-and-reenable-ddl-triggers": "DDL triggers stay as they are while the script runs",
    "disable-auto-column-mapping": "columns are matched by name and by hints, never by likeness",
    "forbid-duplicate-table-storage-settings": "a table said twice is always refused",
    "ignore-migration-scripts": "there are none",
    "include-dependencies": "what a change needs is always in the script",
    "include-role-existence-checks": "existence-guards is for every object",
    "include-schema-existence-checks": "existence-guards is for every object",
    "inline-fulltext-fields": "full-text indexes stand behind their tables",
    "inline-table-objects": "indexes and foreign keys stand behind their tables",
    "no-alter-assembly-to-change-clr-objects": "an assembly is altered where the server can",
    "no-deployment-logging": "a script logs nothing",
    "throw-on-file-parse-failed": "a file that cannot be read is refused, unless --lenient",
    "use-database-compatibility-level": "--target-version says what the server knows",
    "use-set-statements-in-script-database-info": "SET options are said with each module",
    "write-assemblies-as-dlls": "assemblies are written as their bits",
}
"""Options of RedGate's that say nothing here, and why."""
_OF_OTHERS = {
    # RedGate's names that are longer than ours
    "add-create-or-alter-for-rerunnable-scripts": "create-or-alter",
    "add-database-use-statement": "database-use-statement",
    "add-drop-and-create-for-rerunnable-scripts": "drop-and-create",
    "add-object-existence-checks": "existence-guards",
    "add-online-on-when-creating-indexes-or-altering-columns": "online",
    "do-not-output-comment-header": "no-comments",
    "dont-use-alter-assembly-to-change-clr-objects": "no-alter-assembly-to-change-clr-objects",
    "drop-and-create-instead-of-alter": "drop-and-create",
    "ignore-file-groups": "ignore-filegroups-partition-schemes-and-partition-functions",
    "ignore-file-groups-partition-schemes-and-partition-functions": (
        "ignore-filegroups-partition-schemes-and-partition-functions"
    ),
    "ignore-fill-factor": "ignore-fill-factor-and-index-padding",
    "ignore-keys": "ignore-foreign-keys",
    "ignore-quoted-identifiers-and-ansi-null-settings": (
        "ignore-set-quoted-identifier-and-ansi-nulls"
    ),
    "ignore-square-brackets": "ignore-square-brackets-in-object-names",
    "ignore-t-sqlt": "ignore-tsqlt",
    "ignore-t-sqlt-framework-and-tests": "ignore-tsqlt",
    "ignore-tsqlt-framework-and-tests": "ignore-tsqlt",
    "ignore-users-permissions": "ignore-users-permissions-and-role-memberships",
    "no-transactions": "no-transaction",
    # DacFx's
    "ignore-ansi-nulls": "ignore-set-quoted-identifier-and-ansi-nulls",
    "ignore-authorizer": "ignore-authorization-on-schema-objects",
    "ignore-column-collation": "ignore-collations",
    "ignore-ddl-trigger-order": "ignore-trigger-order",
    "ignore-dml-trigger-order": "ignore-trigger-order",
    "ignore-filegroup-placement": "ignore-filegroups-partition-schemes-and-partition-functions",
    "ignore-identity-seed": "ignore-identity-seed-and-increment",
    "ignore-increment": "ignore-identity-seed-and-increment",
    "ignore-index-padding": "ignore-fill-factor-and-index-padding",
    "ignore-keyword-casing": "ignore-keyword-case",
    "ignore-lock-hints-on-indexes": "ignore-lock-properties-of-indexes",
    "ignore-object-placement-on-partition-scheme": (
        "ignore-filegroups-partition-schemes-and-partition-functions"
    ),
    "ignore-partition-schemes": "ignore-filegroups-partition-schemes-and-partition-functions",
    "ignore-quoted-identifiers": "ignore-set-quoted-identifier-and-ansi-nulls",
    "ignore-role-membership": "ignore-users-permissions-and-role-memberships",
    "ignore-semicolon-between-statements": "ignore-semicolons",
    "ignore-user-settings-objects": "ignore-user-properties",
    "ignore-whitespace": "ignore-white-space",
    "ignore-with-nocheck-on-check-constraints": "ignore-nocheck-and-with-nocheck",
    "ignore-with-nocheck-on-foreign-keys": "ignore-nocheck-and-with-nocheck",
    "perform-index-operations-online": "online",
}
_OPPOSITES = {
    "drop-objects-not-in-source": "keep-what-only-target-has",
    "include-transactional-scripts": "no-transaction",
}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

KNOWN: Mapping[str, str] = MappingProxyType(
    {
        **{f"ignore-{name}": f"Hides {what}." for name, what in _HIDING.items()},
        **{name: f"{what[0].upper()}{what[1:]}." for name, what in _BEHAVIOUR.items()},
        **{name: f"Changes nothing: {what}." for name, what in _WITHOUT_EFFECT.items()},
    }
)
"""Every option, and what it does."""
OTHER_NAMES: Mapping[str, str] = MappingProxyType(_OF_OTHERS)
"""Our option by another product's name for it, where that is not ours in kebab case."""
OPPOSITES: Mapping[str, str] = MappingProxyType(_OPPOSITES)
"""Our option by the name of what it switches off elsewhere."""


def kebab(name: str) -> str:
    """Give `ignore-white-space` of `IgnoreWhiteSpace` and of `ignore_white_space`."""
    return _WORD.sub("-", name.strip()).lower().replace("_", "-").replace(" ", "-")
