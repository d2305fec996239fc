"""Change the schema of a database, one group of statements in one transaction."""

import json
from collections.abc import Mapping

from pipeline.errors import Failed
from pipeline.execute.act_files import blob
from pipeline.observe.databases import sqlite_path
from pipeline.plan.action import ApplySchema
from pipeline.schema.readers.connect import open_sqlite
from pipeline.schema.rehearse import run_group
from pipeline.transport.base import Transport
from pipeline.wording import count


def apply_schema(action: ApplySchema, way: Transport, blobs: Mapping[str, str]) -> str:
    """Run a group. A file that is not there yet is made so that the site may write it."""
    statements = json.loads(blob(blobs, action.statements))
    path = sqlite_path(action.url)
    if not way.exists(str(path)):
        way.write(str(path), b"", mode=0o640, owner=action.owner)
    try:
        with open_sqlite(path, read_only=False) as connection:
            run_group(connection, statements, foreign_keys_off=action.foreign_keys_off)
    except Failed as problem:
        raise type(problem)(
            problem.what,
            where=f"database {action.database}, {action.group}",
            advice=problem.advice,
        ) from problem
    return count(len(statements), "statement")
