"""What nobody can ask for any more is removed; what runs or a rollback needs is not."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CheckFailed
from pipeline.facts.host import HostFacts
from pipeline.facts.record import Record
from pipeline.farm.instances import Inventory
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.wanted import Observed, Wanted
from tests.plan.farm_of import inventory_of, nothing, release_of, returning, wanted_of
from tests.plan.simulator import carry_out
from tests.plan.situations import deployed

# What happens to a farm: a version is deployed, pushed and then abandoned, or taken back.
EVENT = st.one_of(
    st.sampled_from(["v1", "v2", "v3", "v4"]).map(lambda version: ("deploy", version)),
    st.sampled_from(["x1", "x2"]).map(lambda version: ("abandon", version)),
    st.just(("rollback", "")),
)
HISTORY = st.lists(EVENT, max_size=8)


def live(inventory: Inventory, events: list[tuple[str, str]]) -> Observed:
    """A farm after these events. A rollback from where there is no way back changes nothing."""
    observed = deployed("v0", inventory=inventory)
    for kind, version in events:
        try:
            wanted = wanted_for(inventory, observed, kind, version)
        except CheckFailed:
            continue
        plan = plan_deploy(wanted, observed)
        steps = [step for step in plan.steps if kind != "abandon" or step.stage == "push"]
        observed = carry_out(inventory, plan, observed, steps)
    return observed


def wanted_for(inventory: Inventory, observed: Observed, kind: str, version: str) -> Wanted:
    if kind == "rollback":
        return returning(inventory, observed)
    return wanted_of(inventory, observed, version, lock=f"lock of {version}")


def lineage(box: HostFacts) -> list[Record]:
    """The records that rollbacks in a row would return to, the newest first."""
    found, current = [], box.record
    while current is not None:
        found.append(current)
        current = box.records.get(current.previous) if current.previous else None
    return found


@given(HISTORY, st.integers(2, 4))
def test_what_runs_and_what_a_rollback_could_need_is_there(
    events: list[tuple[str, str]], keep: int
) -> None:
    box = live(inventory_of(f"farm.build.keep={keep}"), events).host("box")
    for instance in ("www_1", "www_2", "www_3"):
        running = box.running(instance)
        assert running is not None
        assert running.release in box.releases
    for record in lineage(box)[:keep]:
        assert (record.release in box.releases, record.venv in box.venvs) == (True, True)


@given(HISTORY, st.integers(2, 4))
def test_no_more_than_the_last_and_those_of_a_way_back_are_kept(
    events: list[tuple[str, str]], keep: int
) -> None:
    box = live(inventory_of(f"farm.build.keep={keep}"), [*events, ("deploy", "v5")]).host("box")
    numbers = set(box.records)
    last = set(sorted(numbers)[-keep:])
    back = {record.number for record in lineage(box)[:keep]}
    assert numbers <= last | back
    recorded = list(box.records.values())
    assert set(box.releases) == {record.release for record in recorded}
    assert box.venvs == {record.venv for record in recorded}


@given(HISTORY)
def test_as_many_rollbacks_in_a_row_work_as_were_deployed_and_kept(
    events: list[tuple[str, str]],
) -> None:
    inventory = inventory_of("farm.build.keep=3")
    observed = live(inventory, [*events, ("deploy", "v6"), ("deploy", "v7"), ("deploy", "v8")])
    for expected in ("v7", "v6"):
        wanted = returning(inventory, observed)
        assert wanted.release.id == release_of(expected).id
        observed = carry_out(inventory, plan_deploy(wanted, observed), observed)


def test_the_third_deploy_removes_the_first_when_two_are_kept() -> None:
    inventory = inventory_of("farm.build.keep=2")
    observed = live(inventory, [("deploy", "v1")])
    wanted = wanted_for(inventory, observed, "deploy", "v2")
    plan = plan_deploy(wanted, observed)
    step = plan.steps[-1]
    old, venv = release_of("v0"), wanted_of(inventory, observed, "v0").hosts["box"].venv
    assert (step.id, step.needs, step.why) == (
        "finish:box:prune",
        ("finish:box:record",),
        "neither running nor among the last 2 deploys",
    )
    assert dict(step.resources) == {
        "box:records/1.json": (observed.host("box").texts["records/1.json"].sha256, ""),
        f"box:release:{old.id}": (old.digest, ""),
        f"box:static:{old.id}": ("present", ""),
        f"box:bytecode:{old.id}": ("present", ""),
        f"box:venv:{venv}": ("present", ""),
    }


def test_a_virtualenv_that_a_kept_release_shares_stays() -> None:
    inventory = inventory_of("farm.build.keep=2")
    observed = deployed("v1", "v2", "v3", inventory=inventory)
    box = observed.host("box")
    assert (set(box.releases), len(box.venvs)) == (
        {release_of("v2").id, release_of("v3").id},
        1,
    )


def test_an_empty_farm_has_nothing_to_remove() -> None:
    empty = nothing(inventory_of())
    plan = plan_deploy(wanted_of(inventory_of(), empty), empty)
    assert plan.steps[-1].id == "finish:box:record"
