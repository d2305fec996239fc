"""The outcome of comparing one thing on two sides."""

from enum import StrEnum


class Verdict(StrEnum):
    """Same, there on one side only, different, or impossible to tell. Reasons stand beside it."""

    SAME = "same"
    SOURCE_ONLY = "source-only"
    TARGET_ONLY = "target-only"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot-tell"
