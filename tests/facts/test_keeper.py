"""What the last line of a keeper's log says."""

import pytest

from pipeline.facts.answer import Keeping
from pipeline.facts.keeper import is_final, keeping

AT = "2026-11-26T12:03:11+0000"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asked to start", Keeping()),
        ("started process 12", Keeping()),
        ("keeps process 12, which ran already", Keeping()),
        ("restarted 1 time: process 34", Keeping(restarts=1, last=AT)),
        ("restarted 12 times: process 56", Keeping(restarts=12, last=AT)),
        (
            "lost process 34 after 3 s: killed by signal 9; restarted 2 times before; "
            "starts again in 1 s",
            Keeping(restarts=2),
        ),
        (
            "gave up after 5 crashes in 8 s: ended with exit code 1: no such module",
            Keeping(gave_up="after 5 crashes in 8 s: ended with exit code 1: no such module"),
        ),
        ("did not start: ended with exit code 1: restarted 3 timeless", Keeping()),
        ("not kept: told to stop", Keeping()),
    ],
)
def test_what_a_line_says(text: str, said: Keeping) -> None:
    assert keeping(f"{AT} {text}\n", missing=False, returns=False) == said


def test_without_a_line_only_the_processes_speak() -> None:
    assert keeping("", missing=True, returns=False) == Keeping(missing=True)


@pytest.mark.parametrize(
    ("text", "final"),
    [
        ("gave up after 5 crashes in 8 s: killed by signal 9", True),
        ("did not start: ended with exit code 1: bad", True),
        ("not kept: told to stop", True),
        ("not kept: process 12 ended as it was told", True),
        ("asked to start", False),
        ("started process 12", False),
        ("restarted 1 time: process 34", False),
        ("lost process 34 after 3 s", False),
    ],
)
def test_after_its_last_word_a_keeper_is_gone(text: str, final: bool) -> None:
    assert is_final(f"{AT} {text}") is final
