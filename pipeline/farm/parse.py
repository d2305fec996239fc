"""The inventory's files, read from text: every mistake is named with its line, key and cure."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import BadCall, BadInventory
from pipeline.farm.inventory import Part

P = TypeVar("P", bound=Part)
Tables = dict[str, Any]

PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
DOTTED = rf"\s*({PART}(?:\s*\.\s*{PART})*)\s*"
HEADER = re.compile(rf"\s*\[{DOTTED}\]\s*(?:#.*)?$")
ARRAY = re.compile(rf"\s*\[\[{DOTTED}\]\]\s*(?:#.*)?$")
SETS_KEY = re.compile(rf"{DOTTED}=")
QUOTES = ('"""', "'''")


def read_toml(text: str, where: str) -> Tables:
    """A TOML text as tables. Raises BadInventory with the line of a syntax error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        line = re.search(r"\(at line (\d+), column (\d+)\)", str(problem))
        place = f"{where}:{line[1] if line else max(1, len(text.splitlines()))}"
        what = str(problem).split(" (at ")[0]
        raise BadInventory(f"not TOML: {what}", where=place) from problem


def override(tables: Tables, settings: Iterable[tuple[str, str]]) -> Tables:
    """`tables` with each setting laid over it: a dotted key, and a value of TOML or else text."""
    result = _copied(tables)
    for name, value in settings:
        *parents, last = name.split(".")
        table = result
        for number, parent in enumerate(parents, 1):
            table = table.setdefault(parent, {})
            if not isinstance(table, dict):
                dotted = ".".join(parents[:number])
                raise BadCall(f"{dotted} is a value, not a table", where=f"--set {name}")
        table[last] = _value(value)
    return result


def split_setting(setting: str) -> tuple[str, str]:
    """`NAME=VALUE` in two. Raises BadCall when it is not of that form."""
    name, equals, value = setting.partition("=")
    if not equals or not re.fullmatch(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*", name):
        raise BadCall(
            f"{setting!r} is not NAME=VALUE",
            where="--set",
            advice="for example: --set balancer.port=8090",
        )
    return name, value


def checked(
    model: type[P],
    tables: Tables,
    *,
    where: str,
    text: str,
    overridden: Mapping[str, str] | None = None,
) -> P:
    """`tables` as a value of the inventory. Raises BadInventory that names all mistakes.

    `overridden`: the keys that came from the call, each as it was written there.
    """
    try:
        return model.model_validate(tables)
    except ValidationError as problem:
        lines = [
            _complaint(model, error, where=where, text=text, overridden=overridden or {})
            for error in problem.errors(include_url=False)
        ]
    # Outside the handler: pydantic's error holds the values, and may not travel with ours.
    raise BadInventory("\n".join(lines))


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line of a TOML text that sets the key `path`, else that opens a table it belongs to."""
    lines = _lines(text)
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)


def place_of(where: str, text: str, path: tuple[str, ...]) -> str:
    """`file:line` of a key, or of the table that it belongs to."""
    line = line_of(text, path)
    return f"{where}:{line}" if line else where


@lru_cache(maxsize=4)  # who asks for one key's line asks for many
def _lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of each key and table; the first one, and rather one that is about nothing more."""
    exact: dict[tuple[str, ...], int] = {}
    inner: dict[tuple[str, ...], int] = {}
    for number, found in _keys(text):
        exact.setdefault(found, number)
        for n in range(1, len(found)):
            inner.setdefault(found[:n], number)
    return inner | exact


def _keys(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines that set a key or open a table, and its path; texts of several lines are none."""
    table: tuple[str, ...] = ()
    arrays: dict[tuple[str, ...], int] = {}
    within = ""
    for number, line in enumerate(text.split("\n"), 1):
        if within:
            within = "" if within in line else within
        elif header := HEADER.match(line):
            table = _inside(arrays, _parts(header[1]))
            yield number, table
        elif header := ARRAY.match(line):
            array = _inside(arrays, _parts(header[1]))
            arrays[array] = arrays.get(array, -1) + 1
            table = (*array, str(arrays[array]))
            yield number, table
        elif key := SETS_KEY.match(line):
            yield number, (*table, *_parts(key[1]))
            within = next((quote for quote in QUOTES if line.count(quote) % 2), "")


def _inside(arrays: Mapping[tuple[str, ...], int], parts: tuple[str, ...]) -> tuple[str, ...]:
    """The path of a table that may stand in arrays: it is in the last element of each."""
    path: tuple[str, ...] = ()
    for part in parts:
        path = (*path, str(arrays[path]), part) if path in arrays else (*path, part)
    return path


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("'\"") for part in re.findall(PART, dotted))


def _complaint(
    model: type[BaseModel],
    error: ErrorDetails,
    *,
    where: str,
    text: str,
    overridden: Mapping[str, str],
) -> str:
    context = error.get("ctx", {})
    at = context.get("at") or (*error["loc"], *context.get("key", ()))
    path = tuple(str(part) for part in at if part != "[key]")
    dotted = ".".join(path)
    given = overridden.get(dotted)
    place = f"--set {given}" if given else place_of(where, text, path)
    return f"{place}: {dotted + ': ' if dotted else ''}{_reason(model, path, error)}"


def _reason(model: type[BaseModel], path: tuple[str, ...], error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return f"unknown key; {_nearest(path[-1], _known_keys(model, path[:-1]))}"
    if error["type"] == "unknown_host":
        name = error["ctx"]["input"]
        return f"there is no host {name!r}; {_nearest(name, error['ctx']['known'])}"
    if error["type"] == "missing":
        return "missing"
    if error["type"] == "mistake":
        return error["msg"]
    expected = error["msg"].removeprefix("Value error, ")
    expected = f"{expected[:1].lower()}{expected[1:]}"
    # Who wrote a secret here by mistake does not want to see it repeated.
    if {"secrets", "certificate", "key"} & {*path}:
        return expected
    return f"{expected}, not {error['input']!r}"


def _nearest(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"


def _known_keys(model: type[BaseModel], path: tuple[str, ...]) -> list[str]:
    """The keys of the table at `path`, found by walking the models."""
    current: Any = model
    for part in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(part)
            current = _table_of(field.annotation) if field else None
        else:
            current = _value_type(current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return list(current.model_fields)
    return []


def _table_of(annotation: Any) -> Any:
    """The table that a key may be left out of: `Deed | None` -> `Deed`."""
    if isinstance(annotation, UnionType) and len(get_args(annotation)) == 2:
        return next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _value_type(annotation: Any) -> Any:
    """What a mapping or a tuple holds: `Mapping[Name, Host]` -> `Host`."""
    arguments = [each for each in get_args(annotation) if each is not Ellipsis]
    if isinstance(annotation, UnionType) or not arguments:
        return None
    return arguments[-1]


def _value(text: str) -> Any:
    try:
        tables = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return tables["value"] if len(tables) == 1 else text


def _copied(tables: Mapping[str, Any]) -> Tables:
    return {k: _copied(v) if isinstance(v, dict) else v for k, v in tables.items()}
