"""What a cache leaves out makes no difference: every case, each of its batches in a file."""

from dataclasses import replace
from pathlib import Path

from tests.schema.mssql.case import Case, narrow_and_whole
from tests.schema.mssql.test_cases import every_case


@every_case
def test_what_is_left_out_makes_no_difference(case: Case, tmp_path: Path) -> None:
    found, all_of_it = narrow_and_whole(tmp_path, case.new, case.old)

    narrow, wide = (case.between(each.source, each.target) for each in (found, all_of_it))

    assert replace(narrow, same=narrow.same + found.same) == wide
