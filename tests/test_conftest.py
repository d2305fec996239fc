"""Where live tests are required, none is skipped in silence."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def outcome(tmp_path: Path, text: str) -> tuple[int, str]:
    """pytest's exit code and output for one file, with `--require live`."""
    (tmp_path / "test_it.py").write_text(f"import pytest\n\n{text}")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = live\n")
    line = ["-p", "tests.conftest", "-q", "--rootdir", str(tmp_path), "--require", "live"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *line, "-c", str(tmp_path / "pytest.ini"), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.live\ndef test_it():\n    pytest.skip('no such server')",
        "@pytest.mark.live\n@pytest.mark.skipif(True, reason='no server')\ndef test_it(): ...",
        "@pytest.fixture\ndef it():\n    pytest.skip('no such server')\n\n"
        "@pytest.mark.live\ndef test_it(it): ...",
    ],
)
def test_a_skipped_live_test_has_failed(tmp_path: Path, text: str) -> None:
    code, out = outcome(tmp_path, text)
    assert code == 1
    assert "live tests must run here, but this one did not: " in out


def test_other_tests_may_be_skipped(tmp_path: Path) -> None:
    code, out = outcome(tmp_path, "def test_it():\n    pytest.skip('not on this platform')")
    assert (code, out.splitlines()[-1].split(" in ")[0]) == (0, "1 skipped")
