"""A plan that was saved earlier: read back, and refused when it does not fit here and now."""

from pipeline.errors import BadCall
from pipeline.flow.hooks import refuse_impossible_hooks
from pipeline.flow.run import refuse_stale
from pipeline.flow.world import World
from pipeline.plan.order import check_order
from pipeline.plan.plan import Plan, from_json


def saved_plan(world: World, text: str, where: str) -> Plan:
    """The plan in the file `where`. Raises BadCall for anything but a whole plan for this
    environment, StalePlan when the world has moved since it was made.
    """
    environment = world.inventory.name
    again = f"make it anew: invoke plan --env {environment} --out {where}"
    try:
        plan = from_json(text, where=where)
        check_order(plan.steps)
    except BadCall as problem:
        if problem.__cause__ is None:  # it says in our own words what is wrong
            raise
        raise BadCall("this is no plan, or a damaged one", where=where, advice=again) from problem
    except ValueError as problem:
        raise BadCall(f"a damaged plan: {problem}", where=where, advice=again) from problem
    if plan.environment != environment:
        raise BadCall(
            f"this is a plan for {plan.environment}, not for {environment}",
            where=where,
            advice=f"invoke deploy --env {plan.environment} --plan {where}",
        )
    refuse_stale(world, plan)
    refuse_impossible_hooks(world, plan)
    return plan
