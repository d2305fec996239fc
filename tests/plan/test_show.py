"""A plan as people read it: golden texts in shown/, to be read and changed by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.plan.deploy import plan_deploy
from pipeline.plan.plan import Plan
from pipeline.plan.show import show
from tests.plan import situations
from tests.plan.farm_of import TEMPLATE, inventory_of, release_of, wanted_of
from tests.plan.situations import deployed, with_edit
from tests.plan.test_bounce import plan_of as instances_plan
from tests.plan.test_stages import work

FOLDER = Path(__file__).parent / "shown"
CONF = "instances/www_2/conf/www_2.conf"


def everything() -> str:
    """A plan with notes, a changelog, hazards of several steps, schema work and file diffs."""
    observed = with_edit(deployed("v1"), CONF, f"listen 9002\n{TEMPLATE}".replace("15", "99"))
    inventory = inventory_of("rollout.max_parallel=3")
    wanted = wanted_of(inventory, observed, "v2", databases=(work(),))
    log = (release_of("v2").changeset, release_of("v1b").changeset)
    diff = f"--- {CONF}\n+++ {CONF}\n@@ -2 +2 @@\n-threads 99\n+threads 15\n"
    return show(plan_deploy(replace(wanted, changelog=log), observed), diffs=diff)


PLANS: dict[str, Callable[[], str]] = {
    "first_deploy": lambda: show(situations.first().plan),
    "everything": everything,
    "nothing": lambda: show(situations.drained_member().plan),
    "crashed": lambda: show(situations.crashed_instance().plan),
    "stop": lambda: show(instances_plan("stop")),
    "empty": lambda: show(Plan(kind="bounce", environment="local")),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_shown(name: str) -> None:
    assert PLANS[name]() == (FOLDER / f"{name}.txt").read_text("utf-8")


def test_each_text_is_of_a_plan() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PLANS)


def test_what_is_set_to_no_effect_is_the_first_thing_to_note() -> None:
    observed = deployed("v1")
    wanted = replace(wanted_of(inventory_of(), observed, "v2"), idle=("x has no effect: y",))
    plan = plan_deploy(wanted, observed)
    assert plan.notes == ("x has no effect: y",)
    assert "  note: x has no effect: y" in show(plan).splitlines()
