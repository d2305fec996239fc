"""The main job, on real parts: Mercurial, uv, Apache, mod_wsgi, SQLite."""

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request

import pytest

from tests.live.farm import Farm

pytestmark = pytest.mark.live

READY = "ready"
TRIGGER = ("--allow", "changes-behaviour:recipes_recipe_updated")  # what v2 changes for v1's code


def page(farm: Farm, path: str) -> str:
    with urllib.request.urlopen(f"{farm.url}{path}", timeout=10) as answer:
        return bytes(answer.read()).decode()


def test_a_first_deploy_brings_up_the_balanced_site_and_says_where(farm: Farm) -> None:
    answer = farm.must("deploy", "--env", "local", "--rev", "v1")

    assert "BUILD SUCCEEDED: deploy default-" in answer.out
    assert f"http://localhost:{farm.port}/" in answer.out
    assert "Brew the starter recipes" in page(farm, "/")
    assert {json.loads(page(farm, "/whoami"))["instance"] for _ in range(12)} == set(farm.names)
    assert {name: line["rotation"] for name, line in farm.status().items()} == {
        "balancer": "3 members",
        "memcached": "-",
        **dict.fromkeys(farm.names, READY),
    }


def test_the_same_changeset_again_finds_nothing_to_do_and_touches_nothing(farm: Farm) -> None:
    farm.must("deploy", "--env", "local")
    before = farm.world()
    started = {name: line["process"] for name, line in farm.status().items()}
    runs = farm.journal("SELECT count(*) FROM run")

    answer = farm.must("deploy", "--env", "local")

    assert "Nothing to do." in answer.out
    assert farm.world() == before
    assert {name: line["process"] for name, line in farm.status().items()} == started
    assert farm.journal("SELECT count(*) FROM run") == runs


def test_an_upgrade_keeps_the_rows_and_adds_the_new_page(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")
    with_starters(farm)

    refused = farm.invoke("deploy", "--env", "local", "--rev", "v2")
    answer = farm.must("deploy", "--env", "local", "--rev", "v2", *TRIGGER)

    assert (refused.code, TRIGGER[1] in refused.err) == (3, True)
    assert "schema change" in answer.out
    assert page(farm, "/ranking/")
    assert "Brew the starter recipes" not in page(farm, "/")
    assert farm.must("diff", "--env", "local", "--rev", "v2", "--check").code == 0


def test_plan_diff_and_dry_run_show_the_same_and_write_nothing(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")
    before = farm.world()

    shown = [
        farm.must(*words, "--env", "local", "--rev", "v2").out
        for words in (("plan",), ("diff",), ("deploy", "--dry-run"))
    ]
    dry = farm.must("--dry", "deploy", "--env", "local", "--rev", "v2").out

    assert shown[0] == shown[1] == shown[2] == dry
    assert "EXPAND" in shown[0]
    assert farm.world() == before
    assert farm.invoke("diff", "--env", "local", "--rev", "v2", "--check").code == 2


def test_a_saved_plan_is_carried_out(farm: Farm) -> None:
    farm.must("plan", "--env", "local", "--rev", "v1", "--out", "plan.json")

    farm.must("deploy", "--env", "local", "--plan", "plan.json")

    assert "Brew the starter recipes" in page(farm, "/")


def test_a_saved_plan_is_refused_when_the_world_has_moved_and_says_what_did(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")
    farm.must("plan", "--env", "local", "--rev", "v2", "--out", "plan.json")
    conf = farm.root / "instances" / "www_2" / "conf" / "www_2.conf"
    conf.write_text(conf.read_text() + "# by hand\n")
    before = farm.world()

    answer = farm.invoke("deploy", "--env", "local", "--plan", "plan.json")

    assert answer.code == 3
    assert "box:instances/www_2/conf/www_2.conf: expected" in answer.err
    assert farm.world() == before


def test_a_file_edited_by_hand_is_a_hazard_that_must_be_allowed(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")
    conf = farm.root / "instances" / "www_2" / "conf" / "www_2.conf"
    conf.write_text(conf.read_text() + "# by hand\n")

    shown = farm.invoke("config.diff", "--env", "local", "--rev", "v1", "--check")
    refused = farm.invoke("deploy", "--env", "local", "--rev", "v1")
    name = "drifted:box:instances/www_2/conf/www_2.conf"
    allowed = farm.must("deploy", "--env", "local", "--rev", "v1", "--allow", name)

    assert shown.code == 2
    first, *diff = shown.out.splitlines()
    assert re.fullmatch(rf"drifted: {conf}: edited by hand since \S+ was deployed", first)
    assert "-# by hand" in diff
    assert refused.code == 3
    assert name in refused.err
    assert "BUILD SUCCEEDED" in allowed.out
    assert "# by hand" not in conf.read_text()


def test_a_release_that_is_not_healthy_stops_the_roll_and_the_site_goes_on(farm: Farm) -> None:
    farm.edit("environments/local.toml", "healthy_deadline = 60", "healthy_deadline = 2")
    farm.must("deploy", "--env", "local", "--rev", "v2")
    before = farm.world()

    answer = farm.invoke("deploy", "--env", "local", "--rev", "v3")

    assert answer.code == 1
    assert "recipes_award" in answer.err
    assert "invoke rollback --env local" in answer.err
    status = farm.status()
    assert {name: (status[name]["release"], status[name]["rotation"]) for name in farm.names} == (
        dict.fromkeys(farm.names, (before["status www_1"].split()[0], READY))
    )

    farm.must("rollback", "--env", "local", "--yes")

    assert without_records(farm.world()) == without_records(before)


def test_rollback_returns_to_the_release_before_and_keeps_the_expanded_schema(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")
    before = farm.world(data=False)
    farm.must("deploy", "--env", "local", "--rev", "v2", *TRIGGER)
    expanded = farm.schema()

    farm.must("rollback", "--env", "local", "--yes")

    after = farm.world(data=False)
    status = {name: text for name, text in before.items() if name.startswith("status ")}
    assert {name: text for name, text in after.items() if name.startswith("status ")} == status
    assert farm.schema() == expanded
    assert page(farm, "/")


def test_instances_can_be_added_and_removed_without_a_gap(farm: Farm) -> None:
    farm.must("deploy", "--env", "local", "--rev", "v1")

    farm.must("deploy", "--env", "local", "--rev", "v1", "--set", "hosts.box.instances.count=2")
    fewer = {json.loads(page(farm, "/whoami"))["instance"] for _ in range(12)}
    farm.must("deploy", "--env", "local", "--rev", "v1")
    again = {json.loads(page(farm, "/whoami"))["instance"] for _ in range(12)}

    assert fewer == {"www_1", "www_2"}
    assert again == set(farm.names)


def test_bounce_stop_start_drain_and_undrain_do_what_they_say(v1: Farm) -> None:
    before = v1.world()
    pids = {name: line["process"] for name, line in v1.status().items()}

    v1.must("bounce", "--env", "local", "--instance", "www_2")
    bounced = {name: line["process"] for name, line in v1.status().items()}
    v1.must("drain", "--env", "local", "--instance", "www_1")
    drained = v1.status()["www_1"]["rotation"]
    v1.must("undrain", "--env", "local", "--instance", "www_1")
    v1.must("stop", "--env", "local", "--instance", "www_3", "--yes")
    stopped = v1.status()["www_3"]["process"]
    v1.must("start", "--env", "local")

    assert {name for name in pids if pids[name] != bounced[name]} == {"www_2"}
    assert drained == "disabled"
    assert stopped == "stopped"
    assert v1.world() == before


def test_a_stop_of_everything_needs_a_yes_and_start_brings_it_back(v1: Farm) -> None:
    before = v1.world()

    refused = v1.invoke("stop", "--env", "local")
    v1.must("stop", "--env", "local", "--yes")
    stopped = {line["process"] for line in v1.status().values()}
    v1.must("start", "--env", "local")

    assert refused.code == 3
    assert stopped == {"stopped"}
    assert v1.world() == before


def test_history_shows_each_run_and_its_steps(v1: Farm) -> None:
    runs = json.loads(v1.must("history", "--env", "local", "--json").out)["runs"]

    assert (runs[-1]["kind"], runs[-1]["outcome"]) == ("deploy", "done")
    assert "roll:www_1:healthy" in v1.must("history", "--env", "local", "--run", "1").out


def with_starters(farm: Farm) -> None:
    """Post the form that brews the starter recipes, as a browser would."""
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    form = opener.open(f"{farm.url}/", timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    assert opener.open(f"{farm.url}/starters/", data, timeout=10).status == 200


def without_records(world: dict[str, str]) -> dict[str, str]:
    """The world without the hosts' memory of how it came about."""
    return {name: text for name, text in world.items() if not name.startswith("records/")}
