"""What was observed of an environment, as a file that everybody may read: no secret is in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator, TypeAdapter, ValidationError

from pipeline.errors import BadCall, BadSchema
from pipeline.facts.answer import BalancerState
from pipeline.facts.changeset import Release
from pipeline.facts.host import CURRENT, HostFacts
from pipeline.farm.software import Software
from pipeline.plan.wanted import Observed
from pipeline.schema import snapshot
from pipeline.schema.model.schema import Schema

FORMAT: Literal[1] = 1

SchemaText = Annotated[
    Schema, PlainValidator(snapshot.from_json), PlainSerializer(snapshot.to_json)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The release that runs, how it was made, and the kind of Python that it was made for."""

    release: Release
    recipe: str
    tag: str
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An environment as somebody observed it, whole: a plan can be made from this alone.

    `when` is ISO 8601, UTC; `who` is USER@MACHINE; `roots`: host -> the folder of its farm;
    `schemas`: database -> what it holds, by its name in the inventory, never by its URL.
    `unfinished`: a run that was killed or failed may have left members out of rotation; `owed` are
    the hooks that it has not done.
    """

    format: Literal[1] = FORMAT
    environment: str
    when: str
    who: str
    privileged: bool
    roots: Mapping[str, str]
    software: Mapping[str, Software]
    hosts: Mapping[str, HostFacts]
    balancer: BalancerState
    schemas: Mapping[str, SchemaText] = field(default_factory=dict)
    unfinished: bool = False
    owed: frozenset[str] = frozenset()
    runs: Built | None = None

    @property
    def observed(self) -> Observed:
        """The same as planners take it."""
        digests = {name: snapshot.digest(schema) for name, schema in self.schemas.items()}
        return Observed(hosts=self.hosts, balancer=self.balancer, schemas=digests)


@cache
def adapter() -> TypeAdapter[Published]:
    """What reads and writes it by its types; made when first needed: that takes a moment."""
    return TypeAdapter(Published)


def to_json(published: Published) -> str:
    """The text of the file. Of a secret it says that it is there and current, and nothing else."""
    hosts = {name: _without_digests(facts) for name, facts in published.hosts.items()}
    data = adapter().dump_python(replace(published, hosts=hosts), mode="json")
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def from_json(text: str, *, where: str, environment: str) -> Published:
    """Read it back. Raises BadCall, naming `where`, for another format or environment, or none."""
    advice = "name another file; a deploy by this farmhand publishes a new one"
    try:
        data: Any = json.loads(text)
        if isinstance(data, dict) and data.get("format") != FORMAT:
            raise BadCall(
                f"an observation of format {data.get('format')!r}; this farmhand reads {FORMAT}",
                where=where,
                advice=advice,
            )
        found = adapter().validate_python(data)
    except (ValueError, TypeError, ValidationError, BadSchema) as problem:
        reason = str(problem).splitlines()[0]
        raise BadCall(
            f"this is not what a deploy observed, or it is damaged: {reason}",
            where=where,
            advice=advice,
        ) from problem
    if found.environment != environment:
        raise BadCall(
            f"this was observed of {found.environment}, not of {environment}",
            where=where,
            advice=f"name another file, or: --env {found.environment}",
        )
    return found


def _without_digests(facts: HostFacts) -> HostFacts:
    """The same facts; a secret file that is not as it should be counts as none."""
    secrets = {name: CURRENT if it == CURRENT else "" for name, it in facts.secrets.items()}
    return replace(facts, secrets=secrets)
