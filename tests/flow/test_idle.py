"""What an environment's file sets to no effect is told, with its place; and nothing else is."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.farm.software import Software, stated
from pipeline.flow.release import templates_of
from pipeline.flow.render import Renderer
from pipeline.flow.world import World
from pipeline.settings import load
from tests.plan.farm_of import release_of
from tests.render.conftest import SOFTWARE

REPOSITORY = Path(__file__).parents[2]
SHIPPED = [path.name for path in (REPOSITORY / "environments").iterdir()]
HERE = [f"farm.templates.{kind}=templates/{kind}" for kind in ("apache", "haproxy", "memcached")]
LOCAL = """\
root = "/srv/homebrew"
balancer.kind = "apache"
[hosts.box]
transport = "local"
instances.count = 2
"""
Told = Callable[..., tuple[str, ...]]


@pytest.fixture(scope="module")
def project() -> Iterator[Path]:
    """This repository's farm and templates, with an environment for each file that is shipped.

    In a folder with a short name: HAProxy's socket is below it.
    """
    with TemporaryDirectory(prefix="farm-") as folder:
        project = Path(folder)
        for name in ("environments", "templates"):
            shutil.copytree(REPOSITORY / name, project / name)
        shutil.copyfile(REPOSITORY / "farm.toml", project / "farm.toml")
        for name in SHIPPED:
            (project / "environments" / name).rename(project / "environments" / _toml(name))
        yield project


@pytest.fixture
def told(project: Path) -> Told:
    """What is told of a text, with settings over it, for a deployer who is root or is not."""

    def tell(text: str, *settings: str) -> tuple[str, ...]:
        (project / "environments/mine.toml").write_text(text, "utf-8")
        return idle_of(project, "mine", "farm.databases={}", *settings)

    return tell


def idle_of(project: Path, name: str, *settings: str) -> tuple[str, ...]:
    world = World(settings=load(project, name, [*HERE, *settings]), ways={}, say=print)
    release, inventory = release_of("v1"), world.inventory
    software: dict[str, Software] = {
        name: stated(host, name) if inventory.windows else SOFTWARE
        for name, host in inventory.environment.hosts.items()
    }
    templates = templates_of(world, release)
    return Renderer(world=world, release=release, software=software, templates=templates).idle


def _toml(name: str) -> str:
    return name.removesuffix(".example")


@pytest.mark.parametrize("privileged", [True, False])
@pytest.mark.parametrize("name", SHIPPED)
def test_in_the_shipped_environments_everything_has_an_effect(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, privileged: bool
) -> None:
    monkeypatch.setattr("pipeline.settings.is_privileged", lambda: privileged)
    assert idle_of(project, _toml(name).removesuffix(".toml")) == ()


def test_what_nobody_has_set_is_never_told(told: Told) -> None:
    assert told(LOCAL.replace('"apache"', '"none"')) == ()


IDLE = {
    "a variable that no template mentions": (
        'variables.BANNER = "x"\nvariables.MEMBER_TTL = 5\n',
        ["mine.toml:1: variables.BANNER has no effect: no template mentions @BANNER@"],
    ),
    "Apache's port, with HAProxy": (
        'balancer.kind = "haproxy"\nbalancer.manager_port = 9\nbalancer.static_port = 8\n',
        ['mine.toml:2: balancer.manager_port has no effect: balancer.kind is "haproxy"'],
    ),
    "HAProxy's port and program, with Apache": (
        "balancer.manager_port = 9\nbalancer.static_port = 8\n"
        'hosts.bag = { transport = "local", instances = { count = 1, name = "bag_{n}" '
        ', first_port = 9501 }, root = "/b", haproxy = "/h" }\n',
        [
            'mine.toml:2: balancer.static_port has no effect: balancer.kind is "apache"',
            'mine.toml:3: hosts.bag.haproxy has no effect: balancer.kind is "apache"',
        ],
    ),
    "a balancer's keys, without one": (
        'balancer = { kind = "none", host = "box", listen = "*", sticky = true }\n'
        "rollout.drain_timeout = 3\nrollout.stop_timeout = 3\n",
        [
            'mine.toml:1: balancer.listen has no effect: balancer.kind is "none"',
            'mine.toml:2: rollout.drain_timeout has no effect: balancer.kind is "none"',
            "mine.toml:1: balancer.sticky has no effect: no template mentions what it gives",
        ],
    ),
    "HTTPS, without a balancer": (
        'balancer = { kind = "none", tls = { certificate = "self-signed", hsts = 9 } }\n',
        ['mine.toml:1: balancer.tls has no effect: balancer.kind is "none"'],
    ),
    "HTTPS with all that it may have": (
        'balancer.tls = { certificate = "self-signed", port = 8444, redirect = 308, hsts = 9 }\n',
        [],
    ),
    "a cache that is flushed, and is not there": (
        'cache.on_deploy = "flush"\n',
        ["mine.toml:1: cache.on_deploy has no effect: no host has a memcached"],
    ),
    "keys of its own for every release, whatever the cache": ('cache.on_deploy = "prefix"\n', []),
}


@pytest.mark.parametrize("case", IDLE)
def test_a_key_without_effect_is_told_with_its_place_and_the_reason(told: Told, case: str) -> None:
    text, expected = IDLE[case]
    base = LOCAL.replace('balancer.kind = "apache"\n', "") if "balancer.kind" in text else LOCAL
    base = base.replace('balancer.kind = "apache"\n', "") if "balancer = " in text else base
    assert list(told(text + base)) == [f"environments/{line}" for line in expected]


def test_tests_that_the_farm_never_runs_are_told(told: Told) -> None:
    text = "tests = true\n" + LOCAL
    assert told(text) == ()
    assert told(text, "farm.build.tests=false") == (
        "environments/mine.toml:1: tests has no effect: build.tests of farm.toml is false",
    )


def test_what_the_call_has_set_is_told_as_such(told: Told) -> None:
    assert told(LOCAL, "variables.BANNER=x", "balancer.static_port=8") == (
        '--set: balancer.static_port has no effect: balancer.kind is "apache"',
        "--set: variables.BANNER has no effect: no template mentions @BANNER@",
    )


SITE = 'site.environ.A = "1"\nsite.secrets.KEY = "env:KEY"\nsite.threads = 9\n'


@pytest.mark.parametrize(
    ("wsgi", "idle"),
    [
        ("", ["site.environ", "site.secrets"]),
        ("{# SECRETS #}", ["site.environ", "site.secrets"]),
        ("path = '@SECRET_FILE@'", ["site.environ"]),
        ("{% for name in SECRETS %}{% endfor %}{{ ENVIRON|python }}", []),
    ],
)
def test_what_only_templates_could_read_is_told_when_none_does(
    told: Told, project: Path, tmp_path: Path, wsgi: str, idle: list[str]
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(project / "templates/apache", templates)
    (templates / "site.wsgi").write_text(wsgi, "utf-8")
    lines = told(SITE + LOCAL, f"farm.templates.apache={templates}")
    assert [line.split(" ")[1] for line in lines] == idle


def test_a_hook_on_a_host_may_read_what_the_site_has(
    told: Told, project: Path, tmp_path: Path
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(project / "templates/apache", templates)
    (templates / "site.wsgi").write_text("", "utf-8")
    hook = '[[hooks]]\nname = "x"\nwhen = "after all"\nrun = ["x"]\non = "host"\n'
    assert told(SITE + LOCAL + hook, f"farm.templates.apache={templates}") == ()
