"""A schema as JSON values and back, and its digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from pipeline.errors import BadSchema
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.normalise.sqlite import canonical
from pipeline.schema.snapshot_reader import Fields, read_object

FORMAT = 1


def to_json(schema: Schema) -> dict[str, object]:
    """Give the snapshot: `{format, dialect, model}`, plain JSON values as written by people."""
    model = [_object(each) for each in schema.objects]
    return {"format": FORMAT, "dialect": schema.dialect, "model": model}


def from_json(snapshot: Mapping[str, object]) -> Schema:
    """Give the schema back. BadSchema when it is no snapshot, or of a newer format."""
    try:
        found = Fields(snapshot)
        if found.number("format") != FORMAT:
            raise BadSchema(
                f"a snapshot of format {found.number('format')}, and this farmhand reads {FORMAT}",
                advice="make the snapshot again, or use the farmhand that made it",
            )
        objects = [read_object(each) for each in found.each("model")]
        return Schema.of(found.text("dialect"), objects)
    except (KeyError, ValueError, TypeError) as error:
        raise BadSchema(f"this is no snapshot of a schema: {error}") from error


def digest(schema: Schema) -> str:
    """Give the SHA-256 of what the schema means, in hex: the same in every process.

    Two schemas have one digest exactly when comparing them finds no difference.
    """
    objects = [_object(each) for _, each in sorted(canonical(schema).items())]
    text = json.dumps([schema.dialect, objects], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _object(each: SchemaObject) -> dict[str, object]:
    return {"kind": each.key.kind, **asdict(each)}
