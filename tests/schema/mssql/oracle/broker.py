"""Service Broker: message types, contracts, queues, services, routes, bindings, notifications."""

from collections.abc import Iterable

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold, normal
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.lexer import Token
from tests.schema.mssql.oracle.model import Fact, Target, Thing
from tests.schema.mssql.oracle.options import pairs, space, split
from tests.schema.mssql.oracle.scalars import put
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.statements_end import rest
from tests.schema.mssql.oracle.world import object_target

DEFAULT_QUEUE: dict[str, Fact] = {
    "status": "on",
    "retention": "off",
    "poison_message_handling": "on",
}


def built_in(name: str) -> bool:
    return fold(name) == "default" or fold(name).startswith("http://schemas.microsoft.com/")


def owner(c: Cursor, facts: dict[str, Fact]) -> None:
    if c.take("AUTHORIZATION"):
        facts["owner"] = c.identifier()


def validation(c: Cursor) -> tuple[str, frozenset[Target]]:
    if not c.take("VALIDATION"):
        return "none", frozenset()
    c.need("=")
    word = c.word().lower()
    if word != "valid_xml":
        return word, frozenset()
    c.need("WITH", "SCHEMA", "COLLECTION")
    name = c.name()
    return f"{word} {'.'.join(name.key)}", frozenset({("xml schema collection", *name.key)})


def create_message_type(c: Cursor) -> Act:
    """What follows CREATE MESSAGE TYPE."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {}
    owner(c, facts)
    facts["validation"], uses = validation(c)
    return put(Thing("MESSAGE TYPE", name, facts, uses))


def alter_message_type(c: Cursor) -> Act:
    """What follows ALTER MESSAGE TYPE."""
    name = Name("", c.identifier())
    word, uses = validation(c)

    def act(session: Session) -> None:
        thing = session.world.thing("MESSAGE TYPE", name)
        thing.facts["validation"], thing.uses = word, uses

    return act


def create_contract(c: Cursor) -> Act:
    """What follows CREATE CONTRACT."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {}
    owner(c, facts)
    messages: dict[str, Fact] = {}
    for item in split(c.balanced()):
        messages[fold(item[0].value)] = item[-1].value.casefold()
    facts["messages"] = messages
    uses: frozenset[Target] = frozenset(("message type", m) for m in messages if not built_in(m))
    return put(Thing("CONTRACT", name, facts, uses))


def queue_options(c: Cursor) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    if not c.take("WITH"):
        return found
    while True:
        word = c.word().lower()
        if word == "activation":
            inner = c.balanced()
            found |= (
                {"activation": None}
                if normal(inner) == "drop"
                else {"activation": activation(inner)}
            )
        elif word == "poison_message_handling":
            found[word] = pairs(c.balanced())["status"]
        else:
            c.need("=")
            found[word] = c.word().lower()
        if not c.take(","):
            return found


def activation(row: tuple[Token, ...]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for item in split(row):
        c = Cursor("", item)
        if c.take("PROCEDURE_NAME", "="):
            found["procedure"] = ".".join(c.name().key)
        elif c.take("EXECUTE|EXEC", "AS"):
            found["as"] = c.next().value.casefold()
        else:
            found[c.word().lower()] = normal(item[2:])
    return found


def create_queue(c: Cursor) -> Act:
    """What follows CREATE QUEUE."""
    name = c.name()
    options = queue_options(c)
    if c.take("ON"):
        options["on"] = space(c)
    return put(Thing("QUEUE", name, {**DEFAULT_QUEUE, "on": (), **options}))


def alter_queue(c: Cursor) -> Act:
    """What follows ALTER QUEUE."""
    name = c.name()
    if c.at("REBUILD|REORGANIZE"):
        raise c.unknown("WITH expected")
    options: dict[str, Fact] = {}
    if c.take("MOVE", "TO"):
        options["on"] = space(c)
    options |= queue_options(c)

    def act(session: Session) -> None:
        thing = session.world.thing("QUEUE", name, 208)
        for word, value in options.items():
            if word == "activation" and value is None:
                thing.facts.pop("activation", None)
            elif word == "activation" and isinstance(value, dict):
                held = thing.facts.get("activation")
                thing.facts["activation"] = (held if isinstance(held, dict) else {}) | value
            else:
                thing.facts[word] = value

    return act


def create_service(c: Cursor) -> Act:
    """What follows CREATE SERVICE."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {}
    owner(c, facts)
    c.need("ON", "QUEUE")
    queue = c.name()
    contracts = c.names() if c.at("(") else ()
    facts["queue"] = ".".join(queue.key)
    facts["contracts"] = frozenset(map(fold, contracts))
    return put(Thing("SERVICE", name, facts, service_uses(queue.key, contracts)))


def service_uses(queue: tuple[str, ...], contracts: Iterable[str]) -> frozenset[Target]:
    own = {("contract", fold(contract)) for contract in contracts if not built_in(contract)}
    return frozenset({("object", *queue)} | own)


def alter_service(c: Cursor) -> Act:
    """What follows ALTER SERVICE."""
    name = Name("", c.identifier())
    queue = c.name() if c.take("ON", "QUEUE") else None
    steps = []
    if c.at("("):
        for item in split(c.balanced()):
            steps.append((item[0].upper, fold(item[-1].value)))

    def act(session: Session) -> None:
        thing = session.world.thing("SERVICE", name)
        held = thing.facts["contracts"]
        contracts = set(held) if isinstance(held, frozenset) else set()
        for way, contract in steps:
            if (contract in contracts) == (way == "ADD"):
                raise Refused(
                    15151,
                    f"the contract {contract} is "
                    f"{'already' if way == 'ADD' else 'not'} in {name.name}",
                )
            contracts ^= {contract}
        key = tuple(str((queue and ".".join(queue.key)) or thing.facts["queue"]).split(".", 1))
        uses = service_uses(key, contracts)
        for target in uses:
            session.world.need_target(target, thing)
        thing.facts["queue"], thing.facts["contracts"], thing.uses = (
            ".".join(key),
            frozenset(contracts),
            uses,
        )

    return act


def create_route(c: Cursor) -> Act:
    """What follows CREATE ROUTE."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {}
    owner(c, facts)
    c.need("WITH")
    facts.update(pairs(rest(c)))
    return put(Thing("ROUTE", name, facts))


def alter_options(c: Cursor, kind: str) -> Act:
    """What follows ALTER ROUTE or ALTER REMOTE SERVICE BINDING."""
    name = Name("", c.identifier())
    c.need("WITH")
    options = pairs(rest(c))

    def act(session: Session) -> None:
        session.world.thing(kind, name).facts.update(options)

    return act


def create_binding(c: Cursor) -> Act:
    """What follows CREATE REMOTE SERVICE BINDING."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {}
    owner(c, facts)
    c.need("TO", "SERVICE")
    facts["service"] = c.string()
    c.need("WITH")
    facts |= {"anonymous": "off"} | pairs(rest(c))
    return put(
        Thing(
            "REMOTE SERVICE BINDING", name, facts, frozenset({("principal", str(facts["user"]))})
        )
    )


def create_notification(c: Cursor) -> Act:
    """What follows CREATE EVENT NOTIFICATION."""
    name = Name("", c.identifier())
    c.need("ON")
    facts: dict[str, Fact] = {}
    uses: frozenset[Target] = frozenset()
    if c.take("QUEUE"):
        queue = c.name()
        facts["on"] = ".".join(queue.key)
        uses = frozenset({object_target(queue)})
    else:
        facts["on"] = c.need("DATABASE").lower()
    facts["fan in"] = c.take("WITH", "FAN_IN")
    c.need("FOR")
    events = [c.word()]
    while c.take(","):
        events.append(c.word())
    facts["events"] = frozenset(events)
    c.need("TO", "SERVICE")
    facts["service"] = c.string()
    if c.take(","):
        facts["broker"] = c.string().casefold()
    return put(Thing("EVENT NOTIFICATION", name, facts, uses))


def drop_notification(c: Cursor) -> Act:
    """What follows DROP EVENT NOTIFICATION."""
    names = [Name("", c.identifier())]
    while c.take(","):
        names.append(Name("", c.identifier()))
    c.need("ON")
    if c.take("QUEUE"):
        c.name()
    else:
        c.need("DATABASE")

    def act(session: Session) -> None:
        for name in names:
            session.world.thing("EVENT NOTIFICATION", name, 15151)
            del session.world.things[("EVENT NOTIFICATION", *name.key)]
            session.world.forget(("event notification", name.key[1]))

    return act


def create_priority(c: Cursor) -> Act:
    """What follows CREATE BROKER PRIORITY."""
    name = Name("", c.identifier())
    c.need("FOR", "CONVERSATION")
    options = pairs(c.balanced()) if c.take("SET") else {}
    return put(Thing("BROKER PRIORITY", name, dict(options)))
