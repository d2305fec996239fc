"""Certificates, asymmetric and symmetric keys. What is secret is read past and forgotten."""

from pipeline.schema.model.mssql.facts import SET
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.syntax.mssql.builder import Builder
from pipeline.schema.syntax.mssql.clauses import (
    bits,
    bracketed,
    comma_separated,
    if_exists,
    on_off,
    one_of,
    owner,
    quoted,
)
from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.item_changes import Said, Statement, change, item


def _origin(cursor: Cursor) -> str:
    """What stands after FROM."""
    if cursor.accept("ASSEMBLY"):
        return f"ASSEMBLY {bracketed(cursor)}"
    if cursor.accept("PROVIDER"):
        return f"PROVIDER {bracketed(cursor)}"
    if cursor.accept("BINARY", "="):
        return f"BINARY = {bits(cursor)}"
    words = "EXECUTABLE FILE" if cursor.accept("EXECUTABLE") else "FILE"
    cursor.expect("FILE", "=")
    return f"{words} = {quoted(cursor)}"


def _password(cursor: Cursor) -> str:
    """Read past `PASSWORD = '...'`, or give '' where it does not come next."""
    if not cursor.accept("PASSWORD"):
        return ""
    cursor.expect("=")
    cursor.string()
    return "PASSWORD"


def _private_key(cursor: Cursor, said: Said) -> None:
    """Read `( FILE = '...', DECRYPTION BY PASSWORD = '...', ... )`."""
    cursor.expect("(")
    while not cursor.accept(")"):
        if cursor.accept("FILE", "="):
            said["private_key"] = f"FILE = {quoted(cursor)}"
        elif cursor.accept("BINARY", "="):
            bits(cursor)
            said["private_key"] = SET
        elif cursor.accept("DECRYPTION", "BY"):
            _password(cursor)
        elif cursor.accept("ALGORITHM", "="):
            quoted(cursor)
        else:
            cursor.expect("ENCRYPTION", "BY")
            said["encryption"] = _password(cursor)
            if not said["encryption"]:
                cursor.expect("MASTER", "KEY")
        cursor.accept(",")


_CERTIFICATE = {"SUBJECT": "subject", "START_DATE": "start_date", "EXPIRY_DATE": "expiry_date"}


def _create_certificate(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "CERTIFICATE")
    name = cursor.name()
    authorization = owner(cursor)
    said: Said = {}
    while True:
        if cursor.accept("FROM"):
            said["from"] = _origin(cursor)
        elif cursor.accept("ENCRYPTION", "BY"):
            said["encryption"] = _password(cursor)
        elif cursor.accept("WITH", "PRIVATE", "KEY"):
            _private_key(cursor, said)
        elif cursor.accept("WITH", "FORMAT", "="):
            quoted(cursor)
            if cursor.accept(",", "PRIVATE", "KEY"):
                _private_key(cursor, said)
        elif cursor.word in {"WITH", ","} and cursor.peek() in _CERTIFICATE:
            cursor.next()
            fact = _CERTIFICATE[cursor.next().upper()]
            cursor.expect("=")
            said[fact] = quoted(cursor)
        elif cursor.accept("ACTIVE", "FOR", "BEGIN_DIALOG"):
            said["active_for_begin_dialog"] = on_off(cursor)
        else:
            break
    builder.put(item(Kind.CERTIFICATE, name, said, authorization=authorization), cursor)


def _other_private_key(cursor: Cursor, added: Said) -> bool:
    """Read what ALTER says of a private key; give whether it said anything."""
    if cursor.accept("REMOVE", "PRIVATE", "KEY"):
        added["private_key"] = "NONE"
        return True
    if cursor.accept("WITH", "PRIVATE", "KEY"):
        _private_key(cursor, added)
        return True
    return False


def _alter_certificate(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "CERTIFICATE")
    name = cursor.name()
    added: Said = {}
    if not _other_private_key(cursor, added):
        cursor.accept("WITH")
        cursor.expect("ACTIVE", "FOR", "BEGIN_DIALOG")
        added["active_for_begin_dialog"] = on_off(cursor)
    change(builder, Kind.CERTIFICATE, "", name, lambda said: said.update(added), cursor)


_KEY_OPTIONS = frozenset(
    {
        "ALGORITHM",
        "CREATION_DISPOSITION",
        "IDENTITY_VALUE",
        "KEY_SOURCE",
        "PROVIDER_KEY_NAME",
    }
)


def _key_options(cursor: Cursor, said: Said) -> None:
    """Read `ALGORITHM = AES_256, KEY_SOURCE = '...', ...` and the encryptions among them."""
    while True:
        if cursor.accept("ENCRYPTION", "BY"):
            _encryptions(cursor, said)
        else:
            word = one_of(cursor, *sorted(_KEY_OPTIONS))
            cursor.expect("=")
            said[word.lower()] = _key_option(word, cursor)
        if cursor.word != "," or cursor.peek() not in {*_KEY_OPTIONS, "ENCRYPTION"}:
            return
        cursor.expect(",")


def _key_option(word: str, cursor: Cursor) -> str:
    if word in {"IDENTITY_VALUE", "KEY_SOURCE"}:
        cursor.string()
        return SET
    return quoted(cursor) if word == "PROVIDER_KEY_NAME" else cursor.next().upper()


def _encryptions(cursor: Cursor, said: Said) -> None:
    """Read `PASSWORD = '...', CERTIFICATE x, ...`."""
    while True:
        for fact in _encryption(cursor):
            said[fact] = SET if fact.endswith(":PASSWORD") else "ON"
        if not (cursor.word == "," and cursor.peek() in _ENCRYPTED_BY):
            return
        cursor.expect(",")


_ENCRYPTED_BY = {"ASYMMETRIC", "CERTIFICATE", "PASSWORD", "SYMMETRIC"}


def _encryption(cursor: Cursor) -> tuple[str]:
    if _password(cursor):
        return ("encryption:PASSWORD",)
    words = one_of(cursor, "CERTIFICATE", "ASYMMETRIC", "SYMMETRIC")
    if words != "CERTIFICATE":
        cursor.expect("KEY")
        words += " KEY"
    return (f"encryption:{words} {bracketed(cursor)}",)


def _create_symmetric_key(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "SYMMETRIC", "KEY")
    name = cursor.name()
    authorization = owner(cursor)
    said: Said = {}
    if cursor.accept("FROM", "PROVIDER"):
        said["provider"] = bracketed(cursor)
    if cursor.accept("WITH"):
        _key_options(cursor, said)
    if cursor.accept("ENCRYPTION", "BY"):
        _encryptions(cursor, said)
    builder.put(item(Kind.SYMMETRIC_KEY, name, said, authorization=authorization), cursor)


def _alter_symmetric_key(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "SYMMETRIC", "KEY")
    name = cursor.name()
    verb = one_of(cursor, "ADD", "DROP")
    cursor.expect("ENCRYPTION", "BY")
    added: Said = {}
    _encryptions(cursor, added)

    def edit(said: Said) -> None:
        gone = {each.lower() for each in added}
        for found in [each for each in said if each.lower() in gone]:
            del said[found]
        if verb == "ADD":
            said.update(added)

    change(builder, Kind.SYMMETRIC_KEY, "", name, edit, cursor)


def _create_asymmetric_key(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("CREATE", "ASYMMETRIC", "KEY")
    name = cursor.name()
    authorization = owner(cursor)
    said: Said = {"from": _origin(cursor)} if cursor.accept("FROM") else {}
    if cursor.accept("WITH"):
        _key_options(cursor, said)
    if cursor.accept("ENCRYPTION", "BY"):
        said["encryption"] = _password(cursor)
    builder.put(item(Kind.ASYMMETRIC_KEY, name, said, authorization=authorization), cursor)


def _alter_asymmetric_key(cursor: Cursor, builder: Builder) -> None:
    cursor.expect("ALTER", "ASYMMETRIC", "KEY")
    name = cursor.name()
    added: Said = {}
    if not _other_private_key(cursor, added):
        cursor.expect("REMOVE", "ATTESTED", "OPTION")
    change(builder, Kind.ASYMMETRIC_KEY, "", name, lambda said: said.update(added), cursor)


def _drop(kind: Kind, *words: str) -> Statement:
    def drop(cursor: Cursor, builder: Builder) -> None:
        cursor.expect(*words)
        if_exists(cursor)
        for name in comma_separated(cursor, cursor.name):
            builder.drop(kind, "", name)
        cursor.accept("REMOVE", "PROVIDER", "KEY")

    return drop


STATEMENTS: dict[tuple[str, ...], Statement] = {
    ("CREATE", "CERTIFICATE"): _create_certificate,
    ("ALTER", "CERTIFICATE"): _alter_certificate,
    ("DROP", "CERTIFICATE"): _drop(Kind.CERTIFICATE, "DROP", "CERTIFICATE"),
    ("CREATE", "SYMMETRIC", "KEY"): _create_symmetric_key,
    ("ALTER", "SYMMETRIC", "KEY"): _alter_symmetric_key,
    ("DROP", "SYMMETRIC", "KEY"): _drop(Kind.SYMMETRIC_KEY, "DROP", "SYMMETRIC", "KEY"),
    ("CREATE", "ASYMMETRIC", "KEY"): _create_asymmetric_key,
    ("ALTER", "ASYMMETRIC", "KEY"): _alter_asymmetric_key,
    ("DROP", "ASYMMETRIC", "KEY"): _drop(Kind.ASYMMETRIC_KEY, "DROP", "ASYMMETRIC", "KEY"),
}
