"""A certificate reaches the balancer just before it is read, and nobody else is disturbed."""

from dataclasses import replace

import pytest

from pipeline.facts.host import CURRENT
from pipeline.farm.layout import BALANCER
from pipeline.plan.action import WriteSecrets
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.plan import Plan
from pipeline.plan.show import show
from pipeline.plan.wanted import Observed
from pipeline.secret import SecretRef
from tests.plan.farm_of import changed, inventory_of, nothing, wanted_of
from tests.plan.simulator import carry_out

SETTINGS = (
    'balancer.tls.certificate="file:/etc/site.pem"',
    'balancer.tls.key="keyring:farm/tls"',
)
INVENTORY = inventory_of(*SETTINGS)


def deployed() -> Observed:
    return carry_out(
        INVENTORY,
        plan_deploy(wanted_of(INVENTORY, nothing(INVENTORY)), nothing(INVENTORY)),
        nothing(INVENTORY),
    )


def renewed(observed: Observed, mark: str) -> Observed:
    host = observed.host("box")
    return changed(observed, replace(host, secrets={**host.secrets, BALANCER: mark}))


def ids(plan: Plan) -> list[str]:
    return [step.id for step in plan.steps]


def test_it_is_there_before_the_balancer_starts_in_a_folder_of_the_deployers() -> None:
    observed = nothing(INVENTORY)
    plan = plan_deploy(wanted_of(INVENTORY, observed), observed)
    steps = {step.id: step for step in plan.steps}
    folder = steps["prepare:box:certificate"]
    assert (folder.action.kind, folder.why) == ("make-folders", "1 folder is missing")
    assert [step for step in ids(plan) if BALANCER in step] == [
        "roll:balancer:certificate",
        "roll:balancer:files",
        "roll:balancer:start",
        "roll:balancer:healthy",
    ]
    assert steps["roll:balancer:certificate"].action == WriteSecrets(
        path="/srv/homebrew/balancer/secret/tls.pem",
        secrets={
            "certificate": SecretRef("file:/etc/site.pem"),
            "key": SecretRef("keyring:farm/tls"),
        },
        form="pem",
    )
    assert "www-data" not in show(replace(plan, steps=(folder,)))


def test_a_farm_that_has_it_has_nothing_to_do() -> None:
    observed = deployed()
    assert observed.host("box").secrets[BALANCER] == CURRENT
    assert plan_deploy(wanted_of(INVENTORY, observed), observed).steps == ()


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("9d2c", "the certificate and its key: changed"),
        ("", "the certificate and its key: not there"),
    ],
)
def test_another_one_takes_a_reload_and_no_bounce(mark: str, why: str) -> None:
    observed = renewed(deployed(), mark)
    plan = plan_deploy(wanted_of(INVENTORY, observed), observed)
    assert ids(plan) == [
        "roll:balancer:certificate",
        "roll:balancer:reload",
        "roll:balancer:healthy",
    ]
    assert plan.steps[0].why == why
    assert plan.steps[0].resources == {"box:secret:balancer": (mark, CURRENT)}
    assert plan.steps[1].why == "open connections go on under the old certificate"
    assert (
        plan_deploy(wanted_of(INVENTORY, observed), carry_out(INVENTORY, plan, observed)).steps
        == ()
    )


def test_what_was_said_of_it_stands_in_the_plan() -> None:
    observed = deployed()
    wanted = replace(wanted_of(INVENTORY, observed), notes=("the certificate expires",))
    assert plan_deploy(wanted, observed).notes == ("the certificate expires",)


def test_health_is_asked_for_by_https() -> None:
    observed = nothing(INVENTORY)
    action = plan_deploy(wanted_of(INVENTORY, observed), observed).steps[-2].action
    assert action.kind == "await-healthy"
    assert (action.url, action.host_header) == ("https://127.0.0.1:8443/health", "localhost")
