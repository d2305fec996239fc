"""How a service came to its end."""

from enum import StrEnum


class Ended(StrEnum):
    """The last means that was needed."""

    ALREADY = "not running"
    GRACEFUL = "graceful"
    TERMINATED = "terminated"
    KILLED = "killed"
