"""The page of a deploy: all data in it and none of it HTML, quick for big plans."""

import json
import time
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.execute.run import RunOutcome
from pipeline.facts.answer import sha256
from pipeline.facts.changeset import Changeset
from pipeline.hazard import Hazard, HazardName
from pipeline.plan.action import WriteFiles
from pipeline.plan.plan import Plan
from pipeline.plan.step import Stage, Step
from pipeline.plan.step_state import StepState
from pipeline.report.deploy_data import DeployReport, page_data
from pipeline.report.deploy_html import to_html
from tests.report.deploys import PLAN, deploy, failed, record_of
from tests.report.pages import EVIL, Page, refuse_unsafe

PLANNED, RAN = DeployReport(plan=PLAN), DeployReport(plan=PLAN, record=failed(PLAN), said=("no",))


@pytest.mark.parametrize(
    "report", [PLANNED, RAN, DeployReport(plan=Plan(kind="bounce", environment="x"))]
)
def test_all_of_a_report_is_in_its_page(report: DeployReport) -> None:
    text = to_html(report)
    embedded = json.loads(json.dumps(page_data(report)))
    assert Page(text).data == embedded
    assert to_html(report) == text


@pytest.mark.parametrize("report", [PLANNED, RAN])
def test_the_page_loads_nothing_and_runs_nothing_else(report: DeployReport) -> None:
    refuse_unsafe(to_html(report))


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (PLANNED, "not carried out"),
        (replace(PLANNED, said=("not allowed",)), "refused"),
        (DeployReport(plan=replace(PLAN, steps=())), "nothing to do"),
        (RAN, "failed"),
        (DeployReport(plan=PLAN, record=record_of(PLAN, [])), "done"),
        (DeployReport(plan=PLAN, record=record_of(PLAN, [], outcome=None)), "unfinished"),
        (
            DeployReport(plan=PLAN, record=record_of(PLAN, [], outcome=RunOutcome.INTERRUPTED)),
            "interrupted",
        ),
    ],
)
def test_the_title_says_how_it_ended(report: DeployReport, title: str) -> None:
    assert Page(to_html(report)).texts["title"] == f"deploy {PLAN.release} to local: {title}"


def full_of(text: str) -> DeployReport:
    """A report that says the same wherever it can say anything."""
    changeset = Changeset(node="0" * 40, branch=text, author=text, date=text, summary=text)
    safe = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")  # of what has a hash
    step = Step(
        id=text,
        stage=Stage.ROLL,
        host=text,
        action=WriteFiles(files={f"/{text}": sha256(safe.encode())}, owner=text),
        undo=(WriteFiles(files={}, remove=(text,)),),
        why=text,
        hazards=(Hazard(HazardName.DRIFTED, text, text),),
        resources={text: ("", text)},
        unit=text,
    )
    plan = Plan(
        kind="deploy",
        environment=text,
        release=text,
        changeset=changeset,
        changelog=(changeset,),
        steps=(step,),
        notes=(text,),
        blobs={sha256(safe.encode()): safe},
    )
    plain = Plan(kind="deploy", environment="local", steps=(step,))
    record = record_of(plain, [(0, text, StepState.BEGAN, ""), (1, text, StepState.FAILED, text)])
    return DeployReport(plan=plan, record=replace(record, plan=plan), said=(text,))


@cache
def harmless() -> Page:
    return Page(to_html(full_of("x")))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example(EVIL.removesuffix("\ud800"))
@example("</script><script>alert(1)</script>")
@example("\u2028\u2029<!--<script>")
@example("{{data}}{{script}}{{headline}}")
def test_a_text_that_is_html_stays_a_text(text: str) -> None:
    page, plain = Page(to_html(full_of(text))), harmless()
    assert page.tags == plain.tags
    assert [name for name, _ in page.attributes] == [name for name, _ in plain.attributes]
    assert page.texts["script"] == plain.texts["script"]
    (step,) = page.data["index"]["steps"]
    assert (step["id"], step["why"], step["host"]) == (text, text, text)
    assert page.data["index"]["changelog"][0]["summary"] == text
    assert page.data["index"]["bars"][0][-1] == text


def test_no_word_of_a_secret_is_in_a_page() -> None:
    """A plan has references only; even these are not shown, but for their names."""
    plan = deploy("site.secrets.KEY=env:A_VARIABLE")
    assert "env:A_VARIABLE" not in json.dumps(page_data(DeployReport(plan=plan)))


def test_a_plan_of_500_steps_with_long_files_is_quick_and_small() -> None:
    """Seconds, on a machine that may be busy: a second is usual."""
    lines = "".join(f"Directive{number} and its value, {number}\n" for number in range(2000))
    plan = deploy("hosts.box.instances.count=80", template=lines)
    began = time.perf_counter()
    text = to_html(DeployReport(plan=plan, record=failed(plan)))
    assert time.perf_counter() - began < 10
    assert len(plan.steps) > 480
    assert len(text) < 4_000_000
