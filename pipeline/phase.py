"""When a schema change may happen, seen from the bounce."""

from enum import StrEnum


class Phase(StrEnum):
    """Before the bounce, while old code still runs; or after it, when no old code is left."""

    EXPAND = "expand"
    CONTRACT = "contract"
