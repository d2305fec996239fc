"""The natural order of steps: what comes first where nothing else decides."""

from pipeline.schema.diff.mssql.operation import PartKind, Verb
from pipeline.schema.diff.mssql.steps import Step
from pipeline.schema.model.mssql.names import Kind

_OBJECTS = (
    Kind.EXTENDED_PROPERTY,
    Kind.ROLE,
    Kind.USER,
    Kind.SCHEMA,
    Kind.ASSEMBLY,
    Kind.ASYMMETRIC_KEY,
    Kind.CERTIFICATE,
    Kind.SYMMETRIC_KEY,
    Kind.PARTITION_FUNCTION,
    Kind.PARTITION_SCHEME,
    Kind.XML_SCHEMA_COLLECTION,
    Kind.DEFAULT,
    Kind.RULE,
    Kind.USER_DEFINED_TYPE,
    Kind.SEQUENCE,
    Kind.FULL_TEXT_CATALOG,
    Kind.FULL_TEXT_STOPLIST,
    Kind.SEARCH_PROPERTY_LIST,
    Kind.TABLE,
    Kind.SYNONYM,
    Kind.FUNCTION,
    Kind.VIEW,
    Kind.STORED_PROCEDURE,
    Kind.DDL_TRIGGER,
    Kind.SECURITY_POLICY,
    Kind.MESSAGE_TYPE,
    Kind.CONTRACT,
    Kind.QUEUE,
    Kind.SERVICE,
    Kind.ROUTE,
    Kind.SERVICE_BINDING,
    Kind.EVENT_NOTIFICATION,
)
_BEFORE = {
    kind: place
    for place, kind in enumerate(
        (
            PartKind.PERIOD,
            PartKind.COLUMN,
            PartKind.DEFAULT,
            PartKind.UNIQUE_KEY,
            PartKind.CHECK,
            PartKind.INDEX,
            PartKind.STATISTICS,
            PartKind.FOREIGN_KEY,
            PartKind.CONNECTION,
            PartKind.BOUND_DEFAULT,
            PartKind.BOUND_RULE,
            PartKind.SENSITIVITY,
            PartKind.VERSIONING,
            PartKind.FULL_TEXT,
        )
    )
}
_LAST = {PartKind.TRIGGER: 0, PartKind.MEMBER: 1, PartKind.PERMISSION: 2, PartKind.PROPERTY: 3}
_TABLE = _OBJECTS.index(Kind.TABLE)
_PLACES = {kind.value: place for place, kind in enumerate(_OBJECTS)}


def _level(step: Step) -> tuple[int, int]:
    """Give how far up in the building a part stands."""
    kind = step.part.kind
    place = _PLACES[step.part.key.kind]
    if kind is PartKind.OBJECT:
        return place, 0
    if kind in _LAST:
        return len(_OBJECTS) + _LAST[kind], 0
    return (place if place > _TABLE else _TABLE), 1 + _BEFORE[kind]


def rank(step: Step) -> tuple[object, ...]:
    """Give a step's place: what is highest up is dropped first, what is lowest made first."""
    floor, above = _level(step)
    part = step.part
    name = (part.key, part.kind.value, part.name, step.back, step.number)
    if step.verb is Verb.DROP:
        return (0, -floor, -above, *name)
    last = 2 if step.verb is Verb.REFRESH else 1
    return (last, floor, above, *name)
