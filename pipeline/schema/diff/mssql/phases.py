"""When each operation may run: before the bounce, after it, or never while code runs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.phase import Phase
from pipeline.schema.diff.mssql.cost import later
from pipeline.schema.diff.mssql.operation import Operation, Part
from pipeline.schema.diff.mssql.parts import object_part


def with_phases(
    operations: Sequence[Operation],
    needs: Sequence[tuple[int, ...]],
    causes: Sequence[Part | None],
    together: Sequence[tuple[int, ...]],
) -> tuple[Operation, ...]:
    """Give the operations with phases that fit together.

    What is only in the way runs with its cause; nothing runs before what it needs; what is taken
    down and put back, `together`, is so in one phase.
    """
    phases = [operation.phase for operation in operations]
    places: dict[Part, list[int]] = defaultdict(list)
    for place, operation in enumerate(operations):
        if not operation.in_the_way:
            places[operation.part].append(place)
    for place, cause in enumerate(causes):
        if cause is not None:
            found = places.get(cause) or places.get(object_part(cause.key)) or ()
            phases[place] = later(phases[each] for each in found)
    changed = True
    while changed:
        changed = _follow(phases, needs) | _join(phases, together)
    return tuple(
        operation if operation.phase is phase else replace(operation, phase=phase)
        for operation, phase in zip(operations, phases, strict=True)
    )


def _follow(phases: list[Phase], needs: Sequence[tuple[int, ...]]) -> bool:
    changed = False
    for place, needed in enumerate(needs):
        found = later((phases[place], *(phases[each] for each in needed)))
        changed |= found is not phases[place]
        phases[place] = found
    return changed


def _join(phases: list[Phase], together: Sequence[tuple[int, ...]]) -> bool:
    changed = False
    for group in together:
        found = later(phases[each] for each in group)
        for each in group:
            changed |= phases[each] is not found
            phases[each] = found
    return changed
