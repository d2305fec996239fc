"""The schema grows before the first instance is bounced, and shrinks when no old code is left."""

from dataclasses import replace

from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.plan.action import ApplySchema
from pipeline.plan.deploy import plan_deploy
from pipeline.plan.plan import Plan
from pipeline.plan.step import Stage, Step
from pipeline.plan.wanted import SchemaWork
from pipeline.schema.groups import Group
from tests.plan.farm_of import inventory_of, wanted_of
from tests.plan.simulator import carry_out
from tests.plan.situations import deployed

DROP = Hazard(HazardName.LOSES_DATA, "recipes.old", "a column with rows")


def group(
    name: str, phase: Phase, *, undo: bool = True, hazards: tuple[Hazard, ...] = ()
) -> Group:
    return Group(
        name=name,
        phase=phase,
        objects=(f"Table {name}",),
        statements=(f"change {name}",),
        undo=(f"restore {name}",) if undo else None,
        hazards=hazards,
        needs_foreign_keys_off=name == "recipes",
        undo_needs_foreign_keys_off=name == "beers",
    )


def work(database: str = "default") -> SchemaWork:
    return SchemaWork(
        database=database,
        url=f"sqlite:////srv/homebrew/data/{database}.db",
        owner="www-data",
        before="d0",
        pending=(group("recipes", Phase.CONTRACT, undo=False, hazards=(DROP,)),),
        expand=(group("beers", Phase.EXPAND), group("hops", Phase.EXPAND)),
        contract=(group("malts", Phase.CONTRACT),),
        digests=("d1", "d2", "d3", "d4"),
        notes=(f"database {database} has table strange",),
    )


def plan_of(*databases: SchemaWork) -> Plan:
    observed = deployed("v1")
    wanted = wanted_of(inventory_of(), observed, "v2", databases=databases)
    return plan_deploy(wanted, observed)


def schema_steps(plan: Plan) -> list[Step]:
    return [step for step in plan.steps if isinstance(step.action, ApplySchema)]


def behind(plan: Plan, id: str) -> set[str]:
    """All that a step waits for, directly or not."""
    needs = {step.id: step.needs for step in plan.steps}
    found: set[str] = set()
    left = list(needs[id])
    while left:
        need = left.pop()
        if need not in found:
            found.add(need)
            left += needs[need]
    return found


def of_stage(plan: Plan, stage: Stage) -> set[str]:
    return {step.id for step in plan.steps if step.stage is stage}


def test_groups_are_steps_one_behind_the_other_each_with_the_schema_before_and_after() -> None:
    plan = plan_of(work())
    assert [
        (step.id, step.stage, step.host, step.why, dict(step.resources))
        for step in schema_steps(plan)
    ] == [
        ("expand:default:1", "expand", "box", "recipes", {"database:default": ("d0", "d1")}),
        ("expand:default:2", "expand", "box", "beers", {"database:default": ("d1", "d2")}),
        ("expand:default:3", "expand", "box", "hops", {"database:default": ("d2", "d3")}),
        (
            "contract:default:4",
            "contract",
            "box",
            "malts",
            {"database:default": ("d3", "d4")},
        ),
    ]
    assert [step.needs for step in schema_steps(plan)[1:3]] == [
        ("expand:default:1",),
        ("expand:default:2",),
    ]


def test_a_step_holds_its_statements_and_its_way_back_if_there_is_one() -> None:
    plan = plan_of(work())
    recipes, beers, *_ = schema_steps(plan)
    assert isinstance(recipes.action, ApplySchema)
    assert (recipes.action.database, recipes.action.url, recipes.action.owner) == (
        "default",
        "sqlite:////srv/homebrew/data/default.db",
        "www-data",
    )
    assert plan.blobs[recipes.action.statements] == '[\n "change recipes"\n]'
    assert (recipes.action.foreign_keys_off, recipes.undo, recipes.hazards) == (True, (), (DROP,))
    (undo,) = beers.undo
    assert isinstance(undo, ApplySchema)
    assert isinstance(beers.action, ApplySchema)
    assert plan.blobs[undo.statements] == '[\n "restore beers"\n]'
    assert (beers.action.foreign_keys_off, undo.foreign_keys_off) == (False, True)


def test_expand_comes_before_every_step_of_the_roll_and_contract_after() -> None:
    plan = plan_of(work(), work("stats"))
    expand, roll = of_stage(plan, Stage.EXPAND), of_stage(plan, Stage.ROLL)
    contract, finish = of_stage(plan, Stage.CONTRACT), of_stage(plan, Stage.FINISH)
    assert (len(expand), len(contract), len(finish)) == (6, 2, 1)
    assert all(behind(plan, id) >= of_stage(plan, Stage.PUSH) for id in expand)
    assert all(behind(plan, id) >= expand for id in roll)
    assert all(behind(plan, id) >= roll for id in contract)
    assert all(behind(plan, id) >= contract for id in finish)


def test_databases_do_not_wait_for_one_another() -> None:
    plan = plan_of(work(), work("stats"))
    assert not [id for id in behind(plan, "expand:stats:3") if id.startswith("expand:default")]
    assert not [id for id in behind(plan, "expand:default:3") if id.startswith("expand:stats")]


def test_the_steps_lead_from_the_schema_that_was_seen_to_the_last() -> None:
    observed = replace(deployed("v1"), schemas={"default": "d0"})
    plan = plan_of(work())
    assert carry_out(inventory_of(), plan, observed).schemas == {"default": "d4"}


def test_what_it_costs_and_what_is_left_alone_is_said() -> None:
    plan = plan_of(work())
    assert plan.hazards == (DROP,)
    assert plan.notes == ("database default has table strange",)


def test_a_database_that_needs_nothing_gives_no_steps() -> None:
    nothing = SchemaWork(database="default", url="sqlite://", owner="", before="d0")
    assert schema_steps(plan_of(nothing)) == []
