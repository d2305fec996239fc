"""What an undo cannot bring back, in words."""

from collections.abc import Iterator

from pipeline.hazard import HazardName
from pipeline.schema.diff.mssql.operation import Operation, PartKind, Verb
from pipeline.schema.diff.mssql.words import full_name
from pipeline.schema.model.mssql.facts import SET
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.model.mssql.names import Kind


def lost_by(operation: Operation) -> Iterator[str]:
    """Say what is gone for good when an operation has run."""
    for hazard in operation.hazards:
        if hazard.name is HazardName.LOSES_DATA:
            yield f"{hazard.object}: {hazard.reason}"
    old = operation.old
    if operation.part.kind is not PartKind.OBJECT or not isinstance(old, Item):
        return
    if operation.verb not in {Verb.DROP, Verb.ALTER}:
        return
    name = full_name(old.schema, old.name)
    if operation.verb is Verb.DROP and any(value == SET for _, value in old.facts):
        yield f"{name}: its secrets are not kept here"
    if old.kind is Kind.SEQUENCE and operation.verb is Verb.DROP:
        yield f"{name}: how far it had counted"
