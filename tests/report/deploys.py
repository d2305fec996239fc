"""Plans of a small farm, and runs of them as the journal has them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.execute.run import Event, Run, RunOutcome, RunRecord
from pipeline.facts.answer import sha256
from pipeline.facts.changeset import Changeset
from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.plan import Plan
from pipeline.plan.step_state import StepState
from pipeline.plan.wanted import SchemaWork
from pipeline.schema.groups import Group
from tests.plan.farm_of import changed, inventory_of, wanted_of
from tests.plan.situations import deployed

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DROP = Hazard(HazardName.LOSES_DATA, "recipes.yeast", "a column with rows")
OLD_VIEW = "CREATE VIEW strong AS\nSELECT id\nFROM beer\nWHERE abv > 7"
NEW_VIEW = "CREATE VIEW strong AS\nSELECT id, name\nFROM beer\nWHERE abv > 8"
GROUPS = (
    Group(
        name="strong",
        phase=Phase.EXPAND,
        objects=("View strong",),
        statements=("DROP VIEW strong", NEW_VIEW),
        undo=("DROP VIEW strong", OLD_VIEW),
        hazards=(),
        needs_foreign_keys_off=False,
        undo_needs_foreign_keys_off=False,
    ),
    Group(
        name="recipes",
        phase=Phase.EXPAND,
        objects=("Table recipes",),
        statements=("ALTER TABLE recipes DROP COLUMN yeast",),
        undo=None,
        hazards=(DROP,),
        needs_foreign_keys_off=False,
        undo_needs_foreign_keys_off=False,
    ),
)
WORK = SchemaWork(
    database="default",
    url="sqlite:////srv/homebrew/data/site.db",
    owner="www-data",
    before="d0",
    pending=(),
    expand=GROUPS,
    contract=(),
    digests=("d1", "d2"),
    notes=("database default has table strange, which no script knows",),
)


def deploy(*settings: str, template: str = "threads 25\n") -> Plan:
    """From v1 to v2: other templates, one file edited by hand, a view and a column changed."""
    inventory = inventory_of(*settings)
    observed = deployed("v1", inventory=inventory)
    box = observed.host("box")
    path = "instances/www_2/conf/www_2.conf"
    edited = (box.texts[path].text or "") + "edited 1\n"
    fact = replace(box.texts[path], text=edited, sha256=sha256(edited.encode()))
    observed = changed(observed, replace(box, texts={**box.texts, path: fact}))
    wanted = wanted_of(inventory, observed, "v2", template=template, databases=(WORK,))
    log = (wanted.release.changeset, _before(wanted.release.changeset))
    return plan_deploy(replace(wanted, changelog=log), observed)


def _before(changeset: Changeset) -> Changeset:
    node = sha256(b"between")[:40]
    return replace(changeset, node=node, author="Ben <ben@example.com>", summary="Hops, at last")


PLAN = deploy()
Told = tuple[float, str, StepState, str]


def record_of(
    plan: Plan,
    told: Sequence[Told],
    *,
    outcome: RunOutcome | None = RunOutcome.DONE,
    allowed: dict[str, str] | None = None,
) -> RunRecord:
    """A run of which the journal tells this: seconds, step, state, detail."""
    attempts: dict[str, int] = {}
    events = []
    for seq, (second, step, state, detail) in enumerate(told, 1):
        attempts[step] = attempts.get(step, 0) + (state is StepState.BEGAN)
        events.append(
            Event(
                run=7,
                seq=seq,
                step=step,
                attempt=attempts[step],
                state=state,
                at=NOON + timedelta(seconds=second),
                detail=detail,
            )
        )
    last = told[-1][0] if told else 0.0
    run = Run(
        id=7,
        environment=plan.environment,
        kind=plan.kind,
        plan_hash=plan.hash,
        who="ann@desk",
        started=NOON,
        ended=NOON + timedelta(seconds=last) if outcome else None,
        outcome=outcome,
    )
    return RunRecord(run=run, plan=plan, events=tuple(events), allowed=allowed or {})


def well(plan: Plan, until: str = "", *, each: float = 0.5, start: float = 0.0) -> list[Told]:
    """All steps up to one, which is not begun, one after the other."""
    told: list[Told] = []
    for number, step in enumerate(plan.steps):
        if step.id == until:
            break
        at = start + number * each
        told += [(at, step.id, StepState.BEGAN, ""), (at + each, step.id, StepState.DONE, "ok")]
    return told


def failed(plan: Plan, at: str = "roll:www_2:healthy") -> RunRecord:
    """A run that failed in one step, whose unit was put back."""
    told = well(plan, at)
    second = told[-1][0]
    told += [
        (second, at, StepState.BEGAN, ""),
        (second + 3, at, StepState.FAILED, "http://127.0.0.1:9002/health: 500, 3 times"),
    ]
    unit = next(step.unit for step in plan.steps if step.id == at)
    begun = [step.id for step in plan.steps if step.unit == unit]
    for number, step in enumerate(reversed(begun[: begun.index(at) + 1])):
        begins = second + 3 + number * 0.4
        told += [(begins, step, StepState.UNDOING, ""), (begins + 0.4, step, StepState.UNDONE, "")]
    allowed = {
        "loses-data:recipes.yeast": "--allow loses-data:recipes.*",
        "drifted:box:instances/www_2/conf/www_2.conf": "yes, on a terminal",
    }
    return record_of(plan, told, outcome=RunOutcome.FAILED, allowed=allowed)
