"""Partition functions and schemes, XML schema collections, full-text catalogs and lists."""

from tests.schema.mssql.oracle.cursor import Cursor, Name, fold
from tests.schema.mssql.oracle.datatypes import data_type
from tests.schema.mssql.oracle.dependence import collection_users, space_users
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.expressions import Node, expression
from tests.schema.mssql.oracle.model import Fact, Target, Thing
from tests.schema.mssql.oracle.options import option_list
from tests.schema.mssql.oracle.scalars import drop_thing, put
from tests.schema.mssql.oracle.session import Act, Session
from tests.schema.mssql.oracle.world import World

LANGUAGES = {
    "neutral": "0",
    "english": "1033",
    "british english": "2057",
    "german": "1031",
    "french": "1036",
    "italian": "1040",
    "spanish": "3082",
    "japanese": "1041",
    "brazilian": "1046",
    "portuguese": "2070",
    "dutch": "1043",
    "russian": "1049",
    "swedish": "1053",
}


def boundary(c: Cursor) -> str:
    return expression(c).normal()


def create_function(c: Cursor) -> Act:
    """What follows CREATE PARTITION FUNCTION."""
    name = Name("", c.identifier())
    c.need("(")
    kind = data_type(c)
    c.need(")")
    c.need("AS", "RANGE")
    side = c.word().lower() if c.at("LEFT|RIGHT") else "left"
    c.need("FOR", "VALUES", "(")
    values: list[str] = []
    while not c.take(")"):
        values.append(boundary(c))
        c.take(",")
    return put(
        Thing(
            "PARTITION FUNCTION",
            name,
            {"type": kind.normal(), "side": side, "values": frozenset(values)},
        )
    )


def alter_function(c: Cursor) -> Act:
    """What follows ALTER PARTITION FUNCTION."""
    name = Name("", c.identifier())
    c.need("(")
    c.need(")")
    way = c.need("SPLIT|MERGE")
    c.need("RANGE", "(")
    value = boundary(c)
    c.need(")")

    def act(session: Session) -> None:
        thing = session.world.thing("PARTITION FUNCTION", name, 7707)
        values = thing.facts["values"]
        assert isinstance(values, frozenset)
        if way == "SPLIT":
            if value in values:
                raise Refused(7721, f"{value} is a boundary of {name.name} already")
            split_schemes(session.world, name)
            thing.facts["values"] = values | {value}
        else:
            if value not in values:
                raise Refused(7715, f"{value} is no boundary of {name.name}")
            thing.facts["values"] = values - {value}

    return act


def split_schemes(world: World, name: Name) -> None:
    """Each scheme of a split function must have a filegroup to put the new partition in."""
    for scheme in world.users_of(("partition function", name.key[1])):
        following = scheme.facts.pop("next", None)
        if following is None:
            raise Refused(
                7710, f"the partition scheme {scheme.name.name} has no next used filegroup"
            )


def create_scheme(c: Cursor) -> Act:
    """What follows CREATE PARTITION SCHEME."""
    name = Name("", c.identifier())
    c.need("AS", "PARTITION")
    function = fold(c.identifier())
    everything = c.take("ALL")
    c.need("TO")
    spaces = tuple(map(fold, quoted_names(c)))
    facts: dict[str, Fact] = {"function": function, "all": everything, "spaces": spaces}
    uses: frozenset[Target] = frozenset({("partition function", function)})
    inner = put(Thing("PARTITION SCHEME", name, facts, uses))

    def act(session: Session) -> None:
        inner(session)
        thing = session.world.thing("PARTITION SCHEME", name)
        values = session.world.thing("PARTITION FUNCTION", Name("", function)).facts["values"]
        count = len(values) + 1 if isinstance(values, frozenset) else 0
        if not everything and len(spaces) < count:
            del session.world.things[("PARTITION SCHEME", *name.key)]
            raise Refused(
                7707, f"the partition scheme {name.name} has fewer filegroups than partitions"
            )
        if everything or len(spaces) > count:
            thing.facts["next"] = spaces[count] if len(spaces) > count else spaces[0]
        if len(set(spaces)) == 1:
            thing.facts["spaces"], thing.facts["all"] = spaces[:1], True

    return act


def quoted_names(c: Cursor) -> tuple[str, ...]:
    return tuple(token.value for token in c.balanced() if token.text != ",")


def alter_scheme(c: Cursor) -> Act:
    """What follows ALTER PARTITION SCHEME."""
    name = Name("", c.identifier())
    c.need("NEXT", "USED")
    following = fold(c.identifier()) if c.peek().kind in ("word", "name") else ""

    def act(session: Session) -> None:
        thing = session.world.thing("PARTITION SCHEME", name, 7726)
        if not following:
            thing.facts.pop("next", None)
            return
        thing.facts["next"] = following
        spaces = thing.facts["spaces"]
        assert isinstance(spaces, tuple)
        if following not in spaces:
            thing.facts["spaces"], thing.facts["all"] = (*spaces, following), False

    return act


def drop_scheme(c: Cursor) -> Act:
    return drop_thing(
        c,
        "PARTITION SCHEME",
        lambda world, thing: space_users(world, thing.name.key[1]),
        number=7717,
    )


def create_collection(c: Cursor) -> Act:
    """What follows CREATE XML SCHEMA COLLECTION."""
    name = c.name()
    c.need("AS")
    node = expression(c)

    def act(session: Session) -> None:
        put(
            Thing(
                "XML SCHEMA COLLECTION", name, {"content": (squeezed(node),), "raw": (node.text,)}
            )
        )(session)

    return act


def squeezed(node: Node) -> str:
    text = node.path[0] if node.kind == "string" else node.normal()
    return "".join(text.split())


def alter_collection(c: Cursor) -> Act:
    """What follows ALTER XML SCHEMA COLLECTION."""
    name = c.name()
    c.need("ADD")
    node = expression(c)

    def act(session: Session) -> None:
        thing = session.world.thing("XML SCHEMA COLLECTION", name, 6330)
        content = thing.facts["content"]
        assert isinstance(content, tuple)
        thing.facts["content"] = ("".join((*content, squeezed(node))),)
        raw = thing.facts["raw"]
        thing.facts["raw"] = (*(raw if isinstance(raw, tuple) else ()), node.text)

    return act


def drop_collection(c: Cursor) -> Act:
    return drop_thing(
        c,
        "XML SCHEMA COLLECTION",
        lambda world, thing: collection_users(world, thing.name.key),
        schema=True,
        number=6328,
    )


# Full-text search


def outside(session: Session, what: str) -> None:
    if session.depth:
        raise Refused(574, f"{what} cannot be used inside a user transaction")


def guarded(what: str, inner: Act) -> Act:
    """Refuses a statement within a transaction."""

    def act(session: Session) -> None:
        outside(session, what)
        inner(session)

    return act


def create_catalog(c: Cursor) -> Act:
    """What follows CREATE FULLTEXT CATALOG."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {"accent": "on", "default": False}
    while True:
        if c.take("ON", "FILEGROUP"):
            facts["filegroup"] = fold(c.identifier())
        elif c.take("IN", "PATH"):
            c.string()
        elif c.take("WITH", "ACCENT_SENSITIVITY", "="):
            facts["accent"] = c.word().lower()
        elif c.take("AS", "DEFAULT"):
            facts["default"] = True
        elif c.take("AUTHORIZATION"):
            facts["owner"] = c.identifier()
        else:
            break
    inner = put(Thing("FULLTEXT CATALOG", name, facts))

    def act(session: Session) -> None:
        inner(session)
        if facts["default"]:
            only_default(session.world, name)

    return guarded("CREATE FULLTEXT CATALOG", act)


def only_default(world: World, name: Name) -> None:
    for thing in world.things.values():
        if thing.kind == "FULLTEXT CATALOG":
            thing.facts["default"] = thing.name.key == name.key


def alter_catalog(c: Cursor) -> Act:
    """What follows ALTER FULLTEXT CATALOG."""
    name = Name("", c.identifier())
    accent = ""
    if c.take("REBUILD"):
        if c.take("WITH", "ACCENT_SENSITIVITY", "="):
            accent = c.word().lower()
        default = False
    elif c.take("REORGANIZE"):
        default = False
    else:
        c.need("AS", "DEFAULT")
        default = True

    def act(session: Session) -> None:
        thing = session.world.thing("FULLTEXT CATALOG", name, 7641)
        if accent:
            thing.facts["accent"] = accent
        if default:
            only_default(session.world, name)

    return guarded("ALTER FULLTEXT CATALOG", act)


def catalog_users(world: World, thing: Thing) -> list[str]:
    return full_text_users(world, "catalog", thing.name.key[1])


def full_text_users(world: World, word: str, name: str) -> list[str]:
    return [
        str(host.name)
        for host in world.hosts()
        if host.full_text and host.full_text.get(word) == name
    ]


def drop_catalog(c: Cursor) -> Act:
    return guarded(
        "DROP FULLTEXT CATALOG", drop_thing(c, "FULLTEXT CATALOG", catalog_users, number=7641)
    )


def create_list(c: Cursor, kind: str) -> Act:
    """What follows CREATE FULLTEXT STOPLIST or CREATE SEARCH PROPERTY LIST."""
    name = Name("", c.identifier())
    facts: dict[str, Fact] = {"entries": {}}
    if c.take("FROM", "SYSTEM", "STOPLIST"):
        facts["from"] = "system"
    elif c.take("FROM"):
        facts["from"] = ".".join(map(fold, c.parts()))
    if c.take("AUTHORIZATION"):
        facts["owner"] = c.identifier()
    inner = put(Thing(kind, name, facts))

    def act(session: Session) -> None:
        inner(session)
        other = session.world.things.get((kind, "", str(facts.get("from"))))
        if other:
            thing = session.world.thing(kind, name)
            entries = other.facts["entries"]
            thing.facts["entries"] = dict(entries) if isinstance(entries, dict) else {}
            thing.facts.pop("from")
            if "from" in other.facts:
                thing.facts["from"] = other.facts["from"]

    return guarded(f"CREATE {kind}", act)


def language(c: Cursor) -> str:
    """A language by its number, where the oracle knows that."""
    token = c.next()
    return LANGUAGES.get(token.value.casefold(), token.value.casefold())


def property_text(options: dict[str, str]) -> str:
    """What a search property is; the case of its set's GUID makes no difference."""
    options["property_set_guid"] = options["property_set_guid"].upper()
    return ", ".join(f"{word} = {value}" for word, value in sorted(options.items()))


def alter_list(c: Cursor, kind: str) -> Act:
    """What follows ALTER FULLTEXT STOPLIST or ALTER SEARCH PROPERTY LIST."""
    name = Name("", c.identifier())
    adding = c.need("ADD|DROP") == "ADD"
    everything = c.take("ALL")
    word = "" if (everything and c.at("LANGUAGE")) or c.done else c.string()
    rest = ""
    if c.take("LANGUAGE"):
        rest = language(c)
    elif c.take("WITH"):
        rest = property_text(option_list(c))

    def act(session: Session) -> None:
        thing = session.world.thing(kind, name, 15151)
        entries = thing.facts["entries"]
        assert isinstance(entries, dict)
        key = f"{word} {rest}" if kind == "FULLTEXT STOPLIST" else word
        if adding and key in entries:
            raise Refused(9977, f"{key} is in {name.name} already")
        if adding:
            thing.facts["entries"] = entries | {key: rest}
        elif everything:
            thing.facts["entries"] = {k: v for k, v in entries.items() if rest and v != rest}
        elif key not in entries:
            raise Refused(9978, f"{key} is not in {name.name}")
        else:
            thing.facts["entries"] = {k: v for k, v in entries.items() if k != key}

    return guarded(f"ALTER {kind}", act)


def drop_list(c: Cursor, kind: str) -> Act:
    word = "stoplist" if kind == "FULLTEXT STOPLIST" else "property list"
    return guarded(
        f"DROP {kind}", drop_thing(c, kind, lambda w, t: full_text_users(w, word, t.name.key[1]))
    )
