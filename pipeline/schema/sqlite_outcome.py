"""What came of comparing two SQLite schemas, as every dialect says it. Pure.

A step is one transaction of the script: that is what runs or does not run.
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from pipeline.hazard import HazardName
from pipeline.phase import Phase
from pipeline.schema.change import CreateIndex
from pipeline.schema.compare import Comparison, compare, groups
from pipeline.schema.diff.objects import ObjectVerdict
from pipeline.schema.groups import Group
from pipeline.schema.model.names import Key, fold
from pipeline.schema.model.programs import Index, Trigger, View
from pipeline.schema.model.schema import Schema, SchemaObject
from pipeline.schema.model.tables import Table
from pipeline.schema.outcome import ObjectOutcome, Outcome, StepOutcome
from pipeline.schema.script import script, undo_script
from pipeline.schema.writers.sqlite import write
from pipeline.schema.writers.sqlite_table import create_table
from pipeline.verdict import Verdict


def outcome_of(
    source: Schema,
    target: Schema,
    labels: tuple[str, str] = ("source", "target"),
    *,
    same_too: bool = False,
) -> Outcome:
    """Compare, and give the scripts of the way there and back.

    `labels` are what the sides are called. `same_too` lists the objects that are the same.
    """
    found = compare(source, target)
    parts = groups(found)
    return Outcome(
        dialect=found.dialect,
        source=labels[0],
        target=labels[1],
        objects=tuple(_objects(found, same_too=same_too)),
        same=sum(each.verdict is Verdict.SAME for each in found.objects),
        steps=tuple(_steps(parts)),
        script=script(found),
        undo=undo_script(found),
        lost=tuple(_lost(parts)),
    )


def object_script(each: SchemaObject) -> str:
    """Give the statement that makes an object, with its semicolon."""
    match each:
        case Table():
            return f"{create_table(each)};\n"
        case Index():
            (text,) = write(CreateIndex(each, Phase.EXPAND))
            return f"{text};\n"
        case View() | Trigger():
            return f"{each.definition};\n"
        case _:
            assert_never(each)


def export(schema: Schema) -> dict[str, str]:
    """Give the text of each file by its path, sorted: one object in each."""
    files: dict[str, str] = {}
    taken: set[str] = set()
    for each in schema.objects:
        name = "".join(c if c.isalnum() or c in "._- " else f"%{ord(c):02X}" for c in each.name)
        stem, number = f"{_FOLDERS[each.key.kind]}/{name}", 2
        path = f"{stem}.sql"
        while path.lower() in taken:
            path, number = f"{stem} ({number}).sql", number + 1
        taken.add(path.lower())
        files[path] = object_script(each)
    return dict(sorted(files.items()))


_FOLDERS = {"Table": "tables", "Index": "indexes", "View": "views", "Trigger": "triggers"}


def _objects(found: Comparison, *, same_too: bool) -> Iterable[ObjectOutcome]:
    source, target = found.source.by_key(), found.target.by_key()
    for each in found.objects:
        same = each.verdict is Verdict.SAME
        if same_too or not same or each.ignored:
            yield _object(each, source, target)


def _object(
    each: ObjectVerdict, source: Mapping[Key, SchemaObject], target: Mapping[Key, SchemaObject]
) -> ObjectOutcome:
    key = Key(each.type, each.schema, fold(each.name))
    mine, theirs = source.get(key), target.get(key)
    return ObjectOutcome(
        type=each.type,
        schema=each.schema,
        name=each.name,
        verdict=each.verdict,
        because=each.because,
        ignored=each.ignored,
        phase=each.phase,
        hazards=each.hazards,
        source=object_script(mine) if mine else "",
        target=object_script(theirs) if theirs else "",
    )


def _steps(parts: Iterable[Group]) -> Iterable[StepOutcome]:
    """Contract waits for whatever expand does to the same objects."""
    expanded: dict[str, int] = {}
    for number, group in enumerate(parts, 1):
        kind, _, name = group.objects[0].partition(" ")
        needs = {expanded[each] for each in group.objects if each in expanded}
        if group.phase is Phase.EXPAND:
            expanded |= dict.fromkeys(group.objects, number)
        yield StepOutcome(
            number=number,
            title=f"{group.phase} {group.name}",
            type=kind,
            object=name,
            phase=group.phase,
            sql="".join(f"{statement};\n" for statement in group.statements),
            hazards=group.hazards,
            needs=tuple(sorted(needs)),
        )


def _lost(parts: Iterable[Group]) -> Iterable[str]:
    hazards = {hazard for group in parts if group.undo is None for hazard in group.hazards}
    for hazard in sorted(hazards):
        if hazard.name is HazardName.LOSES_DATA:
            yield f"{hazard.object}: {hazard.reason}"
