"""What can be done here: farmhand's tasks, and those for working on farmhand itself."""

import shlex
import subprocess
import sys

from invoke.collection import Collection
from invoke.context import Context

from pipeline.errors import Failed
from pipeline.tasks.edge import farm_task
from pipeline.tasks.gather import namespace

STATIC = (
    "ruff format --check .",
    "ruff check .",
    "mypy",
    "mypy --platform win32 --cache-dir .mypy_cache/win32",
)
QUICK_TESTS = "pytest -n auto --dist worksteal -m 'not live'"
LIVE_TESTS = "pytest -n 2 --dist loadfile -m live"  # more farms at once would be slow
BENCHMARKS = ("benchmarks.list_tasks", "benchmarks.schema_diff")
BENCHMARKS_OF_A_FARM = ("benchmarks.noop_deploy", "benchmarks.bounce", "benchmarks.worker_crash")


@farm_task(help={})
def test(context: Context) -> None:
    """Everything that a change must pass, with a real farm on this machine. CI runs this."""
    _in_turn(context, *STATIC, QUICK_TESTS, LIVE_TESTS)


@farm_task(help={})
def check(context: Context) -> None:
    """All that is quick and needs no Apache: format, lint, types for two platforms, tests."""
    _in_turn(context, *STATIC, QUICK_TESTS)


@farm_task(help={"env": "a deployed environment whose visitors may wait: environments/NAME.toml"})
def bench(context: Context, env: str = "local") -> None:
    """Measure what benchmarks/README.md promises. The environment must have been deployed."""
    deployed = (f"{name} --env {shlex.quote(env)}" for name in BENCHMARKS_OF_A_FARM)
    _in_turn(context, *BENCHMARKS, *deployed)


def _in_turn(context: Context, *lines: str) -> None:
    """Run these modules of our own Python; stop at the first that fails, and name it."""
    for line in lines:
        sys.stderr.write(f"$ python -m {line}\n")
        sys.stderr.flush()
        if context.config.run.dry:
            continue
        done = subprocess.run([sys.executable, "-m", *shlex.split(line)], check=False)
        if done.returncode != 0:
            raise Failed(f"exit code {done.returncode}", where=f"python -m {line}")


ns = namespace()
ns.add_task(test)
ns.add_collection(Collection("dev", check, bench))
