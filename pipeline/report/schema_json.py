"""An outcome as JSON, for programs. docs/reference/schema-diff-json.md promises each field."""

import json

from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome

FORMAT = 1


def to_json(outcome: Outcome) -> str:
    """Give the whole outcome: the same text for the same sides and options."""
    return json.dumps(as_dict(outcome), indent=1, ensure_ascii=False) + "\n"


def as_dict(outcome: Outcome) -> dict[str, object]:
    """Give the outcome as plain JSON values."""
    return {
        "format": FORMAT,
        "made_by": "farmhand schema.diff",
        "dialect": outcome.dialect,
        "source": outcome.source,
        "target": outcome.target,
        "differs": outcome.differs,
        "same": outcome.same,
        "objects": [object_dict(each) for each in outcome.objects],
        "steps": [step_dict(each) for each in outcome.steps],
        "script": outcome.script,
        "undo": outcome.undo,
        "lost": list(outcome.lost),
        "options": list(outcome.options),
        "notes": list(outcome.notes),
        "skipped": dict(outcome.skipped),
    }


def object_dict(each: ObjectOutcome) -> dict[str, object]:
    """Give one object as plain JSON values."""
    return {
        "type": each.type,
        "schema": each.schema,
        "name": each.name,
        "verdict": str(each.verdict),
        "because": list(each.because),
        "ignored": list(each.ignored),
        "phase": each.phase and str(each.phase),
        "hazards": [hazard.to_dict() for hazard in each.hazards],
        "advice": list(each.advice),
        "place": each.place,
        "source": each.source,
        "target": each.target,
    }


def step_dict(each: StepOutcome) -> dict[str, object]:
    """Give one step as plain JSON values."""
    return {
        "number": each.number,
        "title": each.title,
        "type": each.type,
        "object": each.object,
        "phase": str(each.phase),
        "sql": each.sql,
        "because": each.because,
        "hazards": [hazard.to_dict() for hazard in each.hazards],
        "guards": list(each.guards),
        "needs": list(each.needs),
        "transactional": each.transactional,
    }
