"""Releases built for real: their wheels come from the package index."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from uv import find_uv_bin

from pipeline.build.order import Order, WindowsHosts
from pipeline.build.release import build, obtain
from pipeline.build.store import Store, find, verify
from pipeline.errors import CheckFailed
from pipeline.farm.inventory import Build
from pipeline.source.cache import pull
from pipeline.source.demo import ensure_demo
from tests.build.conftest import order

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


WINDOWS = WindowsHosts(python_version="3.11", root="D:\\farm")


@pytest.mark.live
def test_the_example_is_built_for_windows_on_two_machines_with_equal_content(
    tmp_path: Path,
) -> None:
    first, second = (tmp_path / name for name in ("one", "two"))
    ensure_demo(PROJECT, tmp_path / "demo-hg")
    with pull(str(tmp_path / "demo-hg"), tmp_path / "hg") as repository:
        changeset = repository.resolve("v2", "default")
        order = Order(
            changeset=changeset,
            settings=SETTINGS,
            python=sys.executable,
            now="now",
            windows=WINDOWS,
        )
        releases = [
            obtain(
                Store(root), order, partial(repository.archive, changeset.node, root / "t"), print
            )
            for root in (first, second)
        ]
    assert releases[0].digest == releases[1].digest
    assert verify(Store(first), releases[0]) == ()
    names = Store(first).manifest(releases[0].id).files
    assert {"lib/django/__init__.py", "lib/tzdata/zones", "static/staticfiles.json"} <= {*names}
    assert not any(path.startswith(("wheels/", "lib/bin/", "lib/.")) for path in names)
    assert not any("__pycache__" in path or path.endswith("/RECORD") for path in names)


def locked(folder: Path, *requirements: str) -> Path:
    """A site's tree with a lock of these for all platforms."""
    (folder / "in.txt").write_text("\n".join(requirements), encoding="utf-8")
    words = ("pip", "compile", "-q", "--universal", "--generate-hashes", "--no-annotate")
    target = ("--python-version", "3.11", "-o", "requirements.lock", "in.txt")
    subprocess.run([find_uv_bin(), *words, *target], cwd=folder, check=True)
    return folder


@pytest.mark.live
def test_packages_in_c_come_as_windows_needs_them(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    tree = locked(site, "markupsafe==3.0.2", "pillow==11.3.0", "pywin32==310; os_name == 'nt'")
    store = Store(tmp_path)
    settings = Build(wsgi="site.wsgi", collectstatic=False)
    wanted = order(tests=False, settings=settings, windows=WINDOWS)
    release = obtain(store, wanted, lambda: tree, print)
    names = store.manifest(release.id).files
    compiled = "markupsafe/_speedups.cp311-win_amd64.pyd", "PIL/_imaging.cp311-win_amd64.pyd"
    assert {*(f"lib/{path}" for path in compiled), "lib/pywin32.pth"} <= {*names}
    assert not any(path.endswith(".so") or "/bin/" in path for path in names)
    assert verify(store, release) == ()


@pytest.mark.live
@pytest.mark.parametrize("package", ["uvloop==0.21.0", "uwsgi==2.0.31"])
def test_a_package_that_windows_has_no_wheel_of_is_refused(tmp_path: Path, package: str) -> None:
    site = tmp_path / "site"
    site.mkdir()
    tree = locked(site, package)
    with pytest.raises(CheckFailed) as caught:
        obtain(Store(tmp_path), order(windows=WINDOWS), lambda: tree, print)
    assert caught.value.what == f"{package} has no wheel for Windows and Python 3.11"
