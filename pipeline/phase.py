"""When a schema change may happen, seen from the bounce."""

from enum import StrEnum


class Phase(StrEnum):
    """Before the bounce, while old code still runs; after it, when no old code is left; or never
    while either runs.
    """

    EXPAND = "expand"
    CONTRACT = "contract"
    LOCKSTEP = "lockstep"
    """Cannot be done rolling: it needs a stop, or has to be split."""
