"""What each object is itself to become, before it is seen what that does to others."""

from pipeline.schema.diff.mssql.alterable import Way
from pipeline.schema.diff.mssql.fate import Fate, Fates, How
from pipeline.schema.diff.mssql.operation import Part, PartKind
from pipeline.schema.diff.mssql.pairs import renamed_pieces
from pipeline.schema.diff.mssql.parts import Piece, object_part
from pipeline.schema.diff.mssql.rebuilds import why_rebuilt, without_period
from pipeline.schema.model.mssql.database import Object
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.model.names import Key


class OwnChanges:
    """Looks at one object after the other."""

    def __init__(self, fates: Fates, remade: frozenset[Part] = frozenset()) -> None:
        self.fates, self.remade = fates, remade
        self.old, self.new, self.of = fates.old, fates.new, fates.of

    def add(self, key: Key) -> None:
        """Look at an object that is not the same in both states."""
        if any(key in split.schemes for split in self.fates.splits.values()):
            # It says what its function asks for, and becomes another by that.
            return
        before, after = self.old.objects.get(key), self.new.objects.get(key)
        if before is None and after is not None:
            self._create(after)
        elif after is None and before is not None:
            self._drop(before)
        elif before is not None and after is not None:
            self._change(before, after)

    def _create(self, after: Object) -> None:
        carried = self.fates.carried(after.key)
        for piece in self.new.pieces(after.key):
            how = How.WITH if piece.part in carried else How.ALONE
            self.of[piece.part] = Fate(comes=how)

    def _drop(self, before: Object) -> None:
        itself = object_part(before.key)
        for piece in self.old.pieces(before.key):
            how = How.WITH if itself in piece.within else How.ALONE
            self.of[piece.part] = Fate(goes=how)

    def _change(self, before: Object, after: Object) -> None:
        if type(before) is not type(after):
            self._other_sort(before, after)
            return
        if isinstance(before, Table) and isinstance(after, Table):
            reason = why_rebuilt(before, after, self.fates.alterable, self.fates.options)
            if reason:
                self.rebuild(before.key, reason)
                return
        old, new = self.old.pieces(before.key), self.new.pieces(after.key)
        there, wanted = {p.part: p for p in old}, {p.part: p for p in new}
        for was, now in renamed_pieces(old, new):
            if was.part in self.remade:
                continue
            self.of[now.part] = Fate()
            self.of[was.part] = Fate(becomes=now.part)
            del there[was.part], wanted[now.part]
        for part, piece in there.items():
            if part not in wanted:
                self.of[part] = Fate(goes=How.ALONE)
            else:
                self._pair(piece, wanted.pop(part))
        for part in wanted:
            self.of[part] = Fate(comes=How.ALONE)
        self._with_columns(after.key)

    def _other_sort(self, before: Object, after: Object) -> None:
        """An alias type becomes a table type: one goes, another comes."""
        self._drop(before)
        for piece in self.new.pieces(after.key):
            self.fates.fate(piece.part).comes = How.ALONE

    def _pair(self, was: Piece, now: Piece) -> None:
        value = now.value
        if isinstance(was.value, Column) and isinstance(value, Column):
            value = without_period(was.value, value)
        way = self.fates.alterable.way(was.part.kind, was.value, value)
        if way is Way.KEEP:
            return
        fate = Fate(altered=True)
        if way is Way.RECREATE or was.part in self.remade:
            fate = Fate(goes=How.ALONE, comes=How.ALONE)
        self.of[was.part] = fate

    def _with_columns(self, key: Key) -> None:
        """A new column brings its default along."""
        for piece in self.new.pieces(key):
            if piece.part.kind is not PartKind.DEFAULT or piece.part in self.fates.apart:
                continue
            column = self.of.get(Part(key, PartKind.COLUMN, piece.part.name))
            if column is not None and column.comes is How.ALONE:
                self.fates.fate(piece.part).comes = How.WITH

    def rebuild(self, key: Key, reason: str) -> None:
        """Make a table anew, with all that is carried; the rest is put back."""
        itself = object_part(key)
        fate = self.fates.fate(itself)
        if fate.rebuilt:
            return
        fate.rebuilt, fate.altered, fate.because = True, False, reason
        carried = self.fates.carried(key)
        old = {piece.part: piece for piece in self.old.pieces(key)}
        for piece in self.old.pieces(key):
            if itself in piece.within:
                self.of[piece.part] = Fate(goes=How.WITH, way_of=itself)
        for piece in self.new.pieces(key):
            if piece.part == itself:
                continue
            mine = self.fates.fate(piece.part)
            if piece.part in carried:
                mine.comes = How.WITH
            elif mine.goes is not How.NOT or piece.part not in old:
                mine.comes = How.ALONE
            elif piece.part in old:
                self._pair(old[piece.part], piece)
        for piece in self.old.pieces(key):
            mine = self.of.get(piece.part, Fate())
            if itself not in piece.within and not self.new.has(piece.part):
                mine = self.of[piece.part] = Fate(goes=How.ALONE)
            if mine.way_of is not None and not self._stays(piece):
                mine.way_of = None

    def _stays(self, piece: Piece) -> bool:
        now = self.new.piece(piece.part)
        return now is not None and now.value == piece.value
