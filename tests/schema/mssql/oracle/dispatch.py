"""CREATE, ALTER and DROP: which part of the oracle reads what follows."""

from collections.abc import Callable
from typing import TypeAlias

from tests.schema.mssql.oracle import broker, fulltext, indexes, keys, principals, scalars, storage
from tests.schema.mssql.oracle.alter_table import alter_table
from tests.schema.mssql.oracle.cursor import Cursor
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.modules import drop_module, module
from tests.schema.mssql.oracle.renames import alter_schema
from tests.schema.mssql.oracle.rest_of_server import alter_database, ignored_database
from tests.schema.mssql.oracle.scalars import drop_thing
from tests.schema.mssql.oracle.session import Act
from tests.schema.mssql.oracle.tables import create_table, drop_table

Reader: TypeAlias = Callable[[Cursor], Act]

MODULES = "PROC|PROCEDURE|FUNCTION|VIEW|TRIGGER"
INDEX_WORDS = "UNIQUE|CLUSTERED|NONCLUSTERED|COLUMNSTORE|INDEX|PRIMARY|SELECTIVE|SPATIAL"

CREATE: dict[str, Reader] = {
    "TABLE": create_table,
    "TYPE": scalars.create_type,
    "SEQUENCE": scalars.create_sequence,
    "SYNONYM": scalars.create_synonym,
    "STATISTICS": indexes.create_statistics,
    "USER": principals.create_user,
    "ROLE": principals.create_role,
    "APPLICATION ROLE": principals.create_application_role,
    "PARTITION FUNCTION": storage.create_function,
    "PARTITION SCHEME": storage.create_scheme,
    "XML SCHEMA COLLECTION": storage.create_collection,
    "FULLTEXT CATALOG": storage.create_catalog,
    "FULLTEXT INDEX": fulltext.create_index,
    "FULLTEXT STOPLIST": lambda c: storage.create_list(c, "FULLTEXT STOPLIST"),
    "SEARCH PROPERTY LIST": lambda c: storage.create_list(c, "SEARCH PROPERTY LIST"),
    "MESSAGE TYPE": broker.create_message_type,
    "CONTRACT": broker.create_contract,
    "QUEUE": broker.create_queue,
    "SERVICE": broker.create_service,
    "ROUTE": broker.create_route,
    "REMOTE SERVICE BINDING": broker.create_binding,
    "EVENT NOTIFICATION": broker.create_notification,
    "BROKER PRIORITY": broker.create_priority,
    "CERTIFICATE": lambda c: keys.create_key(c, "CERTIFICATE"),
    "ASYMMETRIC KEY": lambda c: keys.create_key(c, "ASYMMETRIC KEY"),
    "SYMMETRIC KEY": lambda c: keys.create_key(c, "SYMMETRIC KEY"),
    "ASSEMBLY": keys.create_assembly,
    "AGGREGATE": keys.create_aggregate,
    "SECURITY POLICY": lambda c: keys.policy(c, "CREATE"),
    "DATABASE": ignored_database,
}

ALTER: dict[str, Reader] = {
    "TABLE": alter_table,
    "INDEX": indexes.alter_index,
    "SEQUENCE": scalars.alter_sequence,
    "SCHEMA": alter_schema,
    "USER": principals.alter_user,
    "ROLE": principals.alter_role,
    "APPLICATION ROLE": principals.alter_application_role,
    "PARTITION FUNCTION": storage.alter_function,
    "PARTITION SCHEME": storage.alter_scheme,
    "XML SCHEMA COLLECTION": storage.alter_collection,
    "FULLTEXT CATALOG": storage.alter_catalog,
    "FULLTEXT INDEX": fulltext.alter_index,
    "FULLTEXT STOPLIST": lambda c: storage.alter_list(c, "FULLTEXT STOPLIST"),
    "SEARCH PROPERTY LIST": lambda c: storage.alter_list(c, "SEARCH PROPERTY LIST"),
    "MESSAGE TYPE": broker.alter_message_type,
    "QUEUE": broker.alter_queue,
    "SERVICE": broker.alter_service,
    "ROUTE": lambda c: broker.alter_options(c, "ROUTE"),
    "REMOTE SERVICE BINDING": lambda c: broker.alter_options(c, "REMOTE SERVICE BINDING"),
    "CERTIFICATE": lambda c: keys.alter_key(c, "CERTIFICATE"),
    "ASYMMETRIC KEY": lambda c: keys.alter_key(c, "ASYMMETRIC KEY"),
    "SYMMETRIC KEY": lambda c: keys.alter_key(c, "SYMMETRIC KEY"),
    "ASSEMBLY": keys.alter_assembly,
    "SECURITY POLICY": lambda c: keys.policy(c, "ALTER"),
    "DATABASE": alter_database,
}

DROP: dict[str, Reader] = {
    "TABLE": drop_table,
    "INDEX": indexes.drop_index,
    "STATISTICS": indexes.drop_statistics,
    "TYPE": scalars.drop_type,
    "SEQUENCE": lambda c: drop_thing(c, "SEQUENCE", schema=True, number=3701),
    "SYNONYM": lambda c: drop_thing(c, "SYNONYM", schema=True, number=3701),
    "DEFAULT": lambda c: scalars.drop_bound(c, "DEFAULT"),
    "RULE": lambda c: scalars.drop_bound(c, "RULE"),
    "SCHEMA": principals.drop_schema,
    "USER": lambda c: principals.drop_principal(c, "USER"),
    "ROLE": lambda c: principals.drop_principal(c, "ROLE"),
    "APPLICATION ROLE": lambda c: principals.drop_principal(c, "APPLICATION ROLE"),
    "PARTITION FUNCTION": lambda c: drop_thing(c, "PARTITION FUNCTION", number=7706),
    "PARTITION SCHEME": storage.drop_scheme,
    "XML SCHEMA COLLECTION": storage.drop_collection,
    "FULLTEXT CATALOG": storage.drop_catalog,
    "FULLTEXT INDEX": fulltext.drop_index,
    "FULLTEXT STOPLIST": lambda c: storage.drop_list(c, "FULLTEXT STOPLIST"),
    "SEARCH PROPERTY LIST": lambda c: storage.drop_list(c, "SEARCH PROPERTY LIST"),
    "MESSAGE TYPE": lambda c: drop_thing(c, "MESSAGE TYPE"),
    "CONTRACT": lambda c: drop_thing(c, "CONTRACT"),
    "QUEUE": lambda c: drop_thing(c, "QUEUE", schema=True),
    "SERVICE": lambda c: drop_thing(c, "SERVICE"),
    "ROUTE": lambda c: drop_thing(c, "ROUTE"),
    "REMOTE SERVICE BINDING": lambda c: drop_thing(c, "REMOTE SERVICE BINDING"),
    "EVENT NOTIFICATION": broker.drop_notification,
    "BROKER PRIORITY": lambda c: drop_thing(c, "BROKER PRIORITY"),
    "CERTIFICATE": lambda c: drop_thing(c, "CERTIFICATE"),
    "ASYMMETRIC KEY": lambda c: drop_thing(c, "ASYMMETRIC KEY"),
    "SYMMETRIC KEY": lambda c: drop_thing(c, "SYMMETRIC KEY"),
    "ASSEMBLY": lambda c: without_dependents(drop_thing(c, "ASSEMBLY", keys.assembly_users), c),
    "AGGREGATE": lambda c: drop_thing(c, "AGGREGATE", schema=True, number=3701),
    "SECURITY POLICY": lambda c: drop_thing(c, "SECURITY POLICY", schema=True, number=3701),
    "DATABASE": ignored_database,
    "PROCEDURE": lambda c: drop_module(c, "PROCEDURE"),
    "VIEW": lambda c: drop_module(c, "VIEW"),
    "FUNCTION": lambda c: drop_module(c, "FUNCTION"),
    "TRIGGER": lambda c: drop_module(c, "TRIGGER"),
    "PROC": lambda c: drop_module(c, "PROCEDURE"),
}


def without_dependents(act: Act, c: Cursor) -> Act:
    c.take("WITH", "NO", "DEPENDENTS")
    return act


def create(c: Cursor) -> Act:
    """What follows CREATE, which is the token before."""
    first = c.position == 1
    if c.at("OR", "ALTER"):
        c.position += 2
        need_first(first, c)
        return module(c, "CREATE OR ALTER")
    if c.at(MODULES):
        need_first(first, c)
        return module(c, "CREATE")
    if c.take("SCHEMA"):
        need_first(first, c)
        return principals.create_schema(c)
    if c.at("DEFAULT|RULE"):
        need_first(first, c)
        act = scalars.create_bound(c, c.word())
        c.take(";")
        if not c.done:
            raise Refused(111, "CREATE DEFAULT and CREATE RULE must be alone in their batch")
        return act
    if c.at(INDEX_WORDS) or c.at("XML|JSON", "INDEX"):
        return indexes.create_index(c)
    return read(c, CREATE)


def alter(c: Cursor) -> Act:
    """What follows ALTER, which is the token before."""
    if c.at(MODULES):
        need_first(c.position == 1, c)
        return module(c, "ALTER")
    return read(c, ALTER)


def drop(c: Cursor) -> Act:
    """What follows DROP, which is the token before."""
    return read(c, DROP)


def need_first(first: bool, c: Cursor) -> None:
    if not first:
        raise Refused(
            111, f"CREATE or ALTER {c.peek().upper} must be the first statement of its batch"
        )


def read(c: Cursor, readers: dict[str, Reader]) -> Act:
    for size in (3, 2, 1):
        words = " ".join(c.peek(ahead).upper for ahead in range(size))
        if words in readers and all(c.peek(ahead).kind == "word" for ahead in range(size)):
            c.position += size
            return readers[words](c)
    raise c.unknown("an object of a known type expected")
