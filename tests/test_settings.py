"""Settings are found from any folder of a project, and say where things are."""

from pathlib import Path

import pytest

from pipeline.errors import BadCall, BadInventory
from pipeline.settings import Workon, environments, find_project, load, who, workon

FARM = 'format = 1\nproject = "homebrew"\nsource.repo = "hg"\nbuild.wsgi = "homebrew.wsgi"\n'
LOCAL = """\
root = "farm"
root_as_user = ".farm/host"
balancer.kind = "apache"
hosts.box.transport = "local"
hosts.box.instances.count = 3
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "environments").mkdir()
    (tmp_path / "farm.toml").write_text(FARM, "utf-8")
    (tmp_path / "environments/local.toml").write_text(LOCAL, "utf-8")
    return tmp_path


def test_the_project_is_the_nearest_folder_above_with_a_farm_file(project: Path) -> None:
    below = project / "example/recipes"
    below.mkdir(parents=True)
    assert (find_project(below), find_project(project)) == (project, project)


def test_without_a_farm_file_there_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(BadCall) as caught:
        find_project(tmp_path)
    assert caught.value.lines() == (
        f"no farm.toml in {tmp_path} or above it",
        "  -> change to the project's folder; docs/how-to/deploy-your-own-site.md begins one",
    )


def test_environments_are_known_by_their_files(project: Path) -> None:
    (project / "environments/prod.toml").write_text(LOCAL, "utf-8")
    (project / "environments/prod.toml.example").write_text("", "utf-8")
    assert environments(project) == ["local", "prod"]
    assert environments(project / "environments") == []


def test_a_project_without_environments_says_so(tmp_path: Path) -> None:
    (tmp_path / "farm.toml").write_text(FARM, "utf-8")
    with pytest.raises(BadCall) as caught:
        load(tmp_path, "local")
    assert caught.value.lines() == (
        "environments/: no environment 'local'",
        "  -> there are: none",
    )


def test_everything_of_a_project_is_below_one_folder(project: Path) -> None:
    settings = load(project, "local")
    farm, state = project / ".farm", project / ".farm/local"
    assert (
        settings.farm_folder,
        settings.repository,
        settings.releases,
        settings.cache,
        settings.state,
        settings.journal,
    ) == (farm, farm / "hg", farm / "releases", farm / "cache", state, state / "journal.db")


@pytest.mark.parametrize(
    ("repo", "found"),
    [
        ("hg", "{project}/hg"),
        ("/srv/hg/homebrew", "/srv/hg/homebrew"),
        ("https://hg.example.com/homebrew", "https://hg.example.com/homebrew"),
        ("ssh://hg@example.com/homebrew", "ssh://hg@example.com/homebrew"),
    ],
)
def test_a_repository_is_meant_from_the_projects_folder(
    project: Path, repo: str, found: str
) -> None:
    settings = load(project, "local", [f"farm.source.repo={repo}"])
    expected = found if "://" in found else str(Path(found.format(project=project)))
    assert settings.repo_url == expected


def test_relative_roots_are_meant_from_the_projects_folder(project: Path) -> None:
    settings = load(project, "local", ["hosts.box.root=boxes/1"])
    environment = settings.inventory.environment
    assert (environment.root, environment.root_as_user, environment.hosts["box"].root) == (
        str(project / "farm"),
        str(project / ".farm/host"),
        str(project / "boxes/1"),
    )


@pytest.mark.parametrize("root", ["/srv/farm", r"D:\farm", r"\\server\farm"])
def test_a_root_of_a_host_stays_as_it_is_written(project: Path, root: str) -> None:
    settings = load(project, "local", [f"root='{root}'", f"hosts.box.root='{root}'"])
    environment = settings.inventory.environment
    assert (environment.root, environment.hosts["box"].root) == (root, root)


def test_where_each_value_came_from_is_known(project: Path) -> None:
    settings = load(project, "local", ["balancer.port=8090", "farm.build.keep=7"])
    keys = ("balancer.port", "farm.build.keep", "balancer.kind", "farm.project", "balancer.sticky")
    assert [settings.provenance.of(key) for key in keys] == [
        "--set balancer.port=8090",
        "--set farm.build.keep=7",
        "environments/local.toml:3: balancer.kind",
        "farm.toml:2: farm.project",
        "default of balancer.sticky",
    ]


def test_a_file_that_is_not_utf_8_is_refused(project: Path) -> None:
    (project / "farm.toml").write_bytes(b'format = 1\nproject = "br\xfcw"\n')
    with pytest.raises(BadInventory) as caught:
        load(project, "local")
    assert caught.value.lines() == ("farm.toml: not UTF-8 at byte 24",)


def test_whoever_deploys_is_known_by_user_and_machine() -> None:
    user, _, machine = who().partition("@")
    assert user
    assert machine


def test_virtualenvwrapper_is_known_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE", "/store")
    home = Path.home()
    homes = {
        "": None,
        "envs": home / "envs",
        "~/envs": home / "envs",
        "$STORE/envs": Path("/store/envs"),
    }
    assert {text: workon({"WORKON_HOME": text}).home for text in homes} == homes
    assert workon({}) == Workon(home=None, project_note=".project")
    assert workon({"VIRTUALENVWRAPPER_PROJECT_FILENAME": ".home"}).project_note == ".home"
