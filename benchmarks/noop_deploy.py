"""How long a deploy takes that has nothing to do: pull, observe, plan, and say so."""

import argparse
import sys

from benchmarks.measure import INVOKE, middle, once, told

LIMIT = 2.0  # seconds


def main() -> int:
    """Exit code 1 when the target is missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.noop_deploy", description=__doc__)
    options.add_argument("--env", default="local")
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    deploy = [INVOKE, "deploy", "--env", given.env, "--yes"]
    once(deploy, timeout=600)  # whatever there is to do is done now
    found = middle([once(deploy) for _ in range(min(given.runs, 50))])
    return told("a deploy without a change", found.wall, LIMIT, " s")


if __name__ == "__main__":
    sys.exit(main())
