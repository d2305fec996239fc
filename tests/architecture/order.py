"""Who may import whom: one order of rooms, from left to right. Docs: DESIGN, "Rooms"."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from tests.architecture.code import PACKAGE, Code

# A room imports from itself and from the rows above it, never from another room of its own row.
ORDER = (
    ("values",),
    ("schema", "rows"),
    ("farm",),
    ("render",),
    ("facts",),
    ("plan",),  # up to here everything is pure
    ("settings", "disk"),
    ("transport",),
    ("source", "build", "services", "balancer"),
    ("schema.readers", "rows.readers"),
    ("schema.rehearse",),
    ("observe",),
    ("execute",),
    ("flow",),
    ("report", "ci", "django"),
    ("tasks",),
)
# The room `values` is these single modules; no other module stands outside a room's folder, but
# for the two that are a room of their own.
VALUES = frozenset({"errors", "command", "secret", "hazard", "phase", "verdict", "wording"})
ROW = {room: number for number, row in enumerate(ORDER) for room in row}
PURE = frozenset(room for room, row in ROW.items() if row <= ROW["plan"])


def room(module: str) -> str | None:
    """The room that a module stands in: the nearest name above it. None: it has no place."""
    inside = module.removeprefix(f"{PACKAGE}.")
    if inside in VALUES:
        return "values"
    parts = inside.split(".")
    names = (".".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((name for name in names if name in ROW and name != "values"), None)


def misplaced(code: Code, module: str) -> Iterator[str]:
    """What is wrong with a module's place and with its imports of other rooms."""
    here = room(module)
    if module == PACKAGE:
        return
    if here is None:
        yield f"{module} stands in no room: move it into one, or give it a place in DESIGN's order"
        return
    for found, target in code.uses(module):
        there = room(target)
        if there is None or there == here or ROW[there] < ROW[here]:
            continue
        beside = "beside" if ROW[there] == ROW[here] else "to the right of"
        yield (
            f"{module}:{found.line} imports {target}, but {there} stands {beside} {here}: "
            f"take it as an argument, or move what both need to the left"
        )


def cycle(code: Code) -> tuple[str, ...]:
    """One circle of imports, or nothing. Imports for types only, and late ones, count."""
    graph = {name: {target for _, target in code.uses(name)} for name in code.modules}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()
