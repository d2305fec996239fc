"""Each operation as the batches that are run. The texts in cases/write are for people to read."""

import pytest

from tests.schema.mssql.write_objects import OBJECT_CASES
from tests.schema.mssql.write_tables import PART_CASES
from tests.schema.mssql.writing import Case, kept, refused, text_of

PARTS, OBJECTS = kept("parts.sql"), kept("objects.sql")


@pytest.mark.parametrize("name", PART_CASES)
def test_a_part_is_made_changed_and_dropped(name: str) -> None:
    assert text_of(PART_CASES[name]) == PARTS[name]


@pytest.mark.parametrize("name", OBJECT_CASES)
def test_an_object_is_made_changed_and_dropped(name: str) -> None:
    assert text_of(OBJECT_CASES[name]) == OBJECTS[name]


def test_no_text_is_left_of_a_case_that_is_gone() -> None:
    assert sorted({*PARTS, *OBJECTS} - {*PART_CASES, *OBJECT_CASES}) == []


@pytest.mark.parametrize("case", [*PART_CASES.values(), *OBJECT_CASES.values()])
def test_the_parser_of_the_target_takes_it(case: Case) -> None:
    assert refused(text_of(case), case.options.target_version) == []
