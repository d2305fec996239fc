"""Hooks stand where the inventory says, are waited for by what follows, and change nothing."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.facts.answer import Keeping, ServiceState
from pipeline.farm.inventory import Hook
from pipeline.plan.action import RunHook
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.order import check_order, to_revert
from pipeline.plan.plan import Plan, from_json, to_json
from pipeline.plan.show import show
from pipeline.plan.step import CONTROL, Stage, Step
from pipeline.plan.step_state import StepState
from pipeline.plan.wanted import Observed, Wanted
from pipeline.secret import SecretRef
from tests.plan import situations
from tests.plan.farm_of import changed, inventory_of, nothing, release_of, wanted_of
from tests.plan.simulator import carry_out, look
from tests.plan.situations import SITUATIONS, Situation, deployed
from tests.plan.test_stages import work

TWO = """\
root = "/srv/homebrew"
balancer = { kind = "apache" }
site.environ.HOMEBREW_DATABASE = "{root}/data/{instance}.db"
site.secrets.KEY = "env:KEY"
[hosts.box]
transport = "local"
instances = { count = 3 }
[hosts.bag]
transport = "local"
address = "10.0.0.2"
instances = { count = 3, name = "bag_{n}" }
"""
PLACES = [f"{side} {stage}" for side in ("before", "after") for stage in ("all", *Stage)]
SCRIPT = "SITE:hooks/it.sh"


def hook(name: str = "it", when: str = "after roll", **more: Any) -> Hook:
    return Hook.model_validate({"name": name, "when": when, "run": ["true"], **more})


@st.composite
def any_hooks(draw: st.DrawFn) -> tuple[Hook, ...]:
    """A few hooks of all kinds, in any order."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        per = draw(st.sampled_from(["deploy", "host", "instance"]))
        places = PLACES if per != "instance" else ["before roll", "after roll"]
        found.append(
            hook(
                f"h{number}",
                draw(st.sampled_from(places)),
                per=per,
                on=draw(st.sampled_from(["control", "host"])),
                **({"undo": {"run": ["false"]}} if draw(st.booleans()) else {}),
            )
        )
    return tuple(found)


@cache
def two_boxes(window: int, down: frozenset[str]) -> tuple[Wanted, Observed]:
    """Two hosts that run v1, and v2 wanted, with schema work; who is down goes first."""
    inventory = inventory_of(f"rollout.max_parallel={window}", text=TWO)
    observed = deployed("v1", inventory=inventory)
    for name in down:
        host = observed.host(name.split("_")[0].replace("www", "box"))
        services = {**host.services, name: ServiceState(running=False)}
        observed = changed(observed, replace(host, services=services))
    return wanted_of(inventory, observed, "v2", databases=(work(),)), observed


NAMES = ["www_1", "www_2", "www_3", "bag_1", "bag_2", "bag_3"]
FARMS = st.builds(two_boxes, st.integers(1, 3), st.frozensets(st.sampled_from(NAMES), max_size=3))


def with_hooks(wanted: Wanted, *hooks: Hook, owed: frozenset[str] = frozenset()) -> Wanted:
    farm = wanted.inventory.farm.model_copy(update={"hooks": hooks})
    inventory = replace(wanted.inventory, farm=farm)
    return replace(wanted, inventory=inventory, scripts={SCRIPT: "echo it\n"}, owed=owed)


def plan_of(*hooks: Hook, window: int = 1) -> Plan:
    wanted, observed = two_boxes(window, frozenset())
    return plan_deploy(with_hooks(wanted, *hooks), observed)


def hooks_in(plan: Plan) -> list[Step]:
    return [step for step in plan.steps if isinstance(step.action, RunHook)]


def only(plan: Plan) -> Step:
    (step,) = hooks_in(plan)
    return step


def action(plan: Plan) -> RunHook:
    found = only(plan).action
    assert isinstance(found, RunHook)
    return found


def behind(plan: Plan) -> dict[str, set[str]]:
    """All that each step waits for. The plan's order must be one in which it can be done."""
    found: dict[str, set[str]] = {}
    for step in plan.steps:
        found[step.id] = set(step.needs).union(*(found[need] for need in step.needs))
    return found


@settings(deadline=None)
@given(FARMS, any_hooks())
def test_with_any_hooks_a_plan_can_be_done_in_its_order(
    farm: tuple[Wanted, Observed], hooks: tuple[Hook, ...]
) -> None:
    wanted, observed = farm
    plan = plan_deploy(with_hooks(wanted, *hooks), observed)
    check_order(plan.steps)
    behind(plan)
    assert from_json(to_json(plan), where="plan.json") == plan


@settings(deadline=None)
@given(FARMS, any_hooks())
def test_hooks_take_nothing_away_and_loosen_nothing(
    farm: tuple[Wanted, Observed], hooks: tuple[Hook, ...]
) -> None:
    wanted, observed = farm
    bare = plan_deploy(wanted, observed)
    plan = plan_deploy(with_hooks(wanted, *hooks), observed)
    own = {step.id: step for step in plan.steps if not isinstance(step.action, RunHook)}
    before, after = behind(bare), behind(plan)
    assert {id: replace(step, needs=()) for id, step in own.items()} == {
        step.id: replace(step, needs=()) for step in bare.steps
    }
    assert all(before[id] <= after[id] for id in before)


@settings(deadline=None)
@given(FARMS, any_hooks())
def test_a_hook_of_the_whole_deploy_parts_what_comes_before_it_from_what_comes_after(
    farm: tuple[Wanted, Observed], hooks: tuple[Hook, ...]
) -> None:
    wanted, observed = farm
    plan = plan_deploy(with_hooks(wanted, *hooks), observed)
    needed = behind(plan)
    stages = list(Stage)
    own = [step for step in plan.steps if not isinstance(step.action, RunHook)]
    for each in hooks:
        at = next((s.id for s in hooks_in(plan) if s.id.endswith(f":hook-{each.name}")), None)
        if each.per != "deploy" or at is None:
            continue
        first = [] if each.before else stages
        if each.stage != "all":
            first = stages[: stages.index(Stage(each.stage)) + (not each.before)]
        for step in own:
            assert (step.id in needed[at]) == (step.stage in first)
            assert (at in needed[step.id]) == (step.stage not in first)


@settings(deadline=None)
@given(FARMS, any_hooks(), st.sampled_from(PLACES))
def test_hooks_of_one_place_go_in_the_order_of_the_files(
    farm: tuple[Wanted, Observed], hooks: tuple[Hook, ...], place: str
) -> None:
    wanted, observed = farm
    if "instance" in {each.per for each in hooks}:
        place = f"{place.split()[0]} roll"
    moved = tuple(each.model_copy(update={"when": place}) for each in hooks)
    plan = plan_deploy(with_hooks(wanted, *moved), observed)
    needed = behind(plan)
    steps = hooks_in(plan)
    numbers = {step.id: int(step.id.rsplit("-h", 1)[1]) for step in steps}
    pers = {each.name: each.per for each in hooks}
    for one in steps:
        for other in steps:
            kinds = {pers[f"h{numbers[step.id]}"] for step in (one, other)}
            targets = {step.id.split(":")[1] for step in (one, other)}
            together = len(targets) == 1 or "deploy" in kinds
            if numbers[one.id] < numbers[other.id] and together and "instance" not in kinds:
                assert one.id in needed[other.id]
            if numbers[one.id] < numbers[other.id] and kinds == {"instance"} and together:
                assert one.id in needed[other.id]


@settings(deadline=None)
@given(FARMS, any_hooks())
def test_a_hook_of_an_instance_belongs_to_its_bounce(
    farm: tuple[Wanted, Observed], hooks: tuple[Hook, ...]
) -> None:
    assume(any(each.per == "instance" for each in hooks))
    wanted, observed = farm
    plan = plan_deploy(with_hooks(wanted, *hooks), observed)
    needed = behind(plan)
    for name in NAMES:
        unit = [step for step in plan.steps if step.unit == name]
        own = [step for step in unit if not isinstance(step.action, RunHook)]
        for step in unit:
            if isinstance(step.action, RunHook):
                when = step.why.rpartition(", ")[2]
                first, last = (step, own[0]) if when == "before roll" else (own[-1], step)
                assert first.id in needed[last.id]
        outside = [s for s in plan.steps if s.unit != name and own[-1].id in needed[s.id]]
        assert all({step.id for step in unit} <= needed[step.id] for step in outside)
        states = {step.id: StepState.DONE for step in unit}
        assert to_revert(plan, states, name) == tuple(reversed(unit))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda make: make.__name__)
def test_a_plan_with_hooks_does_the_same_to_the_farm_and_one_without_steps_gets_none(
    situation: Callable[[], Situation],
) -> None:
    before = situation()
    hooks = [hook(place.replace(" ", "-"), place, per="host") for place in PLACES]
    hooks += [hook(place.replace(" ", "_"), place) for place in PLACES]
    plan = plan_deploy(with_hooks(before.wanted, *hooks), before.observed)
    after = carry_out(before.inventory, plan, before.observed)
    assert look(before.inventory, after) == before.after
    assert bool(plan.steps) == bool(before.plan.steps)
    own = [step.id for step in plan.steps if not isinstance(step.action, RunHook)]
    assert sorted(own) == sorted(step.id for step in before.plan.steps)


def test_a_stage_without_steps_has_no_hooks_but_those_that_an_unfinished_run_owes() -> None:
    wanted, observed = two_boxes(1, frozenset())
    hooks = (hook("a", "after prepare"), hook("b", "before contract", per="host"))
    bare = replace(wanted, databases=())
    assert hooks_in(plan_deploy(with_hooks(bare, *hooks), observed)) == []
    plan = plan_deploy(with_hooks(bare, *hooks, owed=frozenset({"a", "b"})), observed)
    assert [step.id for step in hooks_in(plan)] == [
        "prepare:hook-a",
        "contract:box:hook-b",
        "contract:bag:hook-b",
    ]
    assert "prepare:hook-a" in behind(plan)["push:bag:release"]
    assert "contract:bag:hook-b" in behind(plan)["finish:box:record"]


def test_what_is_owed_is_told_when_nothing_else_is_to_be_done() -> None:
    same = situations.same()
    wanted = with_hooks(same.wanted, hook("reindex"), owed=frozenset({"reindex"}))
    plan = plan_deploy(wanted, same.observed)
    assert plan.steps == ()
    assert plan.notes == (
        "the last run has not done what is its own: reindex; invoke resume does it",
    )


def test_behind_the_push_a_host_waits_for_itself_and_the_deploy_for_all() -> None:
    plan = plan_of(hook("own", "after push", per="host"), hook("all", "after push"))
    needed = behind(plan)
    assert "push:bag:static" not in needed["push:box:hook-own"]
    assert "push:box:static" in needed["push:box:hook-own"]
    assert {"push:box:hook-own", "push:bag:hook-own"} <= needed["push:hook-all"]
    assert "push:hook-all" in needed["expand:default:1"]


def test_the_instance_after_next_in_the_window_waits_for_the_hook_behind_the_bounce() -> None:
    plan = plan_of(hook("smoke", per="instance", on="host"), window=2)
    needs = {step.id: step.needs for step in plan.steps}
    assert needs["roll:www_3:drain"] == ("roll:www_1:hook-smoke",)
    assert needs["roll:www_1:hook-smoke"] == ("roll:www_1:undrain",)


def test_an_instance_that_only_gets_a_keeper_is_not_bounced_and_has_no_hooks() -> None:
    unkept = ServiceState(running=True, pid=1, keeping=Keeping(missing=True))
    observed = situations.with_service(deployed("v1"), "www_2", unkept)
    wanted = with_hooks(wanted_of(inventory_of(), observed), hook("smoke", per="instance"))
    assert [step.id for step in plan_deploy(wanted, observed).steps] == ["roll:www_2:keep"]


def test_a_hook_has_its_words_filled_in_and_its_environment() -> None:
    plan = plan_of(
        hook(
            run=["{python}", "{code}/x.py", "{{release}}", '{"a": 1}', "{host}:{instance}"],
            per="instance",
            on="host",
            environ={"TOKEN_OF": "{release}", "FARM_URL": "mine"},
            secrets={"TOKEN": "env:TOKEN"},
            timeout=5,
        )
    )
    step = hooks_in(plan)[0]
    release = release_of("v2")
    code = f"/srv/homebrew/releases/{release.id}/code"
    python = f"/srv/homebrew/venvs/py3.11-{release.lock_hash[:12]}/bin/python"
    assert (step.id, step.host, step.unit, step.stage) == (
        "roll:www_1:hook-it",
        "box",
        "www_1",
        Stage.ROLL,
    )
    assert step.action == RunHook(
        hook="it@www_1",
        argv=(python, f"{code}/x.py", "{release}", '{"a": 1}', "box:www_1"),
        folder=code,
        environ={
            "FARM_KIND": "deploy",
            "FARM_ENVIRONMENT": "local",
            "FARM_RELEASE": release.id,
            "FARM_CHANGESET": release.changeset.node,
            "FARM_URL": "mine",
            "FARM_HOST": "box",
            "FARM_ROOT": "/srv/homebrew",
            "FARM_CODE": code,
            "FARM_PYTHON": python,
            "FARM_INSTANCE": "www_1",
            "FARM_PORT": "9001",
            "FARM_HOOK": "it",
            "TOKEN_OF": release.id,
        },
        secrets={"TOKEN": SecretRef("env:TOKEN")},
        timeout=5.0,
    )


def test_on_the_control_machine_it_has_no_folder_of_a_host() -> None:
    plan = plan_of(hook("reindex", task="site.reindex", run=None))
    found = action(plan)
    assert (only(plan).host, only(plan).id) == (CONTROL, "roll:hook-reindex")
    assert (found.task, found.argv, found.folder, found.user) == ("site.reindex", (), "", "")
    assert "FARM_HOST" not in found.environ
    assert found.environ["FARM_URL"] == "http://localhost:8080"


def test_as_the_site_it_has_the_sites_user_environment_and_secrets() -> None:
    found = action(plan_of(hook(on="host", user="site")))
    assert found.user == "www-data"
    assert found.environ["HOMEBREW_DATABASE"] == "/srv/homebrew/data/www_1.db"
    assert found.secrets == {"KEY": SecretRef("env:KEY")}


def test_before_the_release_is_there_a_hook_runs_at_the_top_of_its_host() -> None:
    found = action(plan_of(hook(when="before push", on="host")))
    assert found.folder == "/"


def test_a_script_travels_in_the_plan_and_its_undo_makes_a_unit_of_the_step() -> None:
    plan = plan_of(hook(run=None, script=SCRIPT, undo={"run": ["rm", "it"]}))
    found = action(plan)
    assert (found.script, plan.blobs[found.text]) == (SCRIPT, "echo it\n")
    (undo,) = only(plan).undo
    assert isinstance(undo, RunHook)
    assert undo.argv == ("rm", "it")
    assert only(plan).unit == "hook-it"


def test_an_environment_replaces_a_hook_of_the_farm_and_may_leave_it_out() -> None:
    inventory = two_boxes(1, frozenset())[0].inventory
    farm = inventory.farm.model_copy(update={"hooks": (hook("a"), hook("b"), hook("c"))})
    other = hook("b", "before roll")
    environment = inventory.environment.model_copy(
        update={"hooks": (hook("d"), other, hook("c", during=[]))}
    )
    merged = replace(inventory, farm=farm, environment=environment)
    assert merged.hooks("deploy") == (hook("a"), other, hook("d"))
    assert merged.hooks("rollback") == ()


def test_a_rollback_has_the_hooks_that_are_meant_for_it() -> None:
    wanted, observed = two_boxes(1, frozenset())
    hooks = (hook("a"), hook("b", during=["deploy", "rollback"]))
    wanted = replace(with_hooks(wanted, *hooks), kind="rollback")
    plan = plan_deploy(wanted, observed)
    assert action(plan).environ["FARM_KIND"] == "rollback"
    assert only(plan).id == "roll:hook-b"


def test_a_first_deploy_has_hooks_around_its_preparation() -> None:
    inventory = inventory_of()
    observed = nothing(inventory)
    wanted = with_hooks(
        wanted_of(inventory, observed), hook("a", "before all"), hook("b", "before prepare")
    )
    ids = [step.id for step in plan_deploy(wanted, observed).steps]
    assert ids[:3] == ["prepare:hook-a", "prepare:hook-b", "prepare:box:user"]


def test_a_plan_shows_what_hooks_run_and_why() -> None:
    wanted, observed = two_boxes(6, frozenset())
    wanted = with_hooks(
        wanted,
        hook("warm", "after push", per="host", on="host", run=["curl", "{url}/a b"]),
        hook("smoke", "before roll", per="instance", run=None, script=SCRIPT),
        hook("reindex", run=None, task="site.reindex", on_failure="continue"),
    )
    text = show(plan_deploy(wanted, observed))
    assert [line for line in text.splitlines() if "hook" in line or SCRIPT in line][:6] == [
        '  + box: run curl "http://localhost:8080/a b" (hook warm, after push)',
        '  + bag: run curl "http://localhost:8080/a b" (hook warm, after push)',
        "      hook-smoke > drain > stop > switch > start > healthy > undrain",
        f"      + control machine: run {SCRIPT} (hook smoke, before roll)",
        "      hook-smoke > drain > stop > switch > start > healthy > undrain",
        f"      + control machine: run {SCRIPT} (hook smoke, before roll)",
    ]
    assert "  + control machine: run invoke site.reindex (hook reindex, after roll)" in text
    assert text.count(f"-- {SCRIPT}\necho it\n") == 1
