"""A saved plan, read back, is the same plan; anything else is refused by name."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadCall
from pipeline.facts.answer import sha256
from pipeline.facts.changeset import Changeset
from pipeline.facts.question import BalancerAddress, Service
from pipeline.hazard import Hazard, HazardName
from pipeline.plan import action as actions
from pipeline.plan.plan import Plan, from_json, to_json
from pipeline.plan.step import Stage, Step
from pipeline.secret import SecretRef
from tests.plan import situations
from tests.plan.situations import SITUATIONS, Situation

TEXT = st.text(max_size=12)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
NUMBER = st.floats(0, 1e6)
SECRET = st.builds(
    "{}:{}".format, st.sampled_from(["env", "keyring", "file"]), TEXT.map("x".__add__)
)
SERVICE = st.builds(
    Service, name=TEXT, program=TEXT, config=TEXT, pid_file=TEXT, port=st.integers()
)
BALANCER = st.builds(BalancerAddress, name=TEXT, manager=TEXT)
CHANGESET = st.builds(
    Changeset,
    node=TEXT,
    branch=TEXT,
    author=TEXT,
    date=TEXT,
    summary=TEXT,
    bookmarks=TEXTS,
    tags=TEXTS,
)
FILES = st.dictionaries(TEXT, TEXT, max_size=3)
ACTION = st.one_of(
    st.builds(actions.CreateUser, name=TEXT),
    st.builds(actions.RemoveUser, name=TEXT),
    st.builds(actions.MakeFolders, paths=TEXTS, mode=st.integers(0, 0o777), owner=TEXT),
    st.builds(actions.PushRelease, release=TEXT, digest=TEXT, path=TEXT),
    st.builds(
        actions.MakeVenv,
        path=TEXT,
        marker=TEXT,
        python=TEXT,
        release_path=TEXT,
        requirements=TEXT,
        system_site_packages=st.booleans(),
    ),
    st.builds(actions.CompileBytecode, path=TEXT, python=TEXT, marker=TEXT),
    st.builds(actions.PublishStatic, source=TEXT, path=TEXT, marker=TEXT),
    st.builds(actions.WriteFiles, files=FILES, remove=TEXTS, owner=TEXT),
    st.builds(
        actions.WriteSecrets,
        path=TEXT,
        secrets=st.dictionaries(TEXT, SECRET.map(SecretRef), max_size=3),
        form=st.sampled_from(["json", "pem"]),
        owner=TEXT,
    ),
    st.builds(actions.Remove, paths=TEXTS),
    st.builds(
        actions.ApplySchema,
        database=TEXT,
        url=TEXT,
        group=TEXT,
        statements=TEXT,
        foreign_keys_off=st.booleans(),
    ),
    st.builds(actions.Drain, balancer=BALANCER, member=TEXT, timeout=NUMBER),
    st.builds(actions.Undrain, balancer=BALANCER, member=TEXT),
    st.builds(actions.StartService, service=SERVICE, timeout=NUMBER),
    st.builds(actions.StopService, service=SERVICE, timeout=NUMBER),
    st.builds(actions.ReloadService, service=SERVICE),
    st.builds(actions.AwaitHealthy, url=TEXT, count=st.integers(1, 9), deadline=NUMBER),
    st.builds(
        actions.RunHook,
        hook=TEXT,
        task=TEXT,
        argv=TEXTS,
        script=TEXT,
        environ=FILES,
        secrets=st.dictionaries(TEXT, SECRET.map(SecretRef), max_size=3),
        timeout=NUMBER,
    ),
)
HAZARD = st.builds(Hazard, st.sampled_from(HazardName), TEXT, TEXT)
STEP = st.builds(
    Step,
    id=TEXT,
    stage=st.sampled_from(Stage),
    host=TEXT,
    action=ACTION,
    why=TEXT,
    needs=TEXTS,
    resources=st.dictionaries(TEXT, st.tuples(TEXT, TEXT), max_size=3),
    hazards=st.lists(HAZARD, max_size=2).map(tuple),
    undo=st.lists(ACTION, max_size=2).map(tuple),
    unit=TEXT,
    may_fail=st.booleans(),
)
PLAN = st.builds(
    Plan,
    kind=st.sampled_from(["deploy", "rollback", "bounce", "start", "stop", "drain", "undrain"]),
    environment=TEXT,
    changeset=st.none() | CHANGESET,
    release=TEXT,
    release_digest=TEXT,
    changelog=st.lists(CHANGESET, max_size=2).map(tuple),
    steps=st.lists(STEP, max_size=3).map(tuple),
    seen=FILES,
    blobs=TEXTS.map(lambda texts: {sha256(text.encode()): text for text in texts}),
    notes=TEXTS,
)


@given(PLAN)
def test_a_plan_that_was_saved_is_read_back_equal(plan: Plan) -> None:
    back = from_json(to_json(plan), where="plan.json")
    assert back == plan
    assert (back.hash, to_json(back)) == (plan.hash, to_json(plan))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda make: make.__name__)
def test_a_real_plan_that_was_saved_is_read_back_equal(
    situation: Callable[[], Situation],
) -> None:
    plan = situation().plan
    back = from_json(to_json(plan), where="plan.json")
    assert (back, back.hash) == (plan, plan.hash)


@given(st.lists(ACTION, min_size=18, max_size=18))
def test_every_kind_of_action_is_drawn_by_these_tests(drawn: list[actions.Action]) -> None:
    assert {each.kind for each in drawn} <= set(KINDS)
    assert len(KINDS) == 18


def test_a_saved_plan_has_the_fields_that_the_design_names() -> None:
    plan = situations.next_version().plan
    data = json.loads(to_json(plan))
    step = next(step for step in data["steps"] if step["id"] == "push:box:release")
    release = plan.release
    assert step == {
        "id": "push:box:release",
        "stage": "push",
        "host": "box",
        "action": {
            "kind": "push-release",
            "release": release,
            "digest": plan.release_digest,
            "path": f"/srv/homebrew/releases/{release}",
        },
        "why": "not there",
        "needs": [],
        "resources": {f"box:release:{release}": ["", plan.release_digest]},
        "hazards": [],
        "undo": [{"kind": "remove", "paths": [f"/srv/homebrew/releases/{release}"]}],
        "unit": "",
        "may_fail": False,
        "done": "resources",
    }
    assert {"format", "environment", "changeset", "release", "seen", "steps", "blobs"} <= set(data)
    assert data["format"] == 1


def test_secrets_are_saved_as_references() -> None:
    text = to_json(situations.first().plan)
    step = next(step for step in json.loads(text)["steps"] if step["id"] == "push:www_1:secrets")
    assert step["action"]["secrets"] == {"KEY": {"reference": "env:KEY"}}


SAVED = to_json(situations.next_version().plan)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "plan.json: not a plan: Expecting value: line 1 column 1 (char 0)"),
        (SAVED[: len(SAVED) // 2], None),
        ("[]", "plan.json: not a plan: list indices must be integers or slices, not str"),
        ("7", None),
        ("null", None),
        ('"plan"', None),
        ("{}", "plan.json: a plan of format None; this farmhand reads format 1"),
        ('{"format": 2}', "plan.json: a plan of format 2; this farmhand reads format 1"),
        ('{"format": 1}', "plan.json: not a plan: 'steps'"),
        ('{"format": 1, "steps": 5}', None),
        ('{"format": 1, "steps": [5]}', None),
        (SAVED.replace('"push-release"', '"push-virus"'), None),
        (SAVED.replace('"kind": "deploy"', '"kind": "destroy"'), None),
        (SAVED.replace('"stage": "roll"', '"stage": "rock"'), None),
    ],
)
def test_what_is_no_plan_of_this_format_is_a_bad_call(text: str, line: str | None) -> None:
    with pytest.raises(BadCall) as caught:
        from_json(text, where="plan.json")
    said, advice = caught.value.lines()
    assert said == line or (line is None and said.startswith("plan.json: not a plan: "))
    assert advice in {"  -> plan again", "  -> plan again with this version"}


def test_a_text_in_a_saved_plan_that_was_changed_is_refused() -> None:
    name = sha256(b"release default")
    text = to_json(Plan(kind="deploy", environment="local", blobs={name: "release default"}))
    with pytest.raises(BadCall) as caught:
        from_json(text.replace("release default", "release other"), where="plan.json")
    assert caught.value.lines() == (
        f"plan.json: the text {name[:12]} was changed",
        "  -> plan again",
    )


KINDS = (
    "create-user",
    "remove-user",
    "make-folders",
    "push-release",
    "make-venv",
    "compile-bytecode",
    "publish-static",
    "write-files",
    "write-secrets",
    "remove",
    "apply-schema",
    "drain",
    "undrain",
    "start-service",
    "stop-service",
    "reload-service",
    "await-healthy",
    "run-hook",
)
