"""What is to be built, with what, and for which Python."""

from dataclasses import dataclass

from pipeline.facts.changeset import Changeset
from pipeline.farm.inventory import Build


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One changeset, how it is built, and the interpreter that the hosts run."""

    changeset: Changeset
    settings: Build
    python: str  # a path
    now: str  # ISO 8601, UTC
    tests: bool = True
