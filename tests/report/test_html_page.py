"""What all pages share: their parts are files, and their script is tried with node."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.report import deploy_html, schema_html
from pipeline.report.html_page import SHARED
from tests.report.pages import PAGE

HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")
@pytest.mark.parametrize(
    ("check", "parts"),
    [
        ("sides_check.js", ("diff", "sql")),  # a comparison of lines loses none
        ("picture_check.js", ("picture",)),  # every bar is in its lane, and none on another
    ],
)
def test_a_part_of_the_page_stands_its_check(check: str, parts: tuple[str, ...]) -> None:
    """Checks are written in JavaScript, and try many values."""
    assert checked(check, *parts) == "all well\n"


def test_every_part_of_a_script_is_a_file_and_every_file_a_part() -> None:
    parts = {*SHARED, *schema_html.SCRIPTS, *deploy_html.SCRIPTS}
    assert {path.stem for path in PAGE.glob("*.js")} == parts


def checked(check: str, *parts: str) -> str:
    """What a check says when it is run behind these parts."""
    texts = [(PAGE / f"{name}.js").read_text(encoding="utf-8") for name in parts]
    code = "\n".join((*texts, (HERE / check).read_text(encoding="utf-8")))
    answer = subprocess.run(["node", "-"], input=code.encode(), capture_output=True, check=False)
    return answer.stdout.decode() + answer.stderr.decode()
