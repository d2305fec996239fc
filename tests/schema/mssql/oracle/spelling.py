"""Names and texts as they are written into scripts."""

from tests.schema.mssql.oracle.cursor import quote
from tests.schema.mssql.oracle.world import World


def spelled(world: World, name: str) -> str:
    """A folded name as it was written last, in brackets."""
    return quote(world.spellings.get(name, name))


def dotted_name(world: World, text: str) -> str:
    return ".".join(spelled(world, part) for part in text.split("."))


def literal(text: str) -> str:
    return "N'" + text.replace("'", "''") + "'"


def placed(world: World, space: tuple[str, ...]) -> str:
    """ON and a filegroup or a scheme; nothing for the default."""
    if not space:
        return ""
    columns = ", ".join(spelled(world, name) for name in space[1:])
    return f" ON {spelled(world, space[0])}" + (f" ({columns})" if columns else "")


def option_text(options: dict[str, str]) -> str:
    """WITH and options in normal form; nothing for none."""
    if not options:
        return ""
    return (
        f" WITH "
        f"({', '.join(f'{name.upper()} = {value.upper()}' for name, value in options.items())})"
    )
