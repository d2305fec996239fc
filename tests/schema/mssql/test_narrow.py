"""What a cache leaves out makes no difference: every case, each of its batches in a file."""

from dataclasses import replace
from pathlib import Path

from pipeline.schema.readers.tsql_cache import open_cache
from pipeline.schema.readers.tsql_folder import from_folder
from tests.schema.mssql.case import Case, write_batches
from tests.schema.mssql.test_cases import every_case


@every_case
def test_what_is_left_out_makes_no_difference(case: Case, tmp_path: Path) -> None:
    new, old = (
        write_batches(tmp_path / side, text)
        for side, text in (("new", case.new), ("old", case.old))
    )
    source, target = (from_folder(path).database() for path in (new, old))
    with open_cache(tmp_path / "cache.db") as cache:
        found = cache.pair(new, old)

    narrow = case.between(found.source, found.target)

    assert replace(narrow, same=narrow.same + found.same) == case.between(source, target)
