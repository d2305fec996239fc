"""Everything that differs between two objects, each with the options that would hide it."""

from pipeline.schema.diff.mssql.carried import carried_alone
from pipeline.schema.diff.mssql.difference import Difference
from pipeline.schema.diff.mssql.ground import Ground
from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.weigh import weigh
from pipeline.schema.diff.mssql.words import RENAMED, full_name
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.normalise.mssql.options import Options


def differences(
    source: Object, target: Object, options: Options, ground: Ground | None = None
) -> tuple[Difference, ...]:
    """Give all that differs between two objects, hidden or not.

    They have the same key, or the source is the target renamed.
    """
    on = ground or Ground(options)
    found = weigh(source, carried_alone(target, source), on).differences
    return (*renamed(source, target), *found)


def goal(source: Object, target: Object, options: Options, ground: Ground | None = None) -> Object:
    """Give the object that is to be: the source, with what is hidden as the target has it."""
    found = weigh(source, carried_alone(target, source), ground or Ground(options)).goal
    return target if found is None else found


def renamed(source: Object, target: Object) -> tuple[Difference, ...]:
    """Give the difference that a rename, or a move to another schema, is."""
    if source.key == target.key:
        return ()
    new, old = full_name(source.schema, source.name), full_name(target.schema, target.name)
    return (Difference(Part(source.key, PartKind.OBJECT), RENAMED, new, old),)


def renamed_columns(source: Object, columns: dict[str, str]) -> tuple[Difference, ...]:
    """Give the differences that renamed columns are: (new, old) names as written."""
    return tuple(
        Difference(
            Part(source.key, PartKind.COLUMN, new.lower()), RENAMED, new, old, frozenset(), new
        )
        for new, old in columns.items()
    )
