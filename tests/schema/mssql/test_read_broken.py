"""Scripts that are cut off or garbled: refused with a place, and never anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadSchema
from pipeline.schema.syntax.mssql.tokens import Script
from tests.schema.mssql import (
    test_read_attached,
    test_read_items,
    test_read_modules,
    test_read_security,
)
from tests.schema.mssql.reading import database

SCRIPTS = [
    *(script for _, script, _ in test_read_items.CASES),
    *(script for _, script, _ in test_read_modules.CASES),
    *(script for _, script, _ in test_read_security.ON_TABLE),
    *(script for _, script, _ in test_read_attached.ON_TABLE),
    *(script for _, script, _ in test_read_attached.FULL_TEXT),
    *(script for script, _ in test_read_attached.NOTED),
]
TOKENS = {token for script in SCRIPTS for token in Script.of("", script).tokens}
WORDS = sorted(TOKENS - {"", "'hidden'"})


def said_of(text: str) -> str:
    """Read a script; give what is said against it. Anything but BadSchema fails the test."""
    try:
        return repr(database(text))
    except BadSchema as error:
        return str(error)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_that_is_cut_off_is_read_or_refused(script: str) -> None:
    tokens = Script.of("", script)
    for end in range(1, len(tokens.tokens)):
        assert "hidden" not in said_of(tokens.between(0, end))


@given(st.sampled_from(SCRIPTS), st.data())
def test_a_script_with_a_wrong_word_is_read_or_refused(script: str, data: st.DataObject) -> None:
    tokens = list(Script.of("", script).tokens)
    place = data.draw(st.integers(0, len(tokens) - 1))
    tokens[place] = data.draw(st.sampled_from(WORDS))

    assert "hidden" not in said_of(" ".join(tokens))


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_words_without_sense_are_read_or_refused(text: str) -> None:
    assert "hidden" not in said_of(text)
