"""GRANT, DENY, REVOKE and ALTER AUTHORIZATION."""

from dataclasses import dataclass

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Table, Target
from tests.schema.mssql.oracle.securables import Resolve, securable
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.world import ROLES, World

ALL = {
    "TABLE": ("select", "insert", "update", "delete", "references"),
    "VIEW": ("select", "insert", "update", "delete", "references"),
    "PROCEDURE": ("execute",),
    "FUNCTION": ("execute", "references"),
}
SHORT = {"exec": "execute"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A permission, on some columns or on all."""

    name: str
    columns: tuple[str, ...]


def permission_list(c: Cursor) -> list[Wanted]:
    found = []
    while True:
        words = []
        while not c.at("(|,|ON|TO|FROM"):
            words.append(c.word().lower())
        name = " ".join(words)
        columns = c.names() if c.at("(") else ()
        found.append(Wanted(SHORT.get(name, name), columns))
        if not c.take(","):
            return found


def grant(c: Cursor, way: str) -> Act:
    """What follows GRANT, DENY or REVOKE (`way`)."""
    option_only = way == "REVOKE" and c.take("GRANT", "OPTION", "FOR")
    wanted = permission_list(c)
    on, columns = (
        (securable(c), c.names() if c.at("(") else ()) if c.take("ON") else (database, ())
    )
    c.need("TO|FROM")
    grantees = [c.identifier()]
    while c.take(","):
        grantees.append(c.identifier())
    option = c.take("WITH", "GRANT", "OPTION")
    c.take("CASCADE")
    if c.take("AS"):
        c.identifier()
    entry = "GRANT WITH OPTION" if option else way

    def act(session: Session) -> None:
        for grantee in grantees:
            session.world.need_principal(grantee)
            if fold(grantee) in ("dbo", "sys", "db_owner"):
                raise Refused(4617, f"cannot grant, deny or revoke permissions of {grantee}")
        for permission in wanted:
            for target, name in targets(session.world, on, permission, columns):
                for grantee in grantees:
                    change(
                        session.world,
                        (target, name, fold(grantee)),
                        entry,
                        option_only=option_only,
                    )

    return act


def database(world: World) -> Target:
    return ("database",)


def targets(
    world: World, on: Resolve, wanted: Wanted, columns: tuple[str, ...]
) -> list[tuple[Target, str]]:
    target = on(world)
    names: tuple[str, ...] = (wanted.name,)
    if wanted.name in ("all", "all privileges"):
        names = (
            ALL.get(world.kind(Name(*target[1:3]).key), ()) if target[0] == "object" else ("all",)
        )
    of = wanted.columns or columns
    for column in of:
        table = world.tables.get(Name(*target[1:3]).key)
        if isinstance(table, Table) and fold(column) not in table.columns:
            raise Refused(4924, f"the column {column} does not exist in {table.name}")
    if of:
        return [((*target, "column", fold(column)), name) for name in names for column in of]
    return [(target, name) for name in names]


def change(world: World, key: tuple[Target, str, str], entry: str, *, option_only: bool) -> None:
    if option_only:
        if world.permissions.get(key) == "GRANT WITH OPTION":
            world.permissions[key] = "GRANT"
    elif entry == "REVOKE":
        world.permissions.pop(key, None)
    elif not (entry == "GRANT" and world.permissions.get(key) == "GRANT WITH OPTION"):
        world.permissions[key] = entry


def authorization(c: Cursor) -> Act:
    """What follows ALTER AUTHORIZATION."""
    c.need("ON")
    on = securable(c)
    c.need("TO")
    owner = "" if c.take("SCHEMA", "OWNER") else fold(c.identifier())

    def act(session: Session) -> None:
        world = session.world
        target = on(world)
        if owner:
            world.need_principal(owner)
        if owner in ROLES and target[0] in ("schema",) and owner == "public":
            raise Refused(15353, "public cannot own anything")
        if world.owners.get(
            target, "dbo" if target[0] != "object" else ""
        ) != owner and target != ("database",):
            world.permissions = {
                k: v for k, v in world.permissions.items() if k[0][: len(target)] != target
            }
        if not owner or (owner == "dbo" and target[0] != "object"):
            world.owners.pop(target, None)
        else:
            world.owners[target] = owner

    return act
