"""The statements about everything but tables and their indexes, gathered from their modules."""

from pipeline.schema.syntax.mssql import (
    bindings,
    broker,
    fulltext,
    fulltext_index,
    keys,
    modules,
    permissions,
    policies,
    principals,
    principals_called,
    procedures_called,
    properties,
    renaming,
    schemas,
    sensitivity,
    storage,
    triggers,
    unmodelled,
)
from pipeline.schema.syntax.mssql.item_changes import Statement

STATEMENTS: dict[tuple[str, ...], Statement] = {
    **bindings.STATEMENTS,
    **broker.STATEMENTS,
    **fulltext.STATEMENTS,
    **fulltext_index.STATEMENTS,
    **keys.STATEMENTS,
    **modules.STATEMENTS,
    **permissions.STATEMENTS,
    **policies.STATEMENTS,
    **principals.STATEMENTS,
    **principals_called.STATEMENTS,
    **procedures_called.STATEMENTS,
    **properties.STATEMENTS,
    **renaming.STATEMENTS,
    **schemas.STATEMENTS,
    **sensitivity.STATEMENTS,
    **storage.STATEMENTS,
    **triggers.STATEMENTS,
    **unmodelled.STATEMENTS,
}
