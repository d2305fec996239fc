"""The drawing in the docstring of the errors is the tree of their classes."""

import re
from collections.abc import Iterator

import pytest

from pipeline import errors
from pipeline.errors import FarmhandError

# "│   ├── StepFailed      exit 1   a step of a plan failed"
LINE = re.compile(r"(?P<branches>[│├└─ ]*)(?P<name>[A-Z]\w+) *(?:exit (?P<code>\d))?")


def drawn() -> Iterator[tuple[str, str, int]]:
    """Each error of the drawing: its name, the one it hangs from, its exit code."""
    above: list[tuple[str, int]] = []
    for line in (errors.__doc__ or "").splitlines()[2:]:
        found = LINE.match(line)
        assert found, line
        depth = len(found["branches"]) // 4
        parent, inherited = above[depth - 1] if depth else ("Exception", 0)
        code = int(found["code"] or inherited)
        above[depth:] = [(found["name"], code)]
        yield found["name"], parent, code


def written(error: type[FarmhandError]) -> Iterator[tuple[str, str, int]]:
    """An error of this module and all below it, in the same terms."""
    base = error.__base__
    yield error.__name__, base.__name__ if base else "", error.exit_code
    for below in error.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from written(below)


def test_the_drawing_is_the_tree_with_its_exit_codes() -> None:
    assert list(drawn()) == list(written(FarmhandError))


def test_only_what_touched_nothing_is_a_refusal() -> None:
    codes = {code for _, _, code in drawn()}
    assert codes == {1, 2, 3}


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (FarmhandError("no"), ("no",)),
        (FarmhandError("no", where="here"), ("here: no",)),
        (FarmhandError("no", where="here", advice="go"), ("here: no", "  -> go")),
        (FarmhandError("no", advice="go"), ("no", "  -> go")),
    ],
)
def test_an_error_says_where_what_and_what_next(
    error: FarmhandError, lines: tuple[str, ...]
) -> None:
    assert error.lines() == lines
    assert str(error) == lines[0]
