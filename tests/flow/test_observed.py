"""Which observation is meant, how it is told, and what it cannot be used for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import BadCall, CheckFailed
from pipeline.flow.observed import NoWays, byline, find_published, reach_nothing, refuse_unbuilt
from pipeline.flow.publish import KEEP, keep_there
from pipeline.plan.plan import Plan
from pipeline.plan.published import Published, to_json
from pipeline.settings import Settings, load
from tests.plan.farm_of import BOX, FARM
from tests.plan.test_published import published_of

SHARE = "share/homebrew"


def never(line: str) -> None:
    raise AssertionError(line)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose environment publishes below the project's folder."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "farm.toml").write_text(FARM)
    (tmp_path / "environments" / "local.toml").write_text(f'publish = "{SHARE}"\n{BOX}')
    return tmp_path


def publish(project: Path, when: str) -> Published:
    published = published_of(when=f"{when}+00:00")
    keep_there(load(project, "local"), to_json(published), published)
    return published


def test_last_is_the_newest_that_is_published(project: Path) -> None:
    newest = publish(project, "2026-11-26T10:00:00")
    publish(project, "2026-11-26T09:59:59")
    (project / SHARE / "local-eu-20270101T000000Z.json").write_text("of another environment")

    assert find_published(load(project, "local"), "last") == newest


def test_without_one_last_is_what_this_machine_observed(project: Path) -> None:
    settings = load(project, "local")
    settings.state.mkdir(parents=True)
    settings.observed.write_text(to_json(published_of()))

    assert find_published(settings, "last") == published_of()


def test_a_file_may_be_named(project: Path) -> None:
    (project / "seen.json").write_text(to_json(published_of()))

    assert find_published(load(project, "local"), str(project / "seen.json")) == published_of()


def test_when_nothing_was_published_that_is_said(project: Path) -> None:
    with pytest.raises(CheckFailed, match=r"nothing that was observed of local is in .*share"):
        find_published(load(project, "local"), "last")
    with pytest.raises(BadCall, match="No such file"):
        find_published(load(project, "local"), "nowhere.json")


def test_old_ones_go_and_what_is_not_ours_stays(project: Path) -> None:
    (project / SHARE).mkdir(parents=True)
    (project / SHARE / "readme.txt").write_text("ours")
    for minute in range(KEEP + 3):
        publish(project, f"2026-11-26T10:{minute:02}:00")

    names = sorted(path.name for path in (project / SHARE).iterdir())
    assert names[-1] == "readme.txt"
    assert names[:-1] == [f"local-20261126T10{n:02}00Z.json" for n in range(3, KEEP + 3)]


@pytest.mark.parametrize(
    ("publish", "expected"),
    [
        ("share", lambda project: project / "share"),
        ("{project}/share", lambda project: project / "share"),
        ("/mnt/share", lambda _: Path("/mnt/share")),
    ],
)
def test_a_place_is_absolute_or_begins_at_the_project(
    project: Path, publish: str, expected: Callable[[Path], Path]
) -> None:
    assert settings_of(project, publish).published == expected(project)


@pytest.mark.parametrize("publish", [r"\\files\farm", r"D:\farm"])
def test_a_path_of_windows_is_no_folder_elsewhere(project: Path, publish: str) -> None:
    with pytest.raises(CheckFailed, match="is a path of Windows"):
        assert settings_of(project, publish).published


def settings_of(project: Path, publish: str) -> Settings:
    return load(project, "local", [f"publish={publish}"])


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=3, minutes=59), "3 hours ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_it_is_told_when_and_by_whom_it_was_observed(age: timedelta, told: str) -> None:
    now = datetime(2026, 11, 26, 7, 14, 5, tzinfo=UTC) + age

    assert byline(published_of(), now) == f"observed 2026-11-26 07:14 UTC by ci@build1, {told}"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (["hosts.bag.transport=local", "hosts.bag.instances.count=1"], "observed of host bag"),
        (["databases.default.url=sqlite:///x"], "nothing was observed of database default"),
        (["balancer.kind=haproxy"], "no haproxy was there when it was observed"),
    ],
)
def test_what_is_newer_than_the_observation_is_refused_by_name(
    project: Path, settings: list[str], told: str
) -> None:
    (project / "seen.json").write_text(to_json(published_of()))
    if "bag" in told:
        settings += ["hosts.bag.instances.name=bag_{n}", "hosts.bag.root=/srv/bag"]
        settings += ["hosts.bag.address=10.0.0.2"]
    if "database" in told:
        settings += ["farm.databases.default.dialect=sqlite"]

    with pytest.raises(CheckFailed, match=told):
        reach_nothing(project, "local", settings, never, str(project / "seen.json"))


def test_no_host_can_be_asked_by_mistake() -> None:
    ways = NoWays(("box", "bag"))

    assert list(ways) == ["box", "bag"]
    with pytest.raises(CheckFailed, match="no host can be asked"):
        ways["box"].exists("/srv")


def test_a_plan_whose_release_is_not_built_is_not_saved() -> None:
    plan = Plan(kind="deploy", environment="local", release="default-0123456789ab-1")

    with pytest.raises(CheckFailed, match="is not built"):
        refuse_unbuilt(plan)
    refuse_unbuilt(replace(plan, release_digest="0123"))
