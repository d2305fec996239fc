"""What stands in the way of a change is taken down, and put back; and so is what stands on that.

Whatever goes away silently with something else is put back when it is to stay.
"""

from collections import deque
from collections.abc import Iterable

from pipeline.errors import CheckFailed
from pipeline.schema.diff.mssql.aside import aside
from pipeline.schema.diff.mssql.fate import Fate, Fates, How, describe
from pipeline.schema.diff.mssql.holding import Holding, holds_a_name, rewritten
from pipeline.schema.diff.mssql.operation import Part, PartKind, Value
from pipeline.schema.diff.mssql.parts import Piece, object_part
from pipeline.schema.diff.mssql.state import Tie
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.tables import Column, Table
from pipeline.schema.model.names import Key


class Blockers:
    """Follows every change to what stands on it."""

    def __init__(self, fates: Fates) -> None:
        self.fates = fates
        self.old, self.new, self.of = fates.old, fates.new, fates.of
        self.dependents = fates.dependents
        self.holding = Holding(fates.alterable)
        self._waiting = deque(sorted(self.of))

    def renamed(self, parts: Iterable[Part], transferred: Iterable[Key]) -> None:
        """Take down what does not let these parts be renamed, before they are."""
        for part in sorted(parts):
            for found in self.dependents.of(part):
                if found.tie is Tie.HOLDING and holds_a_name(found.piece, part):
                    self.take_down(found.piece, part)
                    self._early(found.piece)
        for key in sorted(transferred):
            itself = object_part(key)
            for piece in self.dependents.contents(itself):
                if piece.part.kind is PartKind.PERMISSION:
                    self._goes_with(piece, itself)

    def settle(self) -> None:
        """Go on until nothing is left to follow."""
        while self._waiting:
            part = self._waiting.popleft()
            fate = self.of.get(part, Fate())
            if fate.removed:
                self._removed(part)
            elif fate.altered or fate.aside is not None:
                self._altered(part, fate)

    def _removed(self, part: Part) -> None:
        for piece in self.dependents.contents(part):
            self._goes_with(piece, part)
        for found in self.dependents.of(part):
            if found.tie is Tie.HOLDING and part not in found.piece.within:
                self.take_down(found.piece, part)

    def _goes_with(self, piece: Piece, container: Part) -> None:
        fate = self.fates.fate(piece.part)
        if fate.goes is How.WITH or fate.rebuilt:
            return
        before = fate.goes
        fate.goes = How.WITH
        if before is How.ALONE and fate.comes is How.NOT:
            return
        self._put_back(piece, fate, container)

    def take_down(self, piece: Piece, cause: Part) -> None:
        """Take a part out of the way of a change, and put it back afterwards."""
        fate = self.fates.fate(piece.part)
        if fate.removed or fate.aside is not None:
            return
        if self._lets_go(piece, fate, cause):
            return
        way = None
        if self.new.has(fate.becomes or piece.part):
            way = aside(piece, cause, self.fates.alterable)
        if way is not None:
            self._step_aside(piece, fate, way, cause)
        elif piece.part != object_part(cause.key):
            self._refuse(piece, cause)
            fate.goes = How.ALONE
            self._put_back(piece, fate, cause)
            self._unfollow(piece.part)

    def _unfollow(self, part: Part) -> None:
        """Without system versioning a history is changed like any table."""
        for column, fate in self.fates.following.pop(part, {}).items():
            self.of[column] = fate
            self._waiting.append(column)

    def _step_aside(self, piece: Piece, fate: Fate, value: Value, cause: Part) -> None:
        fate.aside = value
        if not fate.altered:
            fate.way_of = cause
        fate.altered = False
        self._waiting.append(piece.part)

    def _refuse(self, piece: Piece, cause: Part) -> None:
        """What cannot be put back is not taken down."""
        value = piece.value
        why = ""
        if isinstance(value, Module) and value.encrypted and not value.definition:
            why = "it is encrypted"
        elif isinstance(value, Table) and piece.part.kind is PartKind.OBJECT:
            why = "its rows would be lost"
        elif isinstance(value, Column) and value.computed is None:
            why = "its values would be lost"
        if why:
            name = describe(piece.part, self.old)
            raise CheckFailed(
                f"{name} is in the way of {describe(cause, self.old)} and cannot be made again: "
                f"{why}",
                advice="make this change by hand, or leave it out by `--exclude`",
            )

    def _put_back(self, piece: Piece, fate: Fate, cause: Part) -> None:
        target = fate.becomes or piece.part
        fate.becomes = None
        now = self.new.piece(target)
        own = fate.altered or fate.comes is not How.NOT or target != piece.part
        fate.altered = False
        if now is not None:
            coming = self.fates.fate(target)
            if coming.comes is How.NOT:
                coming.comes = How.ALONE
            if not own and now.value == piece.value:
                fate.way_of = cause
            elif coming is not fate:
                coming.way_of = None
        self._waiting.append(piece.part)

    def _lets_go(self, piece: Piece, fate: Fate, cause: Part) -> bool:
        """Whether a part that is altered anyway does not stand on the cause any more.

        The rows of a table leave a partition scheme when its clustered index is made elsewhere.
        """
        table = piece.part.kind is PartKind.OBJECT and isinstance(piece.value, Table)
        now = self.new.piece(piece.part)
        if now is None or not (fate.altered or table):
            return False
        return all(need.part != cause for need in self.fates.arriving.needs(now))

    def _altered(self, part: Part, fate: Fate) -> None:
        was, now = self.old.piece(part), self.new.piece(part)
        if was is None or now is None:
            return
        after = fate.aside if fate.aside is not None else now.value
        for piece in self.dependents.contents(part):
            if loses(part, was.value, after, piece):
                self._goes_with(piece, part)
        for found in self.dependents.of(part):
            if found.tie is Tie.HOLDING and self.holding.refuses(
                found.piece, part, was.value, after
            ):
                self.take_down(found.piece, part)

    def _early(self, piece: Piece) -> None:
        """It goes before the renames, and so does all that stands on it."""
        fate = self.fates.fate(piece.part)
        if fate.early or not fate.removed:
            return
        fate.early = True
        for found in self.dependents.of(piece.part):
            if found.tie is Tie.HOLDING and piece.part not in found.piece.within:
                self.take_down(found.piece, piece.part)
                self._early(found.piece)


def loses(part: Part, old: Value, new: Value, piece: Piece) -> bool:
    """Whether a part goes away when the one that it is within is altered."""
    if part.kind is not PartKind.OBJECT:
        return False
    if piece.part.kind is PartKind.PERMISSION:
        owners = (getattr(old, "authorization", ""), getattr(new, "authorization", ""))
        return owners[0].lower() != owners[1].lower()
    view = isinstance(old, Module) and isinstance(new, Module)
    leaning = view and piece.part.kind in {PartKind.INDEX, PartKind.STATISTICS}
    return leaning and rewritten(old, new)
