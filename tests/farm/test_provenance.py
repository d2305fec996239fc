"""Each key of the inventory is known by the line, setting or default that gave its value."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadCall
from pipeline.farm.instances import inventory
from pipeline.farm.inventory import Environment, Farm
from pipeline.farm.parse import override
from pipeline.farm.provenance import Origin, Provenance, Written, in_words, values_by_key
from tests.farm.toml_texts import KEYS, VALUES, Leaf, literal, written
from tests.farm.toml_texts import Written as Shape

FARM = 'format = 1\nproject = "homebrew"\nsource.repo = "https://ci:word@hg.example.com/site"\n'
LOCAL = """\
root = "/srv/homebrew"
[balancer]
kind = "apache"
[hosts."web1.example.com"]
transport = "local"
instances = { count = 2, first_port = 9101 }
[site.environ]
A = "1"
[[hooks]]
name = "warm"
when = "after all"
run = ["curl", "{url}"]
[hooks.environ]
B = "2"
[[hooks]]
name = "tell"
when = "after all"
task = "site.tell"
"""


def read(
    text: str, *settings: tuple[str, str], prefix: str = "", where: str = "x.toml"
) -> Written:
    tables = override(tomllib.loads(text), settings)
    return Written(where=where, text=text, tables=tables, settings=settings, prefix=prefix)


def of(*settings: tuple[str, str]) -> Provenance:
    where = "environments/local.toml"
    return Provenance(
        farm=read(FARM, ("build.keep", "7"), prefix="farm.", where="farm.toml"),
        environment=read(LOCAL, *settings, where=where),
    )


@given(written())
def test_every_key_of_a_file_comes_from_its_line(file: Shape) -> None:
    source = read(file.text)
    found = {path: source.origins(".".join(path)) for path in file.lines}
    assert found == {
        path: (Origin(".".join(path), f"x.toml:{line}"),) for path, line in file.lines.items()
    }


@given(written(), st.lists(KEYS, min_size=1, max_size=3).map(".".join), VALUES)
def test_what_the_call_has_set_comes_from_the_call_whatever_the_file_says(
    file: Shape, name: str, value: Leaf
) -> None:
    try:
        source = read(file.text, (name, literal(value)))
    except BadCall:
        return
    assert source.origins(name) == (Origin(name, setting=literal(value)),)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("balancer.kind", "environments/local.toml:3: balancer.kind"),
        ("balancer.port", "default of balancer.port"),
        ("balancer", "environments/local.toml:2: balancer"),
        (
            "hosts.web1.example.com.instances.first_port",
            "environments/local.toml:6: hosts.web1.example.com.instances.first_port",
        ),
        ("hooks.0.run", "environments/local.toml:12: hooks.0.run"),
        ("hooks.0.environ.B", "environments/local.toml:14: hooks.0.environ.B"),
        ("hooks.1.task", "environments/local.toml:18: hooks.1.task"),
        ("hooks.1.timeout", "default of hooks.1.timeout"),
        ("hooks.2.name", "default of hooks.2.name"),
        ("farm.project", "farm.toml:2: farm.project"),
        ("farm.build.keep", "--set farm.build.keep=7"),
        ("farm.build.tests", "default of farm.build.tests"),
    ],
)
def test_an_origin_in_words(key: str, words: str) -> None:
    assert of().of(key) == words


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ([("site.environ.B", "2")], "site.environ.A", "environments/local.toml:8: site.environ.A"),
        (
            [("site.environ.B", "2")],
            "site.environ",
            "environments/local.toml:7: site.environ; --set site.environ.B=2",
        ),
        ([("site.environ", "{}")], "site.environ", "--set site.environ={}"),
        ([("site.environ", "{}")], "site.environ.A", "default of site.environ.A"),
        ([("variables.X", "1")], "variables", "--set variables.X=1"),
        (
            [("site.environ.A", "3"), ("site.environ", "{ A = 4 }")],
            "site.environ.A",
            "--set site.environ={ A = 4 }",
        ),
        (
            [("site.environ", "{ A = 4 }"), ("site.environ.A", "3")],
            "site.environ.A",
            "--set site.environ.A=3",
        ),
        ([("root", "/a"), ("root", "/b")], "root", "--set root=/b"),
    ],
)
def test_settings_lie_over_each_other_in_their_order(
    settings: list[tuple[str, str]], key: str, words: str
) -> None:
    assert of(*settings).of(key) == words


def test_who_asked_for_a_key_is_not_told_it_again() -> None:
    origins = of(("balancer.port", "8090"), ("site", "{ threads = 2 }")).origins
    keys = ("balancer.kind", "balancer.port", "balancer.sticky", "site.threads")
    assert [found.of(key) for key in keys for found in origins(key)] == [
        "environments/local.toml:3",
        "--set",
        "default",
        "--set site={ threads = 2 }",
    ]


def test_every_key_stands_in_the_list_with_its_value_whether_written_or_not() -> None:
    farm = Farm.model_validate({**tomllib.loads(FARM), "build": {"wsgi": "homebrew.wsgi"}})
    environment = Environment.model_validate(tomllib.loads(LOCAL))
    found = values_by_key(inventory("local", farm, environment, privileged=True))
    some = (
        "farm.format",
        "farm.build.tests",
        "balancer.host",
        "hosts.web1.example.com.instances.count",
        "site.environ.A",
        "hooks.0.run",
        "hooks.1.name",
        "variables",
    )
    assert {key: found[key] for key in some} == {
        "farm.format": 1,
        "farm.build.tests": True,
        "balancer.host": None,
        "hosts.web1.example.com.instances.count": 2,
        "site.environ.A": "1",
        "hooks.0.run": ("curl", "{url}"),
        "hooks.1.name": "tell",
        "variables": {},
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not set"),
        (True, "true"),
        (9.5, "9.5"),
        ("a b", '"a b"'),
        (("*", 1), '["*", 1]'),
        ({}, "{}"),
        ("https://ci:word@hg.example.com/site", '"https://ci:***@hg.example.com/site"'),
        (
            "postgresql+psycopg://farm:w@rd@db/journal",
            '"postgresql+psycopg://farm:***@db/journal"',
        ),
    ],
)
def test_a_value_in_words_shows_no_password(value: object, words: str) -> None:
    assert in_words(value) == words


def test_an_origin_shows_no_password_either() -> None:
    origin = of(("databases.default.url", "mssql://sa:word@db/x")).of("databases.default.url")
    assert origin == "--set databases.default.url=mssql://sa:***@db/x"
