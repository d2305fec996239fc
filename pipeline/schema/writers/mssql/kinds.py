"""The words by which SQL Server speaks of each type of object: in DROP, GRANT, properties."""

from typing import NamedTuple

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import AliasType, Item, TableType, Unreadable
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, two_part
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.syntax.mssql.tokens import quote_string


class Words(NamedTuple):
    """`drop` follows DROP and CREATE; `securable` stands before `::` ('' of plain objects).

    `level` is the type of an extended property's object, '' where none can be kept. `catalogue`
    is the view of the server that lists the objects by name, '' where a function finds them.
    """

    drop: str
    securable: str
    level: str
    catalogue: str = ""


WORDS = {
    Kind.ASSEMBLY: Words("ASSEMBLY", "ASSEMBLY", "ASSEMBLY", "assemblies"),
    Kind.ASYMMETRIC_KEY: Words(
        "ASYMMETRIC KEY", "ASYMMETRIC KEY", "ASYMMETRIC KEY", "asymmetric_keys"
    ),
    Kind.CERTIFICATE: Words("CERTIFICATE", "CERTIFICATE", "CERTIFICATE", "certificates"),
    Kind.CONTRACT: Words("CONTRACT", "CONTRACT", "CONTRACT", "service_contracts"),
    Kind.DDL_TRIGGER: Words("TRIGGER", "", "TRIGGER", "triggers"),
    Kind.DEFAULT: Words("DEFAULT", "", "DEFAULT"),
    Kind.EVENT_NOTIFICATION: Words(
        "EVENT NOTIFICATION", "", "EVENT NOTIFICATION", "event_notifications"
    ),
    Kind.EXTENDED_PROPERTY: Words("", "", ""),
    Kind.FULL_TEXT_CATALOG: Words(
        "FULLTEXT CATALOG", "FULLTEXT CATALOG", "FULLTEXT CATALOG", "fulltext_catalogs"
    ),
    Kind.FULL_TEXT_STOPLIST: Words(
        "FULLTEXT STOPLIST", "FULLTEXT STOPLIST", "FULLTEXT STOPLIST", "fulltext_stoplists"
    ),
    Kind.FUNCTION: Words("FUNCTION", "", "FUNCTION"),
    Kind.MESSAGE_TYPE: Words(
        "MESSAGE TYPE", "MESSAGE TYPE", "MESSAGE TYPE", "service_message_types"
    ),
    Kind.PARTITION_FUNCTION: Words(
        "PARTITION FUNCTION", "", "PARTITION FUNCTION", "partition_functions"
    ),
    Kind.PARTITION_SCHEME: Words("PARTITION SCHEME", "", "PARTITION SCHEME", "partition_schemes"),
    Kind.QUEUE: Words("QUEUE", "", "QUEUE"),
    Kind.ROLE: Words("ROLE", "ROLE", "USER"),
    Kind.ROUTE: Words("ROUTE", "ROUTE", "ROUTE", "routes"),
    Kind.RULE: Words("RULE", "", "RULE"),
    Kind.SCHEMA: Words("SCHEMA", "SCHEMA", "SCHEMA"),
    Kind.SEARCH_PROPERTY_LIST: Words(
        "SEARCH PROPERTY LIST",
        "SEARCH PROPERTY LIST",
        "SEARCH PROPERTY LIST",
        "registered_search_property_lists",
    ),
    Kind.SECURITY_POLICY: Words("SECURITY POLICY", "", "SECURITY POLICY"),
    Kind.SEQUENCE: Words("SEQUENCE", "", "SEQUENCE"),
    Kind.SERVICE: Words("SERVICE", "SERVICE", "SERVICE", "services"),
    Kind.SERVICE_BINDING: Words(
        "REMOTE SERVICE BINDING",
        "REMOTE SERVICE BINDING",
        "REMOTE SERVICE BINDING",
        "remote_service_bindings",
    ),
    Kind.STORED_PROCEDURE: Words("PROCEDURE", "", "PROCEDURE"),
    Kind.SYMMETRIC_KEY: Words("SYMMETRIC KEY", "SYMMETRIC KEY", "SYMMETRIC KEY", "symmetric_keys"),
    Kind.SYNONYM: Words("SYNONYM", "", "SYNONYM"),
    Kind.TABLE: Words("TABLE", "", "TABLE"),
    Kind.USER: Words("USER", "USER", "USER"),
    Kind.USER_DEFINED_TYPE: Words("TYPE", "TYPE", "TYPE"),
    Kind.VIEW: Words("VIEW", "", "VIEW"),
    Kind.XML_SCHEMA_COLLECTION: Words(
        "XML SCHEMA COLLECTION", "XML SCHEMA COLLECTION", "XML SCHEMA COLLECTION"
    ),
}


def kind_of(thing: Object) -> Kind:
    """Give the type of any object."""
    match thing:
        case Table():
            return Kind.TABLE
        case TableType() | AliasType():
            return Kind.USER_DEFINED_TYPE
        case Module() | Item() | Unreadable():
            return thing.kind


def full_name(thing: Object) -> str:
    """Give `[schema].[name]`."""
    return two_part(thing.schema, thing.name)


def drop_words(thing: Object) -> str:
    """Give what follows DROP before the name: APPLICATION ROLE too."""
    if isinstance(thing, Item) and thing.kind is Kind.ROLE and thing.fact("application") == "ON":
        return "APPLICATION ROLE"
    return WORDS[kind_of(thing)].drop


def securable(thing: Object) -> str:
    """Give the object as GRANT and ALTER AUTHORIZATION name it: `TYPE::[dbo].[x]`."""
    words = WORDS[kind_of(thing)].securable
    words = "APPLICATION ROLE" if drop_words(thing) == "APPLICATION ROLE" else words
    return f"{words}::{full_name(thing)}" if words else full_name(thing)


def exists(thing: Object) -> str:
    """Give the condition that is true when the object is there."""
    kind, name = kind_of(thing), quote_string(full_name(thing))
    plain = quote_string(thing.name)
    if kind in {Kind.ROLE, Kind.USER}:
        return f"DATABASE_PRINCIPAL_ID({plain}) IS NOT NULL"
    if kind is Kind.SCHEMA:
        return f"SCHEMA_ID({plain}) IS NOT NULL"
    if kind is Kind.USER_DEFINED_TYPE:
        return f"TYPE_ID({name}) IS NOT NULL"
    if kind is Kind.XML_SCHEMA_COLLECTION:
        schema = quote_string(thing.schema)
        where = f"[name] = {plain} AND SCHEMA_NAME([schema_id]) = {schema}"
        return f"EXISTS (SELECT 1 FROM sys.xml_schema_collections WHERE {where})"
    if kind is Kind.EXTENDED_PROPERTY:
        where = f"[class] = 0 AND [name] = {plain}"
        return f"EXISTS (SELECT 1 FROM sys.extended_properties WHERE {where})"
    if kind is Kind.DDL_TRIGGER:
        where = f"[parent_class] = 0 AND [name] = {plain}"
        return f"EXISTS (SELECT 1 FROM sys.triggers WHERE {where})"
    if catalogue := WORDS[kind].catalogue:
        return f"EXISTS (SELECT 1 FROM sys.{catalogue} WHERE [name] = {plain})"
    return f"OBJECT_ID({name}) IS NOT NULL"
