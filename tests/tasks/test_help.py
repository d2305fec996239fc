"""Every task tells its options, and its first line fits the list."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.tasks.edge import InvokeTask
from pipeline.tasks.gather import namespace

REPOSITORY = Path(__file__).parents[2]
WIDTH = 80

NAMES = sorted(namespace().task_names)


def task(name: str) -> InvokeTask:
    found: InvokeTask = namespace()[name]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_line_in_the_list_is_a_sentence(name: str) -> None:
    line = (task(name).__doc__ or "").splitlines()[0]
    assert re.fullmatch(r"[A-Z].*\.", line)
    assert len(line) + len(name) < WIDTH


@pytest.mark.parametrize(
    "words", [("--help", "deploy"), ("deploy", "--help"), ("deploy", "-h")], ids=" ".join
)
def test_help_shows_the_options_wherever_it_stands(words: tuple[str, ...]) -> None:
    answer = invoke(*words)

    assert answer.returncode == 0, answer.stderr
    assert "Bring a revision to an environment, losing no request." in answer.stdout
    shown = {line.split("--")[1].split("=")[0].split()[0] for line in options(answer.stdout)}
    assert shown == {"env", "rev", "plan", "dry-run", "yes", "allow", "json", "report", "set"}
    assert answer.stderr == ""


@pytest.mark.parametrize("name", NAMES)
def test_each_task_has_its_options_in_its_help_with_a_word_on_each(name: str) -> None:
    answer = invoke("--help", name)

    assert answer.returncode == 0, answer.stderr
    lines = [re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in options(answer.stdout)]
    wanted = {(argument.name or "").replace("_", "-") for argument in task(name).get_arguments()}
    assert wanted == {line[0].split("--")[1].split("=")[0] for line in lines}
    assert [line for line in lines if len(line) < 2] == []


def test_the_list_names_every_task() -> None:
    answer = invoke("--list")

    assert answer.returncode == 0
    listed = {line.split()[0] for line in answer.stdout.splitlines() if line.startswith("  ")}
    assert set(NAMES) <= listed


@pytest.mark.parametrize("words", [("--list",), ("--help", "deploy")], ids=" ".join)
def test_a_list_that_nobody_reads_to_its_end_is_no_traceback(words: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "invoke", *words],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as stream:
        err = stream.read()
    process.wait()
    assert err == ""


def invoke(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "invoke", *words],
        cwd=REPOSITORY,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def options(text: str) -> list[str]:
    """The lines that begin an option."""
    return [line for line in text.splitlines() if re.match(r"\s+(-\w[ ,=]|--)", line)]
