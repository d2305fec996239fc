"""What a run that was killed leaves is put right by the next one, though no file shows it."""

from dataclasses import replace

import pytest

from pipeline.errors import CheckFailed
from pipeline.facts.answer import MemberMode
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.plan import Plan
from pipeline.plan.rollback import target
from pipeline.plan.wanted import Observed
from tests.plan.farm_of import inventory_of, nothing, returning, returning_to, wanted_of
from tests.plan.simulator import carry_out
from tests.plan.situations import deployed, drained_member

BOX = inventory_of()


def killed(plan: Plan, observed: Observed, until: str) -> Observed:
    """The farm after a plan that was killed in front of the step `until`."""
    ids = [step.id for step in plan.steps]
    return carry_out(BOX, plan, observed, plan.steps[: ids.index(until)])


def deploy(observed: Observed, version: str) -> Plan:
    return plan_deploy(wanted_of(BOX, observed, version), observed)


def rollback(observed: Observed) -> Plan:
    return plan_deploy(returning(BOX, observed), observed)


def number(observed: Observed, plan: Plan | None) -> int | None:
    """The record that a rollback returns to when this plan was killed."""
    record = target(observed.host("box"), plan)
    return record.number if record else None


@pytest.mark.parametrize("until", ["stop", "switch", "start", "healthy", "undrain"])
def test_a_rollback_puts_back_who_was_drained_and_runs_the_old_release(until: str) -> None:
    observed = deployed("v1")
    left = killed(deploy(observed, "v2"), observed, f"roll:www_2:{until}")

    assert carry_out(BOX, rollback(left), left) == observed


def test_who_is_put_back_first_serves_while_the_only_other_one_is_bounced() -> None:
    box = inventory_of("hosts.box.instances.count=2")
    first = plan_deploy(wanted_of(box, nothing(box)), nothing(box))
    observed = carry_out(box, first, nothing(box))
    plan = plan_deploy(wanted_of(box, observed, "v2"), observed)
    ids = [step.id for step in plan.steps]
    left = carry_out(box, plan, observed, plan.steps[: ids.index("roll:www_2:stop")])

    back = plan_deploy(returning(box, left), left)

    assert back.hazards == ()
    assert [step.id for step in back.steps][:3] == [
        "roll:www_2:healthy",
        "roll:www_2:undrain",
        "roll:www_1:drain",
    ]
    assert carry_out(box, back, left) == observed


@pytest.mark.parametrize("until", ["stop", "undrain"])
def test_a_deploy_puts_back_who_was_left_drained_by_another(until: str) -> None:
    observed = deployed("v1")
    plan = deploy(observed, "v2")
    left = killed(plan, observed, f"roll:www_2:{until}")

    assert carry_out(BOX, deploy(left, "v2"), left) == carry_out(BOX, plan, observed)


def test_a_member_that_is_out_by_an_unfinished_run_is_put_back() -> None:
    situation = drained_member()
    wanted = replace(situation.wanted, unfinished=True)

    plan = plan_deploy(wanted, situation.observed)

    assert [step.id for step in plan.steps] == ["roll:www_2:healthy", "roll:www_2:undrain"]
    assert plan.notes == ()
    members = carry_out(BOX, plan, situation.observed).balancer.members
    assert {member.mode for member in members.values()} == {MemberMode.READY}


HAPROXY = inventory_of("balancer.kind=haproxy")


@pytest.mark.parametrize("unit", ["balancer", "static@box"])
def test_what_was_killed_before_it_let_a_service_read_its_files_is_finished_by_a_deploy(
    unit: str,
) -> None:
    observed = carry_out(HAPROXY, with_front(nothing(HAPROXY), "old"), nothing(HAPROXY))
    plan = with_front(observed, "new")
    ids = [step.id for step in plan.steps]
    behind = plan.steps[: ids.index(f"roll:{unit}:reload")]
    left = carry_out(HAPROXY, plan, observed, behind)

    again = with_front(left, "new")

    done = {step.id for step in behind} - {"roll:static@box:reload"}  # nobody can know of it
    assert [step.id for step in again.steps] == [each for each in ids if each not in done]
    ended = carry_out(HAPROXY, again, left)
    assert ended == carry_out(HAPROXY, plan, observed)
    assert with_front(ended, "new").steps == ()


def with_front(observed: Observed, front: str) -> Plan:
    return plan_deploy(wanted_of(HAPROXY, observed, front=front), observed)


def test_a_killed_deploy_that_pushed_nothing_is_known_by_the_journal_alone() -> None:
    observed = deployed("v1", "v2")
    back = carry_out(BOX, rollback(observed), observed)  # record 3: v1 again, v2 still there
    plan = deploy(back, "v2")
    left = killed(plan, back, "roll:www_1:stop")

    with pytest.raises(CheckFailed):
        target(left.host("box"))
    assert number(left, plan) == 3


def test_a_killed_deploy_counts_no_more_when_another_was_finished_since() -> None:
    observed = deployed("v1", "v2")
    plan = deploy(observed, "v3")
    since = carry_out(BOX, plan, observed)
    since = carry_out(BOX, deploy(since, "v4"), since)

    assert number(since, plan) == 3


def test_a_deploy_that_was_killed_behind_its_record_is_rolled_back_like_a_finished_one() -> None:
    observed = deployed("v1")
    plan = deploy(observed, "v2")

    assert number(carry_out(BOX, plan, observed), plan) == 1


@pytest.mark.parametrize("until", ["roll:www_1:stop", "roll:www_2:start", "finish:box:record"])
def test_a_killed_rollback_that_is_given_again_goes_where_it_went(until: str) -> None:
    observed = deployed("v1", "v2", "v3")
    plan = rollback(observed)
    left = killed(plan, observed, until)
    record = target(left.host("box"), plan)
    assert record is not None
    assert record.number == 2

    wanted = returning_to(BOX, {"box": record})
    again = plan_deploy(replace(wanted, unfinished=True), left)

    assert carry_out(BOX, again, left) == carry_out(BOX, plan, observed)


def test_a_rollback_that_was_killed_behind_its_record_has_arrived() -> None:
    observed = deployed("v1", "v2", "v3")
    plan = rollback(observed)

    assert number(carry_out(BOX, plan, observed), plan) == 4
