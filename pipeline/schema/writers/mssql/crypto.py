"""Certificates and keys. Secrets are not kept, so the server makes up those that it needs."""

from pipeline.errors import CheckFailed
from pipeline.schema.model.mssql.facts import SET
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.broker import altered, made, owned
from pipeline.schema.writers.mssql.changes import Changes, listed_facts, said
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target

STARS = "N'********'"
_MARK = "\0"


def with_secret(sql: str, target: Target) -> str:
    """Give a statement whose secrets are marked: starred for a file, random for a server.

    Random means that nobody knows it: whoever needs the password sets one afterwards.
    """
    if _MARK not in sql:
        return sql
    if target.export:
        return sql.replace(_MARK, STARS)
    pieces = " + @secret + ".join(quote_string(piece) for piece in sql.split(_MARK))
    pieces = pieces.removesuffix(" + N''")
    return (
        "-- Nobody knows this password: it is made up here, and somebody has to set one.\n"
        "DECLARE @secret nvarchar(200), @sql nvarchar(max)\n"
        "SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''\n"
        f"SET @sql = {pieces}\n"
        "EXEC (@sql)"
    )


def secret() -> str:
    """Give what stands for a secret in a statement until `with_secret` sees it."""
    return _MARK


def _encryption(item: Item) -> str:
    if item.fact("encryption") != "PASSWORD":
        return ""
    return f" ENCRYPTION BY PASSWORD = {secret()}"


def create_asymmetric_key(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE ASYMMETRIC KEY."""
    sql = f"CREATE ASYMMETRIC KEY {bracket(item.name)}{owned(item)}"
    sql += f" FROM {item.fact('from')}" if item.fact("from") else ""
    options = _provider_options(item)
    sql += f" WITH {', '.join(options)}" if options else ""
    created = made(item, with_secret(sql + _encryption(item), target))
    if item.fact("private_key") != "NONE":
        return created
    return (*created, *altered(item, _remove("ASYMMETRIC KEY", item)))


def _provider_options(item: Item) -> list[str]:
    names = ("provider_key_name", "algorithm", "creation_disposition")
    return [f"{name.upper()} = {item.fact(name)}" for name in names if item.fact(name)]


def _remove(words: str, item: Item) -> str:
    return f"ALTER {words} {bracket(item.name)} REMOVE PRIVATE KEY"


def alter_key(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """Only the private key of an asymmetric key can be taken away."""
    if changes.names == ("private_key",) and changes.new.fact("private_key") == "NONE":
        return altered(changes.new, _remove("ASYMMETRIC KEY", changes.new))
    return None


_DATES = ("subject", "start_date", "expiry_date")


def create_certificate(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE CERTIFICATE."""
    sql = f"CREATE CERTIFICATE {bracket(item.name)}{owned(item)}"
    private = item.fact("private_key")
    if item.fact("from"):
        sql += f" FROM {item.fact('from')}" + _private_key(item, private)
    else:
        sql += _encryption(item)
        options = [f"{name.upper()} = {item.fact(name)}" for name in _DATES if item.fact(name)]
        sql += f" WITH {', '.join(options)}"
    active = item.fact("active_for_begin_dialog")
    sql += f" ACTIVE FOR BEGIN_DIALOG = {active}" if active else ""
    created = made(item, with_secret(sql, target))
    if private != "NONE":
        return created
    return (*created, *altered(item, _remove("CERTIFICATE", item)))


def _private_key(item: Item, private: str) -> str:
    if private in {"", "NONE"}:
        return ""
    if private == SET:
        return _kept_secret("its private key", item)
    encryption = f",{_encryption(item)}" if _encryption(item) else ""
    return f" WITH PRIVATE KEY ({private}, DECRYPTION BY PASSWORD = {secret()}{encryption})"


def _kept_secret(what: str, item: Item) -> str:
    raise CheckFailed(
        f"{bracket(item.name)}: {what} is a secret, which farmhand does not keep",
        advice=f"make it by hand, and leave it out: --exclude {item.kind}:{item.name}",
    )


def alter_certificate(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """ALTER CERTIFICATE knows of BEGIN_DIALOG and of removing the private key."""
    name, sqls = bracket(changes.new.name), []
    if changes.has("encryption"):
        return None
    if changes.has("private_key"):
        if changes.new.fact("private_key") != "NONE":
            return None
        sqls.append(_remove("CERTIFICATE", changes.new))
    if changes.has("active_for_begin_dialog"):
        active = changes.now("active_for_begin_dialog")
        sqls.append(f"ALTER CERTIFICATE {name} WITH ACTIVE FOR BEGIN_DIALOG = {active}")
    return altered(changes.new, *sqls)


def create_symmetric_key(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE SYMMETRIC KEY. One that is made of a secret cannot be made again: CheckFailed."""
    sql = f"CREATE SYMMETRIC KEY {bracket(item.name)}{owned(item)}"
    sql += f" FROM PROVIDER {item.fact('provider')}" if item.fact("provider") else ""
    options = _provider_options(item)
    for name in ("key_source", "identity_value"):
        if item.fact(name):
            value = STARS if target.export else _kept_secret(name.upper(), item)
            options.append(f"{name.upper()} = {value}")
    sql += f" WITH {', '.join(options)}" if options else ""
    by = [_by(name) for name, _ in listed_facts(item, "encryption:")]
    sql += f" ENCRYPTION BY {', '.join(by)}" if by else ""
    return made(item, with_secret(sql, target))


def _by(name: str) -> str:
    return f"PASSWORD = {secret()}" if name.upper() == "PASSWORD" else name


def alter_symmetric_key(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """Other encryptions: the key has to be opened for that, which needs what is not kept."""
    opened = next((name for name, _ in listed_facts(changes.old, "encryption:")), "")
    if opened.upper().startswith("PASSWORD") or not opened or said(changes.new, "provider"):
        return None
    name = bracket(changes.new.name)
    sqls = [f"OPEN SYMMETRIC KEY {name} DECRYPTION BY {opened}"]
    for words, _, after in sorted(changes.of("encryption:"), key=lambda each: not each[2]):
        if words.upper() == "PASSWORD" and not after:
            _kept_secret("the password to take away", changes.new)
        verb = "ADD" if after else "DROP"
        sqls.append(f"ALTER SYMMETRIC KEY {name} {verb} ENCRYPTION BY {_by(words)}")
    sqls.append(f"CLOSE SYMMETRIC KEY {name}")
    return altered(changes.new, *(with_secret(sql, target) for sql in sqls))
