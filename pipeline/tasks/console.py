"""The console script `farmhand`: the same tasks, in any folder with a farm.toml."""

from importlib.metadata import version

from invoke.program import Program

from pipeline.tasks.gather import namespace


def main() -> None:
    """Run a task, as `invoke` does."""
    Program(
        name="farmhand", binary="farmhand", namespace=namespace(), version=version("farmhand")
    ).run()
