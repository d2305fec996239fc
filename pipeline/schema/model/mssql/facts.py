"""Which facts each kind of Item has, what they mean, and the server's default, which is left out.

A fact's value is text that can stand in a statement as it is, unless its meaning says otherwise:
names are in brackets, strings are N'...', words are in upper case. A fact whose name ends in `:`
here is there once for each thing of which the name follows (`member:alice`); such names compare as
names do, ignoring case. Passwords and key sources are never kept: their value is `set`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.schema.model.mssql.items import Facts
from pipeline.schema.model.mssql.names import Kind

SET = "set"
"""The value of a fact that is a secret: that there is one, and no more."""
ON, OFF = "ON", "OFF"


class Fact(NamedTuple):
    """One fact. `fixed` ones can be changed by making the object anew only."""

    name: str
    meaning: str
    default: str = ""
    fixed: bool = False


def _fixed(name: str, meaning: str, default: str = "") -> Fact:
    return Fact(name, meaning, default, fixed=True)


FACTS: dict[Kind, tuple[Fact, ...]] = {
    Kind.ASSEMBLY: (
        Fact(
            "bits", "what FROM says: 0x... in upper case hex, or N'path'; several joined by `, `"
        ),
        Fact("permission_set", "SAFE, EXTERNAL_ACCESS or UNSAFE", "SAFE"),
        Fact("visible", "whether functions and types can be made of it", ON),
        Fact("file:", "ADD FILE FROM: the file's name -> its bits, 0x... or N'path'"),
    ),
    Kind.ASYMMETRIC_KEY: (
        _fixed("from", "FILE = N'x', EXECUTABLE FILE = N'x', ASSEMBLY [x] or PROVIDER [x]"),
        _fixed("algorithm", "RSA_512, RSA_1024, RSA_2048, RSA_3072 or RSA_4096"),
        _fixed("provider_key_name", "N'x', of PROVIDER"),
        _fixed("creation_disposition", "CREATE_NEW or OPEN_EXISTING, of PROVIDER"),
        Fact("encryption", "PASSWORD; left out: by the database's master key"),
        Fact("private_key", "NONE after REMOVE PRIVATE KEY"),
    ),
    Kind.CERTIFICATE: (
        _fixed(
            "from",
            "FILE = N'x', EXECUTABLE FILE = N'x', ASSEMBLY [x] or BINARY = 0x...; left out: made "
            "by the server itself, of its subject",
        ),
        Fact("private_key", "FILE = N'x', `set` (written out in the script), or NONE (removed)"),
        _fixed("subject", "N'x'"),
        _fixed("start_date", "N'x'"),
        _fixed("expiry_date", "N'x'"),
        Fact("active_for_begin_dialog", "whether Service Broker may use it", ON),
        Fact("encryption", "PASSWORD; left out: by the database's master key"),
    ),
    Kind.CONTRACT: (_fixed("message:", "SENT BY of a message type: INITIATOR, TARGET or ANY"),),
    Kind.DEFAULT: (
        _fixed("definition", "the whole CREATE DEFAULT as written, with its comments"),
    ),
    Kind.EVENT_NOTIFICATION: (
        _fixed("on", "DATABASE or QUEUE [schema].[name]", "DATABASE"),
        _fixed("fan_in", "WITH FAN_IN", OFF),
        _fixed("events", "events and event groups, sorted, joined by `, `"),
        _fixed("service", "N'x' of TO SERVICE"),
        _fixed("broker", "N'x': an instance, or N'current database'"),
    ),
    Kind.EXTENDED_PROPERTY: (
        Fact("value", "of a property of the database itself, as written: N'x', 1, NULL"),
    ),
    Kind.FULL_TEXT_CATALOG: (
        Fact("accent_sensitivity", "ON or OFF", ON),
        Fact("default", "AS DEFAULT", OFF),
        _fixed("filegroup", "[x]"),
        _fixed("path", "N'x' of IN PATH"),
    ),
    Kind.FULL_TEXT_STOPLIST: (
        _fixed("from", "SYSTEM STOPLIST, [x] or [database].[x]"),
        Fact("word:", "`word:LANGUAGE:the word`, the language by its number if known -> ON"),
    ),
    Kind.MESSAGE_TYPE: (
        Fact(
            "validation",
            "NONE, EMPTY, WELL_FORMED_XML or VALID_XML WITH SCHEMA COLLECTION [schema].[x]",
            "NONE",
        ),
    ),
    Kind.PARTITION_FUNCTION: (
        _fixed("type", "as `show_type` writes it"),
        _fixed("range", "LEFT or RIGHT", "LEFT"),
        Fact("values", "boundaries as written, in order, joined by `, `: see listed()"),
    ),
    Kind.PARTITION_SCHEME: (
        _fixed("function", "[x]"),
        _fixed(
            "filegroups",
            "`ALL [x]` when there is but one, else [x], [y]... by partition: see listed()",
        ),
        Fact("next_used", "[x], what the next partition will use; left out with ALL"),
    ),
    Kind.QUEUE: (
        Fact("status", "ON or OFF", ON),
        Fact("retention", "ON or OFF", OFF),
        Fact("procedure", "[schema].[x], or [database].[schema].[x], of ACTIVATION"),
        Fact("activation", "its STATUS", ON),
        Fact("max_queue_readers", "a number"),
        Fact("execute_as", "SELF, OWNER or N'user'"),
        Fact("poison_message_handling", "ON or OFF", ON),
        Fact("filegroup", "[x]"),
    ),
    Kind.ROLE: (
        Fact("member:", "a member's name -> ON"),
        _fixed("application", "ON of an application role", OFF),
        Fact("default_schema", "[x], of application roles", "[dbo]"),
        Fact("password", "`set` of application roles"),
    ),
    Kind.ROUTE: (
        Fact("service_name", "N'x'"),
        Fact("broker_instance", "N'x'"),
        Fact("lifetime", "seconds"),
        Fact("address", "N'x'"),
        Fact("mirror_address", "N'x'"),
    ),
    Kind.RULE: (_fixed("definition", "the whole CREATE RULE as written, with its comments"),),
    Kind.SCHEMA: (),
    Kind.SEARCH_PROPERTY_LIST: (
        _fixed("from", "[x] or [database].[x]"),
        Fact(
            "property:",
            "a property's name -> PROPERTY_SET_GUID = N'x', PROPERTY_INT_ID = 1 "
            "[, PROPERTY_DESCRIPTION = N'x']",
        ),
    ),
    Kind.SECURITY_POLICY: (
        Fact("state", "ON or OFF", ON),
        _fixed("schema_binding", "ON or OFF", ON),
        Fact("not_for_replication", "ON or OFF", OFF),
        Fact(
            "predicate:",
            "`predicate:FILTER [schema].[table]`, `predicate:BLOCK AFTER INSERT [schema].[table]`,"
            " `predicate:BLOCK [schema].[table]` (any operation) -> [schema].[function](a, b)",
        ),
    ),
    Kind.SEQUENCE: (
        _fixed("type", "as `show_type` writes it", "bigint"),
        Fact("start", "a number; left out: the minimum (or the maximum when it counts down)"),
        Fact("increment", "a number", "1"),
        Fact("minimum", "a number; left out: the type's"),
        Fact("maximum", "a number; left out: the type's"),
        Fact("cycle", "ON or OFF", OFF),
        Fact("cache", "a number, or NO; left out: as many as the server likes"),
    ),
    Kind.SERVICE: (
        Fact("queue", "[schema].[x]"),
        Fact("contract:", "a contract's name -> ON"),
    ),
    Kind.SERVICE_BINDING: (
        _fixed("service", "N'x' of TO SERVICE"),
        Fact("user", "[x]"),
        Fact("anonymous", "ON or OFF", OFF),
    ),
    Kind.SYMMETRIC_KEY: (
        _fixed("algorithm", "AES_256, ..."),
        _fixed("provider", "[x] of FROM PROVIDER"),
        _fixed("provider_key_name", "N'x', of PROVIDER"),
        _fixed("creation_disposition", "CREATE_NEW or OPEN_EXISTING, of PROVIDER"),
        _fixed("identity_value", "`set`"),
        _fixed("key_source", "`set`"),
        Fact(
            "encryption:",
            "`encryption:CERTIFICATE [x]`, `encryption:ASYMMETRIC KEY [x]`, "
            "`encryption:SYMMETRIC KEY [x]` -> ON; `encryption:PASSWORD` -> set",
        ),
    ),
    Kind.SYNONYM: (
        Fact("target", "[server].[database].[schema].[x] as far as said; a part may be empty"),
    ),
    Kind.USER: (
        Fact("login", "[x]; left out: the login that is called as the user is"),
        _fixed("without_login", "ON of WITHOUT LOGIN", OFF),
        _fixed("from", "CERTIFICATE [x], ASYMMETRIC KEY [x] or EXTERNAL PROVIDER"),
        Fact("default_schema", "[x]", "[dbo]"),
        Fact("default_language", "[x], a number, or NONE", "NONE"),
        Fact("password", "`set` of users of a contained database"),
        _fixed("sid", "0x..., as written"),
        _fixed("object_id", "N'x' of FROM EXTERNAL PROVIDER"),
        Fact("allow_encrypted_value_modifications", "ON or OFF", OFF),
        Fact("connect", "OFF after REVOKE CONNECT: CREATE USER grants it by itself", ON),
    ),
    Kind.USER_DEFINED_TYPE: (_fixed("external_name", "[assembly].[class], of CLR types"),),
    Kind.XML_SCHEMA_COLLECTION: (
        Fact("content", "the schemas' XML, not quoted; what ALTER adds follows after a new line"),
    ),
}


def facts(kind: Kind, said: Mapping[str, str]) -> Facts:
    """Give what was said as facts: sorted, without what is empty or the server's default."""
    defaults = {fact.name: fact.default for fact in FACTS[kind]}
    return tuple(
        sorted(
            (name, value) for name, value in said.items() if value not in {"", defaults.get(name)}
        )
    )


def fact_of(kind: Kind, name: str) -> Fact:
    """Give what is known of a fact by its name, `member:alice` too. KeyError if there is none."""
    wanted = name.partition(":")[0] + (":" if ":" in name else "")
    return {fact.name: fact for fact in FACTS[kind]}[wanted]


def default_of(kind: Kind, name: str) -> str:
    """Give what the server takes where a fact is left out; '' where it takes nothing."""
    return fact_of(kind, name).default


def listed(value: str) -> tuple[str, ...]:
    """Split a value that is a list: at its commas, but not inside quotes or parentheses."""
    parts, begun, depth, closing = [], 0, 0, ""
    for place, character in enumerate(value):
        if closing:
            closing = "" if character == closing else closing
        elif character in "'\"[":
            closing = "]" if character == "[" else character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth == 0:
            parts.append(value[begun:place].strip())
            begun = place + 1
    last = value[begun:].strip()
    return (*parts, last) if last or parts else ()
