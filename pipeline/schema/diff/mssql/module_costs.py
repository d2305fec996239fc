"""What it costs to change a view, a function, a procedure or a trigger."""

from collections.abc import Sequence

from pipeline.phase import Phase
from pipeline.schema.diff.mssql.cost import Cost
from pipeline.schema.diff.mssql.holding import rewritten
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.normalise.mssql.modules import parameters, results


def module_changed(cost: Cost, old: Module, new: Module) -> None:
    """One text becomes another: can old code live with it?"""
    if old.disabled != new.disabled:
        cost.changes("it is disabled now" if new.disabled else "it is enabled now")
    if not rewritten(old, new):
        return
    cost.changes("it has another text")
    if new.kind is Kind.DDL_TRIGGER:
        return
    if old.form != new.form:
        cost.breaks("it is another form of function now")
        cost.lockstep("it is another form of function now")
        return
    reason = _calls(old, new) or _results(old, new)
    if reason:
        cost.breaks(reason)
        cost.lockstep(f"{reason}; give the new one a second name, or a synonym")


def module_dropped(cost: Cost) -> None:
    """One that only the target has."""
    cost.at(Phase.CONTRACT)
    cost.breaks("old code may call it")


def _calls(old: Module, new: Module) -> str:
    """Say why old code cannot call it any more."""
    before = {fold(each.name): each for each in parameters(old.definition)}
    after = {fold(each.name): each for each in parameters(new.definition)}
    for name, each in before.items():
        if name not in after:
            return f"the parameter {each.name} is gone"
        if after[name].type != each.type:
            return f"the parameter {each.name} has another type"
        if after[name].output != each.output:
            return f"the parameter {each.name} is {'' if after[name].output else 'not '}OUTPUT now"
        if each.default is not None and after[name].default is None:
            return f"the parameter {each.name} is required now"
    function = new.kind is Kind.FUNCTION
    for name, each in after.items():
        if name not in before and (function or each.default is None):
            return f"the parameter {each.name} is new, and has to be given"
    if function and list(before) != list(after):
        return "its parameters are in another order"
    return ""


def _results(old: Module, new: Module) -> str:
    """Say why old code may not find the columns that it knows."""
    if new.form == "SCALAR":
        return ""
    before, after = results(old.definition), results(new.definition)
    if before is None or after is None:
        return "its result columns cannot be told"
    if len(before) != len(after):
        return "it gives another number of results"
    for one, other in zip(before, after, strict=True):
        gone = _missing(one, other)
        if gone:
            return gone
    return ""


def _missing(old: Sequence[str], new: Sequence[str]) -> str:
    for place, name in enumerate(old):
        if place >= len(new):
            return f"the result column {name or place + 1} is gone"
        if fold(new[place]) != fold(name):
            return f"the result column {name or place + 1} is {new[place] or 'without a name'} now"
    return ""
