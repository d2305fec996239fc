"""The demo's site: its trees as they go into changesets, databases made from its scripts."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).parents[2]
SITE = ROOT / "example"
KINDS = ("tables", "indexes", "views", "triggers")

Assemble = Callable[[str], Path]
Build = Callable[[Path], Path]
Manage = Callable[..., subprocess.CompletedProcess[str]]


def assemble_into(version: str, tree: Path) -> Path:
    """Lay the site, its schema and the version's overlay into `tree`."""
    skip = shutil.ignore_patterns("history", "__pycache__", "site.db*")
    shutil.copytree(SITE, tree, ignore=skip)
    shutil.copytree(ROOT / "schema", tree / "schema")
    overlay = SITE / "history" / version
    if overlay.is_dir():
        shutil.copytree(overlay, tree, dirs_exist_ok=True)
    removed = tree / "REMOVED"
    if removed.exists():
        for line in (*removed.read_text().split(), "REMOVED"):
            (tree / line).unlink()
    return tree


@pytest.fixture
def assemble(tmp_path: Path) -> Assemble:
    """Make the tree of a version: v1, v2 or v3."""
    return lambda version: assemble_into(version, tmp_path / version)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Make a database from the scripts of a tree."""

    def run(tree: Path) -> Path:
        database = tmp_path / f"{tree.name}.db"
        with closing(sqlite3.connect(database)) as connection:
            for kind in KINDS:
                for script in sorted((tree / "schema" / kind).glob("*.sql")):
                    connection.executescript(script.read_text(encoding="utf-8"))
        return database

    return run


@pytest.fixture(scope="session")
def django_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with what the site's lock file names, and nothing else."""
    venv = tmp_path_factory.mktemp("django") / "venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    tool = uv.find_uv_bin()
    sync = [tool, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python)]
    subprocess.run([tool, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    subprocess.run([*sync, SITE / "requirements.lock"], check=True)
    return python


@pytest.fixture
def manage(django_python: Path) -> Manage:
    """Run a Django command in a tree: manage(tree, "check", HOMEBREW_DEBUG="1")."""

    def run(tree: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        ours = ("DJANGO_", "HOMEBREW_", "FARM_", "PYTHON")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        return subprocess.run(
            [django_python, "-W", "error", "manage.py", *command],
            cwd=tree,
            env=inherited | settings,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
