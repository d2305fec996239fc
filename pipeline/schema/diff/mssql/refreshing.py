"""Views and functions that are not bound to what they read are told when it has changed."""

from collections.abc import Iterator

from pipeline.schema.diff.mssql.fate import Fate, Fates
from pipeline.schema.diff.mssql.moves import Moves
from pipeline.schema.diff.mssql.operation import Part, PartKind, Verb
from pipeline.schema.diff.mssql.parts import object_part
from pipeline.schema.diff.mssql.steps import Steps
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.modules import results


def refreshes(steps: Steps, moved: Moves) -> None:
    """Add a step for each module that is kept and has all columns of what has others now.

    Only what says `*` remembers columns that it does not name.
    """
    fates = steps.fates
    changed = _changed(fates, moved)
    waiting = sorted(changed)
    done: set[Key] = set()
    while waiting:
        cause = waiting.pop(0)
        for key in _readers(fates, cause):
            if key in done or object_part(key) in fates.of:
                continue
            done.add(key)
            waiting.append(key)
            part = object_part(key)
            fate = fates.of[part] = Fate(way_of=object_part(cause))
            module = fates.new.objects[key]
            step = steps.add(Verb.REFRESH, part, module, module, fate)
            steps.alters[part].append(step)


def _changed(fates: Fates, moved: Moves) -> set[Key]:
    """Give the tables that have other columns, and the views that have another text."""
    found = {part.key for part in moved.renamed if part.kind is PartKind.COLUMN}
    for part, fate in fates.of.items():
        touched = fate.removed or fate.altered or fate.comes
        if part.kind is PartKind.COLUMN and touched and fates.old.has(object_part(part.key)):
            found.add(part.key)
        if _is_result(part) and (fate.altered or fate.removed) and fate.way_of is None:
            found.add(part.key)
    return {key for key in found if key in fates.new.objects}


def _is_result(part: Part) -> bool:
    return part.kind is PartKind.OBJECT and part.key.kind in {Kind.VIEW, Kind.FUNCTION}


def _readers(fates: Fates, cause: Key) -> Iterator[Key]:
    for found in fates.dependents.of(object_part(cause)):
        part = found.piece.part
        if not _is_result(part) or part.key not in fates.new.objects:
            continue
        module = fates.new.objects[part.key]
        if not isinstance(module, Module) or module.schema_bound or not module.definition:
            continue
        at_once = module.kind is Kind.VIEW or module.form == "INLINE"
        if at_once and results(module.definition) is None:
            yield part.key
