"""What all pages share: their parts are files, and their script is tried with node."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.report import schema_html
from pipeline.report.html_page import SHARED
from tests.report.pages import PAGE

HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")
def test_the_pages_own_comparison_of_lines_loses_none() -> None:
    """Its check is written in JavaScript, and tries many pairs of texts."""
    assert checked("sides_check.js", "diff", "sql") == "all well\n"


def test_every_part_of_a_script_is_a_file_and_every_file_a_part() -> None:
    assert {path.stem for path in PAGE.glob("*.js")} == {*SHARED, *schema_html.SCRIPTS}


def checked(check: str, *parts: str) -> str:
    """What a check says when it is run behind these parts."""
    texts = [(PAGE / f"{name}.js").read_text(encoding="utf-8") for name in parts]
    code = "\n".join((*texts, (HERE / check).read_text(encoding="utf-8")))
    answer = subprocess.run(["node", "-"], input=code.encode(), capture_output=True, check=False)
    return answer.stdout.decode() + answer.stderr.decode()
