"""TOML texts of many shapes, with the line that sets each key: material for property tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

KEYS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,7}", fullmatch=True)
VALUES = st.one_of(
    st.integers(-9, 9),
    st.booleans(),
    st.text("abc =[]{}#.,", max_size=8),
    st.lists(st.integers(0, 9), max_size=2),
)
Leaf = int | bool | str | list[int]
Tree = dict[str, "Leaf | Tree"]


def trees(depth: int = 3) -> st.SearchStrategy[Tree]:
    """Tables in tables, with some value in each of them."""
    values: st.SearchStrategy[Leaf | Tree] = VALUES
    if depth > 1:
        values = st.one_of(VALUES, trees(depth - 1))
    return st.dictionaries(KEYS, values, min_size=1, max_size=4)


@dataclass(frozen=True)
class Written:
    """A tree as TOML text, and the line (from 1) on which each key is set or its table opened."""

    text: str
    tree: Tree
    lines: dict[tuple[str, ...], int]


@st.composite
def written(draw: st.DrawFn) -> Written:
    """A tree, each of its tables written in one of the ways that TOML has, among comments."""
    tree = draw(trees())
    lines: list[str] = []
    where: dict[tuple[str, ...], int] = {}

    def put(line: str, *paths: tuple[str, ...]) -> None:
        lines.extend(draw(st.lists(st.sampled_from(["", "# a = 1", "  # [table]"]), max_size=2)))
        lines.append(line)
        for path in paths:
            where.setdefault(path, len(lines))

    def key(name: str) -> str:
        return draw(st.sampled_from([name, f'"{name}"', f"'{name}'"]))

    def table(path: tuple[str, ...], content: Tree) -> None:
        below = []
        for name, value in content.items():
            if not isinstance(value, dict):
                put(f"{key(name)} = {literal(value)}", (*path, name))
                continue
            way = draw(st.sampled_from(["inline", "dotted", "header"]))
            if way == "header":
                below.append((name, value))
            elif way == "inline":
                put(f"{key(name)} = {literal(value)}", (*path, name), *paths((*path, name), value))
            else:
                for rest, leaf in leaves(value):
                    names = (name, *rest)
                    prefixes = [(*path, *names[:n]) for n in range(1, len(names) + 1)]
                    put(f"{'.'.join(map(key, names))} = {literal(leaf)}", *prefixes)
        for name, value in below:
            put(f"[{'.'.join(map(key, (*path, name)))}]", (*path, name))
            table((*path, name), value)

    table((), tree)
    return Written("\n".join(lines) + "\n", tree, where)


def leaves(tree: Tree) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    """The values of a tree that are no tables, by their path."""
    for name, value in tree.items():
        if isinstance(value, dict):
            for rest, leaf in leaves(value):
                yield (name, *rest), leaf
        else:
            yield (name,), value


def paths(at: tuple[str, ...], tree: Tree) -> Iterator[tuple[str, ...]]:
    """The paths of all keys below `at`."""
    for name, value in tree.items():
        yield (*at, name)
        if isinstance(value, dict):
            yield from paths((*at, name), value)


def literal(value: Leaf | Tree) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case dict():
            return "{ " + ", ".join(f"{k} = {literal(v)}" for k, v in value.items()) + " }"
        case _:
            return str(value)
