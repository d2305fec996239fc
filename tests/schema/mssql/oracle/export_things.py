"""Scripts of everything that is neither a table nor a module."""

from collections.abc import Callable
from typing import TypeAlias

from tests.schema.mssql.oracle.cursor import quote
from tests.schema.mssql.oracle.export_tables import create_text
from tests.schema.mssql.oracle.model import Thing
from tests.schema.mssql.oracle.scalars import target
from tests.schema.mssql.oracle.spelling import dotted_name, literal, placed, spelled
from tests.schema.mssql.oracle.world import World

Writer: TypeAlias = Callable[[World, Thing], list[str]]


def thing_script(world: World, thing: Thing) -> list[str]:
    return WRITERS[thing.kind](world, thing)


def owner(world: World, thing: Thing) -> str:
    held = world.owners.get(target(thing))
    return f" AUTHORIZATION {spelled(world, held)}" if held else ""


def name_of(thing: Thing) -> str:
    return str(thing.name) if thing.name.schema else quote(thing.name.name)


def member(world: World, thing: Thing) -> list[str]:
    return [f"ALTER ROLE {quote(thing.name.schema)} ADD MEMBER {quote(thing.name.name)}"]


def user(world: World, thing: Thing) -> list[str]:
    kind, _, name = str(thing.facts["for"]).rpartition(" ")
    text = f"CREATE USER {name_of(thing)}"
    if thing.facts["for"] == "no login":
        text += " WITHOUT LOGIN"
    elif kind == "external":
        text += " FROM EXTERNAL PROVIDER"
    elif kind:
        text += f" FOR {kind.upper()} {spelled(world, name)}"
    options = []
    if thing.facts["for"] == "password":
        options.append("PASSWORD = 'not kept'")
    options += schema_options(world, thing)
    return [text + (f" WITH {', '.join(options)}" if options else "")]


def schema_options(world: World, thing: Thing) -> list[str]:
    found = []
    if "default schema" in thing.facts:
        found.append(f"DEFAULT_SCHEMA = {spelled(world, str(thing.facts['default schema']))}")
    if "language" in thing.facts:
        found.append(f"DEFAULT_LANGUAGE = {spelled(world, str(thing.facts['language']))}")
    if "encrypted values" in thing.facts:
        found.append("ALLOW_ENCRYPTED_VALUE_MODIFICATIONS = ON")
    return found


def application_role(world: World, thing: Thing) -> list[str]:
    options = ["PASSWORD = 'not kept'", *schema_options(world, thing)]
    return [f"CREATE APPLICATION ROLE {name_of(thing)} WITH {', '.join(options)}"]


def owned(word: str) -> Writer:
    def write(world: World, thing: Thing) -> list[str]:
        return [f"CREATE {word} {name_of(thing)}{owner(world, thing)}"]

    return write


def user_type(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    if thing.body:
        text = create_text(world, thing.body, inner=True).removeprefix(
            f"CREATE TABLE {thing.body.name}"
        )
        return [f"CREATE TYPE {thing.name} AS TABLE{text}"]
    external = facts.get("external")
    if isinstance(external, tuple):
        found = [
            f"CREATE TYPE {thing.name} EXTERNAL NAME "
            f"{'.'.join(spelled(world, p) for p in external)}"
        ]
    else:
        nullable = "NULL" if facts["nullable"] else "NOT NULL"
        found = [f"CREATE TYPE {thing.name} FROM {facts['type']} {nullable}"]
    for word, procedure in (("bound default", "sp_bindefault"), ("bound rule", "sp_bindrule")):
        held = facts.get(word)
        if isinstance(held, tuple):
            bound = ".".join(quote(part) for part in held)
            found.append(f"EXEC {procedure} N'{bound}', N'{thing.name}'")
    return found


def sequence(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    kind = str(facts["type"])
    kind = dotted_name(world, kind) if "." in kind else kind
    cache = {"no": "NO CACHE", "default": "CACHE"}.get(
        str(facts["cache"]), f"CACHE {facts['cache']}"
    )
    cycle = "CYCLE" if facts["cycle"] else "NO CYCLE"
    return [
        f"CREATE SEQUENCE {thing.name} AS {kind} START WITH "
        f"{facts['start']} INCREMENT BY {facts['increment']}"
        f" MINVALUE {facts['min']} MAXVALUE {facts['max']} {cycle} {cache}"
    ]


def synonym(world: World, thing: Thing) -> list[str]:
    parts = thing.facts["for"]
    assert isinstance(parts, tuple)
    return [f"CREATE SYNONYM {thing.name} FOR {'.'.join(spelled(world, part) for part in parts)}"]


def bound(world: World, thing: Thing) -> list[str]:
    return [f"CREATE {thing.kind} {thing.name} AS {thing.facts['text']}"]


def partition_function(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    values = facts["values"]
    assert isinstance(values, frozenset)
    listed = ", ".join(sorted(map(str, values), key=boundary_order))
    side = str(facts["side"]).upper()
    return [
        f"CREATE PARTITION FUNCTION {name_of(thing)} "
        f"({facts['type']}) AS RANGE {side} FOR VALUES ({listed})"
    ]


def boundary_order(text: str) -> tuple[float, str]:
    try:
        return float(text), text
    except ValueError:
        return 0.0, text


def partition_scheme(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    spaces = facts["spaces"]
    assert isinstance(spaces, tuple)
    function = spelled(world, str(facts["function"]))
    values = world.things[("PARTITION FUNCTION", "", str(facts["function"]))].facts["values"]
    assert isinstance(values, frozenset)
    listed = [spelled(world, str(space)) for space in spaces]
    every = "ALL " if facts["all"] else ""
    if not every:
        listed += [listed[-1]] * (len(values) + 1 - len(listed))
    return [
        f"CREATE PARTITION SCHEME {name_of(thing)} AS "
        f"PARTITION {function} {every}TO ({', '.join(listed)})"
    ]


def collection(world: World, thing: Thing) -> list[str]:
    raw = thing.facts["raw"]
    assert isinstance(raw, tuple)
    found = [f"CREATE XML SCHEMA COLLECTION {thing.name} AS {raw[0]}"]
    return found + [f"ALTER XML SCHEMA COLLECTION {thing.name} ADD {text}" for text in raw[1:]]


def message_type(world: World, thing: Thing) -> list[str]:
    word, _, schema = str(thing.facts["validation"]).partition(" ")
    more = f" WITH SCHEMA COLLECTION {dotted_name(world, schema)}" if schema else ""
    return [
        f"CREATE MESSAGE TYPE {name_of(thing)}{owner(world, thing)} "
        f"VALIDATION = {word.upper()}{more}"
    ]


def contract(world: World, thing: Thing) -> list[str]:
    messages = thing.facts["messages"]
    assert isinstance(messages, dict)
    listed = ", ".join(
        f"{spelled(world, name)} SENT BY {by.upper()}" for name, by in messages.items()
    )
    return [f"CREATE CONTRACT {name_of(thing)}{owner(world, thing)} ({listed})"]


def queue(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    words = [
        f"STATUS = {str(facts['status']).upper()}",
        f"RETENTION = {str(facts['retention']).upper()}",
    ]
    activation = facts.get("activation")
    if isinstance(activation, dict):
        words.append(f"ACTIVATION ({activation_text(world, activation)})")
    words.append(
        f"POISON_MESSAGE_HANDLING (STATUS = {str(facts['poison_message_handling']).upper()})"
    )
    space = facts["on"]
    assert isinstance(space, tuple)
    where = placed(world, space)
    return [f"CREATE QUEUE {thing.name} WITH {', '.join(words)}{where}"]


def activation_text(world: World, facts: dict[str, str]) -> str:
    words = [
        f"{k.upper()} = {v.upper()}" for k, v in facts.items() if k not in ("procedure", "as")
    ]
    if "procedure" in facts:
        words.append(f"PROCEDURE_NAME = {dotted_name(world, facts['procedure'])}")
    if "as" in facts:
        who = facts["as"]
        given = literal(world.spellings.get(who, who))
        words.append(f"EXECUTE AS {who.upper() if who in ('self', 'owner') else given}")
    return ", ".join(words)


def service(world: World, thing: Thing) -> list[str]:
    contracts = thing.facts["contracts"]
    assert isinstance(contracts, frozenset)
    listed = (
        f" ({', '.join(spelled(world, name) for name in sorted(contracts))})" if contracts else ""
    )
    where = dotted_name(world, str(thing.facts["queue"]))
    return [f"CREATE SERVICE {name_of(thing)}{owner(world, thing)} ON QUEUE {where}{listed}"]


def route(world: World, thing: Thing) -> list[str]:
    options = ", ".join(f"{word.upper()} = {value}" for word, value in thing.facts.items())
    return [f"CREATE ROUTE {name_of(thing)}{owner(world, thing)} WITH {options}"]


def binding(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    options = (
        f"USER = {spelled(world, str(facts['user']))}, "
        f"ANONYMOUS = {str(facts['anonymous']).upper()}"
    )
    to = literal(str(facts["service"]))[1:]
    return [
        f"CREATE REMOTE SERVICE BINDING {name_of(thing)}{owner(world, thing)} "
        f"TO SERVICE {to} WITH {options}"
    ]


def notification(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    events = facts["events"]
    assert isinstance(events, frozenset)
    where = (
        "DATABASE"
        if facts["on"] == "database"
        else f"QUEUE {dotted_name(world, str(facts['on']))}"
    )
    fan = " WITH FAN_IN" if facts["fan in"] else ""
    broker = f", {literal(str(facts['broker']))[1:]}" if "broker" in facts else ""
    to = literal(str(facts["service"]))[1:]
    return [
        f"CREATE EVENT NOTIFICATION {name_of(thing)} ON "
        f"{where}{fan} FOR {', '.join(sorted(events))}"
        f" TO SERVICE {to}{broker}"
    ]


def priority(world: World, thing: Thing) -> list[str]:
    options = ", ".join(f"{word.upper()} = {value}" for word, value in thing.facts.items())
    return [f"CREATE BROKER PRIORITY {name_of(thing)} FOR CONVERSATION SET ({options})"]


def key(world: World, thing: Thing) -> list[str]:
    text = thing.facts.get("raw") or thing.facts["definition"]
    found = [f"CREATE {thing.kind} {name_of(thing)}{owner(world, thing)} {text}"]
    if "active for begin_dialog" in thing.facts:
        found.append(
            f"ALTER {thing.kind} {name_of(thing)} WITH ACTIVE FOR "
            f"BEGIN_DIALOG = {thing.facts['active for begin_dialog']}"
        )
    return found


def assembly(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    level = str(facts["permission_set"]).upper()
    found = [
        f"CREATE ASSEMBLY {name_of(thing)}{owner(world, thing)} "
        f"FROM {facts['content']} WITH PERMISSION_SET = {level}"
    ]
    if facts["visibility"] == "off":
        found.append(f"ALTER ASSEMBLY {name_of(thing)} WITH VISIBILITY = OFF")
    files = facts.get("files")
    for name, bits in files.items() if isinstance(files, dict) else ():
        found.append(f"ALTER ASSEMBLY {name_of(thing)} ADD FILE FROM {bits} AS {literal(name)}")
    return found


def aggregate(world: World, thing: Thing) -> list[str]:
    facts, external = thing.facts, thing.facts["external"]
    assert isinstance(external, tuple)
    where = ".".join(spelled(world, part) for part in external)
    text = f"CREATE AGGREGATE {thing.name} ({facts['signature']}) RETURNS {facts['returns']}"
    return [f"{text} EXTERNAL NAME {where}"]


def policy(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    predicates = facts["predicates"]
    assert isinstance(predicates, dict)
    lines = []
    for said, (function, table, names) in predicates.items():
        sort, _, moment = said.split(" ")[0].upper(), "", " ".join(said.split(" ")[2:]).upper()
        called = ".".join(spelled(world, part) for part in function)
        of = ".".join(spelled(world, part) for part in table)
        listed = ", ".join(spelled(world, name) for name in names)
        lines.append(f"ADD {sort} PREDICATE {called}({listed}) ON {of} {moment}".rstrip())
    options = (
        f"STATE = {str(facts['state']).upper()}, SCHEMABINDING "
        f"= {str(facts['schemabinding']).upper()}"
    )
    replication = " NOT FOR REPLICATION" if facts.get("not for replication") else ""
    return [
        f"CREATE SECURITY POLICY {thing.name} {', '.join(lines)} WITH ({options}){replication}"
    ]


def catalog(world: World, thing: Thing) -> list[str]:
    facts = thing.facts
    text = f"CREATE FULLTEXT CATALOG {name_of(thing)}"
    if "filegroup" in facts:
        text += f" ON FILEGROUP {spelled(world, str(facts['filegroup']))}"
    text += f" WITH ACCENT_SENSITIVITY = {str(facts['accent']).upper()}"
    return [text + (" AS DEFAULT" if facts["default"] else "") + owner(world, thing)]


def stoplist(world: World, thing: Thing) -> list[str]:
    source = " FROM SYSTEM STOPLIST" if thing.facts.get("from") == "system" else ""
    found = [f"CREATE FULLTEXT STOPLIST {name_of(thing)}{source}{owner(world, thing)}"]
    entries = thing.facts["entries"]
    for entry, language in entries.items() if isinstance(entries, dict) else ():
        word = entry.removesuffix(language).rstrip()
        language = language if language.isdigit() else literal(language)
        found.append(
            f"ALTER FULLTEXT STOPLIST {name_of(thing)} ADD {literal(word)} LANGUAGE {language}"
        )
    return found


def property_list(world: World, thing: Thing) -> list[str]:
    found = [f"CREATE SEARCH PROPERTY LIST {name_of(thing)}{owner(world, thing)}"]
    entries = thing.facts["entries"]
    for word, rest in entries.items() if isinstance(entries, dict) else ():
        found.append(
            f"ALTER SEARCH PROPERTY LIST {name_of(thing)} ADD {literal(word)} WITH ({rest})"
        )
    return found


WRITERS: dict[str, Writer] = {
    "MEMBER": member,
    "USER": user,
    "ROLE": owned("ROLE"),
    "SCHEMA": owned("SCHEMA"),
    "APPLICATION ROLE": application_role,
    "TYPE": user_type,
    "SEQUENCE": sequence,
    "SYNONYM": synonym,
    "DEFAULT": bound,
    "RULE": bound,
    "PARTITION FUNCTION": partition_function,
    "PARTITION SCHEME": partition_scheme,
    "XML SCHEMA COLLECTION": collection,
    "MESSAGE TYPE": message_type,
    "CONTRACT": contract,
    "QUEUE": queue,
    "SERVICE": service,
    "ROUTE": route,
    "REMOTE SERVICE BINDING": binding,
    "EVENT NOTIFICATION": notification,
    "BROKER PRIORITY": priority,
    "CERTIFICATE": key,
    "ASYMMETRIC KEY": key,
    "SYMMETRIC KEY": key,
    "ASSEMBLY": assembly,
    "AGGREGATE": aggregate,
    "SECURITY POLICY": policy,
    "FULLTEXT CATALOG": catalog,
    "FULLTEXT STOPLIST": stoplist,
    "SEARCH PROPERTY LIST": property_list,
}
