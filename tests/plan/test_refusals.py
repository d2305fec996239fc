"""What cannot be done safely is refused while nothing is touched, with a cure."""

from dataclasses import replace

import pytest

from pipeline.errors import CheckFailed, FarmhandError, Unreachable
from pipeline.facts.answer import FileFact, ServiceState
from pipeline.facts.host import UnreachableHost
from pipeline.farm.instances import Inventory
from pipeline.farm.layout import BALANCER
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.wanted import Observed
from tests.plan.farm_of import (
    TWO_BOXES,
    changed,
    inventory_of,
    nothing,
    release_of,
    returning_to,
    wanted_of,
)
from tests.plan.situations import deployed, with_service

TAKEN = ServiceState(running=False, port_taken=True)


def refusal(inventory: Inventory, observed: Observed, version: str = "v2") -> FarmhandError:
    wanted = wanted_of(inventory, deployed("v1", inventory=inventory), version)
    with pytest.raises(FarmhandError) as caught:
        plan_deploy(wanted, observed)
    return caught.value


def test_a_host_that_does_not_answer() -> None:
    boxes = inventory_of(text=TWO_BOXES)
    silent = UnreachableHost("bag", "connection timed out")
    observed = deployed("v1", inventory=boxes)
    found = refusal(boxes, replace(observed, hosts={**observed.hosts, "bag": silent}))
    assert isinstance(found, Unreachable)
    assert found.lines() == (
        "host bag: connection timed out",
        "  -> nothing was planned, nothing touched",
    )


@pytest.mark.parametrize(("service", "port"), [("www_2", 9002), (BALANCER, 8080)])
def test_a_port_on_which_something_else_answers(service: str, port: int) -> None:
    found = refusal(inventory_of(), with_service(deployed("v1"), service, TAKEN))
    assert isinstance(found, CheckFailed)
    assert found.lines() == (
        f"host box: port {port}, meant for {service}, is in use by something else",
        "  -> stop what listens there, or choose another port "
        "(hosts.box.instances.first_port, balancer.port, balancer.manager_port)",
    )


def test_a_member_that_would_move_while_it_serves() -> None:
    moved = inventory_of("hosts.box.instances.first_port=9101")
    found = refusal(moved, deployed("v1"))
    assert isinstance(found, CheckFailed)
    assert found.lines() == (
        "host box: www_1 would move from http://127.0.0.1:9001 to http://127.0.0.1:9101 "
        "while it serves",
        "  -> give the new ports new names (hosts.*.instances.name): the new instances "
        "are then started before the old ones go",
    )


def test_a_member_that_is_down_may_move() -> None:
    moved = inventory_of("hosts.box.instances.first_port=9101")
    observed = deployed("v1")
    for name in ("www_1", "www_2", "www_3"):
        observed = with_service(observed, name, ServiceState(running=False))
    plan = plan_deploy(wanted_of(moved, observed), observed)
    assert [step.id for step in plan.steps if step.unit == BALANCER] == [
        "roll:balancer:files",
        "roll:balancer:reload",
        "roll:balancer:healthy",
    ]


def test_another_content_under_the_name_of_the_release() -> None:
    observed = deployed("v1")
    box, release = observed.host("box"), release_of("v2").id
    other = FileFact(size=1, sha256="another")
    marks = {**box.marks, f"releases/{release}/manifest.json": other}
    found = refusal(inventory_of(), changed(observed, replace(box, marks=marks)))
    assert isinstance(found, CheckFailed)
    assert found.lines() == (
        f"host box: another content is there as {release}",
        "  -> somebody built it elsewhere: deploy from there, or deploy a new changeset",
    )


@pytest.mark.parametrize(
    ("count", "now"), [(2, "www_1, www_2"), (4, "www_1, www_2, www_3, www_4")]
)
def test_a_rollback_to_other_instances_than_those_of_now(count: int, now: str) -> None:
    observed = deployed("v1")
    record = observed.host("box").record
    assert record is not None
    inventory = inventory_of(f"hosts.box.instances.count={count}")
    with pytest.raises(CheckFailed) as caught:
        plan_deploy(returning_to(inventory, {"box": record}), observed)
    assert caught.value.lines() == (
        f"host box: {record.release} ran as www_1, www_2, www_3; the inventory now has {now}",
        "  -> deploy it anew, on the instances of now: "
        f"invoke deploy --rev {record.changeset.short}",
    )


def test_a_rollback_to_before_another_kind_of_balancer() -> None:
    observed = deployed("v1")
    record = observed.host("box").record
    assert record is not None
    with pytest.raises(CheckFailed) as caught:
        plan_deploy(returning_to(inventory_of("balancer.kind=haproxy"), {"box": record}), observed)
    assert caught.value.lines() == (
        f"host box: {record.release} ran behind another kind of balancer",
        "  -> deploy it anew, behind the balancer of now: "
        f"invoke deploy --rev {record.changeset.short}",
    )


def test_a_record_that_is_damaged() -> None:
    observed = deployed("v1")
    box = observed.host("box")
    texts = {**box.texts, "records/1.json": FileFact(size=1, sha256="", text="{")}
    with pytest.raises(CheckFailed) as caught:
        wanted_of(inventory_of(), changed(observed, replace(box, texts=texts)))
    assert caught.value.where == "box: records/1.json"
    assert caught.value.advice == (
        "move it away: the host then counts as having one deploy less to return to"
    )


def test_an_empty_host_is_no_reason_to_refuse() -> None:
    empty = nothing(inventory_of())
    assert plan_deploy(wanted_of(inventory_of(), empty), empty).steps
