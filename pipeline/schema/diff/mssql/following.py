"""What the server does to a history by itself when its table changes: not to be done twice."""

from pipeline.schema.diff.mssql.blockers import Blockers
from pipeline.schema.diff.mssql.fate import Fate, Fates, How
from pipeline.schema.diff.mssql.histories import pairs
from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.parts import object_part
from pipeline.schema.model.mssql.tables import Column
from pipeline.schema.model.names import Key


def follow_histories(fates: Fates, blockers: Blockers) -> None:
    """Leave to the server what it does to histories.

    What it cannot do to both while the history is kept is done while system versioning is off.
    """
    if not fates.of:
        return
    for current, history in pairs(fates.new.objects):
        versioning = Part(current.key, PartKind.VERSIONING)
        piece = fates.old.piece(versioning)
        kept = piece is not None and fates.old.has(object_part(history.key))
        if piece is None or not kept or versioning in fates.of:
            continue
        mine, theirs = _columns(fates, current.key), _columns(fates, history.key)
        if _needs_rest(fates, current.key, mine) or not _mirrors(mine, theirs):
            blockers.take_down(piece, object_part(current.key))
            continue
        for name in theirs:
            part = Part(history.key, PartKind.COLUMN, name)
            fates.following.setdefault(versioning, {})[part] = fates.of.pop(part)


def _columns(fates: Fates, key: Key) -> dict[str, Fate]:
    found = fates.of.get(object_part(key))
    if found is not None and found.rebuilt:
        return {}
    return {
        part.name: fates.of[part]
        for state in (fates.old, fates.new)
        for piece in state.pieces(key)
        if (part := piece.part).kind is PartKind.COLUMN and part in fates.of
    }


def _needs_rest(fates: Fates, key: Key, found: dict[str, Fate]) -> bool:
    """Whether a table cannot be changed so while its history is kept."""
    for name, fate in found.items():
        piece = fates.new.piece(Part(key, PartKind.COLUMN, name))
        column = piece.value if piece is not None else None
        touched = fate.comes is How.ALONE or fate.altered
        if isinstance(column, Column) and touched:
            special = column.computed is not None or column.sparse or column.column_set
            if special or (column.identity is not None and fate.comes is How.ALONE):
                return True
    return False


def _mirrors(current: dict[str, Fate], history: dict[str, Fate]) -> bool:
    """Whether nothing is to be done to a history that is not done to its table."""
    return all(
        name in current
        and (fate.goes, fate.comes, fate.altered)
        == (current[name].goes, current[name].comes, current[name].altered)
        for name, fate in history.items()
    )
