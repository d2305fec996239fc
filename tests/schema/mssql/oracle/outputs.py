"""The columns that a query gives."""

from tests.schema.mssql.oracle.cursor import fold, name_of
from tests.schema.mssql.oracle.lexer import Token
from tests.schema.mssql.oracle.model import Key
from tests.schema.mssql.oracle.references import sources
from tests.schema.mssql.oracle.world import World


def view_columns(world: World, row: tuple[Token, ...]) -> tuple[str, ...] | None:
    """The names of the columns that a query gives, or None where one is not known."""
    start = first_select(row)
    if start is None:
        return None
    found: list[str] = []
    for part in select_list(row[start + 1 :]):
        names = item_names(world, row, part)
        if names is None:
            return None
        found.extend(names)
    return tuple(found)


def first_select(row: tuple[Token, ...]) -> int | None:
    depth = 0
    for place, token in enumerate(row):
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "operator" else 0
        if depth == 0 and token.kind == "word" and token.upper == "SELECT":
            return place
    return None


def select_list(row: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    items: list[list[Token]] = [[]]
    depth = 0
    for token in row:
        if token.kind == "operator":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if (
            depth == 0
            and token.kind == "word"
            and token.upper in ("FROM", "WHERE", "UNION", "ORDER")
        ):
            break
        if depth == 0 and token.text == ",":
            items.append([])
        else:
            items[-1].append(token)
    return [tuple(item) for item in items]


def item_names(
    world: World, row: tuple[Token, ...], item: tuple[Token, ...]
) -> tuple[str, ...] | None:
    if not item:
        return None
    if item[-1].text == "*":
        return star(world, row, fold(item[0].value) if len(item) > 1 else "")
    if len(item) > 1 and item[1].text == "=" and item[0].kind in ("word", "name"):
        return (item[0].value,)
    last = item[-1]
    return (
        (last.value,) if last.kind in ("word", "name", "string") and last.upper != "END" else None
    )


def star(world: World, row: tuple[Token, ...], alias: str) -> tuple[str, ...] | None:
    found: list[str] = []
    for source in sources(row):
        if alias and source.alias != alias:
            continue
        key: Key = name_of(source.parts).key if source.parts else ("", "")
        table, module = world.tables.get(key), world.modules.get(key)
        if table:
            found.extend(column.name for column in table.columns.values())
        elif module and module.columns is not None:
            found.extend(module.columns)
        else:
            return None
    return tuple(found)
