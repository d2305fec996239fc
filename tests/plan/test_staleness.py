"""What a plan's own steps did is no surprise; everything else that changed is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan.action import ApplySchema, Remove
from pipeline.plan.plan import Plan
from pipeline.plan.staleness import Moved, describe, found_done, moved
from pipeline.plan.step import Stage, Step
from pipeline.plan.step_state import StepState

RESOURCES = ("box:a", "box:b", "database:default")
DIGESTS = st.sampled_from(["", "1", "2", "3"])


def step(name: str, resources: Mapping[str, tuple[str, str]], *, undo: bool = True) -> Step:
    return Step(
        id=name,
        stage=Stage.PUSH,
        host="box",
        action=Remove(paths=()),
        why="",
        resources=resources,
        undo=(Remove(paths=()),) if undo else (),
    )


def plan_of(*steps: Step, **seen: str) -> Plan:
    return Plan(kind="deploy", environment="local", steps=steps, seen=seen)


@dataclass(frozen=True)
class Partial:
    """A plan carried out in part, with nobody else about."""

    plan: Plan
    states: dict[str, StepState]
    now: dict[str, str]
    allowed: dict[str, frozenset[str]]


@st.composite
def partials(draw: st.DrawFn) -> Partial:
    """Steps one behind the other: some done, at most one under way, the rest not begun or undone.

    The world is a simulation, kept apart from the rules under test.
    """
    seen = {name: draw(DIGESTS) for name in RESOURCES}
    seen = {name: digest for name, digest in seen.items() if digest}
    world, steps = dict(seen), []
    for number in range(draw(st.integers(1, 6))):
        names = draw(st.sets(st.sampled_from(RESOURCES), min_size=1))
        change = {name: (world.get(name, ""), draw(DIGESTS)) for name in sorted(names)}
        steps.append(step(str(number), change))
        world |= {name: after for name, (_, after) in change.items()}
    done = draw(st.integers(0, len(steps)))
    states = {step.id: StepState.DONE for step in steps[:done]}
    now = dict(seen)
    for finished in steps[:done]:
        now |= {name: after for name, (_, after) in finished.resources.items()}
    allowed = {name: frozenset({now.get(name, "")}) for name in RESOURCES}
    if done < len(steps) and draw(st.booleans()):
        current = steps[done]
        under_way = [StepState.BEGAN, StepState.FAILED, StepState.UNDOING]
        states[current.id] = draw(st.sampled_from(under_way))
        for name, change_of in current.resources.items():
            now[name] = draw(st.sampled_from(change_of))
            allowed[name] = frozenset(change_of)
        done += 1
    for undone in steps[done : draw(st.integers(done, len(steps)))]:
        states[undone.id] = StepState.UNDONE
    return Partial(plan_of(*steps, **seen), states, now, allowed)


@given(partials())
def test_an_undisturbed_partial_execution_is_never_stale(partial: Partial) -> None:
    assert moved(partial.plan, partial.now, partial.states) == ()
    present = {name: digest for name, digest in partial.now.items() if digest}
    assert moved(partial.plan, present, partial.states) == ()


@given(partials(), st.sampled_from((*RESOURCES, "box:new")), st.sampled_from(["", "1", "9"]))
def test_any_change_beyond_what_the_steps_explain_is_found(
    partial: Partial, name: str, digest: str
) -> None:
    now = {**partial.now, name: digest}
    allowed = partial.allowed.get(name, frozenset({""}))
    expected = () if digest in allowed else (Moved(name, allowed, digest),)
    assert moved(partial.plan, now, partial.states) == expected


@given(partials())
def test_before_the_first_step_all_must_be_as_it_was_seen(partial: Partial) -> None:
    plan = partial.plan
    assert moved(plan, plan.seen) == ()
    changed = {name for name in RESOURCES if partial.now.get(name, "") != plan.seen.get(name, "")}
    assert {move.resource for move in moved(plan, partial.now)} == changed


def test_what_appeared_vanished_and_changed_is_found_sorted() -> None:
    plan = plan_of(kept="1", vanished="2", changed="3")
    assert moved(plan, {"kept": "1", "changed": "4", "appeared": "5", "absent": ""}) == (
        Moved("appeared", frozenset({""}), "5"),
        Moved("changed", frozenset({"3"}), "4"),
        Moved("vanished", frozenset({"2"}), ""),
    )


TWO_STEPS = plan_of(
    step("stop", {"file": ("old", "mid")}), step("start", {"file": ("mid", "new")}), file="old"
)


def test_a_unit_that_was_put_back_is_as_it_was_before() -> None:
    undone = {"stop": StepState.UNDONE, "start": StepState.UNDONE}
    assert moved(TWO_STEPS, {"file": "old"}, undone) == ()
    assert moved(TWO_STEPS, {"file": "mid"}, undone) == (Moved("file", frozenset({"old"}), "mid"),)


def test_a_unit_that_was_half_put_back_is_between() -> None:
    half = {"stop": StepState.DONE, "start": StepState.UNDONE}
    assert moved(TWO_STEPS, {"file": "mid"}, half) == ()
    assert moved(TWO_STEPS, {"file": "new"}, half) == (Moved("file", frozenset({"mid"}), "new"),)


def test_a_step_without_undo_leaves_what_it_made() -> None:
    plan = plan_of(step("folder", {"folder": ("", "present")}, undo=False))
    undone = {"folder": StepState.UNDONE}
    assert moved(plan, {"folder": "present"}, undone) == ()
    assert moved(plan, {}, undone) == ()


def schema_step(number: int, before: str, after: str) -> Step:
    action = ApplySchema(database="default", url="", group=str(number), statements="")
    return replace(step(str(number), {"database:default": (before, after)}), action=action)


SCHEMA = plan_of(
    schema_step(1, "0", "a"),
    schema_step(2, "a", "b"),
    schema_step(3, "b", "b"),
    **{"database:default": "0"},
)


@pytest.mark.parametrize(
    ("now", "states", "done"),
    [
        pytest.param("a", {"1": StepState.BEGAN}, ["1"], id="committed, then killed"),
        pytest.param("0", {"1": StepState.BEGAN}, [], id="killed before the commit"),
        pytest.param("a", {"1": StepState.FAILED}, ["1"], id="committed, then cut off"),
        pytest.param("b", {"1": StepState.DONE, "2": StepState.BEGAN}, ["2"], id="the second"),
        pytest.param("a", {}, [], id="nobody began it"),
        pytest.param("a", {"1": StepState.UNDOING}, [], id="being taken back"),
        pytest.param(
            "b",
            {"1": StepState.DONE, "2": StepState.DONE, "3": StepState.BEGAN},
            [],
            id="what changes rows only cannot be told",
        ),
    ],
)
def test_a_schema_step_that_was_committed_is_found_done(
    now: str, states: dict[str, StepState], done: list[str]
) -> None:
    assert [step.id for step in found_done(SCHEMA, {"database:default": now}, states)] == done


def test_other_steps_are_done_again_whatever_is_found() -> None:
    assert found_done(TWO_STEPS, {"file": "mid"}, {"stop": StepState.BEGAN}) == ()


def test_a_refusal_shows_what_was_expected_and_found() -> None:
    moves = (
        Moved("box:conf/worker.conf", frozenset({"a" * 64, ""}), "b" * 64),
        Moved("box:user:site", frozenset({"present"}), ""),
    )
    assert describe(moves) == (
        "box:conf/worker.conf: expected aaaaaaaaaaaa… or nothing there, found bbbbbbbbbbbb…",
        "box:user:site: expected present, found nothing there",
    )
