"""Where the value of each key of the inventory came from: a line of a file, the call, or nowhere.

Keys are named as `--set` names them: those of farm.toml begin with `farm.`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from pipeline.farm.instances import Inventory
from pipeline.farm.parse import Tables, place_of

FARM = "farm."
Keys = tuple[str, ...]

_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^/\s]+@")


@dataclass(frozen=True, slots=True)
class Origin:
    """What gave a key its value. Without a place and a setting that was the default."""

    key: str
    place: str = ""  # file:line
    setting: str | None = None  # the value as the call has it

    @property
    def is_default(self) -> bool:
        """Whether nobody has set it."""
        return not self.place and self.setting is None

    def __str__(self) -> str:
        if self.setting is not None:
            return f"--set {self.key}={without_password(self.setting)}"
        return f"{self.place}: {self.key}" if self.place else f"default of {self.key}"

    def of(self, key: str) -> str:
        """The same for who asked for this key, and need not be told it again."""
        if key != self.key:
            return str(self)
        return "--set" if self.setting is not None else self.place or "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file of the inventory, and what the call laid over it; `tables` is what came of both.

    `prefix` is what its keys begin with for those who use both files.
    """

    where: str
    text: str
    tables: Tables
    settings: tuple[tuple[str, str], ...] = ()
    prefix: str = ""

    def origins(self, key: str) -> tuple[Origin, ...]:
        """What gave a key its value; for a table, its place and each setting in it."""
        path = _path(self.tables, key)
        if not _has(self.tables, path):
            return (Origin(self.prefix + key),)
        effective = list(self._effective())
        over = [(at, value) for at, value in effective if at == path[: len(at)]]
        if over:
            return (self._set(*over[-1]),)
        below = [self._set(at, value) for at, value in effective if at[: len(path)] == path]
        if below and not _has(tomllib.loads(self.text), path):
            return tuple(below)
        return (Origin(self.prefix + key, place_of(self.where, self.text, path)), *below)

    def _effective(self) -> Iterator[tuple[Keys, str]]:
        """The settings that no later one has replaced."""
        paths = [tuple(name.split(".")) for name, _ in self.settings]
        for number, (path, (_, value)) in enumerate(zip(paths, self.settings, strict=True), 1):
            if not any(path[: len(later)] == later for later in paths[number:]):
                yield path, value

    def _set(self, path: Keys, value: str) -> Origin:
        return Origin(self.prefix + ".".join(path), setting=value)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an inventory was read from."""

    farm: Written
    environment: Written

    def origins(self, key: str) -> tuple[Origin, ...]:
        """What gave a key its value; more than one thing for a table that a setting reaches."""
        if key.startswith(FARM):
            return self.farm.origins(key.removeprefix(FARM))
        return self.environment.origins(key)

    def of(self, *keys: str) -> str:
        """The origins of keys, in words."""
        return "; ".join(dict.fromkeys(str(each) for key in keys for each in self.origins(key)))


def values_by_key(inventory: Inventory) -> dict[str, object]:
    """Every key of the inventory, written or not, with its value."""
    return {
        **{FARM + key: value for key, value in _leaves(inventory.farm)},
        **dict(_leaves(inventory.environment)),
    }


def in_words(value: object) -> str:
    """A value as TOML has it, without the password of a URL."""
    match value:
        case None:
            return "not set"
        case bool():
            return str(value).lower()
        case BaseModel():
            return in_words(value.model_dump(exclude_defaults=True))
        case Mapping():
            return (
                "{" + ", ".join(f"{key} = {in_words(each)}" for key, each in value.items()) + "}"
            )
        case list() | tuple():
            return "[" + ", ".join(map(in_words, value)) + "]"
        case int() | float():
            return str(value)
        case _:
            return '"' + without_password(str(value)) + '"'


def without_password(text: str) -> str:
    """A text whose URLs show no password."""
    return _PASSWORD.sub(r"\1***@", text)


def _leaves(table: BaseModel | Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The values in a table and in those below it, by their dotted keys."""
    for name, value in table.items() if isinstance(table, Mapping) else table:
        inner = _numbered(value)
        if isinstance(inner, BaseModel) or (isinstance(inner, Mapping) and inner):
            yield from ((f"{name}.{key}", each) for key, each in _leaves(inner))
        else:
            yield name, value


def _numbered(value: object) -> object:
    """An array of tables as a table of them, by their numbers; anything else as it is."""
    if isinstance(value, list | tuple) and any(isinstance(it, BaseModel | dict) for it in value):
        return {str(number): each for number, each in enumerate(value)}
    return value


def _path(tables: Tables, key: str) -> Keys:
    """A dotted key in its parts: the names of hosts may have dots in them."""
    found: list[str] = []
    table: object = tables
    rest = key.split(".")
    while rest:
        inner = _numbered(table)
        known = inner if isinstance(inner, Mapping) else {}
        width = next((n for n in range(len(rest), 0, -1) if ".".join(rest[:n]) in known), 1)
        name, rest = ".".join(rest[:width]), rest[width:]
        table = known.get(name)
        found.append(name)
    return tuple(found)


def _has(tables: Tables, path: Keys) -> bool:
    table: object = tables
    for name in path:
        inner = _numbered(table)
        if not isinstance(inner, Mapping) or name not in inner:
            return False
        table = inner[name]
    return True
