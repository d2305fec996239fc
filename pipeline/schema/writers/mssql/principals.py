"""Users, roles, schemas and security policies."""

from pipeline.schema.model.mssql.facts import OFF, ON, SET
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.syntax.mssql.tokens import quote_string
from pipeline.schema.writers.mssql.broker import altered, made, owned
from pipeline.schema.writers.mssql.changes import Changes, listed_facts, said
from pipeline.schema.writers.mssql.crypto import secret, with_secret
from pipeline.schema.writers.mssql.kinds import drop_words, exists, full_name
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


def create_role(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE ROLE with its members, or CREATE APPLICATION ROLE."""
    if item.fact("application") == ON:
        sql = f"CREATE APPLICATION ROLE {bracket(item.name)} WITH PASSWORD = {secret()}"
        sql += f", DEFAULT_SCHEMA = {said(item, 'default_schema')}"
        return made(item, with_secret(sql, target))
    created = Statement(f"CREATE ROLE {bracket(item.name)}{owned(item)}", exists(item))
    members = [
        each
        for member, _ in listed_facts(item, "member:")
        for each in add_member(item, member, target)
    ]
    return (created, *members)


def alter_role(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """Members added and dropped; the schema of an application role."""
    found: list[Statement] = []
    for member, _, after in changes.of("member:"):
        found += (add_member if after else drop_member)(changes.new, member, target)
    options = []
    if changes.has("default_schema"):
        options.append(f"DEFAULT_SCHEMA = {changes.now('default_schema')}")
    if options:
        name = bracket(changes.new.name)
        found += altered(changes.new, f"ALTER APPLICATION ROLE {name} WITH {', '.join(options)}")
    return tuple(found)


def drop_role(item: Item) -> tuple[Statement, ...]:
    """DROP ROLE, which has to be empty."""
    return altered(item, f"DROP {drop_words(item)} {bracket(item.name)}")


def add_member(item: Item, member: str, target: Target) -> tuple[Statement, ...]:
    """ALTER ROLE ADD MEMBER, sp_addrolemember before 2012."""
    return (_member(item, member, target, "ADD", "sp_addrolemember"),)


def drop_member(item: Item, member: str, target: Target) -> tuple[Statement, ...]:
    """ALTER ROLE DROP MEMBER, sp_droprolemember before 2012."""
    return (_member(item, member, target, "DROP", "sp_droprolemember"),)


def _member(item: Item, member: str, target: Target, verb: str, procedure: str) -> Statement:
    role, who = quote_string(item.name), quote_string(member)
    there = f"IS_ROLEMEMBER({role}, {who}) = 1" if target.version >= 2012 else ""
    if target.version >= 2012 or target.edition == "azure" or target.export:
        sql = f"ALTER ROLE {bracket(item.name)} {verb} MEMBER {bracket(member)}"
    else:
        sql = f"EXEC {procedure} {role}, {who}"
    return Statement(sql, there, making=verb == "ADD")


def create_user(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE USER of any sort."""
    if item.fact("from") == "EXTERNAL PROVIDER":
        target.need("a user of an external provider", bracket(item.name))
    sql = f"CREATE USER {bracket(item.name)}" + _of(item)
    options = [f"PASSWORD = {secret()}"] if item.fact("password") == SET else []
    options += _user_options(item)
    if options and options[0].startswith("PASSWORD"):
        target.need("a contained database's user", bracket(item.name))
    sql += f" WITH {', '.join(options)}" if options else ""
    created = made(item, with_secret(sql, target))
    if item.fact("connect") != OFF:
        return created
    return (*created, *altered(item, _connect(item, OFF)))


def _connect(item: Item, wanted: str) -> str:
    words = "REVOKE CONNECT FROM" if wanted == OFF else "GRANT CONNECT TO"
    return f"{words} {bracket(item.name)}"


def _of(item: Item) -> str:
    if item.fact("without_login") == ON:
        return " WITHOUT LOGIN"
    if item.fact("from"):
        words = f" FROM {item.fact('from')}"
        return words if words.endswith("PROVIDER") else words.replace(" FROM ", " FOR ")
    return f" FOR LOGIN {item.fact('login')}" if item.fact("login") else ""


def _user_options(item: Item) -> list[str]:
    names = ("default_schema", "default_language", "sid", "object_id")
    options = [f"{name.upper()} = {item.fact(name)}" for name in names if item.fact(name)]
    if item.fact("allow_encrypted_value_modifications"):
        value = item.fact("allow_encrypted_value_modifications")
        options.append(f"ALLOW_ENCRYPTED_VALUE_MODIFICATIONS = {value}")
    return options


def alter_user(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """ALTER USER; a password that comes or goes means another sort of user."""
    if changes.has("password"):
        return None
    options = []
    if changes.has("login"):
        login = changes.new.fact("login") or bracket(changes.new.name)
        options.append(f"LOGIN = {login}")
    for name in ("default_schema", "default_language", "allow_encrypted_value_modifications"):
        if changes.has(name):
            options.append(f"{name.upper()} = {changes.now(name)}")
    name = bracket(changes.new.name)
    sqls = [f"ALTER USER {name} WITH {', '.join(options)}"] if options else []
    if changes.has("connect"):
        sqls.append(_connect(changes.new, changes.now("connect")))
    return altered(changes.new, *sqls)


def create_schema(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE SCHEMA, alone in its batch."""
    sql = f"CREATE SCHEMA {bracket(item.name)}{owned(item)}"
    return (Statement(sql, exists(item), alone=True),)


def alter_schema(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """A schema has no facts: only its owner changes."""
    return ()


def create_policy(item: Item, target: Target) -> tuple[Statement, ...]:
    """CREATE SECURITY POLICY."""
    predicates = [_add(name, call) for name, call in listed_facts(item, "predicate:")]
    sql = "\n".join(
        (
            f"CREATE SECURITY POLICY {full_name(item)}",
            ",\n".join(predicates),
            f"WITH (STATE = {said(item, 'state')}"
            + (f", SCHEMABINDING = {OFF}" if item.fact("schema_binding") == OFF else "")
            + ")",
        )
    )
    sql += "\nNOT FOR REPLICATION" if item.fact("not_for_replication") == ON else ""
    return made(item, sql)


def _add(name: str, call: str) -> str:
    """`FILTER [s].[t]` and the call, as ADD FILTER PREDICATE call ON [s].[t]."""
    sort, operation, table = _predicate(name)
    text = f"ADD {sort} PREDICATE {call} ON {table}"
    return f"{text} {operation}" if operation else text


def _predicate(name: str) -> tuple[str, str, str]:
    """(FILTER or BLOCK, AFTER INSERT..., the table)."""
    words, mark, table = name.partition("[")
    sort, _, operation = words.strip().partition(" ")
    return sort, operation, mark + table


def alter_policy(changes: Changes, target: Target) -> tuple[Statement, ...]:
    """ALTER SECURITY POLICY: predicates, then its state."""
    begin, found = f"ALTER SECURITY POLICY {full_name(changes.new)}", []
    clauses = []
    for name, before, after in changes.of("predicate:"):
        sort, operation, table = _predicate(name)
        end = f" {operation}" if operation else ""
        if not after:
            clauses.append(f"DROP {sort} PREDICATE ON {table}{end}")
        elif not before:
            clauses.append(_add(name, after))
        else:
            clauses.append(f"ALTER {sort} PREDICATE {after} ON {table}{end}")
    if clauses:
        found.append(f"{begin}\n" + ",\n".join(clauses))
    if changes.has("state"):
        found.append(f"{begin} WITH (STATE = {changes.now('state')})")
    if changes.has("not_for_replication"):
        verb = "ADD" if changes.now("not_for_replication") == ON else "DROP"
        found.append(f"{begin} {verb} NOT FOR REPLICATION")
    return altered(changes.new, *found)
