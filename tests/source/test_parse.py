"""What `hg` says, as values."""

import pytest

from pipeline.facts.changeset import Changeset
from pipeline.source.parse import changesets, names

NODE = "cd40359d408202c5fb89bc2a569bc56ef524efde"
ONE = """[{"bookmarks": ["v2", "stable"], "branch": "default", "date": [1767690000, -3600],
"desc": "Tastings\\n\\nand more", "node": "%s", "parents": [], "phase": "public", "rev": 49,
"tags": ["1.0", "tip"], "user": "Bj\\u00f8rn <b@example.com>"}]"""

CASES = {
    "nothing": ("", ()),
    "an empty list": ("[\n]\n", ()),
    "a changeset, in its author's clock and without tip": (
        ONE % NODE,
        (
            Changeset(
                node=NODE,
                branch="default",
                author="Bjørn <b@example.com>",
                date="2026-01-06T10:00:00+01:00",
                summary="Tastings",
                bookmarks=("stable", "v2"),
                tags=("1.0",),
            ),
        ),
    ),
    "no message": (
        (ONE % NODE).replace("Tastings\\n\\nand more", "").replace('"v2", "stable"', ""),
        (
            Changeset(
                node=NODE,
                branch="default",
                author="Bjørn <b@example.com>",
                date="2026-01-06T10:00:00+01:00",
                tags=("1.0",),
            ),
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_log_is_read(case: str) -> None:
    text, expected = CASES[case]
    assert changesets(text) == expected


def test_names_are_read_in_their_order() -> None:
    assert names('[{"bookmark": "v2", "rev": 1}, {"bookmark": "v1"}]', "bookmark") == ("v2", "v1")
