"""Objects that are a name and facts: each kind made, altered and dropped by its own statements."""

from collections.abc import Callable
from typing import NamedTuple

from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.writers.mssql import broker, crypto, principals, programmable, storage
from pipeline.schema.writers.mssql.authorization import alter_authorization
from pipeline.schema.writers.mssql.changes import Changes, made_anew
from pipeline.schema.writers.mssql.kinds import drop_words, exists, full_name
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target

Create = Callable[[Item, Target], tuple[Statement, ...]]
Alter = Callable[[Changes, Target], tuple[Statement, ...] | None]


class Writer(NamedTuple):
    """`alter` gives None where the object has to be made anew. `owner`: CREATE says it itself."""

    create: Create
    alter: Alter
    owner: bool = False


WRITERS: dict[Kind, Writer] = {
    Kind.ASSEMBLY: Writer(programmable.create_assembly, programmable.alter_assembly, owner=True),
    Kind.ASYMMETRIC_KEY: Writer(crypto.create_asymmetric_key, crypto.alter_key, owner=True),
    Kind.CERTIFICATE: Writer(crypto.create_certificate, crypto.alter_certificate, owner=True),
    Kind.CONTRACT: Writer(broker.create_contract, made_anew, owner=True),
    Kind.DEFAULT: Writer(programmable.create_definition, made_anew),
    Kind.EVENT_NOTIFICATION: Writer(broker.create_event_notification, made_anew),
    Kind.EXTENDED_PROPERTY: Writer(
        programmable.create_database_property, programmable.alter_database_property
    ),
    Kind.FULL_TEXT_CATALOG: Writer(storage.create_catalog, storage.alter_catalog, owner=True),
    Kind.FULL_TEXT_STOPLIST: Writer(storage.create_stoplist, storage.alter_stoplist, owner=True),
    Kind.MESSAGE_TYPE: Writer(broker.create_message_type, broker.alter_message_type, owner=True),
    Kind.PARTITION_FUNCTION: Writer(storage.create_function, storage.alter_function),
    Kind.PARTITION_SCHEME: Writer(storage.create_scheme, storage.alter_scheme),
    Kind.QUEUE: Writer(broker.create_queue, broker.alter_queue),
    Kind.ROLE: Writer(principals.create_role, principals.alter_role, owner=True),
    Kind.ROUTE: Writer(broker.create_route, broker.alter_route, owner=True),
    Kind.RULE: Writer(programmable.create_definition, made_anew),
    Kind.SCHEMA: Writer(principals.create_schema, principals.alter_schema, owner=True),
    Kind.SEARCH_PROPERTY_LIST: Writer(
        storage.create_property_list, storage.alter_property_list, owner=True
    ),
    Kind.SECURITY_POLICY: Writer(principals.create_policy, principals.alter_policy),
    Kind.SEQUENCE: Writer(programmable.create_sequence, programmable.alter_sequence),
    Kind.SERVICE: Writer(broker.create_service, broker.alter_service, owner=True),
    Kind.SERVICE_BINDING: Writer(broker.create_binding, broker.alter_binding, owner=True),
    Kind.SYMMETRIC_KEY: Writer(
        crypto.create_symmetric_key, crypto.alter_symmetric_key, owner=True
    ),
    Kind.SYNONYM: Writer(programmable.create_synonym, made_anew),
    Kind.USER: Writer(principals.create_user, principals.alter_user),
    Kind.USER_DEFINED_TYPE: Writer(programmable.create_clr_type, made_anew),
    Kind.XML_SCHEMA_COLLECTION: Writer(
        programmable.create_schema_collection, programmable.alter_schema_collection
    ),
}


_SINCE = {
    Kind.SEARCH_PROPERTY_LIST: "a search property list",
    Kind.SECURITY_POLICY: "a security policy",
    Kind.SEQUENCE: "a sequence",
}
_ENDS = {
    Kind.ASSEMBLY: " WITH NO DEPENDENTS",
    # The server asks for a semicolon after these.
    Kind.FULL_TEXT_STOPLIST: ";",
    Kind.SEARCH_PROPERTY_LIST: ";",
}


def create_item(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE and whatever has to follow it at once. What is built in is there already."""
    _need(item, target)
    writer = WRITERS[item.kind]
    if item.built_in:
        bare = item._replace(facts=(), authorization="")
        return alter_item(bare, item, target)
    made = writer.create(item, target)
    return made if writer.owner else (*made, *alter_authorization(item, ""))


def alter_item(old: Item, new: Item, target: Target) -> tuple[Statement, ...]:
    """The smallest statements for the facts that differ."""
    _need(new, target)
    changes = Changes(old, new)
    owner = alter_authorization(new, old.authorization)
    if not changes.names:
        return owner
    said = None if changes.fixed else WRITERS[new.kind].alter(changes, target)
    if said is None:
        return (*drop_item(old, target), *create_item(new, target))
    return (*said, *owner)


def _need(item: Item, target: Target) -> None:
    if item.kind in _SINCE:
        target.need(_SINCE[item.kind], full_name(item))


def drop_item(item: Item, target: Target) -> tuple[Statement, ...]:
    """DROP."""
    _need(item, target)
    if item.kind is Kind.EXTENDED_PROPERTY:
        return programmable.drop_database_property(item)
    if item.kind is Kind.EVENT_NOTIFICATION:
        return broker.drop_event_notification(item)
    if item.kind is Kind.ROLE:
        return principals.drop_role(item)
    sql = f"DROP {drop_words(item)} {full_name(item)}"
    sql += _ENDS.get(item.kind, "")
    return (Statement(sql, exists(item), making=False),)
