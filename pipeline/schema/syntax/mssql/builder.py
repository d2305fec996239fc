"""What has been read so far: objects that grow, and statements that wait for their object."""

from collections.abc import Callable

from pipeline.errors import BadSchema
from pipeline.schema.model.mssql.database import Database, Object, Rename
from pipeline.schema.model.mssql.items import Unreadable
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.model.mssql.tables import Table
from pipeline.schema.model.names import Key
from pipeline.schema.syntax.mssql.cursor import Cursor

Action = Callable[[], None]


class Builder:
    """The state while scripts are read. Objects are values: a change replaces one by another."""

    def __init__(self, default_schema: str = "dbo", *, lenient: bool = False) -> None:
        self.default_schema = default_schema
        self.lenient = lenient
        self.quoted_identifier = True
        self.ansi_nulls = True
        self.collation = ""
        self.objects: dict[Key, Object] = {}
        self.places: dict[Key, str] = {}
        self.trigger_homes: dict[tuple[str, str], Key] = {}
        self.skipped: dict[str, int] = {}
        self.notes: list[str] = []
        self.renames: list[Rename] = []
        self.dropped: list[str] = []
        self.hints_taken: set[tuple[str, int]] = set()
        """Path and line of each `@renamed` that was understood."""
        self.hints_waiting: list[tuple[tuple[str, ...], int]] = []
        """Old name and line of those above a condition: they speak of what is made behind it."""
        self.columns_read: list[tuple[int, int, str]] = []
        """Of the table read last: first token, token behind the last, name of each column."""
        self.guarded = False
        """Whether the statement stands behind IF: it does nothing when it was done already."""
        self.blocks: list[bool] = []
        """Of each BEGIN that is open, whether it stands behind IF."""
        self._waiting: list[tuple[Action, str]] = []
        self._missed: set[Key] = set()
        self._whole = False
        self._made_if_missing = False

    def put(self, each: Object, cursor: Cursor) -> None:
        """Take a new object. BadSchema names both places when there is one of its name."""
        found = each.key
        self._made_if_missing |= self.guarded
        if found in self.objects:
            if self.guarded:
                return
            raise BadSchema(
                f"{found.kind} {_shown(found)} is created twice: also at {self.places[found]}",
                where=cursor.script.place(min(cursor.position, cursor.end - 1)),
                advice="take one of the two scripts out",
            )
        self.objects[found] = each
        self.places[found] = cursor.script.place(cursor.begun)

    def get(self, kind: Kind, schema: str, name: str) -> Object | None:
        """Give an object, or None."""
        found = key(kind, schema, name)
        each = self.objects.get(found)
        if each is None:
            self._missed.add(found)
        return each

    def each(self) -> list[Object]:
        """Give all objects that are there so far."""
        self._whole = True
        return list(self.objects.values())

    @property
    def looks_everywhere(self) -> bool:
        """Whether all objects were looked through."""
        return self._whole

    @property
    def looks_beyond(self) -> bool:
        """Whether anything was asked for that was not made here: the other files count then."""
        names = {(found.schema, found.name) for found in self.objects}
        beyond = any((key.schema, key.name) not in names for key in self._missed)
        return self._whole or self._made_if_missing or beyond

    def replace(self, each: Object) -> None:
        """Take the new value of an object."""
        self.objects[each.key] = each

    def rename(self, old: Key, each: Object) -> None:
        """Take an object under its new name."""
        self._whole = True
        del self.objects[old]
        self.objects[each.key] = each
        self.places[each.key] = self.places.pop(old)

    def drop(self, kind: Kind, schema: str, name: str) -> None:
        """Forget an object. Nothing happens when it is not there."""
        found = key(kind, schema, name)
        if self.objects.pop(found, None) is None:
            self._missed.add(found)
        self.places.pop(found, None)

    def change_table(
        self, schema: str, name: str, change: Callable[[Table], Table], cursor: Cursor
    ) -> None:
        """Change a table now, or when all is read if no script has made it yet."""
        found = key(Kind.TABLE, schema or self.default_schema, name)
        table = self.objects.get(found)
        if isinstance(table, Table):
            try:
                self.objects[found] = change(table)
            except BadSchema:  # what it speaks of may come in another file
                place = cursor.script.place(cursor.begun)
                self.defer(lambda: self._change_later(found, change, place), cursor)
        else:
            self._missed.add(found)
            place = cursor.script.place(cursor.begun)
            self.defer(lambda: self._change_later(found, change, place), cursor)

    def _change_later(self, found: Key, change: Callable[[Table], Table], place: str) -> None:
        table = self.objects.get(found)
        if isinstance(table, Table):
            self.objects[found] = change(table)
        elif not isinstance(table, Unreadable):
            raise BadSchema(
                f"there is no table {_shown(found)}",
                where=place,
                advice="add the script that creates it, or take this statement out",
            )

    def defer(self, action: Action, cursor: Cursor) -> None:
        """Do something when everything is read. What then fails is tried again after the rest."""
        self._waiting.append((action, cursor.script.place(cursor.begun)))

    def count(self, word: str) -> None:
        """Count a statement about rows."""
        self.skipped[word] = self.skipped.get(word, 0) + 1

    def note(self, text: str) -> None:
        """Keep something that people should know."""
        self.notes.append(text)

    def take(self, database: Database) -> None:
        """Take all that another reader has made. BadSchema when one thing is made twice."""
        for found, each in database.objects.items():
            if found in self.objects:
                raise BadSchema(
                    f"{found.kind} {_shown(found)} is created twice: also at {self.places[found]}",
                    where=database.places[found],
                    advice="take one of the two scripts out",
                )
            self.objects[found] = each
        self.places.update(database.places)
        for word, count in database.skipped.items():
            self.skipped[word] = self.skipped.get(word, 0) + count
        self.notes += database.notes
        self.renames += database.renames
        self.dropped += database.dropped
        self.collation = database.collation or self.collation

    def finish(self) -> Database:
        """Give the database. BadSchema when a statement speaks of what no script makes."""
        self._settle()
        return Database(
            dict(sorted(self.objects.items())),
            self.collation,
            tuple(self.renames),
            self.places,
            dict(sorted(self.skipped.items())),
            tuple(dict.fromkeys(self.notes)),
            tuple(dict.fromkeys(self.dropped)),
        )

    def _settle(self) -> None:
        """Run what waits, in turns, until nothing moves any more."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            failed: list[tuple[Action, str, BadSchema]] = []
            for action, place in waiting:
                try:
                    action()
                except BadSchema as error:
                    failed.append((action, place, error))
            if len(failed) == len(waiting):
                self._give_up([error for _, _, error in failed])
                return
            self._waiting = [(action, place) for action, place, _ in failed] + self._waiting

    def _give_up(self, errors: list[BadSchema]) -> None:
        if not self.lenient:
            raise errors[0]
        for error in errors:
            self.note(str(error))


def _shown(found: Key) -> str:
    return f"{found.schema}.{found.name}" if found.schema else found.name
