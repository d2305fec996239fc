"""The plan: steps in order, and what the world looked like when it was made."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import BadCall
from pipeline.facts.answer import sha256
from pipeline.facts.changeset import Changeset
from pipeline.hazard import Hazard
from pipeline.plan.step import Stage, Step

FORMAT: Literal[1] = 1
Kind = Literal["deploy", "rollback", "bounce", "start", "stop", "drain", "undrain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that will happen. Equal facts give an equal plan, and an equal hash.

    `seen` is what the plan was made from: resource -> digest. `blobs` holds the texts that its
    actions name by SHA-256, so that a saved plan needs nothing but the release.
    """

    format: Literal[1] = FORMAT
    kind: Kind
    environment: str
    changeset: Changeset | None = None
    release: str = ""
    release_digest: str = ""
    changelog: tuple[Changeset, ...] = ()
    steps: tuple[Step, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)
    blobs: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """All that it may cost, sorted, each once."""
        return tuple(sorted({hazard for step in self.steps for hazard in step.hazards}))

    @property
    def hash(self) -> str:
        """SHA-256 of the plan as JSON: what a journal calls it."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()

    def stages(self) -> Iterator[tuple[Stage, tuple[Step, ...]]]:
        """The stages that have steps, in order."""
        for stage in Stage:
            steps = tuple(step for step in self.steps if step.stage is stage)
            if steps:
                yield stage, steps


@cache
def adapter() -> TypeAdapter[Plan]:
    """What reads and writes plans; made when first needed, since making it takes a moment."""
    return TypeAdapter(Plan)


def to_json(plan: Plan) -> str:
    """A plan as text: `plan.json`. Read back with `from_json`, it is equal."""
    data: dict[str, Any] = adapter().dump_python(plan, mode="json")
    for step, value in zip(data["steps"], plan.steps, strict=True):
        step["done"] = value.done
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def from_json(text: str, *, where: str) -> Plan:
    """Read `plan.json`. Raises BadCall, naming `where`, for anything but a plan of this format."""
    try:
        data = json.loads(text)
        if isinstance(data, dict) and data.get("format") != FORMAT:
            raise BadCall(
                f"a plan of format {data.get('format')!r}; this farmhand reads format {FORMAT}",
                where=where,
                advice="plan again with this version",
            )
        for step in data["steps"]:
            step.pop("done", None)
        plan = adapter().validate_python(data)
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as problem:
        reason = str(problem).splitlines()[0]
        raise BadCall(f"not a plan: {reason}", where=where, advice="plan again") from problem
    for name, text in plan.blobs.items():
        if sha256(text.encode()) != name:
            raise BadCall(f"the text {name[:12]} was changed", where=where, advice="plan again")
    return plan
