"""What pip's complaints mean, and when it is not asked at all."""

import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from pipeline.build.wheels import fetch, refusal, requirement_lines
from pipeline.command import Outcome
from pipeline.errors import BuildFailed

COMPLAINTS = {
    "no wheel": (
        "ERROR: Could not find a version that satisfies the requirement uwsgi==2.0.31 "
        "(from versions: none)\nERROR: No matching distribution found for uwsgi==2.0.31\n",
        "uwsgi==2.0.31 has no wheel for this Python and platform",
    ),
    "no network": (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n"
        "ERROR: No matching distribution found for django==5.2\n",
        "the package index cannot be reached",
    ),
    "no hash": (
        "ERROR: Hashes are required in --require-hashes mode, but they are missing from some\n",
        "the requirements lock has no hash for a package, or the package has another",
    ),
    "another hash": (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n",
        "the requirements lock has no hash for a package, or the package has another",
    ),
    "something else": ("oh\nno space left\n", "the wheels did not come: no space left"),
}


@pytest.mark.parametrize("case", COMPLAINTS)
def test_a_complaint_is_told_in_one_line(case: str) -> None:
    said, expected = COMPLAINTS[case]
    assert refusal(Outcome(1, said), Path("log")).what == expected


def test_comments_ask_for_nothing() -> None:
    assert requirement_lines("# a\n\n  # b\nx==1 \\\n    --hash=sha256:0\n") == (
        "x==1 \\",
        "--hash=sha256:0",
    )


def test_wheels_that_are_there_need_no_program(tmp_path: Path) -> None:
    there = tmp_path / "wheels" / "key"
    there.mkdir(parents=True)
    assert fetch(tmp_path / "no.lock", "/no/python", "/no/uv", tmp_path, "key") == there


def fetched(folder: Path, lock: str) -> list[str]:
    (folder / "r.lock").write_text(lock, encoding="utf-8")
    wheels = fetch(folder / "r.lock", sys.executable, find_uv_bin(), folder / "cache", "key")
    return [path.name for path in wheels.iterdir()]


def test_only_what_fits_this_platform_is_fetched(tmp_path: Path, index: str) -> None:
    elsewhere = f"gone==1.0 ; sys_platform == 'elsewhere' --hash=sha256:{'0' * 64}\n"
    assert fetched(tmp_path, index + elsewhere) == ["odd-1.0-py3-none-any.whl"]


REFUSED = {
    "no hash": ("odd==1.0\n", "has no hash for a package"),
    "another hash": (f"odd==1.0 --hash=sha256:{'0' * 64}\n", "the package has another"),
    "no wheel": (f"source-only==1.0 --hash=sha256:{'0' * 64}\n", "source-only==1.0 has no wheel"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_lock_that_cannot_be_met_is_refused_and_leaves_no_wheels(
    tmp_path: Path, index: str, case: str
) -> None:
    lock, said = REFUSED[case]
    with pytest.raises(BuildFailed, match=said):
        fetched(tmp_path, lock)
    assert list((tmp_path / "cache" / "wheels").iterdir()) == []
