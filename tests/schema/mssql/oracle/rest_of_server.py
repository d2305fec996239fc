"""Statements about whole databases, which change no object within one."""

from tests.schema.mssql.oracle.cursor import Cursor
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.statements_end import rest


def outside(what: str) -> Act:
    def act(session: Session) -> None:
        if session.depth:
            raise Refused(226, f"{what} is not allowed within a transaction")

    return act


def ignored_database(c: Cursor) -> Act:
    """What follows CREATE DATABASE or DROP DATABASE."""
    rest(c)
    return outside("CREATE or DROP DATABASE")


def alter_database(c: Cursor) -> Act:
    """What follows ALTER DATABASE."""
    if c.at("SCOPED"):
        raise c.unknown("the name of a database expected")
    c.identifier()
    c.take("SET")
    rest(c)
    return outside("ALTER DATABASE")
