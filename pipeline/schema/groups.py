"""Changes that belong together, each group to be run as one short transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.hazard import Hazard, HazardName
from pipeline.phase import Phase
from pipeline.schema.change import Change, DropTable, RebuildTable, key_of, title
from pipeline.schema.diff.edges import edges
from pipeline.schema.diff.leg import Leg
from pipeline.schema.diff.side import Side, differing
from pipeline.schema.model.names import Key, qualified
from pipeline.schema.order import in_order, together
from pipeline.schema.writers.sqlite import write


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Statements for one transaction, and those that bring the old schema back.

    `undo` is None when the old data would not come back with it: then `no-undo` is among the
    hazards. `undo` restores the schema only: what new code wrote into new columns goes.
    """

    name: str
    phase: Phase
    objects: tuple[str, ...]
    statements: tuple[str, ...]
    undo: tuple[str, ...] | None
    hazards: tuple[Hazard, ...] = ()
    needs_foreign_keys_off: bool = False
    undo_needs_foreign_keys_off: bool = False


def groups_between(old: Side, new: Side, phase: Phase) -> tuple[Group, ...]:
    """Give the groups that make one schema into another, sorted by name."""
    changes = {title(c): c for c in Leg(old, new, differing(old, new), phase).changes()}
    needs = edges(tuple(changes.values()))
    whole = in_order(changes, needs)
    place = {name: number for number, name in enumerate(whole)}
    found = [
        _group([changes[name] for name in sorted(each, key=place.__getitem__)], old, new)
        for each in together(changes, needs)
    ]
    return tuple(sorted(found, key=lambda group: (group.name, group.objects)))


def ordered(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Give changes in the order of running them."""
    by_title = {title(change): change for change in changes}
    return tuple(by_title[name] for name in in_order(by_title, edges(changes)))


def _group(changes: Sequence[Change], old: Side, new: Side) -> Group:
    keys = sorted({key_of(change) for change in changes})
    hazards = {hazard for change in changes for hazard in change.hazards}
    forward = Group(
        name=", ".join(_table_names(keys, old, new)),
        phase=changes[0].phase,
        objects=tuple(f"{key.kind} {_name(key, old, new)}" for key in keys),
        statements=tuple(text for change in changes for text in write(change)),
        undo=None,
        needs_foreign_keys_off=any(map(_touches_rows, changes)),
    )
    lost = [hazard for hazard in hazards if hazard.name is HazardName.LOSES_DATA]
    hazards |= {Hazard(HazardName.NO_UNDO, each.object, each.reason) for each in lost}
    back = ordered(Leg(new, old, frozenset(keys), forward.phase).changes())
    return replace(
        forward,
        undo=None if lost else tuple(text for change in back for text in write(change)),
        undo_needs_foreign_keys_off=not lost and any(map(_touches_rows, back)),
        hazards=tuple(sorted(hazards)),
    )


def _touches_rows(change: Change) -> bool:
    """Whether DROP TABLE is in it: with foreign keys on, that deletes rows one by one first."""
    return isinstance(change, RebuildTable | DropTable)


def _table_names(keys: Sequence[Key], old: Side, new: Side) -> Iterator[str]:
    tables = [key for key in keys if key.kind == "Table"]
    yield from (_name(key, old, new) for key in tables or keys)


def _name(key: Key, old: Side, new: Side) -> str:
    each = new.objects.get(key) or old.objects[key]
    return qualified(each.schema, each.name)


def to_dict(group: Group) -> dict[str, object]:
    """Give a group as plain JSON values."""
    return {
        "name": group.name,
        "phase": str(group.phase),
        "objects": list(group.objects),
        "statements": list(group.statements),
        "undo": None if group.undo is None else list(group.undo),
        "hazards": [hazard.to_dict() for hazard in group.hazards],
        "needs_foreign_keys_off": group.needs_foreign_keys_off,
        "undo_needs_foreign_keys_off": group.undo_needs_foreign_keys_off,
    }


def from_dict(value: Mapping[str, object]) -> Group:
    """Give the group back. ValueError or KeyError when it is not one."""
    undo = value["undo"]
    return Group(
        name=str(value["name"]),
        phase=Phase(str(value["phase"])),
        objects=_texts(value["objects"]),
        statements=_texts(value["statements"]),
        undo=None if undo is None else _texts(undo),
        hazards=tuple(map(_hazard, _list(value["hazards"]))),
        needs_foreign_keys_off=value["needs_foreign_keys_off"] is True,
        undo_needs_foreign_keys_off=value["undo_needs_foreign_keys_off"] is True,
    )


def _hazard(value: object) -> Hazard:
    if not isinstance(value, dict):
        raise ValueError("a hazard is an object with name, object and reason")
    return Hazard(HazardName(value["name"]), str(value["object"]), str(value["reason"]))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, _list(value)))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list, found {value!r}")
    return value
