"""How SQL Server's objects are named: the 32 types, their keys, and how names compare.

The type names are those of RedGate's filters, so that filters and reports can be carried over.
"""

from enum import StrEnum

from pipeline.schema.model.names import Key


class Kind(StrEnum):
    """The closed list of object types that are compared."""

    ASSEMBLY = "Assembly"
    ASYMMETRIC_KEY = "AsymmetricKey"
    CERTIFICATE = "Certificate"
    CONTRACT = "Contract"
    DDL_TRIGGER = "DdlTrigger"
    DEFAULT = "Default"
    EVENT_NOTIFICATION = "EventNotification"
    EXTENDED_PROPERTY = "ExtendedProperty"
    FULL_TEXT_CATALOG = "FullTextCatalog"
    FULL_TEXT_STOPLIST = "FullTextStoplist"
    FUNCTION = "Function"
    MESSAGE_TYPE = "MessageType"
    PARTITION_FUNCTION = "PartitionFunction"
    PARTITION_SCHEME = "PartitionScheme"
    QUEUE = "Queue"
    ROLE = "Role"
    ROUTE = "Route"
    RULE = "Rule"
    SCHEMA = "Schema"
    SEARCH_PROPERTY_LIST = "SearchPropertyList"
    SECURITY_POLICY = "SecurityPolicy"
    SEQUENCE = "Sequence"
    SERVICE = "Service"
    SERVICE_BINDING = "ServiceBinding"
    STORED_PROCEDURE = "StoredProcedure"
    SYMMETRIC_KEY = "SymmetricKey"
    SYNONYM = "Synonym"
    TABLE = "Table"
    USER = "User"
    USER_DEFINED_TYPE = "UserDefinedType"
    VIEW = "View"
    XML_SCHEMA_COLLECTION = "XmlSchemaCollection"


IN_SCHEMAS = frozenset(
    {
        Kind.DEFAULT,
        Kind.FUNCTION,
        Kind.QUEUE,
        Kind.RULE,
        Kind.SECURITY_POLICY,
        Kind.SEQUENCE,
        Kind.STORED_PROCEDURE,
        Kind.SYNONYM,
        Kind.TABLE,
        Kind.USER_DEFINED_TYPE,
        Kind.VIEW,
        Kind.XML_SCHEMA_COLLECTION,
    }
)
"""Types whose objects stand in a schema; the others have the schema ''."""


FIXED_ROLES = frozenset(
    {
        "db_accessadmin",
        "db_backupoperator",
        "db_datareader",
        "db_datawriter",
        "db_ddladmin",
        "db_denydatareader",
        "db_denydatawriter",
        "db_owner",
        "db_securityadmin",
    }
)
"""The roles of every database but public, folded."""


def fold(name: str) -> str:
    """Give the form in which names compare under a collation that ignores case."""
    return name.lower()


def key(kind: Kind, schema: str, name: str) -> Key:
    """Give what an object is found by."""
    return Key(kind.value, schema.lower(), name.lower())


def bracket(name: str) -> str:
    """Give a name as SQL Server takes any name: `[name]`, with `]` doubled."""
    return f"[{name.replace(']', ']]')}]"


def two_part(schema: str, name: str) -> str:
    """Give `[schema].[name]`, or `[name]` for what stands in no schema."""
    return f"{bracket(schema)}.{bracket(name)}" if schema else bracket(name)
