"""How far a step has come: the words of the journal."""

from enum import StrEnum


class StepState(StrEnum):
    """The last thing that the journal knows of a step. A step it does not know was not begun."""

    BEGAN = "began"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
