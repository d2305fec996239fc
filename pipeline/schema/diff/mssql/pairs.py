"""Parts that only have another name now: a rename keeps what a drop would lose."""

from collections.abc import Iterator, Sequence

from pipeline.schema.diff.mssql.operation import Part, PartKind, Value
from pipeline.schema.diff.mssql.parts import Piece
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.shared import Property
from pipeline.schema.model.mssql.tables import (
    Check,
    Default,
    ForeignKey,
    Index,
    Statistics,
    UniqueKey,
)

Named = UniqueKey | ForeignKey | Check | Index | Statistics | Default
_BY_NAME = (UniqueKey, ForeignKey, Check, Index, Statistics)
_NAMED = (*_BY_NAME, Default)
_WORDS = {
    PartKind.INDEX: ("INDEX",),
    PartKind.UNIQUE_KEY: ("INDEX", "CONSTRAINT"),
    PartKind.FOREIGN_KEY: ("CONSTRAINT",),
    PartKind.CHECK: ("CONSTRAINT",),
    PartKind.DEFAULT: ("CONSTRAINT",),
}


def renamed_pieces(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[tuple[Piece, Piece], ...]:
    """Pair the parts of two states of an object that differ in their names only.

    A name that the server is to choose cannot be given by hand; one that it chose is not known
    here, so that it cannot be changed. A default stays with its column.
    """
    there = {piece.part for piece in old}
    wanted = {piece.part: piece for piece in new}
    found: list[tuple[Piece, Piece]] = []
    leaving: list[Piece] = []
    for piece in old:
        if not isinstance(piece.value, _NAMED):
            continue
        same = wanted.get(piece.part)
        if same is None:
            leaving += [piece] if isinstance(piece.value, _BY_NAME) else []
        elif same.value != piece.value and _same_but_name(piece.value, same.value):
            found.append((piece, same))
    coming = [p for p in new if p.part not in there and isinstance(p.value, _BY_NAME)]
    found += _by_content(leaving, coming)
    return (*found, *_properties(old, wanted, there, found))


def _by_content(leaving: list[Piece], coming: list[Piece]) -> Iterator[tuple[Piece, Piece]]:
    by_content: dict[tuple[PartKind, Value], list[Piece]] = {}
    for piece in reversed(coming):
        by_content.setdefault((piece.part.kind, _nameless(piece.value)), []).append(piece)
    for piece in leaving:
        same = by_content.get((piece.part.kind, _nameless(piece.value)))
        if same and _name(piece.value) and _name(same[-1].value):
            yield piece, same.pop()


def _same_but_name(old: Value, new: Value) -> bool:
    return bool(_name(old) and _name(new)) and _nameless(old) == _nameless(new)


def _nameless(value: Value) -> Value:
    return value._replace(name="") if isinstance(value, _NAMED) else value


def _name(value: Value) -> str:
    return str(getattr(value, "name", ""))


def _properties(
    old: Sequence[Piece],
    wanted: dict[Part, Piece],
    there: set[Part],
    renamed: list[tuple[Piece, Piece]],
) -> Iterator[tuple[Piece, Piece]]:
    """Extended properties follow the constraint or the index that they describe."""
    names = {
        (word, fold(_name(was.value))): _name(now.value)
        for was, now in renamed
        for word in _WORDS.get(was.part.kind, ())
    }
    if not names:
        return
    for piece in old:
        if not isinstance(piece.value, Property) or piece.part in wanted:
            continue
        name = names.get((piece.value.part, fold(piece.value.part_name)))
        if name is None:
            continue
        moved = fold(f"{piece.value.part} {name}: {piece.value.name}")
        now = wanted.get(piece.part._replace(name=moved))
        if now is not None and now.part not in there and _value(now) == _value(piece):
            yield piece, now


def _value(piece: Piece) -> str:
    return piece.value.value if isinstance(piece.value, Property) else ""
