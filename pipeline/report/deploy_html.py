"""A plan, or a run of one, as one HTML file that needs nothing else."""

from pipeline.plan.show import NOTHING, headline
from pipeline.report.deploy_data import DeployReport, page_data
from pipeline.report.html_page import Page, to_text
from pipeline.wording import count

TABS = ("summary", "steps", "files", "schema", "timings")
SCRIPTS = ("run", "picture", "chooser", "steps", "changes", "timings", "summary", "deploy")
"""Parts of the page's script, behind those that every page has, in their order."""


def to_html(report: DeployReport) -> str:
    """Give the page: the same text for the same report."""
    head, outcome = headline(report.plan), _outcome(report)
    what = f"Run {report.record.run.id}" if report.record else "Plan"
    return to_text(
        Page(
            made_by=f"farmhand {report.plan.kind}",
            title=f"{head}: {outcome}",
            summary=_summary(report),
            header="deploy_header.html",
            words={
                "what": what,
                "environment": report.plan.environment,
                "headline": head,
                "outcome": outcome,
                "class": outcome.replace(" ", "-"),
            },
            tabs=TABS,
            scripts=SCRIPTS,
            styles=("page", "deploy"),
            data=page_data(report),
        )
    )


def _outcome(report: DeployReport) -> str:
    if report.record:
        return report.record.run.outcome or "unfinished"
    if report.said:
        return "refused"
    return "not carried out" if report.plan.steps else "nothing to do"


def _summary(report: DeployReport) -> str:
    """What is said where no script runs."""
    steps = f"{count(len(report.plan.steps), 'step')}." if report.plan.steps else NOTHING
    return f"{headline(report.plan)}: {_outcome(report)}. {steps} {' '.join(report.said)}".strip()
