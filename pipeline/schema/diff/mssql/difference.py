"""One difference between two objects, and the options that would hide it."""

from dataclasses import dataclass

from pipeline.schema.diff.mssql.operation import Part
from pipeline.schema.normalise.mssql.options import Options

EXACT_NAMES = "use-case-sensitive-object-definition"
COLUMN_ORDER = "force-column-order"
UNLESS = {f"no-{name}": name for name in (EXACT_NAMES, COLUMN_ORDER)}
"""What is hidden until an option asks for it, by the name that says so in `hidden_by`."""
IGNORES_CASE = frozenset({f"no-{EXACT_NAMES}"})
IGNORES_ORDER = frozenset({f"no-{COLUMN_ORDER}", "ignore-column-order"})


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one part. `property` is '' when the part itself is on one side only.

    `source` and `target` are the two values in words for people, '' where there is none. Each
    name in `hidden_by` is of an option that alone hides it. `name` is the part's as written.
    """

    part: Part
    property: str
    source: str
    target: str
    hidden_by: frozenset[str] = frozenset()
    name: str = ""


def in_force(hidden_by: frozenset[str], options: Options) -> frozenset[str]:
    """Give those of the options that are in force: empty when nothing hides it."""
    return frozenset(
        name
        for name in hidden_by
        if (not options.has(UNLESS[name]) if name in UNLESS else options.has(name))
    )


def is_hidden(difference: Difference, options: Options) -> bool:
    """Whether an option that is in force hides it."""
    return bool(in_force(difference.hidden_by, options))
