"""Scripts of full-text indexes."""

from tests.schema.mssql.oracle.model import Module, Table
from tests.schema.mssql.oracle.spelling import spelled
from tests.schema.mssql.oracle.world import World


def full_text_script(world: World, host: Table | Module) -> list[str]:
    facts = host.full_text
    if facts is None:
        return []
    held = facts["columns"]
    assert isinstance(held, dict)
    columns = []
    for name, more in held.items():
        text = spelled(world, name)
        if "type column" in more:
            text += f" TYPE COLUMN {spelled(world, more['type column'])}"
        if "language" in more:
            text += (
                f" LANGUAGE {more['language']}"
                if more["language"].isdigit()
                else f" LANGUAGE '{more['language']}'"
            )
        if more.get("semantics"):
            text += " STATISTICAL_SEMANTICS"
        columns.append(text)
    where = spelled(world, str(facts["catalog"]))
    if "filegroup" in facts:
        where = f"({where}, FILEGROUP {spelled(world, str(facts['filegroup']))})"
    options = [f"CHANGE_TRACKING = {str(facts['tracking']).upper()}"]
    stoplist = str(facts["stoplist"])
    options.append(
        f"STOPLIST = "
        f"{stoplist.upper() if stoplist in ('system', 'off') else spelled(world, stoplist)}"
    )
    if "property list" in facts:
        options.append(f"SEARCH PROPERTY LIST = {spelled(world, str(facts['property list']))}")
    listed = f" ({', '.join(columns)})" if columns else ""
    key = spelled(world, str(facts["key"]))
    found = [
        f"CREATE FULLTEXT INDEX ON {host.name}{listed} KEY "
        f"INDEX {key} ON {where} WITH ({', '.join(options)})"
    ]
    if not facts["enabled"]:
        found.append(f"ALTER FULLTEXT INDEX ON {host.name} DISABLE")
    return found
