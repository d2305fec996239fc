"""A comparison of SQLite schemas as a whole SQL script, for people."""

from collections.abc import Iterable, Sequence

from pipeline.hazard import Hazard
from pipeline.schema.compare import Comparison, groups
from pipeline.schema.groups import Group


def script(comparison: Comparison) -> str:
    """Give the whole change as one readable script; empty when there is nothing to do."""
    return "\n".join(map(_forward, groups(comparison)))


def undo_script(comparison: Comparison) -> str:
    """Give the script that brings the old schema back: groups in reverse order.

    A group whose data would not come back is a comment that says so.
    """
    return "\n".join(_back(group) for group in reversed(groups(comparison)))


def _forward(group: Group) -> str:
    head = [f"{group.phase}: {group.name}", *map(_hazard_line, group.hazards)]
    return _transaction(head, group.statements, off=group.needs_foreign_keys_off)


def _hazard_line(hazard: Hazard) -> str:
    return f"  {hazard}: {hazard.reason}"


def _back(group: Group) -> str:
    head = [f"undo of {group.phase}: {group.name}"]
    if group.undo is None:
        return _comment([*head, "  cannot be undone: data is gone"])
    return _transaction(head, group.undo, off=group.undo_needs_foreign_keys_off)


def _transaction(head: Iterable[str], statements: Sequence[str], *, off: bool) -> str:
    before = ["PRAGMA foreign_keys = OFF;"] if off else []
    check = ["PRAGMA foreign_key_check;"] if off else []
    after = ["PRAGMA foreign_keys = ON;"] if off else []
    body = [f"{statement};" for statement in statements]
    lines = [*before, "BEGIN IMMEDIATE;", *body, *check, "COMMIT;", *after]
    return _comment(head) + "\n".join(lines) + "\n"


def _comment(lines: Iterable[str]) -> str:
    return "".join(f"-- {' '.join(line.splitlines())}\n" for line in lines)
