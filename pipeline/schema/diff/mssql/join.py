"""From two databases to all that can be shown: compared, planned, written, and the way back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from pipeline.hazard import Hazard
from pipeline.phase import Phase
from pipeline.schema.diff.mssql.advice import advice
from pipeline.schema.diff.mssql.compare import Compared, Comparison, compare
from pipeline.schema.diff.mssql.operation import Operation
from pipeline.schema.diff.mssql.operations import Planned, lost, plan
from pipeline.schema.diff.mssql.words import full_name
from pipeline.schema.model.mssql.database import Database, Object
from pipeline.schema.model.names import Key
from pipeline.schema.normalise.mssql.filters import EVERYTHING, Filter
from pipeline.schema.normalise.mssql.options import Options
from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome
from pipeline.schema.writers.mssql.objects import object_script
from pipeline.schema.writers.mssql.script import Header, Written, write
from pipeline.verdict import Verdict
from pipeline.wording import count

_SEVERITY = {Phase.EXPAND: 0, Phase.CONTRACT: 1, Phase.LOCKSTEP: 2}


def outcome_of(
    source: Database,
    target: Database,
    options: Options,
    chosen: Filter = EVERYTHING,
    labels: tuple[str, str] = ("source", "target"),
) -> Outcome:
    """Compare two databases, and give the scripts of the way there and back.

    `labels` are what the sides are called, in the order source, target.
    """
    found = compare(source, target, options, chosen)
    there = plan(target, found.goal, found.renames, options)
    back = plan(found.goal, target, found.renames.inverse(), options)
    script = write(there, options, Header(source=labels[0], target=labels[1]))
    undo = write(back, options, Header(source=labels[0], target=labels[1], undo=True))
    return Outcome(
        dialect="mssql",
        source=labels[0],
        target=labels[1],
        objects=_objects(found, there),
        same=sum(each.verdict is Verdict.SAME for each in found.objects),
        steps=_steps(there, script),
        script=script.text,
        undo=undo.text,
        lost=lost(there),
        notes=_notes(found, script, undo, labels),
        options=tuple(sorted(options.names)),
        skipped=dict(sorted((Counter(source.skipped) + Counter(target.skipped)).items())),
    )


def _objects(found: Comparison, planned: Iterable[Planned]) -> tuple[ObjectOutcome, ...]:
    """Give what is not the same, what is ignored, and what is touched for the sake of others."""
    new_keys = {old: new for new, old in found.renames.objects.items()}
    operations: dict[Key, list[Operation]] = defaultdict(list)
    for each in planned:
        key = each.operation.part.key
        operations[_key_there(key, each.operation, new_keys)].append(each.operation)
    return tuple(
        _object(found, each, operations.get(each.key, []))
        for each in found.objects
        if each.verdict is not Verdict.SAME or each.ignored or operations.get(each.key)
    )


def _key_there(key: Key, operation: Operation, new_keys: Mapping[Key, Key]) -> Key:
    """Give the key that an operation's object has once it is renamed."""
    if operation.after is not None and operation.before is not None:
        return operation.after.key
    return new_keys.get(key, key) if operation.after is None else key


def _object(found: Comparison, each: Compared, operations: list[Operation]) -> ObjectOutcome:
    shown = each.source or each.target
    same = each.verdict is Verdict.SAME
    reasons = [op.because for op in operations if op.because] if same else []
    return ObjectOutcome(
        type=each.key.kind,
        schema=shown.schema if shown else each.key.schema,
        name=shown.name if shown else each.key.name,
        verdict=each.verdict,
        because=tuple(dict.fromkeys((*each.because, *reasons))),
        ignored=each.ignored,
        phase=max((op.phase for op in operations), key=_SEVERITY.__getitem__, default=None),
        hazards=_hazards(operations),
        source="" if same else _text(each.source),
        target="" if same else _text(each.target),
        place=found.source.places.get(each.key, "") or _target_place(found, each),
        advice=advice(each, operations),
    )


def _target_place(found: Comparison, each: Compared) -> str:
    return found.target.places.get(each.target.key, "") if each.target else ""


def _hazards(operations: Iterable[Operation]) -> tuple[Hazard, ...]:
    return tuple(sorted({hazard for each in operations for hazard in each.hazards}))


def _text(each: Object | None) -> str:
    return object_script(each) if each is not None else ""


def _steps(planned: tuple[Planned, ...], written: Written) -> tuple[StepOutcome, ...]:
    return tuple(
        StepOutcome(
            number=step.number,
            title=step.title,
            type=each.operation.part.key.kind,
            object=_name(each.operation),
            phase=each.operation.phase,
            sql=step.sql,
            because=each.operation.because,
            hazards=each.operation.hazards,
            guards=tuple(guard.message for guard in each.operation.guards),
            needs=tuple(place + 1 for place in each.needs),
            transactional=step.transactional,
        )
        for each, step in zip(planned, written.steps, strict=True)
    )


def _name(operation: Operation) -> str:
    shown = operation.after or operation.before
    if shown is None:
        return full_name(operation.part.key.schema, operation.part.key.name)
    return full_name(shown.schema, shown.name)


def _notes(
    found: Comparison, script: Written, undo: Written, labels: tuple[str, str]
) -> tuple[str, ...]:
    left_out = found.left_out
    what = f"{count(left_out, 'object')} {'is' if left_out == 1 else 'are'}"
    return (
        *(f"{labels[0]}: {note}" for note in found.source.notes),
        *(f"{labels[1]}: {note}" for note in found.target.notes),
        *found.notes,
        *([f"{what} left out by the filter"] if left_out else []),
        *script.notes,
        *(f"undo: {note}" for note in undo.notes),
    )
