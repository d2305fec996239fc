"""Which facts of an object differ, and how."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.schema.model.mssql.facts import default_of, fact_of
from pipeline.schema.model.mssql.items import Item
from pipeline.schema.writers.mssql.statement import Statement
from pipeline.schema.writers.mssql.target import Target


@dataclass(frozen=True)
class Changes:
    """An object before and after."""

    old: Item
    new: Item

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The facts that differ, sorted."""
        before, after = dict(self.old.facts), dict(self.new.facts)
        return tuple(n for n in sorted({*before, *after}) if before.get(n) != after.get(n))

    @property
    def fixed(self) -> bool:
        """Whether one of them can be changed by making the object anew only."""
        return any(fact_of(self.new.kind, name).fixed for name in self.names)

    def has(self, *names: str) -> bool:
        """Whether one of these facts differs."""
        return any(name in self.names for name in names)

    def now(self, name: str) -> str:
        """Give a fact as it is to be, the server's default where nothing is said."""
        return said(self.new, name)

    def of(self, prefix: str) -> tuple[tuple[str, str, str], ...]:
        """Give (rest of the name, before, after) of the differing facts `prefix:...`."""
        return tuple(
            (name.removeprefix(prefix), self.old.fact(name), self.new.fact(name))
            for name in self.names
            if name.startswith(prefix)
        )


def said(item: Item, name: str) -> str:
    """Give a fact, the server's default where nothing is said."""
    return item.fact(name) or default_of(item.kind, name)


def listed_facts(item: Item, prefix: str) -> tuple[tuple[str, str], ...]:
    """Give (rest of the name, value) of the facts `prefix:...`."""
    return tuple((n.removeprefix(prefix), v) for n, v in item.facts if n.startswith(prefix))


def made_anew(changes: Changes, target: Target) -> tuple[Statement, ...] | None:
    """For kinds that have no ALTER."""
    return None
