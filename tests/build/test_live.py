"""The project's own example, built for real: its wheels come from the package index."""

import sys
from functools import partial
from pathlib import Path

import pytest

from pipeline.build.order import Order
from pipeline.build.release import build, obtain
from pipeline.build.store import Store, find, verify
from pipeline.farm.inventory import Build
from pipeline.source.cache import pull
from pipeline.source.demo import ensure_demo

PROJECT = Path(__file__).parents[2]
SETTINGS = Build(
    wsgi="homebrew.wsgi",
    environ={"DJANGO_SECRET_KEY": "build", "HOMEBREW_STATIC_ROOT": "{static}"},
)


@pytest.mark.live
def test_the_example_is_built_twice_with_equal_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    ensure_demo(PROJECT, tmp_path / "demo-hg")
    with pull(str(tmp_path / "demo-hg"), tmp_path / "hg") as repository:
        for version in ("v1", "v2"):
            changeset = repository.resolve(version, "default")
            order = Order(changeset=changeset, settings=SETTINGS, python=sys.executable, now="now")
            archive = partial(repository.archive, changeset.node, store.trees)
            first = obtain(store, order, archive, print)
            # The second build must not need an index.
            monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
            second = build(store, order, archive, print)
            assert first.digest == second.digest
            assert verify(store, second) == ()
            assert find(store, changeset.node) == second
            names = store.manifest(second.id).files
            assert any(path.startswith("wheels/django-") for path in names)
            assert not any(path.startswith("wheels/tzdata") for path in names)
            assert "static/staticfiles.json" in names
            assert not any("__pycache__" in path or path.endswith(".db") for path in names)
