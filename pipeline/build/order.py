"""What is to be built, with what, and for which Python."""

from dataclasses import dataclass

from pipeline.facts.changeset import Changeset
from pipeline.farm.inventory import Build
from pipeline.farm.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsHosts:
    """Hosts that a release is built for from afar. `root` is the longest of theirs."""

    python_version: str  # 3.11
    root: str

    def folder(self, release: str) -> str:
        """Where a release will be."""
        return Layout(root=self.root, windows=True).release(release)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One changeset, how it is built, and the interpreter that the hosts run.

    For `windows` hosts, `python` is one of this machine: it collects the static files and runs the
    tests.
    """

    changeset: Changeset
    settings: Build
    python: str  # a path
    now: str  # ISO 8601, UTC
    tests: bool = True
    windows: WindowsHosts | None = None
