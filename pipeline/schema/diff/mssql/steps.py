"""The fates of all parts as steps, not yet in order: which of them takes, makes, alters what."""

from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.schema.diff.mssql.alterable import Way
from pipeline.schema.diff.mssql.blockers import loses
from pipeline.schema.diff.mssql.carried_parts import column_with, table_with
from pipeline.schema.diff.mssql.fate import Fate, Fates, How, describe
from pipeline.schema.diff.mssql.operation import Part, PartKind, Value, Verb
from pipeline.schema.diff.mssql.parts import Piece, bare, object_part
from pipeline.schema.diff.mssql.rebuilds import without_period
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.tables import Column, Table


@dataclass(slots=True, eq=False)
class Step:
    """One operation to be. `number` is its place in the list of steps."""

    number: int
    verb: Verb
    part: Part
    old: Value | None
    new: Value | None
    fate: Fate
    back: bool = False
    """It brings a part back from where it stepped aside."""
    because: str = ""


Places = dict[Part, list[Step]]


@dataclass(slots=True)
class Steps:
    """All steps; and by each part those after which it is gone, made, or another."""

    fates: Fates
    all: list[Step] = field(default_factory=list)
    takes: Places = field(default_factory=lambda: defaultdict(list))
    makes: Places = field(default_factory=lambda: defaultdict(list))
    alters: Places = field(default_factory=lambda: defaultdict(list))
    chains: list[tuple[Step, Step]] = field(default_factory=list)
    """Steps of which one comes right before the other."""

    def add(
        self, verb: Verb, part: Part, old: Value | None, new: Value | None, fate: Fate
    ) -> Step:
        """Put a new step behind the others."""
        step = Step(len(self.all), verb, part, old, new, fate)
        self.all.append(step)
        return step

    def disturbs(self, part: Part) -> list[Step]:
        """Give the steps before which nothing may stand on a part any more."""
        return [*self.takes.get(part, ()), *self.alters.get(part, ())]

    def provides(self, part: Part) -> list[Step]:
        """Give the steps after which a part is what it is to be."""
        return [*self.makes.get(part, ()), *self.alters.get(part, ())]


def steps_of(fates: Fates) -> Steps:
    """Give the steps of all fates."""
    steps = Steps(fates)
    for part in sorted(fates.of):
        _own(steps, part, fates.of[part])
    for part in sorted(fates.of):
        _with(steps, part, fates.of[part], set())
    return steps


def _own(steps: Steps, part: Part, fate: Fate) -> None:
    fates = steps.fates
    was, now = fates.old.piece(part), fates.new.piece(part)
    if fate.rebuilt:
        step = steps.add(Verb.REBUILD, part, *_rebuilt(fates, part), fate)
        steps.takes[part].append(step)
        steps.makes[part].append(step)
        return
    if fate.goes is How.ALONE and was is not None:
        steps.takes[part].append(steps.add(Verb.DROP, part, _whole_old(fates, was), None, fate))
    if fate.comes is How.ALONE and now is not None:
        step = steps.add(Verb.CREATE, part, None, _whole_new(fates, now), fate)
        steps.makes[part].append(step)
    if was is None:
        return
    if fate.becomes is not None:
        _rename(steps, was, fate.becomes, fate)
    elif fate.altered and part.key in fates.splits:
        _split(steps, part, fate)
    elif fate.altered and now is not None:
        old, new = _altered(was.value, now.value)
        steps.alters[part].append(steps.add(Verb.ALTER, part, old, new, fate))
    elif fate.aside is not None and now is not None:
        away = steps.add(Verb.ALTER, part, was.value, fate.aside, fate)
        back = steps.add(Verb.ALTER, part, *_altered(fate.aside, now.value), fate)
        back.back = True
        steps.takes[part].append(away)
        steps.makes[part].append(back)


def _split(steps: Steps, part: Part, fate: Fate) -> None:
    """One boundary at a time, each after what its schemes say for it."""
    before: Step | None = None
    for old, new in steps.fates.splits[part.key].way:
        step = steps.add(Verb.ALTER, object_part(new.key), old, new, fate)
        steps.alters[step.part].append(step)
        if step.part != part:
            step.because = f"{describe(part, steps.fates.new)} needs a place for a partition"
        if before is not None:
            steps.chains.append((before, step))
        before = step


def _rename(steps: Steps, was: Piece, becomes: Part, fate: Fate) -> None:
    now = steps.fates.new.piece(becomes)
    names = (getattr(was.value, "name", ""), getattr(now.value, "name", "") if now else "")
    if now is None or was.part.kind is PartKind.PROPERTY or not names[1] or names[0] == names[1]:
        return
    step = steps.add(Verb.RENAME, was.part, was.value, now.value, fate)
    steps.alters[was.part].append(step)
    if becomes != was.part:
        steps.alters[becomes].append(step)


def _altered(old: Value, new: Value) -> tuple[Value, Value]:
    if isinstance(old, Column) and isinstance(new, Column):
        return old, without_period(old, new)
    return old, new


def _whole_old(fates: Fates, was: Piece) -> Value:
    """A table that is dropped is shown as it was."""
    if was.part.kind is PartKind.OBJECT:
        return fates.old.objects[was.part.key]
    return was.value


def _whole_new(fates: Fates, now: Piece) -> Value:
    """Give what CREATE is to make: with what comes along."""
    part = now.part
    if part.kind is PartKind.OBJECT:
        found = fates.new.objects[part.key]
        return (
            table_with(found, fates.carried(part.key)) if isinstance(found, Table) else now.value
        )
    if isinstance(now.value, Column):
        table = fates.new.objects[part.key]
        default = fates.of.get(Part(part.key, PartKind.DEFAULT, part.name))
        brought = default is not None and default.comes is How.WITH
        for column in table.columns if isinstance(table, Table) else ():
            if column.name == now.value.name:
                return column_with(column, default=brought)
    return now.value


def _rebuilt(fates: Fates, part: Part) -> tuple[Value, Value]:
    old, new = fates.old.objects[part.key], fates.new.objects[part.key]
    if not isinstance(old, Table) or not isinstance(new, Table):
        raise TypeError(f"{part.key} is no table")
    there = {fold(column.name): column for column in new.columns}
    columns = tuple(c for c in old.columns if _is_copied(fates, c, there.get(fold(c.name))))
    copied = old._replace(temporal=None, columns=columns)
    return copied, table_with(new, fates.carried(part.key))


def _is_copied(fates: Fates, old: Column, new: Column | None) -> bool:
    """Whether the values of a column can become those of the new one."""
    if new is None or new.computed is not None:
        return True
    return fates.alterable.column(bare(old), bare(new)) is not Way.RECREATE


def _with(steps: Steps, part: Part, fate: Fate, asked: set[Part]) -> None:
    """Find the steps with which a part goes or comes silently."""
    fates = steps.fates
    asked.add(part)
    was = fates.old.piece(part)
    if fate.goes is How.WITH and was is not None and part not in steps.takes:
        steps.takes[part] = []
        for container in was.within:
            theirs = fates.of.get(container)
            if theirs is None:
                continue
            if theirs.removed and container not in asked:
                _with(steps, container, theirs, asked)
                steps.takes[part] += steps.takes.get(container, ())
            elif theirs.altered or theirs.aside is not None:
                around, now = fates.old.piece(container), fates.new.piece(container)
                after = theirs.aside if theirs.aside is not None else now and now.value
                if around and after is not None and loses(container, around.value, after, was):
                    steps.takes[part] += steps.disturbs(container)
    if fate.comes is How.WITH and part not in steps.makes:
        home = object_part(part.key)
        column = Part(part.key, PartKind.COLUMN, part.name)
        for container in (column, home):
            made = steps.makes.get(container)
            if made and (container == home or part.kind is PartKind.DEFAULT):
                steps.makes[part] = list(made)
                return
