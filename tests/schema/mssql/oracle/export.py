"""Scripts of a database."""

from tests.schema.mssql.oracle.world import World


def exported(world: World) -> list[tuple[str, str]]:
    return []
