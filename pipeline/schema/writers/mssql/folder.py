"""A database as a folder of scripts, one object in each file, laid out as RedGate lays it out."""

from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.writers.mssql.kinds import kind_of
from pipeline.schema.writers.mssql.objects import object_script

FOLDERS = {
    Kind.ASSEMBLY: "Assemblies",
    Kind.ASYMMETRIC_KEY: "Security/Asymmetric Keys",
    Kind.CERTIFICATE: "Security/Certificates",
    Kind.CONTRACT: "Service Broker/Contracts",
    Kind.DDL_TRIGGER: "Database Triggers",
    Kind.DEFAULT: "Defaults",
    Kind.EVENT_NOTIFICATION: "Service Broker/Event Notifications",
    Kind.EXTENDED_PROPERTY: "Extended Properties",
    Kind.FULL_TEXT_CATALOG: "Storage/Full Text Catalogs",
    Kind.FULL_TEXT_STOPLIST: "Storage/Full Text Stoplists",
    Kind.FUNCTION: "Functions",
    Kind.MESSAGE_TYPE: "Service Broker/Message Types",
    Kind.PARTITION_FUNCTION: "Storage/Partition Functions",
    Kind.PARTITION_SCHEME: "Storage/Partition Schemes",
    Kind.QUEUE: "Service Broker/Queues",
    Kind.ROLE: "Security/Roles",
    Kind.ROUTE: "Service Broker/Routes",
    Kind.RULE: "Rules",
    Kind.SCHEMA: "Security/Schemas",
    Kind.SEARCH_PROPERTY_LIST: "Storage/Search Property Lists",
    Kind.SECURITY_POLICY: "Security/Security Policies",
    Kind.SEQUENCE: "Sequences",
    Kind.SERVICE: "Service Broker/Services",
    Kind.SERVICE_BINDING: "Service Broker/Remote Service Bindings",
    Kind.STORED_PROCEDURE: "Stored Procedures",
    Kind.SYMMETRIC_KEY: "Security/Symmetric Keys",
    Kind.SYNONYM: "Synonyms",
    Kind.TABLE: "Tables",
    Kind.USER: "Security/Users",
    Kind.USER_DEFINED_TYPE: "Types/User-defined Data Types",
    Kind.VIEW: "Views",
    Kind.XML_SCHEMA_COLLECTION: "Types/XML Schema Collections",
}
INFORMATION = "RedGateDatabaseInfo.xml"
_FORBIDDEN = frozenset('<>:"/\\|?*%')
_DEVICES = frozenset(
    {"aux", "con", "nul", "prn", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
)
LONGEST = 200
"""Bytes of a file's name: its folder needs room too."""


def export(database: Database) -> dict[str, str]:
    """Give the text of each file by its path, sorted: reading them gives the database again."""
    files = {INFORMATION: _information(database)}
    taken: set[str] = set()
    for thing in database.objects.values():
        text = object_script(thing)
        if text:
            files[_path(thing, taken)] = text
    return dict(sorted(files.items()))


def _path(thing: Object, taken: set[str]) -> str:
    """A path that no other object has, on file systems that ignore case too."""
    name = file_name(".".join(part for part in (thing.schema, thing.name) if part))
    stem = f"{FOLDERS[kind_of(thing)]}/{name}"
    path, number = f"{stem}.sql", 2
    while path.lower() in taken:
        path, number = f"{stem} ({number}).sql", number + 1
    taken.add(path.lower())
    return path


def file_name(name: str) -> str:
    """Give a name as a file may be called on Windows: what it forbids is percent-encoded."""
    text = "".join(_encoded(c) if c in _FORBIDDEN or ord(c) < 32 else c for c in name)
    if text and text[-1] in " .":
        text = text[:-1] + _encoded(text[-1])
    if text.partition(".")[0].lower() in _DEVICES:
        text = _encoded(text[0]) + text[1:]
    while len(text.encode()) > LONGEST:
        text = text[:-1]
    return text


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def _information(database: Database) -> str:
    collation = database.collation.replace("&", "&amp;").replace("<", "&lt;")
    return (
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
        "<!---->\n"
        '<DatabaseInformation Version="2">\n'
        f"  <DefaultCollation>{collation}</DefaultCollation>\n"
        "  <DefaultSchema>dbo</DefaultSchema>\n"
        "</DatabaseInformation>\n"
    )
