"""Recorded answers of hosts, and the software that is chosen there or the reason why none is."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from pipeline.errors import CheckFailed
from pipeline.facts.software import Software, software, software_question
from pipeline.farm.inventory import Host

CASES = sorted((Path(__file__).parent / "software").glob("*.toml"))


def host(**pins: object) -> Host:
    return Host.model_validate({"transport": "local", "instances": {"count": 1}, **pins})


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_answer_gives_software_or_advice(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    wanted, needs = host(**case.get("host", {})), case.get("needs", ())
    if "expected" in case:
        found = software(case["answer"], wanted=wanted, name="box", needs=needs)
        assert found == Software(**case["expected"])
        return
    with pytest.raises(CheckFailed) as caught:
        software(case["answer"], wanted=wanted, name="box", needs=needs)
    assert {"text": str(caught.value), "advice": caught.value.advice} == case["error"]


def test_there_are_cases() -> None:
    assert len(CASES) >= 15


def test_pins_and_user_travel_as_arguments_never_in_the_script() -> None:
    pins = {"apache": "/a;rm -rf", "mod_wsgi": "/w", "python": "/p", "haproxy": "/h"}
    asked = software_question("www-data", host(**pins, memcached={"program": "/m"}))
    assert asked.argv[3:] == ("farmhand", "www-data", "/a;rm -rf", "/w", "/p", "/h", "/m")
    assert software_question("").argv[4:] == ("",)


@pytest.mark.live
def test_this_machine_answers() -> None:
    if not (shutil.which("apache2") or shutil.which("httpd")):
        pytest.skip("no Apache on the PATH")
    argv = [str(word) for word in software_question("www-data").argv]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found = software(done.stdout, wanted=host(), name="here")
    assert found.apache_version.startswith("2.4.")
    assert Path(found.mod_wsgi).is_file()
    asked = subprocess.run(
        [found.python, "-V"], capture_output=True, text=True, check=True
    ).stdout.split()[1]
    assert asked.startswith(found.python_version + ".")
