"""The lists of options that many statements end with."""

from tests.schema.mssql.oracle.cursor import Cursor, fold, normal, plain_text
from tests.schema.mssql.oracle.lexer import Token

PASSING = frozenset(
    {"online", "sort_in_tempdb", "drop_existing", "maxdop", "resumable", "max_duration"}
)
INDEX_DEFAULTS = {
    "pad_index": "off",
    "ignore_dup_key": "off",
    "allow_row_locks": "on",
    "allow_page_locks": "on",
    "statistics_norecompute": "off",
    "statistics_incremental": "off",
    "optimize_for_sequential_key": "off",
    "data_compression": "none",
    "xml_compression": "off",
    "compression_delay": "0",
}
DEFAULT_SPACES = ("primary", "default")


def split(row: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """Tokens at their commas, but not at those within parentheses."""
    items: list[list[Token]] = [[]]
    depth = 0
    for token in row:
        if token.kind == "operator":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.text == ",":
            items.append([])
        else:
            items[-1].append(token)
    return [tuple(item) for item in items if item]


def pairs(row: tuple[Token, ...]) -> dict[str, str]:
    """`A = 1, B = ON` as a mapping, in normal form; an option that stands alone is on."""
    found: dict[str, str] = {}
    for item in split(row):
        place = next((n for n, token in enumerate(item) if token.text == "="), None)
        if place is None and len(item) > 1 and item[0].upper in ("DATA_COMPRESSION", "FUNCTION"):
            place = 0
        if place is None:
            found[normal(item)] = "on"
        else:
            found["_".join(token.normal() for token in item[:place] or item[:1])] = plain_text(
                item[place + 1 :]
            )
    return found


def option_list(c: Cursor) -> dict[str, str]:
    """Options in parentheses."""
    return pairs(c.balanced())


def index_options(c: Cursor) -> dict[str, str]:
    """What stands behind WITH, in parentheses or in the old way without them."""
    if c.at("("):
        return option_list(c)
    found: dict[str, str] = {}
    while True:
        name = fold(c.identifier())
        found[name] = c.next().normal() if c.take("=") else "on"
        if not c.take(","):
            return found


def lasting(options: dict[str, str]) -> dict[str, str]:
    """The options of an index that stay with it, and that are not the default."""
    kept = {k: v for k, v in options.items() if k not in PASSING and INDEX_DEFAULTS.get(k) != v}
    if kept.get("fillfactor") in ("0", "100"):
        del kept["fillfactor"]
    return kept


def space(c: Cursor) -> tuple[str, ...]:
    """What stands behind ON: a filegroup (nothing for the default), or a scheme and its column."""
    name = c.string() if c.peek().kind == "string" else c.identifier()
    if c.at("("):
        return (fold(name), *map(fold, c.names()))
    return () if fold(name) in DEFAULT_SPACES else (fold(name),)
