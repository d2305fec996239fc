"""A host's recorded answer says of each program whether it is there, missing, or not needed."""

import tomllib
from pathlib import Path

from pipeline.facts.finding import of_software
from pipeline.facts.packages import Family
from pipeline.farm.inventory import Host

CASES = Path(__file__).parent / "software"
BOX = Host.model_validate({"transport": "local", "instances": {"count": 1}})


BARE = "format=1\nprober=root\nuser=www-data\n"

Said = dict[str, tuple[str, str, str]]


def found(case: str, host: Host | None = BOX, *needs: str) -> Said:
    return read(tomllib.loads((CASES / f"{case}.toml").read_text("utf-8"))["answer"], host, *needs)


def read(answer: str, host: Host | None, *needs: str, family: Family = "debian") -> Said:
    findings = list(of_software(answer, host, "host box", needs, family))
    assert {each.place for each in findings} == {"host box"}
    return {each.what: (each.state, each.said, each.cure) for each in findings}


def test_a_host_with_all_programs_lacks_nothing() -> None:
    assert found("whole_farm", BOX, "haproxy", "memcached") == {
        "Apache": ("ok", "2.4.71 (/usr/sbin/apache2)", ""),
        "mod_wsgi": ("ok", "for Python 3.11 (/usr/lib/apache2/modules/mod_wsgi.so-3.11)", ""),
        "HAProxy": ("ok", "2.6.12 (/usr/sbin/haproxy)", ""),
        "memcached": ("ok", "/usr/bin/memcached", ""),
        "rotatelogs": ("ok", "/usr/bin/rotatelogs", ""),
        "mod_xsendfile": ("ok", "/usr/lib/apache2/modules/mod_xsendfile.so", ""),
        "fit together": ("ok", "with Python 3.11 (/usr/bin/python3.11)", ""),
    }


def test_what_the_farm_needs_is_missing_with_the_command_that_brings_it() -> None:
    lacks = found("haproxy_missing", BOX, "haproxy")
    assert lacks["HAProxy"] == (
        "missing",
        "not found",
        "apt-get install -y --no-install-recommends haproxy",
    )
    assert lacks["memcached"] == ("unused", "not found; only for hosts.*.memcached", "")
    assert lacks["fit together"][0] == "ok"


def test_everything_that_is_missing_is_named_not_just_the_first() -> None:
    lacks = read(BARE, BOX, "memcached", family="redhat")
    assert {what: cure for what, (state, _, cure) in lacks.items() if state == "missing"} == {
        "Apache": "dnf install -y httpd",
        "mod_wsgi": "dnf install -y python3-mod_wsgi",
        "memcached": "dnf install -y memcached",
    }


def test_an_apache_that_cannot_be_used_is_none() -> None:
    assert found("apache_too_old")["Apache"][0] == "missing"


def test_a_mod_wsgi_for_another_python_is_told_as_a_deploy_would() -> None:
    state, said, cure = found("no_match")["fit together"]
    assert (state, said) == (
        "missing",
        "mod_wsgi is built for Python 3.11, and www-data can run 3.12",
    )
    assert cure.startswith("install Python 3.11, or a mod_wsgi for one of those: apt install ")


def test_a_machine_that_is_no_host_needs_none_of_them() -> None:
    states = {state for state, _, _ in found("apache_missing", None).values()}
    assert "missing" not in states
