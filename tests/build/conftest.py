"""A site of a few files that needs no Django: its `manage.py` knows two words."""

import base64
import hashlib
import os
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipeline.build.order import Order, WindowsHosts
from pipeline.build.release import obtain
from pipeline.build.store import Store
from pipeline.facts.changeset import Changeset, Release
from pipeline.farm.inventory import Build

MANAGE = """\
import json, os, pathlib, random, sys
static = pathlib.Path(os.environ["SITE_STATIC_ROOT"])
if sys.argv[1] == "collectstatic":
    names = [f"style{n}.css" for n in range(9)]
    random.seed()
    random.shuffle(names)
    for name in names:
        (static / name).write_text(name)
    text = json.dumps({"version": "1.1", "paths": {name: name for name in names}})
    (static / "staticfiles.json").write_text(text)
if sys.argv[1] == "test":
    pathlib.Path("left-by-tests").touch()
    (static / "style0.css").write_text("spoilt by tests")
    exec(pathlib.Path("tests.txt").read_text())
"""
CHANGESET = Changeset(
    node="1a2b3c4d5e6f" + "0" * 28,
    branch="feature/x",
    author="Ann <ann@example.com>",
    date="2026-01-05T09:00:00+01:00",
    summary="First",
    bookmarks=("stable",),
)
SETTINGS = Build(wsgi="site.wsgi", environ={"SITE_STATIC_ROOT": "{static}"})
FIRST = "feature_x-1a2b3c4d5e6f-1"
SECOND = "feature_x-1a2b3c4d5e6f-2"


def order(
    *,
    tests: bool = True,
    settings: Build = SETTINGS,
    now: str = "2026-02-01T12:00:00Z",
    windows: WindowsHosts | None = None,
) -> Order:
    return Order(
        changeset=CHANGESET,
        settings=settings,
        python=sys.executable,
        now=now,
        tests=tests,
        windows=windows,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The archived tree of the changeset."""
    tree = tmp_path / "tree"
    (tree / "app").mkdir(parents=True)
    (tree / "manage.py").write_text(MANAGE, encoding="utf-8")
    (tree / "tests.txt").write_text("", encoding="utf-8")
    (tree / "app" / "run.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (tree / "app" / "run.sh").chmod(0o700)
    (tree / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    return tree


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / ".farm")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def obtained(store: Store, tree: Path, said: list[str]) -> Callable[..., Release]:
    """Obtain the release of the changeset, as a deploy does."""

    def now(**changes: object) -> Release:
        return obtain(store, order(**changes), lambda: tree, said.append)  # type: ignore[arg-type]

    return now


ODD = {"odd/__init__.py": "x = 1\n", "odd/template.py": "{{ name }} def\n"}


def wheel(
    folder: Path,
    name: str = "odd",
    files: Mapping[str, str] = ODD,
    *,
    tag: str = "py3-none-any",
    metadata: str = "",
) -> str:
    """A wheel, by default with a file that no Python compiles; its line for a lock."""
    info = f"{name}-1.0.dist-info"
    texts = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{metadata}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    lines = [f"{path},{_recorded(text)},{len(text)}" for path, text in texts.items()]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in texts.items():
            archive.writestr(place, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,"]))
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _recorded(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder in the place of an index: one wheel, one package without. The wheel's line."""
    line = wheel(tmp_path / "index")
    (tmp_path / "index" / "source-only-1.0.tar.gz").touch()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return line
