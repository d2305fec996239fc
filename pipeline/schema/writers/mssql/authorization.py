"""Who owns an object: ALTER AUTHORIZATION."""

from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.names import bracket
from pipeline.schema.writers.mssql.kinds import WORDS, exists, full_name, kind_of, securable
from pipeline.schema.writers.mssql.statement import Statement


def alter_authorization(thing: Object, old: str) -> tuple[Statement, ...]:
    """Give the object to its owner, when `old` is another one ('' is the owner by default)."""
    if isinstance(thing, Unreadable) or thing.authorization.lower() == old.lower():
        return ()
    owner = bracket(thing.authorization) if thing.authorization else "[dbo]"
    if thing.schema and not thing.authorization:
        owner = "SCHEMA OWNER"
    name = securable(thing) if WORDS[kind_of(thing)].securable else f"OBJECT::{full_name(thing)}"
    sql = f"ALTER AUTHORIZATION ON {name} TO {owner}"
    return (Statement(sql, exists(thing), making=False),)
