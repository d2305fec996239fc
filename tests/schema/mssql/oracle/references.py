"""What queries and modules read: their tables, columns and functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.schema.mssql.oracle.cursor import fold, name_of
from tests.schema.mssql.oracle.errors import Refused
from tests.schema.mssql.oracle.keywords import KEYWORDS
from tests.schema.mssql.oracle.lexer import Token
from tests.schema.mssql.oracle.model import Key, Module
from tests.schema.mssql.oracle.world import World

BEFORE_SOURCE = frozenset({"FROM", "JOIN", "APPLY"})
END_OF_SOURCES = frozenset(
    [
        "WHERE",
        "GROUP",
        "ORDER",
        "HAVING",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "SELECT",
        "SET",
        "FOR",
        "OPTION",
        "VALUES",
        "WHEN",
        "BEGIN",
        "END",
        "RETURN",
        "IF",
    ]
)
BUILT_IN = frozenset(
    [
        "openjson",
        "openxml",
        "openrowset",
        "opendatasource",
        "openquery",
        "string_split",
        "generate_series",
        "nodes",
        "containstable",
        "freetexttable",
        "changetable",
        "inserted",
        "deleted",
        "predict",
    ]
)
DATE_PARTS = frozenset(
    [
        "DATEADD",
        "DATEDIFF",
        "DATEDIFF_BIG",
        "DATEPART",
        "DATENAME",
        "DATETRUNC",
        "DATE_BUCKET",
        "CONVERT",
        "TRY_CONVERT",
    ]
)
CONSTANTS = frozenset(
    {"NULL", "USER", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "CURRENT_TIMESTAMP"}
)
NOT_TABLES = frozenset({"TRIM", "LTRIM", "RTRIM"})


@dataclass(frozen=True, slots=True)
class Source:
    """What a query reads; without parts where that is a query in parentheses."""

    parts: tuple[str, ...]
    alias: str
    function: bool


def is_name(token: Token | None) -> bool:
    return token is not None and (
        token.kind == "name" or (token.kind == "word" and token.upper not in KEYWORDS)
    )


def get(row: tuple[Token, ...], place: int) -> Token | None:
    return row[place] if 0 <= place < len(row) else None


def path_at(row: tuple[Token, ...], place: int) -> tuple[tuple[str, ...], int]:
    """The dotted name at a place, and the place behind it."""
    parts = [row[place].value]
    place += 1
    while place + 1 < len(row) and row[place].text == ".":
        following = row[place + 1]
        if following.text == ".":
            parts.append("")
            place += 1
            continue
        if following.kind not in ("word", "name"):
            break
        parts.append(following.value)
        place += 2
    return tuple(parts), place


def sources(row: tuple[Token, ...]) -> list[Source]:
    found: list[Source] = []
    depth, lists = 0, set[int]()
    place = 0
    while place < len(row):
        token = row[place]
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            lists.discard(depth)
            depth -= 1
        word = token.upper if token.kind == "word" else ""
        if word in END_OF_SOURCES:
            lists.discard(depth)
        starts = word in BEFORE_SOURCE and not in_trim(row, place)
        if starts or (token.text == "," and depth in lists):
            lists.add(depth)
            place = one_source(row, place + 1, found)
            continue
        place += 1
    return found


def in_trim(row: tuple[Token, ...], place: int) -> bool:
    """Whether FROM stands in TRIM(a FROM b), or in IS DISTINCT FROM."""
    before = get(row, place - 1)
    if before and before.upper == "DISTINCT":
        return True
    opened = get(row, place - 3)
    return bool(opened and opened.upper in NOT_TABLES and row[place - 2].text == "(")


def one_source(row: tuple[Token, ...], place: int, found: list[Source]) -> int:
    token = get(row, place)
    if token is None or token.kind not in ("word", "name"):
        if token is not None and token.text == "(":
            found.append(Source((), "", False))
        return place
    if token.kind == "word" and token.upper in ("LATERAL", "SELECT"):
        return place
    parts, after = path_at(row, place)
    function = bool(get(row, after) and row[after].text == "(")
    alias_place = after
    if function:
        depth = 0
        while alias_place < len(row):
            depth += {"(": 1, ")": -1}.get(row[alias_place].text, 0)
            alias_place += 1
            if depth == 0:
                break
    if get(row, alias_place) and row[alias_place].upper == "AS":
        alias_place += 1
    alias = row[alias_place].value if is_name(get(row, alias_place)) else parts[-1]
    found.append(Source(parts, fold(alias), function))
    return after


def common_names(row: tuple[Token, ...]) -> frozenset[str]:
    """The names of common table expressions: `name [(columns)] AS (`."""
    found = set()
    for place, token in enumerate(row):
        before = get(row, place - 1)
        if (
            token.kind not in ("word", "name")
            or before is None
            or before.text.upper() not in ("WITH", ",", ";")
        ):
            continue
        after = place + 1
        if get(row, after) and row[after].text == "(":
            while after < len(row) and row[after].text != ")":
                after += 1
            after += 1
        behind = get(row, after + 1)
        if get(row, after) and row[after].upper == "AS" and behind and behind.text == "(":
            found.add(fold(token.value))
    return frozenset(found)


def columns_of(world: World, key: Key) -> frozenset[str] | None:
    """The folded names of a table's or view's columns; None where they are not known."""
    if key in world.tables:
        return frozenset(world.tables[key].columns)
    module = world.modules.get(key)
    if module and module.columns is not None:
        return frozenset(map(fold, module.columns))
    return None


def outside(parts: tuple[str, ...]) -> bool:
    """Whether a name means another database, a catalogue view or a temporary object."""
    schema = fold(parts[-2]) if len(parts) > 1 else ""
    return (
        len(parts) > 2
        or schema in ("sys", "information_schema")
        or parts[-1].startswith(("#", "@"))
    )


def check_query(world: World, row: tuple[Token, ...]) -> None:
    """Refuses what reads a table, view, function or column that is not there."""
    common = common_names(row)
    read = sources(row)
    aliases: dict[str, frozenset[str] | None] = {}
    for source in read:
        columns: frozenset[str] | None = None
        if source.parts:
            columns = checked_source(world, source, common)
        if source.alias in aliases:
            earlier = aliases[source.alias]
            columns = None if columns is None or earlier is None else columns | earlier
        aliases[source.alias] = columns
    check_qualified(row, aliases)
    check_functions(world, row, frozenset(aliases))
    if (
        read
        and all(columns is not None for columns in aliases.values())
        and not has_words(row, "PIVOT", "UNPIVOT", "MERGE")
    ):
        check_plain(
            row, frozenset().union(*(c for c in aliases.values() if c)), frozenset(aliases)
        )


def has_words(row: tuple[Token, ...], *words: str) -> bool:
    return any(token.kind == "word" and token.upper in words for token in row)


def checked_source(world: World, source: Source, common: frozenset[str]) -> frozenset[str] | None:
    last = fold(source.parts[-1])
    if len(source.parts) == 1 and (last in common or last in BUILT_IN):
        return None
    if last in ("nodes", "query", "value") and source.function:
        return None
    if outside(source.parts):
        return None
    name = name_of(source.parts)
    kind = world.kind(name.key)
    if kind not in ("TABLE", "VIEW", "FUNCTION", "SYNONYM", "QUEUE"):
        raise Refused(208, f"invalid object name {name}")
    return columns_of(world, name.key) if kind in ("TABLE", "VIEW") else None


def check_qualified(row: tuple[Token, ...], aliases: Mapping[str, frozenset[str] | None]) -> None:
    for place, token in enumerate(row):
        before = get(row, place - 1)
        if token.kind not in ("word", "name") or (before and before.text == "."):
            continue
        parts, after = path_at(row, place)
        follows = get(row, after)
        if len(parts) != 2 or (follows and follows.text == "("):
            continue
        columns = aliases.get(fold(parts[0]))
        if (
            columns is not None
            and fold(parts[1]) not in columns
            and not fold(parts[1]).startswith("$")
        ):
            raise Refused(207, f"invalid column name {parts[1]}")


def check_functions(world: World, row: tuple[Token, ...], aliases: frozenset[str]) -> None:
    """Two-part names that are called must be functions."""
    for place, token in enumerate(row):
        before = get(row, place - 1)
        if token.kind not in ("word", "name") or (before and before.text in (".", "::")):
            continue
        parts, after = path_at(row, place)
        follows = get(row, after)
        if len(parts) != 2 or not follows or follows.text != "(" or fold(parts[0]) in aliases:
            continue
        schema = fold(parts[0])
        if schema == "dbo" or ("SCHEMA", "", schema) in world.things:
            before_word = before.upper if before else ""
            if (
                world.kind(name_of(parts).key) not in ("FUNCTION", "AGGREGATE", "SYNONYM")
                and before_word != "INTO"
            ):
                raise Refused(4121, f"cannot find the function {name_of(parts)}")


def check_plain(row: tuple[Token, ...], columns: frozenset[str], aliases: frozenset[str]) -> None:
    given = set(aliases)
    for place, token in enumerate(row):
        if token.kind in ("word", "name") and gives_alias(row, place):
            given.add(fold(token.value))
    depth_of_hint = 0
    for place, token in enumerate(row):
        if (
            token.kind == "word"
            and token.upper == "WITH"
            and get(row, place + 1)
            and row[place + 1].text == "("
        ):
            depth_of_hint = place
        if not is_name(token) or gives_alias(row, place) or special(row, place):
            continue
        if depth_of_hint and within_hint(row, depth_of_hint, place):
            continue
        if fold(token.value) not in columns | given:
            raise Refused(207, f"invalid column name {token.value}")


def within_hint(row: tuple[Token, ...], start: int, place: int) -> bool:
    depth = 0
    for token in row[start + 1 : place]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return False
    return depth > 0


def gives_alias(row: tuple[Token, ...], place: int) -> bool:
    before, after = get(row, place - 1), get(row, place + 1)
    if before is None:
        return False
    if before.kind == "word" and before.upper in ("AS", "END"):
        return True
    if before.kind == "word" and before.upper in CONSTANTS:
        return is_name(row[place])
    if before.kind in ("string", "number", "name") or before.text == ")" or is_name(before):
        return row[place].kind == "name" or row[place].upper not in KEYWORDS
    return bool(after and after.text == "=" and before.upper in (",", "SELECT", "DISTINCT"))


def special(row: tuple[Token, ...], place: int) -> bool:
    """Whether a name is no column: part of a longer name, a function, a type, a part of a date."""
    before, after = get(row, place - 1), get(row, place + 1)
    if (before and before.text in (".", "::", "$")) or (after and after.text in ("(", ".", "::")):
        return True
    if before and before.upper in (
        "COLLATE",
        "INTO",
        "FROM",
        "JOIN",
        "APPLY",
        "UPDATE",
        "INDEX",
        "ZONE",
        "PARTITION",
    ):
        return True
    caller = get(row, place - 2)
    return bool(before and before.text == "(" and caller and caller.upper in DATE_PARTS)


def two_part_names(row: Iterable[Token]) -> frozenset[Key]:
    """Every `a.b` in a text: what may be an object that it reads."""
    listed = tuple(row)
    found = set()
    for place, token in enumerate(listed):
        before = get(listed, place - 1)
        if token.kind not in ("word", "name") or (before and before.text == "."):
            continue
        parts, _ = path_at(listed, place)
        if len(parts) >= 2:
            found.add((fold(parts[0]), fold(parts[1])))
    return frozenset(found)


def columns_read(world: World, module: Module, key: Key) -> frozenset[str]:
    """The folded columns of a table that a schema-bound module reads."""
    mine = frozenset(world.tables[key].columns) if key in world.tables else frozenset[str]()
    aliases: dict[str, set[Key]] = {}
    for source in sources(module.row):
        if source.parts:
            aliases.setdefault(source.alias, set()).add(name_of(source.parts).key)
    found = set()
    for place, token in enumerate(module.row):
        if token.kind not in ("word", "name") or fold(token.value) not in mine:
            continue
        before, owner = get(module.row, place - 1), get(module.row, place - 2)
        if before and before.text == "." and owner:
            meant = aliases.get(fold(owner.value))
            if meant is not None and key not in meant:
                continue
        found.add(fold(token.value))
    return frozenset(found)
