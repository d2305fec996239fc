"""A database that has some of everything, in a folder of scripts, read whole.

    python -m tests.schema.mssql.test_read_shop

writes what is read into `expected.txt` beside the scripts. Read what changed: it is what the test
will insist on.
"""

from pathlib import Path

import pytest

from pipeline.schema.model.mssql.database import Database
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.syntax.mssql.read import SourceFile, read_database
from pipeline.schema.writers.mssql.folder import export
from tests.schema.mssql.accepted import accepted

SHOP = Path(__file__).parent / "cases" / "reading" / "shop"
EXPECTED = SHOP / "expected.txt"
FILES = [
    SourceFile(path.relative_to(SHOP).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted(SHOP.rglob("*.sql"))
]


def shown(value: object) -> str:
    """Give a value as an expression, without what is as its type has it anyway."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        said = zip(value._fields, value, strict=True)
        defaults = value._field_defaults  # type: ignore[attr-defined]
        parts = [f"{name}={shown(each)}" for name, each in said if each != defaults.get(name)]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, tuple):
        return "(" + ", ".join(shown(each) for each in value) + ")"
    return repr(str(value) if isinstance(value, Kind) else value)


def lines(database: Database) -> str:
    """Give a database as text: an object's fields each on a line, parts each on one of its own."""
    found = []
    for each in database.objects.values():
        found.append(f"{type(each).__name__} {each.key.kind} {each.schema}.{each.name}")
        for field, value in zip(each._fields, each, strict=True):
            if field in {"kind", "schema", "name"} or value == each._field_defaults.get(field):
                continue
            if isinstance(value, tuple) and not hasattr(value, "_fields"):
                found.append(f"    {field}")
                found += [f"        {shown(part)}" for part in value]
            else:
                found.append(f"    {field} {shown(value)}")
    found += [f"note {each}" for each in database.notes]
    return "\n".join(found) + "\n"


def test_everything_in_the_shop_is_read_as_expected() -> None:
    assert lines(read_database(FILES)) == EXPECTED.read_text(encoding="utf-8")


def test_the_order_of_files_does_not_matter() -> None:
    assert read_database(FILES[::-1]) == read_database(FILES)


def test_the_shop_is_read_again_from_its_export() -> None:
    shop = read_database(FILES)
    files = [SourceFile(path, text) for path, text in export(shop).items() if path[-4:] == ".sql"]

    assert lines(read_database(files)).split("note ")[0] == lines(shop).split("note ")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_the_shops_scripts_are_what_sql_server_takes(file: SourceFile) -> None:
    assert accepted(file.text) == []


if __name__ == "__main__":
    EXPECTED.write_text(lines(read_database(FILES)), encoding="utf-8", newline="\n")
