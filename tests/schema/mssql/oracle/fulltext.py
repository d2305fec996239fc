"""Full-text indexes."""

from copy import deepcopy

from tests.schema.mssql.oracle.cursor import Cursor, fold
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.model import Fact, Module, Table
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.storage import guarded, language
from tests.schema.mssql.oracle.world import World


def create_index(c: Cursor) -> Act:
    """What follows CREATE FULLTEXT INDEX."""
    c.need("ON")
    host = c.name()
    columns: dict[str, Fact] = {}
    if c.take("("):
        while not c.take(")"):
            name, facts = one_column(c)
            columns[name] = facts
            c.take(",")
    c.need("KEY", "INDEX")
    facts_of: dict[str, Fact] = {
        "columns": columns, "key": fold(c.identifier()), "tracking": "auto", "stoplist": "system",
        "enabled": True, "catalog": "",
    }  # fmt: skip
    if c.take("ON"):
        places(c, facts_of)
    if c.take("WITH"):
        bracketed = c.take("(")
        options(c, facts_of)
        if bracketed:
            c.need(")")

    def act(session: Session) -> None:
        put_on(session.world, session.world.host(host, 208), deepcopy(facts_of))

    return guarded("CREATE FULLTEXT INDEX", act)


def one_column(c: Cursor) -> tuple[str, dict[str, Fact]]:
    name = fold(c.identifier())
    facts: dict[str, Fact] = {}
    while True:
        if c.take("TYPE", "COLUMN"):
            facts["type column"] = fold(c.identifier())
        elif c.take("LANGUAGE"):
            facts["language"] = language(c)
        elif c.take("STATISTICAL_SEMANTICS"):
            facts["semantics"] = True
        else:
            return name, facts


def places(c: Cursor, facts: dict[str, Fact]) -> None:
    if not c.take("("):
        facts["catalog"] = fold(c.identifier())
        return
    while not c.take(")"):
        if c.take("FILEGROUP"):
            facts["filegroup"] = fold(c.identifier())
        else:
            facts["catalog"] = fold(c.identifier())
        c.take(",")


def options(c: Cursor, facts: dict[str, Fact]) -> None:
    while True:
        if c.take("CHANGE_TRACKING"):
            c.take("=")
            facts["tracking"] = c.word().lower()
            if c.take(",", "NO", "POPULATION"):
                facts["tracking"] = "off"
        elif c.take("STOPLIST"):
            c.take("=")
            facts["stoplist"] = fold(c.identifier())
        elif c.take("SEARCH", "PROPERTY", "LIST"):
            c.take("=")
            facts["property list"] = fold(c.identifier())
        else:
            raise c.unknown("an option of a full-text index expected")
        if not c.take(","):
            return


def put_on(world: World, host: Table | Module, facts: dict[str, Fact]) -> None:
    if host.full_text is not None:
        raise Refused(7652, f"a full-text index is on {host.name} already")
    key = host.indexes.get(str(facts["key"]))
    nullable = (
        isinstance(host, Table)
        and key
        and any(host.columns[fold(n)].nullable for n, _ in key.columns)
    )
    if key is None or not key.unique or len(key.columns) != 1 or nullable:
        raise Refused(
            7653, f"{facts['key']} is not a unique index of one column that is not nullable"
        )
    check_columns(host, facts)
    check_lists(world, facts)
    if not facts["catalog"]:
        catalogs = [
            t for t in world.things.values() if t.kind == "FULLTEXT CATALOG" and t.facts["default"]
        ]
        if not catalogs:
            raise Refused(9967, "there is no default full-text catalog")
        facts["catalog"] = catalogs[0].name.key[1]
    host.full_text = facts


def check_columns(host: Table | Module, facts: dict[str, Fact]) -> None:
    columns = facts["columns"]
    known = set(host.columns) if isinstance(host, Table) else set(map(fold, host.columns or ()))
    assert isinstance(columns, dict)
    for name, more in columns.items():
        for wanted in (name, *(v for k, v in more.items() if k == "type column")):
            if wanted not in known:
                raise Refused(1911, f"the column {wanted} does not exist in {host.name}")


def check_lists(world: World, facts: dict[str, Fact]) -> None:
    for word, kind in (
        ("catalog", "FULLTEXT CATALOG"),
        ("stoplist", "FULLTEXT STOPLIST"),
        ("property list", "SEARCH PROPERTY LIST"),
    ):
        name = facts.get(word)
        if name and name not in ("system", "off") and (kind, "", str(name)) not in world.things:
            raise Refused(7641, f"the {kind.lower()} {name} does not exist")


def drop_index(c: Cursor) -> Act:
    """What follows DROP FULLTEXT INDEX."""
    c.need("ON")
    host = c.name()

    def act(session: Session) -> None:
        held = session.world.host(host, 208)
        if held.full_text is None:
            raise Refused(7655, f"no full-text index is on {host}")
        held.full_text = None

    return guarded("DROP FULLTEXT INDEX", act)


def alter_index(c: Cursor) -> Act:
    """What follows ALTER FULLTEXT INDEX."""
    c.need("ON")
    host = c.name()
    change = alteration(c)

    def act(session: Session) -> None:
        held = session.world.host(host, 208)
        if held.full_text is None:
            raise Refused(7655, f"no full-text index is on {host}")
        after = change(deepcopy(held.full_text))
        check_columns(held, after)
        check_lists(session.world, after)
        held.full_text = after

    return guarded("ALTER FULLTEXT INDEX", act)


class Alter:
    """A change of a full-text index's facts."""

    def __init__(self, facts: dict[str, Fact], columns: dict[str, Fact | None]) -> None:
        self.facts = facts
        self.columns = columns

    def __call__(self, held: dict[str, Fact]) -> dict[str, Fact]:
        columns = held["columns"]
        assert isinstance(columns, dict)
        for name, facts in self.columns.items():
            if facts is None and name not in columns:
                raise Refused(7657, f"the column {name} is not in the full-text index")
            if facts is not None and name in columns and not self.facts.get("altering"):
                raise Refused(7660, f"the column {name} is in the full-text index already")
            if facts is None:
                del columns[name]
            else:
                columns[name] = facts
        return (
            held | {k: v for k, v in self.facts.items() if k != "altering"} | {"columns": columns}
        )


def alteration(c: Cursor) -> Alter:
    facts: dict[str, Fact] = {}
    columns: dict[str, Fact | None] = {}
    if c.at("ENABLE|DISABLE"):
        facts["enabled"] = c.word() == "ENABLE"
    elif c.take("SET"):
        options(c, facts)
    elif c.take("ADD"):
        c.need("(")
        while not c.take(")"):
            name, more = one_column(c)
            columns[name] = more
            c.take(",")
    elif c.take("DROP"):
        columns |= dict.fromkeys(map(fold, c.names()))
    elif c.take("ALTER", "COLUMN"):
        raise c.unknown("ADD or DROP of columns expected")
    elif c.at("START|STOP|PAUSE|RESUME"):
        while c.at("START|STOP|PAUSE|RESUME|FULL|INCREMENTAL|UPDATE|POPULATION"):
            c.next()
    if c.take("WITH", "NO", "POPULATION") or c.take("WITH", "STOPLIST"):
        pass
    return Alter(facts, columns)
