"""The values of the page: a plan alone, and a run of it."""

from dataclasses import replace
from typing import Any

from pipeline.execute.run import RunOutcome
from pipeline.facts.answer import sha256
from pipeline.plan.action import RunHook
from pipeline.plan.plan import Plan
from pipeline.plan.step_state import StepState
from pipeline.report.deploy_data import DeployReport, page_data
from pipeline.secret import SecretRef
from tests.execute.scripted import plan_of, write
from tests.report.deploys import PLAN, failed, record_of

SMALL = plan_of(
    write("a", "new a", before="old a"),
    write("b", "new b", needs=("write-a",), unit="www_1"),
    texts=("new a", "old a", "new b"),
)


def index(plan: Plan, **more: Any) -> dict[str, Any]:
    found: Any = page_data(DeployReport(plan=plan, **more))["index"]
    return dict(found)


def test_a_plan_is_told_whole() -> None:
    data = page_data(DeployReport(plan=SMALL))
    step: dict[str, Any] = {
        "title": "write a",
        "why": "it differs",
        "stage": "push",
        "host": "box",
        "hazards": [],
        "state": "",
    }
    assert data == {
        "index": {
            "kind": "deploy",
            "environment": "local",
            "release": "",
            "headline": "deploy local",
            "plan": SMALL.hash,
            "changeset": None,
            "changelog": [],
            "notes": (),
            "said": (),
            "run": None,
            "lanes": [("box", "box"), ("www_1", "box")],
            "steps": [
                {**step, "id": "write-a", "lane": 0, "level": 0, "needs": []},
                {
                    **step,
                    "id": "write-b",
                    "title": "write b",
                    "lane": 1,
                    "level": 1,
                    "needs": [0],
                },
            ],
            "bars": [],
            "busy": [],
            "bands": [],
            "hazards": [],
            "files": [
                {
                    "step": 0,
                    "host": "box",
                    "path": "a",
                    "what": "changed",
                    "known": True,
                    "like": -1,
                    "before": 0,
                    "after": 1,
                },
                {
                    "step": 1,
                    "host": "box",
                    "path": "b",
                    "what": "new",
                    "known": True,
                    "like": -1,
                    "before": -1,
                    "after": 2,
                },
            ],
            "schema": [],
            "textStarts": [0],
            "detailStarts": [0],
        },
        "texts-0": ["old a", "new a", "new b"],
        "details-0": [
            {
                "action": [("mode", "420")],
                "undo": ["write a"],
                "changes": [("box:a", *SMALL.steps[0].resources["box:a"])],
            },
            {
                "action": [("mode", "420")],
                "undo": ["remove b"],
                "changes": [("box:b", *SMALL.steps[1].resources["box:b"])],
            },
        ],
    }


def test_a_run_adds_what_happened() -> None:
    told = [
        (0.0, "write-a", StepState.BEGAN, ""),
        (1.5, "write-a", StepState.DONE, "wrote 1"),
        (1.5, "write-b", StepState.BEGAN, ""),
    ]
    found = index(SMALL, record=record_of(SMALL, told, outcome=None), said=("no more power",))
    assert found["run"] == {
        "number": 7,
        "who": "ann@desk",
        "started": "2026-03-01 12:00:00",
        "ended": "",
        "outcome": "unfinished",
    }
    assert found["said"] == ("no more power",)
    assert [step["state"] for step in found["steps"]] == ["done", "unfinished"]
    assert found["bars"] == [
        (0, "done", 1, 0.0, 1.5, "wrote 1"),
        (1, "unfinished", 1, 1.5, None, ""),
    ]
    assert (found["busy"], found["bands"]) == ([(0.0, 1.5)], [("push", 0.0, 1.5)])


def test_each_hazard_says_by_what_it_was_allowed() -> None:
    places = {step.id: place for place, step in enumerate(PLAN.steps)}
    expected: list[dict[str, Any]] = [
        {
            "name": "drifted",
            "object": "box:instances/www_2/conf/www_2.conf",
            "reason": "edited by hand since it was deployed",
            "steps": [places["roll:www_2:switch"]],
            "by": "yes, on a terminal",
        },
        {
            "name": "loses-data",
            "object": "recipes.yeast",
            "reason": "a column with rows",
            "steps": [places["expand:default:2"]],
            "by": "--allow loses-data:recipes.*",
        },
    ]
    assert index(PLAN, record=failed(PLAN))["hazards"] == expected
    assert index(PLAN)["hazards"] == [{**each, "by": ""} for each in expected]
    unknown = record_of(PLAN, [], outcome=RunOutcome.DONE)
    assert index(PLAN, record=unknown)["hazards"] == [{**each, "by": ""} for each in expected]


def test_instances_and_databases_have_lanes_behind_their_host() -> None:
    assert index(PLAN)["lanes"] == [
        ("box", "box"),
        ("database default", "box"),
        ("www_1", "box"),
        ("www_2", "box"),
        ("www_3", "box"),
    ]


def test_a_hook_shows_its_script_and_only_the_names_of_its_secrets() -> None:
    hook = RunHook(
        hook="warm",
        script="warm.sh",
        text=sha256(b"curl $URL\n"),
        environ={"URL": "http://localhost/"},
        secrets={"TOKEN": SecretRef("env:WARM_TOKEN")},
    )
    step = replace(SMALL.steps[0], action=hook)
    plan = replace(SMALL, steps=(step,), blobs={sha256(b"curl $URL\n"): "curl $URL\n"})
    details: Any = page_data(DeployReport(plan=plan))["details-0"]
    assert details[0]["action"] == [
        ("hook", "warm"),
        ("script", "warm.sh"),
        ("text", "curl $URL\n"),
        ("environ", "URL: http://localhost/"),
        ("timeout", "60.0"),
        ("secrets", "TOKEN"),
    ]


def test_a_text_that_many_files_share_is_embedded_once() -> None:
    data = page_data(DeployReport(plan=PLAN))
    texts: Any = data["texts-0"]
    assert len(set(texts)) == len(texts)
    assert sum(text.startswith("release default-") for text in texts) == 2
