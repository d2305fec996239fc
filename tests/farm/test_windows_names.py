"""Names that Linux takes and Windows does not are known before they get there."""

from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.farm.windows_names import LONGEST, refused

FOLDER = r"D:\farm\releases\default-0123456789ab-1"
ROOM = LONGEST - len(FOLDER) - 1
# What Windows takes: no device has three of these letters, and nothing ends with a dot or space.
GOOD = st.lists(st.text("bcdfgh019-_", min_size=1, max_size=12), min_size=1, max_size=4).map(
    "/".join
)


def why(*paths: str) -> dict[str, str]:
    return dict(refused(paths, FOLDER))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("lib/aux.py", "'aux.py' is the name of a device"),
        ("lib/CON/x.py", "'CON' is the name of a device"),
        ("lib/nul", "'nul' is the name of a device"),
        ("lib/NUL .txt", "'NUL .txt' is the name of a device"),
        ("lib/com1.tar.gz", "'com1.tar.gz' is the name of a device"),
        ("lib/LPT².py", "'LPT².py' is the name of a device"),
        ("lib/conin$", "'conin$' is the name of a device"),
        ("lib/a:b.py", "'a:b.py' holds ':'"),
        ("lib/what?.txt", "'what?.txt' holds '?'"),
        ("lib/a\\b", "'a\\\\b' holds '\\\\'"),
        ("lib/new\nline", "'new\\nline' holds '\\n'"),
        ("lib/ends.", "'ends.' ends with '.'"),
        ("lib/ends /x", "'ends ' ends with ' '"),
        ("lib/../x", "is no plain path"),
        ("lib//x", "is no plain path"),
        ("/x", "is no plain path"),
        ("lib/\udcff", "'\\udcff' is not UTF-8"),
        ("lib/" + "😀" * 128, "a name of 256 characters, more than 255"),
        ("x" * (ROOM + 1), f"241 characters below {FOLDER}, more than 240"),
    ],
)
def test_what_windows_cannot_have_is_refused_with_the_reason(path: str, reason: str) -> None:
    assert why("fine.py", path) == {path: reason}


@pytest.mark.parametrize(
    "path",
    [
        "lib/console.py",
        "lib/aux_.py",
        "lib/com0.py",
        "lib/com10.py",
        "lib/my.aux",
        "lib/.hidden",
        "lib/a b/c.d.e",
        "lib/täst/日本.py",
        "x" * ROOM,
    ],
)
def test_what_only_looks_like_it_is_taken(path: str) -> None:
    assert why(path) == {}


def test_names_that_differ_in_capitals_only_are_refused_in_files_and_folders() -> None:
    assert why("lib/PIL/a.py", "lib/pil/b.py", "lib/x.py", "lib/X.PY", "lib/pil/c.py") == {
        "lib/pil/b.py": "differs from lib/PIL in capitals only",
        "lib/pil/c.py": "differs from lib/PIL in capitals only",
        "lib/x.py": "differs from lib/X.PY in capitals only",
    }


def test_a_letter_without_a_capital_of_one_letter_is_itself() -> None:
    assert why("straße", "STRASSE") == {}


@given(st.frozensets(GOOD, max_size=8))
def test_ordinary_names_are_taken(paths: frozenset[str]) -> None:
    assert why(*paths) == {}


@given(GOOD, st.text("abAB.: *xX\x1f", min_size=1, max_size=6))
def test_what_is_taken_means_itself_on_windows(folder: str, name: str) -> None:
    path = f"{folder}/{name}"
    whole = PureWindowsPath(FOLDER, path)
    if not why(path):
        assert whole.relative_to(FOLDER).as_posix() == path
        assert not set(name) & set('<>:"|?*')
        assert name.rstrip(" .") == name


@given(GOOD, st.data())
def test_capitals_alone_never_make_another_file(path: str, data: st.DataObject) -> None:
    letters = [data.draw(st.sampled_from([letter, letter.upper()])) for letter in path]
    other = "".join(letters)
    assert (why(path, other) == {}) == (path == other)
