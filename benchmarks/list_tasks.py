"""How long the list of tasks takes, against an interpreter that only imports invoke."""

import sys

from benchmarks.measure import INVOKE, alternate, told

LIMIT = 2.0  # times as long


def main() -> int:
    """Exit code 1 when the target is missed."""
    found = alternate([INVOKE, "--list"], [sys.executable, "-c", "import invoke"], runs=15)
    print("\n".join(found.lines("./invoke --list", 'python -c "import invoke"')))
    return told("listing the tasks", found.ratios["wall"], LIMIT, "x")


if __name__ == "__main__":
    sys.exit(main())
