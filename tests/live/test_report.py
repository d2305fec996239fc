"""A page is written of a plan, of a refusal, and of a run however it ends."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.farm import Farm, farm_of, wait_for
from tests.report.pages import Page, refuse_unsafe

pytestmark = pytest.mark.live

TRIGGER = "changes-behaviour:recipes_recipe_updated"  # what v2 changes for v1's code
TO_V2 = ("deploy", "--env", "local", "--rev", "v2")


@pytest.fixture(scope="module")
def farm(built: Farm) -> Iterator[Farm]:
    """A farm of two instances that runs v1; its tests go on from one another."""
    with farm_of(instances=2, like=built) as farm:
        farm.must("deploy", "--env", "local", "--rev", "v1", "--report", "first.html")
        yield farm


def index_of(farm: Farm, name: str) -> dict[str, Any]:
    text = (farm.project / name).read_text(encoding="utf-8")
    refuse_unsafe(text)
    return dict(Page(text).data["index"])


def test_the_page_of_a_deploy_says_that_all_steps_are_done(farm: Farm) -> None:
    index = index_of(farm, "first.html")

    assert (index["run"]["number"], index["run"]["outcome"], index["said"]) == (1, "done", [])
    assert {step["state"] for step in index["steps"]} == {"done"}
    lanes = {name for name, _ in index["lanes"]}
    assert {"box", "database default", "balancer", "www_1", "www_2"} <= lanes
    assert len(index["bars"]) == len(index["steps"])
    assert all(end >= start for _, _, _, start, end, _ in index["bars"])


def test_a_plan_has_a_page_and_touches_nothing(farm: Farm) -> None:
    before = farm.world()

    answer = farm.must("plan", "--env", "local", "--rev", "v2", "--report", "plan.html")

    index = index_of(farm, "plan.html")
    assert "report: plan.html" in answer.err
    assert (index["run"], {step["state"] for step in index["steps"]}) == (None, {""})
    assert f"{index['hazards'][0]['name']}:{index['hazards'][0]['object']}" == TRIGGER
    assert farm.world() == before


def test_a_refused_plan_has_a_page_that_says_why(farm: Farm) -> None:
    answer = farm.invoke(*TO_V2, "--report", "refused.html")

    assert answer.code == 3
    index = index_of(farm, "refused.html")
    assert index["run"] is None
    assert "\n".join(index["said"]) in answer.err
    assert TRIGGER in index["said"][0]


def test_a_page_is_never_written_over_something_else(farm: Farm) -> None:
    mine = farm.project / "mine.html"
    mine.write_text("<p>mine")
    before = farm.world()

    answer = farm.invoke(*TO_V2, "--allow", TRIGGER, "--report", "mine.html")

    assert (answer.code, mine.read_text()) == (1, "<p>mine")
    assert "mine.html was not made by farmhand" in answer.err
    assert farm.world() == before


def test_a_failed_deploy_has_a_page_with_its_error_and_so_has_the_journal(farm: Farm) -> None:
    farm.must(*TO_V2, "--allow", "changes-behaviour:recipes_*")

    soon = ("--set", "rollout.healthy_deadline=10")
    v3 = ("deploy", "--env", "local", "--rev", "v3")
    answer = farm.invoke(*v3, *soon, "--report", "failed.html")

    assert answer.code == 1
    index = index_of(farm, "failed.html")
    states = {step["id"]: step["state"] for step in index["steps"]}
    assert index["run"]["outcome"] == "failed"
    assert states["roll:www_1:healthy"] == "failed"
    assert states["roll:www_1:stop"] == "undone"
    assert states["roll:www_2:stop"] == "left"
    assert "recipes_award" in "\n".join(index["said"])
    assert "\n".join(index["said"]) in answer.err
    (failed,) = (bar for bar in index["bars"] if bar[1] == "failed")
    assert "recipes_award" in failed[-1]

    number = str(index["run"]["number"])
    farm.must("history", "--env", "local", "--run", number, "--report", "again.html")
    assert index_of(farm, "again.html") == {**index, "said": []}


def test_the_journal_knows_what_allowed_a_hazard_of_an_earlier_run(farm: Farm) -> None:
    farm.must("history", "--env", "local", "--run", "2", "--report", "second.html")
    (hazard,) = index_of(farm, "second.html")["hazards"]
    assert hazard["by"] == "--allow changes-behaviour:recipes_*"


def test_what_is_resumed_has_a_page_of_all_that_its_run_did(farm: Farm) -> None:
    answer = farm.invoke("resume", "--env", "local", "--report", "resumed.html")

    assert answer.code == 1  # v3 is as broken as before
    bars = index_of(farm, "resumed.html")["bars"]
    assert [bar[2] for bar in bars if bar[1] == "failed"] == [1, 2]

    farm.must("rollback", "--env", "local", "--yes", "--report", "back.html")
    assert index_of(farm, "back.html")["kind"] == "rollback"


def test_a_bounce_and_its_dry_run_have_pages(farm: Farm) -> None:
    farm.must("bounce", "--env", "local", "--report", "bounce.html")
    farm.must("bounce", "--env", "local", "--dry-run", "--report", "dry.html")

    ran, dry = index_of(farm, "bounce.html"), index_of(farm, "dry.html")
    assert [step["id"] for step in ran["steps"]] == [step["id"] for step in dry["steps"]]
    assert (ran["run"]["outcome"], dry["run"]) == ("done", None)


def test_a_deploy_with_nothing_to_do_has_a_page(farm: Farm) -> None:
    farm.must(*TO_V2, "--report", "nothing.html")
    assert index_of(farm, "nothing.html")["steps"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("history", "--report", "x.html"), "--report: of which run?"),
        (("history", "--run", "99", "--report", "x.html"), "local: there is no run 99"),
        (("plan", "--report", "-"), "--report: a report goes into a file"),
        (("plan", "--report", "none/x.html"), "--report: there is no folder none"),
    ],
)
def test_a_call_that_makes_no_sense_is_told_so(
    farm: Farm, words: tuple[str, ...], said: str
) -> None:
    answer = farm.invoke(words[0], "--env", "local", *words[1:])
    assert (answer.code, answer.err.splitlines()[0]) == (1, said)
    assert not (farm.project / "x.html").exists()


def test_a_page_that_cannot_be_written_does_not_change_how_it_ended(farm: Farm) -> None:
    """Somebody puts another file there while the deploy runs."""
    page = farm.project / "late.html"
    runs = farm.journal("SELECT count(*) FROM run")
    process = farm.start("bounce", "--env", "local", "--report", "late.html")
    wait_for(lambda: farm.journal("SELECT count(*) FROM run") != runs)
    page.write_text("somebody else's")
    out, err = process.communicate(timeout=120)

    assert process.returncode == 0, err
    assert "BUILD SUCCEEDED" in out
    assert "late.html was not made by farmhand" in err
    assert page.read_text() == "somebody else's"
