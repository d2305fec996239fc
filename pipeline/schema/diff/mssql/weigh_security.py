"""Permissions, extended properties and facts of both sides, side by side."""

from collections.abc import Iterable
from typing import TypeVar

from pipeline.schema.diff.mssql.hidden import (
    IN_SYNONYMS,
    NOTHING,
    of_fact,
    of_member,
    of_permission,
    of_property,
)
from pipeline.schema.diff.mssql.operation import PartKind
from pipeline.schema.diff.mssql.same import same_name, same_text, same_value
from pipeline.schema.diff.mssql.weighing import OBJECT, Address, Weighing
from pipeline.schema.diff.mssql.words import permission_name, property_name
from pipeline.schema.model.mssql.facts import default_of, fact_of
from pipeline.schema.model.mssql.items import Facts
from pipeline.schema.model.mssql.names import Kind, fold
from pipeline.schema.model.mssql.shared import Permission, Property

V = TypeVar("V", Permission, Property, tuple[str, str])
PermissionId = tuple[str, str, str]
MEMBER = "member:"


def weigh_permissions(
    w: Weighing, source: tuple[Permission, ...], target: tuple[Permission, ...]
) -> tuple[Permission, ...]:
    """Give the permissions that are to be.

    Who granted them is compared only where both sides say it.
    """
    if source == target:
        return target
    mine, theirs = _single(source), _single(target)
    goal = []
    for found in sorted(mine.keys() | theirs.keys()):
        wanted = _permission(w, mine.get(found), theirs.get(found))
        if wanted is not None:
            goal.append(wanted)
    return _as_one_side(goal, (target, theirs.values()), (source, mine.values()))


def _single(permissions: Iterable[Permission]) -> dict[PermissionId, Permission]:
    """Give a permission for each column: how they are put together means nothing."""
    return {
        (fold(each.grantee), each.action.upper(), fold(column)): each._replace(
            columns=(column,) if column else ()
        )
        for each in permissions
        for column in each.columns or ("",)
    }


def _permission(
    w: Weighing, source: Permission | None, target: Permission | None
) -> Permission | None:
    if source is None or target is None:
        at = _permission_at(w, source or target)
        if source is not None:
            hidden = w.differ(at, "", _said(source), "")
        else:
            hidden = w.differ(at, "", "", _said(target), w.ground.keeps())
        return target if hidden else source
    at = _permission_at(w, source)
    if source.state != target.state:
        return target if w.differ(at, "state", source.state, target.state) else source
    if source.grantor and target.grantor and not same_name(source.grantor, target.grantor):
        return target if w.differ(at, "grantor", source.grantor, target.grantor) else source
    return target


def _said(permission: Permission | None) -> str:
    return permission.state if permission else ""


def _permission_at(w: Weighing, permission: Permission | None) -> Address:
    if permission is None:  # cannot be: one side has it
        return Address(PartKind.PERMISSION)
    name = permission_name(permission)
    return Address(PartKind.PERMISSION, name, of_permission(permission, w.ground.roles))


def _as_one_side(goal: list[V], *sides: tuple[tuple[V, ...], Iterable[V]]) -> tuple[V, ...]:
    """Give a side as it is written, when what is to be says the same."""
    found = set(goal)
    for written, single in sides:
        if found == set(single):
            return written
    return tuple(goal)


def weigh_properties(
    w: Weighing,
    source: tuple[Property, ...],
    target: tuple[Property, ...],
    columns: frozenset[str] | None = None,
) -> tuple[Property, ...]:
    """Give the extended properties that are to be; none of a column that is not to be."""
    if source == target and columns is None:
        return target
    mine = {_property_id(each): each for each in (_carried(w, found) for found in source)}
    theirs = {_property_id(each): each for each in target}
    goal = []
    for found in sorted(mine.keys() | theirs.keys()):
        wanted = _property(w, mine.get(found), theirs.get(found), columns)
        if wanted is not None:
            goal.append(wanted)
    return _as_one_side(goal, (target, theirs.values()), (source, mine.values()))


def _carried(w: Weighing, each: Property) -> Property:
    """Give a property with the name that its constraint or index keeps."""
    stays = w.names.get((each.part, fold(each.part_name)))
    return each if stays is None else each._replace(part_name=stays)


def _property_id(each: Property) -> tuple[str, str, str]:
    return (each.part, fold(each.part_name), fold(each.name))


def _property(
    w: Weighing,
    source: Property | None,
    target: Property | None,
    columns: frozenset[str] | None,
) -> Property | None:
    if target is None or source is None:
        each = source or target
        if each is None:
            return None
        at = Address(PartKind.PROPERTY, property_name(each), of_property(each))
        gone = (
            target is not None
            and columns is not None
            and each.part == "COLUMN"
            and fold(each.part_name) not in columns
        )
        if gone:
            return None  # it goes with its column, which is said already
        said = ("", each.value) if source is None else (each.value, "")
        return target if w.differ(at, "", *said) else source
    if same_value(source.value, target.value):
        return target
    at = Address(PartKind.PROPERTY, property_name(source), of_property(source))
    return target if w.differ(at, "value", source.value, target.value) else source


def weigh_facts(w: Weighing, kind: Kind, source: Facts, target: Facts) -> Facts:
    """Give the facts that are to be, compared one by one."""
    if source == target:
        return target
    mine, theirs = _by_name(source), _by_name(target)
    goal = []
    for found in sorted(mine.keys() | theirs.keys()):
        wanted = _fact(w, kind, mine.get(found), theirs.get(found))
        if wanted is not None:
            goal.append(wanted)
    return _as_one_side(sorted(goal), (target, target), (source, source))


def _by_name(facts: Facts) -> dict[str, tuple[str, str]]:
    return {fold(name): (name, value) for name, value in facts}


def _fact(
    w: Weighing, kind: Kind, source: tuple[str, str] | None, target: tuple[str, str] | None
) -> tuple[str, str] | None:
    name = (source or target or ("", ""))[0]
    label, colon, rest = name.partition(":")
    mine, theirs = (source[1] if source else ""), (target[1] if target else "")
    if source and target and label == "definition":
        return target if w.text(OBJECT, mine, theirs) else source
    if source and target and _same_fact(label, mine, theirs):
        return target
    if not colon:
        default = default_of(kind, name)
        hidden = w.differ(
            Address(PartKind.OBJECT, "", of_fact(kind, name) | _elsewhere(kind, mine, theirs)),
            name.replace("_", " "),
            mine or default,
            theirs or default,
        )
    else:
        hidden = _listed_fact(w, kind, label, rest, (mine, theirs))
    return target if hidden else source


def _elsewhere(kind: Kind, source: str, target: str) -> frozenset[str]:
    """What hides that two synonyms stand for one name in other databases."""
    if kind is not Kind.SYNONYM or _last_names(source) != _last_names(target):
        return NOTHING
    return IN_SYNONYMS


def _last_names(target: str) -> str:
    """Give `[schema].[name]` of `[server].[database].[schema].[name]`, folded."""
    parts = fold(target).split("].")
    return "].".join(parts[-2:])


def _listed_fact(w: Weighing, kind: Kind, label: str, rest: str, said: tuple[str, str]) -> bool:
    mine, theirs = said
    member = f"{label}:" == MEMBER
    at = (
        Address(PartKind.MEMBER, rest, of_member(rest, w.ground.roles))
        if member
        else Address(PartKind.OBJECT, f"{label} {rest}", of_fact(kind, label))
    )
    also = w.ground.keeps() if member and not mine else NOTHING
    return w.differ(at, "value" if mine and theirs else "", mine, theirs, also)


def _same_fact(label: str, source: str, target: str) -> bool:
    if source == target:
        return True
    if label == "content":
        return source.split() == target.split()
    return same_text(source, target)


def is_fixed(kind: Kind, name: str) -> bool:
    """Whether a fact is changed only by making the object anew."""
    return fact_of(kind, name).fixed
