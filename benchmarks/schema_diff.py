"""How long `schema.diff` takes, from two folders of scripts to the script and the JSON.

python -m benchmarks.schema_diff

Cold is without the cache of scripts, warm with it. The rival is coop-schema-compare (PyPI), which
compares tables by their columns, and the texts of views, procedures and functions.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import INVOKE, Sample, alternate, middle, once, told
from benchmarks.schema_folders import write

RIVAL = "coop-schema-compare==0.1.8"
SMALL, BIG = 2_000, 10_000  # tables
COLD, MEMORY, WARM, GROWTH = 1.5, 150.0, 1.0, 6.0  # seconds, MB, seconds, times


def command(source: Path, target: Path, out: Path, *more: str) -> list[str]:
    """The whole process that is measured."""
    return [
        *(INVOKE, "schema.diff", "--source", f"scripts:{source}", "--target", f"scripts:{target}"),
        *("--dialect", "mssql", "--out", str(out / "diff.sql"), "--json", str(out / "diff.json")),
        *more,
    ]


def rival(folder: Path) -> str:
    """Install the rival into a folder, and give its program."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "-q", folder / "rival"], check=True)
    python = folder / "rival" / "bin" / "python"
    subprocess.run([uv, "pip", "install", "-q", "--python", python, RIVAL], check=True)
    return str(python.with_name("coop-schema-compare"))


def repeated(argv: Sequence[str], runs: int) -> Sample:
    """The median of some runs, after one that is not counted."""
    return middle([once(argv) for _ in range(runs + 1)][1:])


def main() -> int:
    """Exit code 1 when a target is missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.schema_diff")
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new, old = write(folder / "small", SMALL)
        against = [rival(folder), "diff", str(new), str(old), "--out", str(folder / "theirs")]
        cold = command(new, old, folder, "--no-cache")
        found = alternate(cold, against, runs=runs)
        print("\n".join(found.lines("schema.diff", "coop-schema-compare")))
        missed = told(f"{SMALL} tables, cold", found.a.wall, COLD, " s")
        missed |= told(f"{SMALL} tables, memory", (found.a.peak or 0) / 1e6, MEMORY, " MB")
        missed |= told("as long as the rival", found.ratios["wall"], 1.0, "x")
        new, old = write(folder / "big", BIG, 0.01)
        big = repeated(command(new, old, folder, "--no-cache"), max(runs // 2, 1))
        growth = big.wall / found.a.wall
        missed |= told(f"{BIG} tables, cold, as long as {SMALL}", growth, GROWTH, "x")
        warm = repeated(command(new, old, folder), runs)
        missed |= told(f"{BIG} tables, 1 % changed, warm", warm.wall, WARM, " s")
    return missed


if __name__ == "__main__":
    sys.exit(main())
