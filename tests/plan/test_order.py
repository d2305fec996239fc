"""Steps keep their order, whatever is done already; a unit is put back last step first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan.action import Remove
from pipeline.plan.order import (
    check_order,
    open_units,
    ready,
    remaining,
    revert_actions,
    to_revert,
)
from pipeline.plan.plan import Plan
from pipeline.plan.step import Stage, Step
from pipeline.plan.step_state import StepState

BEGAN, DONE, FAILED, UNDOING, UNDONE = StepState


def step(name: str, *needs: str, unit: str = "", undo: int = 1) -> Step:
    return Step(
        id=name,
        stage=Stage.ROLL,
        host="box",
        action=Remove(paths=(name,)),
        why="",
        needs=needs,
        undo=tuple(Remove(paths=(f"{name}-{n}",)) for n in range(undo)),
        unit=unit,
    )


def plan(*steps: Step) -> Plan:
    return Plan(kind="deploy", environment="local", steps=steps)


def ids(steps: tuple[Step, ...]) -> list[str]:
    return [step.id for step in steps]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Step, ...]:
    """Any order of steps in which each needs some of those before it."""
    steps: list[Step] = []
    for number in range(draw(st.integers(0, 8))):
        needs = draw(st.sets(st.sampled_from(ids(tuple(steps)))) if steps else st.just(set()))
        steps.append(step(str(number), *sorted(needs)))
    return tuple(steps)


@given(graphs())
def test_any_order_in_which_steps_need_earlier_ones_is_accepted(steps: tuple[Step, ...]) -> None:
    check_order(steps)


@given(graphs().filter(bool), st.data())
def test_a_circle_is_always_found(steps: tuple[Step, ...], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(steps) - 1))
    chain = [step(f"{steps[0].id}-0", steps[first].id)]
    closing = step(steps[first].id, *steps[first].needs, chain[0].id)
    others = [other for other in steps if other.id != closing.id]
    with pytest.raises(ValueError, match="steps wait for one another: "):
        check_order([*others, closing, *chain])


def test_a_circle_is_named() -> None:
    with pytest.raises(ValueError, match="steps wait for one another: ") as caught:
        check_order([step("a", "b"), step("b", "c"), step("c", "a")])
    circle = str(caught.value).removeprefix("steps wait for one another: ").split(" -> ")
    assert circle[0] == circle[-1]
    assert set(circle) == {"a", "b", "c"}
    needs = {"a": "b", "b": "c", "c": "a"}
    assert [needs[name] for name in circle[:-1]] == circle[1:]


def test_an_unknown_need_is_named() -> None:
    with pytest.raises(ValueError, match="step b needs z, which is no step of the plan"):
        check_order([step("a"), step("b", "a", "z")])


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(ValueError, match="two steps have the id b"):
        check_order([step("a"), step("b"), step("b")])


def test_ready_are_the_steps_whose_needs_are_done() -> None:
    steps = plan(step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c"), step("e"))
    assert ids(ready(steps, {})) == ["a", "e"]
    assert ids(ready(steps, {"a": BEGAN})) == ["a", "e"]
    assert ids(ready(steps, {"a": DONE, "b": DONE, "c": FAILED})) == ["c", "e"]
    assert ids(ready(steps, {"a": DONE, "b": DONE, "c": DONE, "e": DONE})) == ["d"]


def test_what_was_put_back_is_to_be_done_again() -> None:
    steps = plan(step("a"), step("b"), step("c"), step("d"), step("e"), step("f"))
    states = {"a": BEGAN, "b": DONE, "c": FAILED, "d": UNDOING, "e": UNDONE}
    assert ids(remaining(steps, states)) == ["a", "c", "d", "e", "f"]


def test_a_unit_is_open_when_it_is_neither_old_nor_new() -> None:
    steps = plan(
        step("push"),
        *(step(f"{unit}-{n}", unit=unit) for unit in ("old", "new", "half", "back") for n in "12"),
    )
    states = {
        "push": FAILED,
        "new-1": DONE,
        "new-2": DONE,
        "half-1": DONE,
        "back-1": UNDONE,
        "back-2": UNDONE,
    }
    assert open_units(steps, states) == ("half",)


def test_a_unit_is_put_back_last_step_first_with_each_undo_in_its_order() -> None:
    steps = plan(
        step("drain", unit="www_1"),
        step("stop", unit="www_1", undo=2),
        step("elsewhere", unit="www_2"),
        step("await", unit="www_1", undo=0),
        step("undrain", unit="www_1"),
        step("never begun", unit="www_1"),
    )
    states = {
        "drain": DONE,
        "stop": DONE,
        "elsewhere": DONE,
        "await": DONE,
        "undrain": FAILED,
    }
    assert ids(to_revert(steps, states, "www_1")) == ["undrain", "await", "stop", "drain"]
    assert [(step.id, action) for step, action in revert_actions(steps, states, "www_1")] == [
        ("undrain", Remove(paths=("undrain-0",))),
        ("stop", Remove(paths=("stop-0",))),
        ("stop", Remove(paths=("stop-1",))),
        ("drain", Remove(paths=("drain-0",))),
    ]


def test_what_was_undone_is_not_undone_again() -> None:
    steps = plan(step("a", unit="u"), step("b", unit="u"), step("c", unit="u"))
    states = {"a": DONE, "b": UNDOING, "c": UNDONE}
    assert ids(to_revert(steps, states, "u")) == ["b", "a"]
