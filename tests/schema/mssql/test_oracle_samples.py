"""Scripts that the oracle was not written for: Microsoft's samples run from end to end."""

from pathlib import Path

import pytest

from tests.schema.mssql.oracle.database import Database

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"


def sample(name: str) -> str:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"the sample {name} is not beside this checkout")
    return path.read_text(encoding="utf-8-sig", errors="replace")


@pytest.mark.parametrize(
    ("name", "tables", "modules", "rows"),
    [("northwind/instnwnd.sql", 13, 23, 3308), ("pubs/instpubs.sql", 11, 6, 255)],
)
def test_a_sample_is_understood_completely(
    name: str, tables: int, modules: int, rows: int
) -> None:
    database = Database.from_scripts([sample(name)])

    state = database.state()
    assert (len(state["tables"]), len(state["modules"])) == (tables, modules)
    assert database.data_statements == rows


def test_a_sample_holds_what_is_known_of_it() -> None:
    state = Database.from_scripts([sample("pubs/instpubs.sql")]).state()

    assert state["type"] == {
        "dbo.id": {"type": "varchar(11)", "nullable": False},
        "dbo.tid": {"type": "varchar(6)", "nullable": False},
        "dbo.empid": {"type": "char(9)", "nullable": False},
    }
    assert state["tables"]["dbo.roysched"]["constraints"] == {
        "unnamed fk of title_id to dbo.titles ('title_id',)": {
            "kind": "FK",
            "expression": None,
            "trusted": True,
            "disabled": False,
            "columns": ("title_id",),
            "parent": ("dbo", "titles"),
            "parent columns": ("title_id",),
        }
    }
