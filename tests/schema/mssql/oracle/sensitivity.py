"""Sensitivity classifications of columns."""

from tests.schema.mssql.oracle.cursor import Cursor, fold, name_of, normal
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Column, Fact
from tests.schema.mssql.oracle.options import split
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.world import World


def columns(c: Cursor) -> list[tuple[str, ...]]:
    found = [c.parts()]
    while c.take(","):
        found.append(c.parts())
    return found


def column_at(world: World, parts: tuple[str, ...]) -> Column:
    table = world.tables.get(name_of(parts[:-1]).key)
    if table is None or fold(parts[-1]) not in table.columns:
        raise Refused(2020, f"cannot find the column {'.'.join(parts)}")
    return table.columns[fold(parts[-1])]


def add_label(c: Cursor) -> Act:
    """What follows ADD SENSITIVITY CLASSIFICATION."""
    c.need("TO")
    targets = columns(c)
    c.need("WITH")
    labels: dict[str, Fact] = {}
    for item in split(c.balanced()):
        place = next(n for n, token in enumerate(item) if token.text == "=")
        labels[normal(item[:place])] = item[-1].value

    def act(session: Session) -> None:
        for parts in targets:
            column_at(session.world, parts).facts["sensitivity"] = dict(labels)

    return act


def drop_label(c: Cursor) -> Act:
    """What follows DROP SENSITIVITY CLASSIFICATION."""
    c.need("FROM")
    targets = columns(c)

    def act(session: Session) -> None:
        for parts in targets:
            if column_at(session.world, parts).facts.pop("sensitivity", None) is None:
                raise Refused(2020, f"{'.'.join(parts)} has no classification")

    return act
