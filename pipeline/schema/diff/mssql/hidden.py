"""Which options hide what: the table that gives every ignore option its effect."""

import re

from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.shared import Permission, Property
from pipeline.schema.model.mssql.tables import Check, ForeignKey, Index, Trigger, UniqueKey

Names = frozenset[str]
NOTHING: Names = frozenset()


def _by(*names: str) -> Names:
    return frozenset(f"ignore-{name}" for name in names)


FILEGROUPS = _by("filegroups-partition-schemes-and-partition-functions")
FULL_TEXT = _by("full-text-indexing")
INDEXES = _by("indexes")
ANY_INDEXES = INDEXES | _by("performance-indexes")
ANY_NAMES = _by("constraint-names")
SYSTEM_NAMES = _by("constraint-names", "system-named-constraint-and-index-names")
USERS = _by("users-permissions-and-role-memberships")
COMPRESSION = _by("data-compression")
SET_OPTIONS = _by("set-quoted-identifier-and-ansi-nulls")
ENCRYPTION = _by("with-encryption")

IN_SYNONYMS = _by("database-and-server-name-in-synonyms")

OBJECTS: dict[Kind, Names] = {
    Kind.ASYMMETRIC_KEY: _by("certificates-and-crypto-keys"),
    Kind.CERTIFICATE: _by("certificates-and-crypto-keys"),
    Kind.SYMMETRIC_KEY: _by("certificates-and-crypto-keys"),
    Kind.EXTENDED_PROPERTY: _by("extended-properties"),
    Kind.FULL_TEXT_CATALOG: FULL_TEXT,
    Kind.FULL_TEXT_STOPLIST: FULL_TEXT,
    Kind.SEARCH_PROPERTY_LIST: FULL_TEXT,
    Kind.PARTITION_FUNCTION: FILEGROUPS,
    Kind.PARTITION_SCHEME: FILEGROUPS,
    Kind.SCHEMA: _by("schemas"),
}
"""Objects that are hidden whole, whatever differs in them."""

PARTS: dict[PartKind, Names] = {
    PartKind.BOUND_DEFAULT: _by("bindings"),
    PartKind.BOUND_RULE: _by("bindings"),
    PartKind.CHECK: _by("check-constraints"),
    PartKind.FOREIGN_KEY: _by("foreign-keys"),
    PartKind.FULL_TEXT: FULL_TEXT,
    PartKind.INDEX: INDEXES,
    PartKind.PERMISSION: _by("permissions"),
    PartKind.PROPERTY: _by("extended-properties"),
    PartKind.SENSITIVITY: _by("sensitivity-classifications"),
    PartKind.STATISTICS: _by("statistics"),
    PartKind.TRIGGER: _by("dml-triggers"),
    PartKind.UNIQUE_KEY: INDEXES,
}
"""Parts that are hidden whole."""

_OF_INDEXES: dict[str, Names] = {
    "filegroup": FILEGROUPS,
    "FILLFACTOR": _by("fill-factor-and-index-padding"),
    "PAD_INDEX": _by("fill-factor-and-index-padding"),
    "ALLOW_ROW_LOCKS": _by("lock-properties-of-indexes"),
    "ALLOW_PAGE_LOCKS": _by("lock-properties-of-indexes"),
    "STATISTICS_NORECOMPUTE": _by("statistics-no-recompute"),
    "STATISTICS_INCREMENTAL": _by("statistics-incremental"),
    "DATA_COMPRESSION": COMPRESSION,
    "XML_COMPRESSION": COMPRESSION,
}
_OF_CONSTRAINTS: dict[str, Names] = {
    "not for replication": _by("not-for-replication"),
    "trusted": _by("with-no-check", "nocheck-and-with-nocheck"),
    "disabled": _by("nocheck-and-with-nocheck"),
}
_OF_MODULES: dict[str, Names] = {
    "quoted_identifier": SET_OPTIONS,
    "ansi_nulls": SET_OPTIONS,
    "order": _by("trigger-order"),
    "encryption": ENCRYPTION,
}

PROPERTIES: dict[PartKind, dict[str, Names]] = {
    PartKind.OBJECT: {
        **_OF_MODULES,
        "authorization": _by("authorization-on-schema-objects"),
        "filegroup": FILEGROUPS,
        "text filegroup": FILEGROUPS,
        "nullability": _by("nullability"),
        "DATA_COMPRESSION": COMPRESSION,
        "XML_COMPRESSION": COMPRESSION,
        "CHANGE_TRACKING": _by("change-tracking"),
        "TRACK_COLUMNS_UPDATED": _by("change-tracking"),
    },
    PartKind.COLUMN: {
        "collation": _by("collations"),
        "nullability": _by("nullability"),
        "identity": _by("identity-properties"),
        "identity seed": _by("identity-properties", "identity-seed-and-increment"),
        "identity increment": _by("identity-properties", "identity-seed-and-increment"),
        "not for replication": _by("not-for-replication", "identity-properties"),
        "mask": _by("dynamic-data-masking"),
    },
    PartKind.UNIQUE_KEY: _OF_INDEXES,
    PartKind.INDEX: _OF_INDEXES,
    PartKind.FOREIGN_KEY: _OF_CONSTRAINTS,
    PartKind.CHECK: _OF_CONSTRAINTS,
    PartKind.STATISTICS: {
        "NORECOMPUTE": _by("statistics-no-recompute"),
        "INCREMENTAL": _by("statistics-incremental"),
    },
    PartKind.TRIGGER: _OF_MODULES,
    PartKind.FULL_TEXT: {"filegroup": FILEGROUPS},
}
"""Single properties, by the part that has them."""

FACTS: dict[tuple[Kind, str], Names] = {
    (Kind.QUEUE, "filegroup"): FILEGROUPS,
    (Kind.SECURITY_POLICY, "not_for_replication"): _by("not-for-replication"),
}
_TEST_OBJECTS = frozenset({"tsqlt", "sqlcop"})
_REPLICATION = re.compile(r"(msmerge_|msync_|mssync_|trg_mssync_|sp_mssync_)", re.IGNORECASE)
_INSTEAD = re.compile(r"\bINSTEAD\s+OF\b", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def hidden_by(kind: PartKind, name: str) -> Names:
    """Give the options that hide a property of any part of this kind; '' is the part itself."""
    return PARTS.get(kind, NOTHING) | PROPERTIES.get(kind, {}).get(name, NOTHING)


def of_fact(kind: Kind, name: str) -> Names:
    """Give the options that hide a fact of an item."""
    if kind is Kind.USER:
        return _by("user-properties")
    return FACTS.get((kind, name), NOTHING)


def of_object(each: Object, test_schemas: frozenset[str] = _TEST_OBJECTS) -> Names:
    """Give the options that hide a whole object: for its kind, or for its name."""
    kind = Kind(each.key.kind)
    found = OBJECTS.get(kind, NOTHING)
    schema = fold(each.name if kind is Kind.SCHEMA else each.schema)
    if schema in test_schemas or (not each.schema and fold(each.name).startswith("tsqlt")):
        found |= _by("tsqlt")
    if schema == "datasync":
        found |= _by("data-sync-schema")
    if isinstance(each, Item):
        if kind is Kind.EVENT_NOTIFICATION and each.fact("on").startswith("QUEUE"):
            found |= _by("event-notifications-on-queues")
        if kind is Kind.EXTENDED_PROPERTY and is_microsofts(each.name):
            found |= _by("internally-used-microsoft-extended-properties")
    return found


def of_index(index: Index) -> Names:
    """A unique index is not there for speed alone."""
    return NOTHING if index.unique else _by("performance-indexes")


def of_trigger(trigger: Trigger) -> Names:
    """INSTEAD OF triggers, and those of replication and Data Sync, have options of their own."""
    found = NOTHING
    if _INSTEAD.search(_COMMENT.sub(" ", trigger.definition)):
        found |= _by("instead-of-triggers")
    if _REPLICATION.match(trigger.name):
        found |= _by("replication-triggers")
    if "_dss_" in fold(trigger.name):
        found |= _by("data-sync-schema")
    return found


def of_permission(permission: Permission, roles: frozenset[str]) -> Names:
    """What is granted to a user, and not to a role."""
    return NOTHING if fold(permission.grantee) in roles else USERS


def of_member(member: str, roles: frozenset[str]) -> Names:
    """A user's membership in a role."""
    return NOTHING if fold(member) in roles else USERS


def of_property(each: Property) -> Names:
    """What Microsoft's designers keep for themselves."""
    if is_microsofts(each.name):
        return _by("internally-used-microsoft-extended-properties")
    return NOTHING


def is_microsofts(name: str) -> bool:
    """Whether an extended property is one that designers write: MS_DiagramPane1, ..."""
    return fold(name).startswith(("ms_diagrampane", "microsoft_database_tools"))


Constraint = UniqueKey | ForeignKey | Check
