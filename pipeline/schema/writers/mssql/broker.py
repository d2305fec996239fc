"""Service Broker: message types, contracts, queues, services, routes, bindings, notifications."""

from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.writers.mssql.changes import Changes, listed_facts, said
from pipeline.schema.writers.mssql.kinds import exists, full_name
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def owned(item: Item) -> str:
    """Give ` AUTHORIZATION [x]`, or nothing."""
    return f" AUTHORIZATION {bracket(item.authorization)}" if item.authorization else ""


def made(item: Item, sql: str) -> tuple[Statement, ...]:
    """One statement that makes the object."""
    return (Statement(sql, exists(item)),)


def altered(item: Item, *sqls: str) -> tuple[Statement, ...]:
    """Statements that change the object."""
    return tuple(Statement(sql, exists(item), making=False) for sql in sqls)


def create_message_type(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE MESSAGE TYPE."""
    validation = said(item, "validation")
    sql = f"CREATE MESSAGE TYPE {bracket(item.name)}{owned(item)} VALIDATION = {validation}"
    return made(item, sql)


def alter_message_type(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """ALTER MESSAGE TYPE."""
    name, validation = bracket(changes.new.name), changes.now("validation")
    return altered(changes.new, f"ALTER MESSAGE TYPE {name} VALIDATION = {validation}")


def create_contract(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE CONTRACT."""
    messages = ", ".join(
        f"{bracket(message)} SENT BY {by}" for message, by in listed_facts(item, "message:")
    )
    return made(item, f"CREATE CONTRACT {bracket(item.name)}{owned(item)} ({messages})")


def create_queue(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE QUEUE."""
    options = [f"{word} = {item.fact(name)}" for word, name in _SIMPLE if item.fact(name)]
    options += [f"ACTIVATION ({_activation(item)})"] if _activation(item) else []
    options += _poison(item) if item.fact("poison_message_handling") else []
    sql = f"CREATE QUEUE {full_name(item)}"
    sql += f" WITH {', '.join(options)}" if options else ""
    sql += f" ON {item.fact('filegroup')}" if item.fact("filegroup") else ""
    return made(item, sql)


_SIMPLE = (("STATUS", "status"), ("RETENTION", "retention"))
_ACTIVATION = ("procedure", "activation", "max_queue_readers", "execute_as")


def _poison(item: Item) -> list[str]:
    return [f"POISON_MESSAGE_HANDLING (STATUS = {said(item, 'poison_message_handling')})"]


def _activation(item: Item) -> str:
    parts = [f"STATUS = {item.fact('activation')}"] if item.fact("activation") else []
    parts += [f"PROCEDURE_NAME = {item.fact('procedure')}"] if item.fact("procedure") else []
    readers = item.fact("max_queue_readers")
    parts += [f"MAX_QUEUE_READERS = {readers}"] if readers else []
    parts += [f"EXECUTE AS {item.fact('execute_as')}"] if item.fact("execute_as") else []
    return ", ".join(parts)


def alter_queue(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """ALTER QUEUE: only what differs; MOVE TO for another filegroup, since 2016."""
    if changes.has("filegroup") and not target.knows("ALTER QUEUE MOVE TO"):
        return None
    name = full_name(changes.new)
    options = [f"{word} = {changes.now(fact)}" for word, fact in _SIMPLE if changes.has(fact)]
    if changes.has(*_ACTIVATION):
        wanted = _activation(changes.new) if changes.new.fact("procedure") else "DROP"
        options.append(f"ACTIVATION ({wanted})")
    options += _poison(changes.new) if changes.has("poison_message_handling") else []
    sqls = [f"ALTER QUEUE {name} WITH {', '.join(options)}"] if options else []
    if changes.has("filegroup"):
        place = changes.new.fact("filegroup") or "[PRIMARY]"
        sqls.append(f"ALTER QUEUE {name} MOVE TO {place}")
    return altered(changes.new, *sqls)


def create_service(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE SERVICE."""
    contracts = ", ".join(bracket(name) for name, _ in listed_facts(item, "contract:"))
    sql = f"CREATE SERVICE {bracket(item.name)}{owned(item)} ON QUEUE {item.fact('queue')}"
    return made(item, sql + (f" ({contracts})" if contracts else ""))


def alter_service(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """ALTER SERVICE."""
    sql = f"ALTER SERVICE {bracket(changes.new.name)}"
    sql += f" ON QUEUE {changes.new.fact('queue')}" if changes.has("queue") else ""
    contracts = ", ".join(
        f"{'ADD' if after else 'DROP'} CONTRACT {bracket(name)}"
        for name, _, after in changes.of("contract:")
    )
    return altered(changes.new, sql + (f" ({contracts})" if contracts else ""))


_ROUTE = ("service_name", "broker_instance", "lifetime", "address", "mirror_address")


def create_route(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE ROUTE."""
    options = ", ".join(f"{n.upper()} = {item.fact(n)}" for n in _ROUTE if item.fact(n))
    return made(item, f"CREATE ROUTE {bracket(item.name)}{owned(item)} WITH {options}")


def alter_route(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """ALTER ROUTE; an option that is no longer said goes only with the route."""
    if any(not changes.new.fact(name) for name in changes.names):
        return None
    options = ", ".join(f"{n.upper()} = {changes.new.fact(n)}" for n in _ROUTE if changes.has(n))
    return altered(changes.new, f"ALTER ROUTE {bracket(changes.new.name)} WITH {options}")


def create_binding(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE REMOTE SERVICE BINDING."""
    sql = f"CREATE REMOTE SERVICE BINDING {bracket(item.name)}{owned(item)}"
    sql += f" TO SERVICE {item.fact('service')} WITH USER = {item.fact('user')}"
    sql += f", ANONYMOUS = {item.fact('anonymous')}" if item.fact("anonymous") else ""
    return made(item, sql)


def alter_binding(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """ALTER REMOTE SERVICE BINDING."""
    options = [f"USER = {changes.now('user')}"] if changes.has("user") else []
    options += [f"ANONYMOUS = {changes.now('anonymous')}"] if changes.has("anonymous") else []
    name = bracket(changes.new.name)
    return altered(changes.new, f"ALTER REMOTE SERVICE BINDING {name} WITH {', '.join(options)}")


def create_event_notification(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE EVENT NOTIFICATION."""
    sql = f"CREATE EVENT NOTIFICATION {bracket(item.name)} ON {said(item, 'on')}"
    sql += " WITH FAN_IN" if item.fact("fan_in") == "ON" else ""
    service = f"{item.fact('service')}, {item.fact('broker')}"
    return made(item, f"{sql} FOR {item.fact('events')} TO SERVICE {service}")


def drop_event_notification(item: Item) -> tuple[Statement, ...]:
    """DROP EVENT NOTIFICATION ON what it watches."""
    return altered(item, f"DROP EVENT NOTIFICATION {bracket(item.name)} ON {said(item, 'on')}")
