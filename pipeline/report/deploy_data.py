"""A plan, and what became of it, as the values that its page is made of."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from pipeline.execute.run import RunRecord
from pipeline.facts.changeset import Changeset
from pipeline.plan.action import Action, ApplySchema
from pipeline.plan.plan import Plan
from pipeline.plan.show import describe, headline
from pipeline.plan.step import Step
from pipeline.report import deploy_timeline as timeline
from pipeline.report.deploy_changes import FileChange, SchemaChange, file_changes, schema_changes
from pipeline.report.html_page import pieces, starts

HIDDEN = frozenset(
    {"kind", "files", "remove", "statements", "secrets", "url", "service", "balancer"}
)
"""Fields of an action that are shown in another way, or tell people nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployReport:
    """A plan; with `record`, a run of it. `said`: the error that the task ended with, in lines."""

    plan: Plan
    record: RunRecord | None = None
    said: tuple[str, ...] = ()


@dataclass(slots=True)
class Texts:
    """The texts of files and statements, each once; elsewhere they are named by their number."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str | None) -> int:
        """The number of a text; -1 for none."""
        return -1 if text is None else self.numbers.setdefault(text, len(self.numbers))


def page_data(report: DeployReport) -> dict[str, object]:
    """Give all that the page has embedded: `index`, which is read at once, and pieces."""
    plan, texts = report.plan, Texts()
    files = [_file(change, texts) for change in file_changes(plan)]
    schema = [_schema(change, texts) for change in schema_changes(plan)]
    parted = pieces(texts.numbers, len)
    details = pieces(_details(plan), lambda detail: len(json.dumps(detail)))
    return {
        "index": {
            **_head(report),
            **_steps(report),
            "hazards": list(_hazards(report)),
            "files": files,
            "schema": schema,
            "textStarts": starts(parted),
            "detailStarts": starts(details),
        },
        **{f"texts-{number}": piece for number, piece in enumerate(parted)},
        **{f"details-{number}": piece for number, piece in enumerate(details)},
    }


def _head(report: DeployReport) -> dict[str, Any]:
    plan, record = report.plan, report.record
    run = record.run if record else None
    return {
        "kind": plan.kind,
        "environment": plan.environment,
        "release": plan.release,
        "headline": headline(plan),
        "plan": plan.hash,
        "changeset": _changeset(plan.changeset) if plan.changeset else None,
        "changelog": [_changeset(each) for each in plan.changelog],
        "notes": plan.notes,
        "said": report.said,
        "run": run
        and {
            "number": run.id,
            "who": run.who,
            "started": f"{run.started:%F %T}",
            "ended": f"{run.ended:%F %T}" if run.ended else "",
            "outcome": run.outcome or "unfinished",
        },
    }


def _changeset(changeset: Changeset) -> dict[str, str]:
    return {
        "short": changeset.short,
        "node": changeset.node,
        "branch": changeset.branch,
        "date": changeset.date,
        "author": changeset.author,
        "summary": changeset.summary,
    }


def _steps(report: DeployReport) -> dict[str, Any]:
    """The steps, where each stands, and the two pictures of them."""
    steps = report.plan.steps
    bars = timeline.bars(report.record) if report.record else ()
    states = timeline.states(bars, steps) if report.record else ("",) * len(steps)
    busy = timeline.busy(bars)
    places = {step.id: place for place, step in enumerate(steps)}
    lanes, lane_of = _lanes(steps)
    levels = timeline.columns(steps)
    return {
        "lanes": lanes,
        "steps": [
            {
                "id": step.id,
                "title": describe(step.action),
                "why": step.why,
                "stage": step.stage,
                "host": step.host,
                "lane": lane_of[place],
                "level": levels[place],
                "needs": [places[need] for need in step.needs],
                "hazards": [(each.name, each.object, each.reason) for each in step.hazards],
                "state": states[place],
            }
            for place, step in enumerate(steps)
        ],
        "bars": [
            (bar.step, str(bar.kind), bar.attempt, bar.start, bar.end, bar.detail) for bar in bars
        ],
        "busy": [(span.start, span.end) for span in busy],
        "bands": [(span.name, span.start, span.end) for span in timeline.bands(steps, bars, busy)],
    }


def _lanes(steps: Sequence[Step]) -> tuple[list[tuple[str, str]], tuple[int, ...]]:
    """Give (name, host) of each lane, a host's own and behind it those on it; each step's lane.

    A database has a lane of its own: nothing else says that its changes come one by one.
    """
    keys = [(step.host, step.unit or _database(step)) for step in steps]
    hosts = list(dict.fromkeys(host for host, _ in keys))
    ordered = sorted(dict.fromkeys(keys), key=lambda key: (hosts.index(key[0]), bool(key[1])))
    numbers = {key: number for number, key in enumerate(ordered)}
    return [(name or host, host) for host, name in ordered], tuple(numbers[key] for key in keys)


def _database(step: Step) -> str:
    return f"database {step.action.database}" if isinstance(step.action, ApplySchema) else ""


def _hazards(report: DeployReport) -> Iterator[dict[str, Any]]:
    """Each hazard with its steps, and by what it was allowed."""
    plan, record = report.plan, report.record
    for hazard in plan.hazards:
        yield {
            "name": hazard.name,
            "object": hazard.object,
            "reason": hazard.reason,
            "steps": [place for place, step in enumerate(plan.steps) if hazard in step.hazards],
            "by": record.allowed.get(str(hazard), "") if record else "",
        }


def _file(change: FileChange, texts: Texts) -> dict[str, Any]:
    return {
        "step": change.step,
        "host": change.host,
        "path": change.path,
        "what": change.what,
        "known": change.known,
        "like": change.like,
        "before": texts.number(change.before),
        "after": texts.number(change.after),
    }


def _schema(change: SchemaChange, texts: Texts) -> dict[str, Any]:
    undo = None if change.undo is None else _script(change.undo)
    return {
        "step": change.step,
        "database": change.database,
        "group": change.group,
        "count": len(change.statements),
        "statements": texts.number(_script(change.statements)),
        "undo": texts.number(undo),
        "definitions": [
            (each.name, texts.number(each.before), texts.number(each.after))
            for each in change.definitions
        ],
    }


def _script(statements: Sequence[str]) -> str:
    return "".join(f"{text.rstrip().rstrip(';')};\n" for text in statements)


def _details(plan: Plan) -> Iterator[dict[str, Any]]:
    """What is looked at of one step alone."""
    adapter: TypeAdapter[Action] = TypeAdapter(Action)
    for step in plan.steps:
        yield {
            "action": _facts(adapter.dump_python(step.action, mode="json"), plan),
            "undo": [describe(action) for action in step.undo],
            "changes": [(name, *sides) for name, sides in step.resources.items()],
        }


def _facts(action: Mapping[str, Any], plan: Plan) -> list[tuple[str, str]]:
    """The fields of an action in words."""
    shown = {name: value for name, value in action.items() if name not in HIDDEN}
    shown |= {"service": action["service"]["name"]} if "service" in action else {}
    shown |= {"secrets": sorted(action["secrets"])} if "secrets" in action else {}
    shown |= {"text": plan.blobs[action["text"]]} if action.get("text") else {}
    words = {name.replace("_", " "): _word(value) for name, value in shown.items()}
    return [(name, word) for name, word in words.items() if word]


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_word(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "\n".join(map(_word, value))
    return str(value)
