"""A rollback returns to what the hosts remember: release and files, never rendered anew."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.errors import CheckFailed
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.order import check_order
from pipeline.plan.plan import Plan
from pipeline.plan.rollback import is_unfinished, plan_removal, same_release, target
from pipeline.plan.wanted import Observed
from tests.plan.farm_of import (
    TWO_BOXES,
    inventory_of,
    nothing,
    release_of,
    returning,
    services_of,
    wanted_of,
)
from tests.plan.simulator import carry_out, look
from tests.plan.situations import DOWN, deployed, with_edit, with_service

BOX = inventory_of()


def unfinished(observed: Observed, version: str, until: str) -> Observed:
    """A deploy of a version that was killed in front of the step `until`."""
    plan = plan_deploy(wanted_of(BOX, observed, version), observed)
    ids = [step.id for step in plan.steps]
    return carry_out(BOX, plan, observed, plan.steps[: ids.index(until)])


def rolled_back(observed: Observed) -> Observed:
    return carry_out(BOX, plan_deploy(returning(BOX, observed), observed), observed)


def hand_edited(*versions: str) -> Observed:
    return with_edit(deployed(*versions), "instances/www_1/conf/www_1.conf", "threads 99\n")


def with_template(observed: Observed, version: str, template: str) -> Observed:
    plan = plan_deploy(wanted_of(BOX, observed, version, template=template), observed)
    return carry_out(BOX, plan, observed)


# How a farm was left -> the record that a rollback returns to; None: to before the first deploy.
TARGETS: list[tuple[str, Callable[[], Observed], int | None]] = [
    ("nothing there", lambda: nothing(BOX), None),
    (
        "first deploy killed after the push",
        lambda: unfinished(nothing(BOX), "v1", "roll:www_1:switch"),
        None,
    ),
    (
        "first deploy killed in the roll",
        lambda: unfinished(nothing(BOX), "v1", "roll:www_2:start"),
        None,
    ),
    ("two deploys", lambda: deployed("v1", "v2"), 1),
    ("three deploys", lambda: deployed("v1", "v2", "v3"), 2),
    ("killed after the push", lambda: unfinished(deployed("v1"), "v2", "roll:www_1:drain"), 1),
    ("killed in the roll", lambda: unfinished(deployed("v1", "v2"), "v3", "roll:www_2:start"), 2),
    (
        "killed before the record",
        lambda: unfinished(deployed("v1", "v2"), "v3", "finish:box:record"),
        2,
    ),
    ("edited by hand", lambda: hand_edited("v1", "v2"), 2),
    ("only deploy, edited by hand", lambda: hand_edited("v1"), 1),
    ("rolled back", lambda: rolled_back(deployed("v1", "v2", "v3")), 1),
    (
        "deployed after a rollback",
        lambda: with_template(rolled_back(deployed("v1", "v2")), "v3", "threads 15\n"),
        3,
    ),
    (
        "same release, other files",
        lambda: with_template(deployed("v1"), "v1", "threads 25\n"),
        1,
    ),
    (
        "unfinished deploy rolled back",
        lambda: rolled_back(unfinished(deployed("v1", "v2"), "v3", "roll:www_2:start")),
        1,
    ),
]


@pytest.mark.parametrize(
    ("observed", "number"),
    [case[1:] for case in TARGETS],
    ids=[case[0].replace(" ", "_") for case in TARGETS],
)
def test_a_rollback_returns_to(observed: Callable[[], Observed], number: int | None) -> None:
    record = target(observed().host("box"))
    assert (record.number if record else None) == number


def test_the_only_deploy_has_nothing_to_return_to() -> None:
    with pytest.raises(CheckFailed) as caught:
        target(deployed("v1").host("box"))
    assert caught.value.lines() == (
        f"host box: {release_of('v1').id} is all that this host remembers",
        "  -> deploy what you want instead: invoke deploy --rev ...",
    )


def test_rollbacks_in_a_row_go_further_back_until_the_first() -> None:
    observed = deployed("v1", "v2", "v3")
    for version in ("v2", "v1"):
        observed = rolled_back(observed)
        running = observed.host("box").running("www_1")
        assert running is not None
        assert running.release == release_of(version).id
    with pytest.raises(CheckFailed):
        target(observed.host("box"))


def test_a_rollback_of_a_finished_deploy_is_a_roll_without_a_push() -> None:
    observed = deployed("v1", "v2")
    plan = plan_deploy(returning(BOX, observed), observed)
    verbs = ("drain", "stop", "switch", "start", "healthy", "undrain")
    assert [step.id for step in plan.steps] == [
        *(f"roll:www_{n}:{verb}" for n in (1, 2, 3) for verb in verbs),
        "finish:box:record",
    ]
    v1 = release_of("v1")
    assert (plan.kind, plan.release, plan.changeset) == ("rollback", v1.id, v1.changeset)
    after = carry_out(BOX, plan, observed).host("box")
    record = after.record
    assert record is not None
    assert (record.number, record.release, record.previous) == (3, v1.id, None)


def test_a_rollback_of_an_unfinished_deploy_touches_only_what_it_had_touched() -> None:
    observed = unfinished(deployed("v1"), "v2", "roll:www_2:start")
    plan = plan_deploy(returning(BOX, observed), observed)
    assert [step.id for step in plan.steps] == [
        "roll:www_2:switch",
        "roll:www_2:start",
        "roll:www_2:healthy",
        "roll:www_2:undrain",
        "roll:www_1:drain",
        "roll:www_1:stop",
        "roll:www_1:switch",
        "roll:www_1:start",
        "roll:www_1:healthy",
        "roll:www_1:undrain",
        "finish:box:prune",
    ]
    after = carry_out(BOX, plan, observed)
    assert after == deployed("v1")
    assert not is_unfinished(after.host("box"))


def test_the_files_of_a_record_come_back_as_they_were() -> None:
    before = with_template(deployed("v1"), "v1", "threads 25\n")
    after = rolled_back(with_template(before, "v2", "threads 35\n"))
    conf = "instances/www_1/conf/www_1.conf"
    assert after.host("box").text(conf) == "listen 9001\nthreads 25\n"


def test_an_edit_by_hand_is_a_hazard_of_the_rollback_that_removes_it() -> None:
    observed = hand_edited("v1", "v2")
    plan = plan_deploy(returning(BOX, observed), observed)
    assert [str(hazard) for hazard in plan.hazards] == [
        "drifted:box:instances/www_1/conf/www_1.conf"
    ]
    assert plan.release == release_of("v2").id


def test_hosts_that_would_return_to_different_releases_are_not_rolled_back() -> None:
    records = {
        "box": target(deployed("v1", "v2").host("box")),
        "bag": target(deployed("v3", "v2").host("box")),
    }
    found = {host: record for host, record in records.items() if record}
    with pytest.raises(CheckFailed) as caught:
        same_release(found)
    assert caught.value.lines() == (
        f"the hosts would return to different releases: box -> {release_of('v1').id}, "
        f"bag -> {release_of('v3').id}",
        "  -> deploy the one you want instead: invoke deploy --rev ...",
    )


def test_hosts_that_agree_return_together() -> None:
    boxes = inventory_of(text=TWO_BOXES)
    observed = deployed("v1", "v2", inventory=boxes)
    wanted = returning(boxes, observed)
    after = carry_out(boxes, plan_deploy(wanted, observed), observed)
    records = [after.host(host).record for host in ("box", "bag")]
    v1 = release_of("v1").id
    assert [record.release if record else "" for record in records] == [v1, v1]


def removal(observed: Observed) -> Plan:
    return plan_removal(BOX, services_of(BOX), observed)


def test_a_first_deploy_that_never_ended_is_removed_the_balancer_first() -> None:
    observed = unfinished(nothing(BOX), "v1", "finish:box:record")
    plan = removal(observed)
    assert [step.id for step in plan.steps] == [
        "roll:balancer:stop",
        "roll:www_1:stop",
        "roll:www_2:stop",
        "roll:www_3:stop",
        "finish:box:remove",
    ]
    check_order(plan.steps)
    assert plan.steps[-1].needs == ("roll:www_3:stop",)
    assert plan.notes == (
        "no deploy was ever finished here: this goes back to before the first one",
    )
    box = look(BOX, carry_out(BOX, plan, observed)).host("box")
    assert (box.texts, box.marks, box.secrets) == ({}, {}, {})
    assert box.folders == {"records", "data"}
    assert not any(state.running for state in box.services.values())
    assert box.user_exists


def test_only_what_runs_is_stopped() -> None:
    plan = removal(unfinished(nothing(BOX), "v1", "roll:www_2:switch"))
    assert [step.id for step in plan.steps] == ["roll:www_1:stop", "finish:box:remove"]


def test_after_a_removal_a_first_deploy_works_again() -> None:
    observed = unfinished(nothing(BOX), "v1", "roll:www_2:start")
    observed = carry_out(BOX, removal(observed), observed)
    plan = plan_deploy(wanted_of(BOX, observed), observed)
    assert look(BOX, carry_out(BOX, plan, observed)).host("box").record


def test_from_an_empty_host_nothing_is_removed() -> None:
    assert removal(nothing(BOX)).steps == ()


def test_a_host_that_was_not_reached_yet_is_no_obstacle() -> None:
    boxes = inventory_of(text=TWO_BOXES)
    empty = nothing(boxes)
    plan = plan_deploy(wanted_of(boxes, empty), empty)
    begun = [step for step in plan.steps if step.host == "box" and step.stage != "roll"][:-1]
    observed = carry_out(boxes, plan, empty, begun)
    back = plan_removal(boxes, services_of(boxes), observed)
    assert [step.id for step in back.steps] == ["finish:box:remove"]


def test_a_release_beside_those_on_record_shows_that_a_deploy_was_not_finished() -> None:
    observed = deployed("v1", "v2")
    box = observed.host("box")
    mark = next(iter(box.marks.values()))
    left = replace(box, marks={**box.marks, "releases/default-x-1/manifest.json": mark})
    assert (is_unfinished(box), is_unfinished(left)) == (False, True)


def test_a_crash_is_no_unfinished_deploy() -> None:
    observed = with_service(deployed("v1", "v2"), "www_1", DOWN)
    assert not is_unfinished(observed.host("box"))
