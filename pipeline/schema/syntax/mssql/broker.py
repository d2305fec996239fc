"""Service Broker: message types, contracts, queues, services, routes, bindings, notifications."""

from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import (
    bracketed,
    bracketed_two,
    comma_separated,
    if_exists,
    on_off,
    one_of,
    owner,
    quoted,
    schema_and_name,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Said, Statement, change, dropper, item


def _create_message_type(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "MESSAGE", "TYPE")
    name = cursor.name()
    authorization = owner(cursor)
    said = {"validation": _validation(cursor, builder)}
    builder.put(item(Kind.MESSAGE_TYPE, name, said, authorization=authorization), cursor)


def _validation(cursor: Cursor, builder: Builder) -> str:
    if not cursor.accept("VALIDATION", "="):
        return "NONE"
    found = one_of(cursor, "NONE", "EMPTY", "WELL_FORMED_XML", "VALID_XML")
    if found != "VALID_XML":
        return found
    cursor.expect("WITH", "SCHEMA", "COLLECTION")
    return f"VALID_XML WITH SCHEMA COLLECTION {bracketed_two(cursor, builder)}"


def _alter_message_type(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "MESSAGE", "TYPE")
    name = cursor.name()
    added = {"validation": _validation(cursor, builder)}
    change(builder, Kind.MESSAGE_TYPE, "", name, lambda said: said.update(added), cursor)


def _create_contract(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "CONTRACT")
    name = cursor.name()
    authorization = owner(cursor)

    def sent() -> tuple[str, str]:
        message = cursor.name()
        cursor.expect("SENT", "BY")
        return f"message:{message}", one_of(cursor, "INITIATOR", "TARGET", "ANY")

    said = dict(cursor.list_of(sent))
    builder.put(item(Kind.CONTRACT, name, said, authorization=authorization), cursor)


def _create_queue(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "QUEUE")
    schema, name = schema_and_name(cursor, builder)
    said: Said = {}
    if cursor.accept("WITH"):
        _queue_options(cursor, builder, said)
    if cursor.accept("ON"):
        group = bracketed(cursor)
        said["filegroup"] = "" if group.lower() == "[default]" else group
    builder.put(item(Kind.QUEUE, name, said, schema), cursor)


def _queue_options(cursor: Cursor, builder: Builder, said: Said) -> None:
    """Options stand between commas, which SQL Server does not insist on."""
    while True:
        if word := cursor.accept_any("STATUS", "RETENTION"):
            said[word.lower()] = on_off(cursor)
        elif cursor.accept("POISON_MESSAGE_HANDLING"):
            cursor.expect("(", "STATUS")
            said["poison_message_handling"] = on_off(cursor)
            cursor.expect(")")
        elif cursor.accept("ACTIVATION"):
            _activation(cursor, builder, said)
        else:
            return
        cursor.accept(",")


_ACTIVATION = ("procedure", "activation", "max_queue_readers", "execute_as")


def _activation(cursor: Cursor, builder: Builder, said: Said) -> None:
    cursor.expect("(")
    while not cursor.accept(")"):
        if cursor.accept("DROP"):
            said.update(dict.fromkeys(_ACTIVATION, ""))
            said["activation"] = "ON"
        elif cursor.accept("STATUS"):
            said["activation"] = on_off(cursor)
        elif cursor.accept("PROCEDURE_NAME", "="):
            said["procedure"] = bracketed_two(cursor, builder)
        elif cursor.accept("MAX_QUEUE_READERS", "="):
            said["max_queue_readers"] = cursor.number()
        else:
            cursor.expect("EXECUTE", "AS")
            said["execute_as"] = cursor.accept_any("SELF", "OWNER") or quoted(cursor)
        cursor.accept(",")


def _alter_queue(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "QUEUE")
    schema, name = schema_and_name(cursor, builder)
    added: Said = {}
    if cursor.accept("WITH"):
        _queue_options(cursor, builder, added)
    elif cursor.accept("MOVE", "TO"):
        added["filegroup"] = bracketed(cursor)
    else:
        _care_for_queue(cursor)
    change(builder, Kind.QUEUE, schema, name, lambda said: said.update(added), cursor)


def _care_for_queue(cursor: Cursor) -> None:
    """REBUILD and REORGANIZE leave the queue as it is."""
    one_of(cursor, "REBUILD", "REORGANIZE")
    if cursor.accept("WITH"):
        if cursor.word == "(":
            cursor.skip_parentheses()
        else:
            cursor.expect("LOB_COMPACTION")
            on_off(cursor)


def _create_service(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "SERVICE")
    name = cursor.name()
    authorization = owner(cursor)
    cursor.expect("ON", "QUEUE")
    said = {"queue": bracketed_two(cursor, builder)}
    if cursor.word == "(":
        said.update({f"contract:{each}": "ON" for each in cursor.list_of(cursor.name)})
    builder.put(item(Kind.SERVICE, name, said, authorization=authorization), cursor)


def _alter_service(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "SERVICE")
    name = cursor.name()
    queue = bracketed_two(cursor, builder) if cursor.accept("ON", "QUEUE") else ""

    def contract() -> tuple[str, str]:
        verb = one_of(cursor, "ADD", "DROP")
        cursor.expect("CONTRACT")
        return cursor.name(), verb

    changes = cursor.list_of(contract) if cursor.word == "(" else ()

    def edit(said: Said) -> None:
        if queue:
            said["queue"] = queue
        for contract, verb in changes:
            for found in [each for each in said if each.lower() == f"contract:{contract}".lower()]:
                del said[found]
            if verb == "ADD":
                said[f"contract:{contract}"] = "ON"

    change(builder, Kind.SERVICE, "", name, edit, cursor)


_ROUTE = {"SERVICE_NAME", "BROKER_INSTANCE", "ADDRESS", "MIRROR_ADDRESS"}


def _route_options(cursor: Cursor) -> Said:
    cursor.expect("WITH")
    said: Said = {}
    while True:
        word = one_of(cursor, "LIFETIME", *sorted(_ROUTE))
        cursor.expect("=")
        said[word.lower()] = quoted(cursor) if word in _ROUTE else cursor.number()
        if not cursor.accept(","):
            return said


def _create_route(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "ROUTE")
    name = cursor.name()
    authorization = owner(cursor)
    said = _route_options(cursor)
    builder.put(item(Kind.ROUTE, name, said, authorization=authorization), cursor)


def _alter_route(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "ROUTE")
    name = cursor.name()
    added = _route_options(cursor)
    change(builder, Kind.ROUTE, "", name, lambda said: said.update(added), cursor)


def _binding_options(cursor: Cursor) -> Said:
    cursor.expect("WITH")
    said: Said = {}
    while True:
        if cursor.accept("ANONYMOUS"):
            said["anonymous"] = on_off(cursor)
        else:
            cursor.expect("USER", "=")
            said["user"] = bracketed(cursor)
        if not cursor.accept(","):
            return said


def _create_binding(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "REMOTE", "SERVICE", "BINDING")
    name = cursor.name()
    authorization = owner(cursor)
    cursor.expect("TO", "SERVICE")
    said = {"service": quoted(cursor)}
    said.update(_binding_options(cursor))
    builder.put(item(Kind.SERVICE_BINDING, name, said, authorization=authorization), cursor)


def _alter_binding(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "REMOTE", "SERVICE", "BINDING")
    name = cursor.name()
    added = _binding_options(cursor)
    change(builder, Kind.SERVICE_BINDING, "", name, lambda said: said.update(added), cursor)


def _create_notification(cursor: Cursor, builder: Builder) -> None:
    place = cursor.script.place(cursor.position)
    cursor.expect("CREATE", "EVENT", "NOTIFICATION")
    name = cursor.name()
    target = _scope(cursor, builder)
    said = {"on": target, "fan_in": "ON" if cursor.accept("WITH", "FAN_IN") else "OFF"}
    cursor.expect("FOR")
    said["events"] = ", ".join(sorted(set(comma_separated(cursor, lambda: _event(cursor)))))
    cursor.expect("TO", "SERVICE")
    said["service"] = quoted(cursor)
    cursor.expect(",")
    said["broker"] = quoted(cursor)
    if target == "SERVER":
        builder.note(f"{place}: event notification [{name}] on the server is not compared")
    else:
        builder.put(item(Kind.EVENT_NOTIFICATION, name, said), cursor)


def _scope(cursor: Cursor, builder: Builder) -> str:
    cursor.expect("ON")
    found = one_of(cursor, "SERVER", "DATABASE", "QUEUE")
    return f"QUEUE {bracketed_two(cursor, builder)}" if found == "QUEUE" else found


def _event(cursor: Cursor) -> str:
    return cursor.name().upper()


def _drop_notification(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("DROP", "EVENT", "NOTIFICATION")
    if_exists(cursor)
    names = comma_separated(cursor, cursor.name)
    if _scope(cursor, builder) != "SERVER":
        for name in names:
            builder.drop(Kind.EVENT_NOTIFICATION, "", name)


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "MESSAGE", "TYPE"): _create_message_type,
    ("ALTER", "MESSAGE", "TYPE"): _alter_message_type,
    ("DROP", "MESSAGE", "TYPE"): dropper(Kind.MESSAGE_TYPE, "DROP", "MESSAGE", "TYPE"),
    ("CREATE", "CONTRACT"): _create_contract,
    ("DROP", "CONTRACT"): dropper(Kind.CONTRACT, "DROP", "CONTRACT"),
    ("CREATE", "QUEUE"): _create_queue,
    ("ALTER", "QUEUE"): _alter_queue,
    ("DROP", "QUEUE"): dropper(Kind.QUEUE, "DROP", "QUEUE"),
    ("CREATE", "SERVICE"): _create_service,
    ("ALTER", "SERVICE"): _alter_service,
    ("DROP", "SERVICE"): dropper(Kind.SERVICE, "DROP", "SERVICE"),
    ("CREATE", "ROUTE"): _create_route,
    ("ALTER", "ROUTE"): _alter_route,
    ("DROP", "ROUTE"): dropper(Kind.ROUTE, "DROP", "ROUTE"),
    ("CREATE", "REMOTE", "SERVICE", "BINDING"): _create_binding,
    ("ALTER", "REMOTE", "SERVICE", "BINDING"): _alter_binding,
    ("DROP", "REMOTE", "SERVICE", "BINDING"): dropper(
        Kind.SERVICE_BINDING, "DROP", "REMOTE", "SERVICE", "BINDING"
    ),
    ("CREATE", "EVENT", "NOTIFICATION"): _create_notification,
    ("DROP", "EVENT", "NOTIFICATION"): _drop_notification,
}
