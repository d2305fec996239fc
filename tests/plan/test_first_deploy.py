"""The first deploy to an empty host, step by step."""

from pipeline.hazard import Hazard, HazardName
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.order import check_order
from pipeline.plan.plan import Plan
from tests.plan.farm_of import TWO_BOXES, inventory_of, nothing, release_of, wanted_of
from tests.plan.simulator import carry_out

BOX = inventory_of()
EMPTY = nothing(BOX)
PLAN = plan_deploy(wanted_of(BOX, EMPTY), EMPTY)


def ids(plan: Plan) -> list[str]:
    return [step.id for step in plan.steps]


def test_an_empty_host_is_prepared_filled_and_started_in_this_order() -> None:
    assert ids(PLAN) == [
        "prepare:box:user",
        "prepare:box:folders",
        "prepare:box:private",
        "push:box:release",
        "push:box:venv",
        "push:box:bytecode",
        "push:box:static",
        "push:www_1:secrets",
        "push:www_2:secrets",
        "push:www_3:secrets",
        "roll:www_1:switch",
        "roll:www_1:start",
        "roll:www_1:healthy",
        "roll:www_2:switch",
        "roll:www_2:start",
        "roll:www_2:healthy",
        "roll:www_3:switch",
        "roll:www_3:start",
        "roll:www_3:healthy",
        "roll:balancer:files",
        "roll:balancer:start",
        "roll:balancer:healthy",
        "finish:box:record",
    ]
    check_order(PLAN.steps)


def test_each_step_waits_for_just_what_it_needs() -> None:
    pushed = (
        "push:box:bytecode",
        "push:box:static",
        "push:www_1:secrets",
        "push:www_2:secrets",
        "push:www_3:secrets",
    )
    assert {step.id: step.needs for step in PLAN.steps} == {
        "prepare:box:user": (),
        "prepare:box:folders": ("prepare:box:user",),
        "prepare:box:private": ("prepare:box:folders",),
        "push:box:release": ("prepare:box:private",),
        "push:box:venv": ("push:box:release",),
        "push:box:bytecode": ("push:box:venv",),
        "push:box:static": ("push:box:release",),
        "push:www_1:secrets": ("prepare:box:private",),
        "push:www_2:secrets": ("prepare:box:private",),
        "push:www_3:secrets": ("prepare:box:private",),
        "roll:www_1:switch": pushed,
        "roll:www_1:start": ("roll:www_1:switch",),
        "roll:www_1:healthy": ("roll:www_1:start",),
        "roll:www_2:switch": ("roll:www_1:healthy",),
        "roll:www_2:start": ("roll:www_2:switch",),
        "roll:www_2:healthy": ("roll:www_2:start",),
        "roll:www_3:switch": ("roll:www_2:healthy",),
        "roll:www_3:start": ("roll:www_3:switch",),
        "roll:www_3:healthy": ("roll:www_3:start",),
        "roll:balancer:files": ("roll:www_3:healthy",),
        "roll:balancer:start": ("roll:balancer:files",),
        "roll:balancer:healthy": ("roll:balancer:start",),
        "finish:box:record": ("roll:balancer:healthy",),
    }


def test_each_step_says_why() -> None:
    assert {step.id: step.why for step in PLAN.steps if step.host == "box"} == {
        "prepare:box:user": "the site runs as www-data, who does not exist",
        "prepare:box:folders": "24 folders are missing",
        "prepare:box:private": "4 folders are missing",
        "push:box:release": "not there",
        "push:box:venv": "no virtualenv for this lock and this interpreter",
        "push:box:bytecode": "compiled once here, not by each worker while people wait",
        "push:box:static": "added to what is served; pages of the old release still find theirs",
        "push:www_1:secrets": "KEY: not there",
        "push:www_2:secrets": "KEY: not there",
        "push:www_3:secrets": "KEY: not there",
        "roll:www_1:switch": "new",
        "roll:www_1:start": "on the new files",
        "roll:www_1:healthy": "3 times in a row",
        "roll:www_2:switch": "new",
        "roll:www_2:start": "on the new files",
        "roll:www_2:healthy": "3 times in a row",
        "roll:www_3:switch": "new",
        "roll:www_3:start": "on the new files",
        "roll:www_3:healthy": "3 times in a row",
        "roll:balancer:files": "its configuration differs",
        "roll:balancer:start": "it does not run",
        "roll:balancer:healthy": "the whole way through",
        "finish:box:record": "so that this host knows its release without any journal",
    }


def test_it_costs_a_new_user_and_nothing_else() -> None:
    assert PLAN.hazards == (Hazard(HazardName.INSTALLS_SOFTWARE, "www-data", "a new system user"),)


def test_it_names_what_it_deploys_and_saw_nothing() -> None:
    release = release_of("v1")
    assert (PLAN.kind, PLAN.environment, PLAN.changeset, PLAN.release, PLAN.release_digest) == (
        "deploy",
        "local",
        release.changeset,
        release.id,
        release.digest,
    )
    assert (PLAN.seen, PLAN.notes, PLAN.changelog) == ({}, (), ())


def test_afterwards_all_run_behind_the_balancer_and_the_host_remembers_it() -> None:
    after = carry_out(BOX, PLAN, EMPTY)
    box = after.host("box")
    assert {name: state.running for name, state in box.services.items()} == {
        "www_1": True,
        "www_2": True,
        "www_3": True,
        "balancer": True,
    }
    assert sorted(after.balancer.members) == ["www_1", "www_2", "www_3"]
    record = box.record
    assert record is not None
    assert (record.number, record.release, record.previous) == (1, release_of("v1").id, None)
    assert dict(record.files) == wanted_of(BOX, EMPTY).hosts["box"].files


def test_hosts_are_filled_side_by_side_and_rolled_one_instance_after_the_other() -> None:
    boxes = inventory_of(text=TWO_BOXES)
    empty = nothing(boxes)
    plan = plan_deploy(wanted_of(boxes, empty), empty)
    needs = {step.id: step.needs for step in plan.steps}
    assert (needs["prepare:box:user"], needs["prepare:bag:user"]) == ((), ())
    assert needs["push:bag:release"] == ("prepare:bag:private",)
    assert needs["roll:www_1:switch"] == (
        "push:box:bytecode",
        "push:box:static",
        "push:bag:bytecode",
        "push:bag:static",
    )
    assert needs["roll:www_2:switch"] == ("roll:www_1:healthy",)
    assert needs["roll:bag_1:switch"] == ("roll:www_2:healthy",)
    assert needs["roll:balancer:files"] == ("roll:bag_1:healthy",)
    assert (needs["finish:box:record"], needs["finish:bag:record"]) == (
        ("roll:balancer:healthy",),
        ("roll:balancer:healthy",),
    )
    carry_out(boxes, plan, empty)
