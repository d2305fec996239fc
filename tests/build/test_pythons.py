"""Which Python of this machine stands in for the hosts' own."""

import sys
from dataclasses import replace

import pytest

from pipeline.build.interpreter import Interpreter
from pipeline.build.pythons import find_python, python_like
from pipeline.build.release import ask_interpreter

OURS = find_python("")


@pytest.fixture(scope="module")
def wanted() -> Interpreter:
    """The hosts run what runs here."""
    return ask_interpreter(OURS)


@pytest.mark.parametrize("likely", [OURS, "/nowhere/python3"])
def test_one_of_the_same_version_kind_and_platform_does(wanted: Interpreter, likely: str) -> None:
    found = python_like(wanted, likely)

    assert found is not None
    assert ask_interpreter(found).tag == wanted.tag


@pytest.mark.parametrize("change", [{"platform": "another"}, {"tag": "cpython-27"}])
def test_one_of_another_kind_or_platform_does_not(
    wanted: Interpreter, change: dict[str, str]
) -> None:
    assert python_like(replace(wanted, **change), sys.executable) is None
