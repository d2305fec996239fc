"""Whole processes, measured side by side: A B A B ..., so that a busy moment hits both.

python -m benchmarks.measure --runs 9 'ruff check .' 'ruff check pipeline'
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
INVOKE = str(ROOT / ("invoke.cmd" if sys.platform == "win32" else "invoke"))
MOST = 100  # runs of each
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"  # would have each run compile all it imports


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One process and its children, in seconds and bytes. What a platform cannot tell is None."""

    wall: float
    cpu: float | None = None
    peak: int | None = None  # of the largest single process


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Medians of two commands, `a` and `b`."""

    a: Sample
    b: Sample
    runs: int

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as much `a` takes as `b`."""
        theirs = asdict(self.b)
        return {name: mine / theirs[name] for name, mine in asdict(self.a).items() if mine}

    def as_json(self) -> dict[str, object]:
        """The comparison as JSON has it."""
        return {"format": 1, **asdict(self), "ratios": self.ratios}

    def lines(self, a: str, b: str) -> tuple[str, ...]:
        """The comparison as a table, with these two names."""
        width = max(len(a), len(b), 12)
        head = f"{f'medians of {self.runs}':{width}}  {'wall':>9}  {'cpu':>9}  {'peak':>9}"
        rows = [_row(name, s, width) for name, s in ((a, self.a), (b, self.b))]
        ratios = {name: f"{ratio:.2f}x" for name, ratio in self.ratios.items()}
        cells = (f"{ratios.get(name, '-'):>9}" for name in ("wall", "cpu", "peak"))
        return (head, *rows, f"{'ratio':{width}}  " + "  ".join(cells))


def once(argv: Sequence[str], *, timeout: float = 120.0) -> Sample:
    """Run a command with its output thrown away. Raises CalledProcessError when it fails.

    It is killed after `timeout` seconds.
    """
    usual = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    began = time.perf_counter()
    process = subprocess.Popen(
        argv, cwd=ROOT, env=usual, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    killer = threading.Timer(timeout, process.kill)
    killer.start()
    with process:
        said = process.stderr.read()
        if sys.platform == "win32":
            code, cpu, peak = process.wait(), None, None
        else:
            _, status, usage = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
            cpu = usage.ru_utime + usage.ru_stime
            peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    wall = time.perf_counter() - began
    killer.cancel()
    if code != 0:
        raise subprocess.CalledProcessError(code, argv, stderr=said)
    return Sample(wall=wall, cpu=cpu, peak=peak)


def alternate(a: Sequence[str], b: Sequence[str], *, runs: int = 7) -> Comparison:
    """Run `a` and `b` in turns, once unmeasured to fill caches, and then `runs` times each."""
    pairs = [(once(a), once(b)) for _ in range(min(runs, MOST) + 1)][1:]
    ours, theirs = zip(*pairs, strict=True)
    return Comparison(a=middle(ours), b=middle(theirs), runs=len(pairs))


def middle(samples: Sequence[Sample]) -> Sample:
    """The median of each number."""
    cpu = [s.cpu for s in samples if s.cpu is not None]
    peak = [s.peak for s in samples if s.peak is not None]
    return Sample(
        wall=median(s.wall for s in samples),
        cpu=median(cpu) if cpu else None,
        peak=int(median(peak)) if peak else None,
    )


def told(name: str, value: float, limit: float, unit: str) -> int:
    """Say whether a target was met; the exit code for it."""
    met = value <= limit
    print(f"{'ok' if met else 'MISSED'}: {name}: {value:.2f}{unit}, target {limit:g}{unit}")
    return 0 if met else 1


def _row(name: str, sample: Sample, width: int) -> str:
    cpu = "-" if sample.cpu is None else f"{sample.cpu:.3f} s"
    peak = "-" if sample.peak is None else f"{sample.peak / 1e6:.1f} MB"
    return f"{name:{width}}  {sample.wall:7.3f} s  {cpu:>9}  {peak:>9}"


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.measure", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("a", help="a command, in quotes; no shell runs it")
    options.add_argument("b", help="the one to compare with")
    options.add_argument("--runs", type=int, default=7, help=f"of each, at most {MOST}")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    found = alternate(shlex.split(given.a), shlex.split(given.b), runs=given.runs)
    print(json.dumps(found.as_json(), indent=1) if given.json else _table(found, given.a, given.b))
    return 0


def _table(found: Comparison, a: str, b: str) -> str:
    return "\n".join(found.lines(a, b))


if __name__ == "__main__":
    sys.exit(main())
