"""A release for Windows holds its packages unpacked, and nothing that a machine adds to them."""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.build.order import WindowsHosts
from pipeline.build.release import build, obtain
from pipeline.build.store import Store, prune, read, verify
from pipeline.build.unpacked import refusal
from pipeline.command import Outcome
from pipeline.errors import BuildFailed, CheckFailed
from pipeline.facts.changeset import ManifestEntry, Release
from tests.build.conftest import FIRST, ODD, SECOND, order, wheel

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
HERE = f"cp{sys.version_info.major}{sys.version_info.minor}"
ON_WINDOWS, ON_LINUX = f"{HERE}-{HERE}-win_amd64", f"{HERE}-{HERE}-manylinux_2_17_x86_64"
WINDOWS = WindowsHosts(python_version=VERSION, root="D:\\farm")
UNTESTED = order().settings.model_copy(update={"collectstatic": False})

Build = Callable[..., Release]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of a package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    config = tmp_path / "uv.toml"
    config.write_text(f"no-index = true\nfind-links = ['{folder}']\n", encoding="utf-8")
    monkeypatch.setenv("UV_CONFIG_FILE", str(config))
    return folder


@pytest.fixture
def for_windows(store: Store, tree: Path, said: list[str]) -> Build:
    """Obtain the release for Windows hosts of a changeset with this lock; no code of it runs."""

    def now(lock: str, windows: WindowsHosts = WINDOWS) -> Release:
        (tree / "requirements.lock").write_text(lock, encoding="utf-8")
        wanted = order(tests=False, settings=UNTESTED, windows=windows)
        return obtain(store, wanted, lambda: tree, said.append)

    return now


def library(store: Store, release: Release) -> list[str]:
    """The files of a release's packages."""
    return [path for path in store.manifest(release.id).files if path.startswith("lib/")]


def test_wheels_for_windows_are_unpacked_whatever_this_machine_is(
    index: Path, store: Store, for_windows: Build, said: list[str]
) -> None:
    fast = wheel(index, "fast", {"fast/_c.pyd": "MZ"}, tag=ON_WINDOWS)
    wheel(index, "fast", {"fast/_c.so": "ELF"}, tag=ON_LINUX)
    console = wheel(index, "console", {"console.py": "", "console.pth": "sub\n"})
    gone = f"gone==1.0 ; sys_platform != 'win32' --hash=sha256:{'0' * 64}\n"
    release = for_windows(fast + console.replace(" ", " ; os_name == 'nt' ", 1) + gone)
    assert library(store, release) == [
        "lib/console-1.0.dist-info/METADATA",
        "lib/console-1.0.dist-info/WHEEL",
        "lib/console.pth",
        "lib/console.py",
        "lib/fast-1.0.dist-info/METADATA",
        "lib/fast-1.0.dist-info/WHEEL",
        "lib/fast/_c.pyd",
    ]
    assert sorted(path.name for path in store.folder(release.id).iterdir()) == [
        "code",
        "lib",
        "manifest.json",
        "release.json",
        "static",
    ]
    assert [line.partition(":")[0] for line in said] == [
        "archive",
        "packages for Windows",
        "manifest",
    ]


def test_what_a_machine_makes_or_notes_for_itself_is_left_out(
    index: Path, store: Store, for_windows: Build
) -> None:
    files = {
        "tool/__init__.py": "",
        "tool/bin/data.txt": "kept",
        "tool/__pycache__/x.cpython-311.pyc": "",
        "tool-1.0.dist-info/entry_points.txt": "[console_scripts]\ntool = tool:main\n",
        "tool-1.0.dist-info/licenses/RECORD": "kept too",
        "tool-1.0.data/scripts/tool.py": "#!python\n",
    }
    release = for_windows(wheel(index, "tool", files))
    assert library(store, release) == [
        "lib/tool-1.0.dist-info/METADATA",
        "lib/tool-1.0.dist-info/WHEEL",
        "lib/tool-1.0.dist-info/entry_points.txt",
        "lib/tool-1.0.dist-info/licenses/RECORD",
        "lib/tool/__init__.py",
        "lib/tool/bin/data.txt",
    ]


def test_builds_on_two_machines_are_equal(
    index: Path, store: Store, for_windows: Build, tree: Path, tmp_path: Path
) -> None:
    first = for_windows(wheel(index))
    wanted = order(tests=False, settings=UNTESTED, windows=WINDOWS)
    second = build(Store(tmp_path / "another"), wanted, lambda: tree, lambda _: None)
    assert (first.id, first.digest) == (second.id, second.digest)
    assert verify(store, first) == ()


def test_no_file_for_windows_is_marked_as_a_program(store: Store, for_windows: Build) -> None:
    release = for_windows("# nothing\n")
    entries = store.manifest(release.id).files
    assert "code/app/run.sh" in entries
    assert {entry.mode for entry in entries.values()} == {0o644}


def test_the_second_build_needs_no_index(
    index: Path, for_windows: Build, store: Store, tree: Path
) -> None:
    first = for_windows(wheel(index))
    (index / "odd-1.0-py3-none-any.whl").unlink()
    wanted = order(tests=False, settings=UNTESTED, windows=WINDOWS)
    second = build(store, wanted, lambda: tree, lambda _: None)
    assert (second.id, second.digest) == (SECOND, first.digest)


def test_a_host_gets_the_release_of_its_own_platform_and_python(
    index: Path, store: Store, for_windows: Build, tree: Path
) -> None:
    wheel(index)
    here = order(tests=False, settings=UNTESTED)
    windows = for_windows("# nothing\n")
    linux = obtain(store, here, lambda: tree, lambda _: None)
    newer = for_windows("# nothing\n", replace(WINDOWS, python_version="3.99"))
    assert [windows.id, linux.id, newer.id] == [FIRST, SECOND, FIRST[:-1] + "3"]
    assert for_windows("# nothing\n") == windows
    assert obtain(store, here, lambda: tree, lambda _: None) == linux
    provenance = read(store.folder(windows.id))
    assert provenance is not None
    assert provenance.interpreter.platform == "win-amd64"


def test_the_sites_tests_run_on_this_machine_with_its_own_wheels(
    index: Path, store: Store, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    here = wheel(index, "here", {"here.py": ""}).replace(" ", " ; sys_platform != 'win32' ", 1)
    there = wheel(index, "there", {"there.py": ""}).replace(" ", " ; sys_platform == 'win32' ", 1)
    (tree / "requirements.lock").write_text(here + there, encoding="utf-8")
    (tree / "tests.txt").write_text("import here", encoding="utf-8")
    release = obtain(store, order(windows=WINDOWS), lambda: tree, lambda _: None)
    assert "lib/there.py" in library(store, release)
    assert "static/style0.css" in store.manifest(release.id).files
    assert not [path for path in store.manifest(release.id).files if "here.py" in path[:11]]


REFUSED = {
    "no wheel": (
        lambda index: (index / "sourced-1.0.tar.gz").touch(),
        f"sourced==1.0 --hash=sha256:{'0' * 64}\n",
        f"sourced==1.0 has no wheel for Windows and Python {VERSION}",
    ),
    "wheel of another platform": (
        lambda index: wheel(index, "swift", {"swift.so": ""}, tag=ON_LINUX),
        f"swift==1.0 --hash=sha256:{'0' * 64}\n",
        f"swift==1.0 has no wheel for Windows and Python {VERSION}",
    ),
    "another hash": (
        wheel,
        f"odd==1.0 --hash=sha256:{'0' * 64}\n",
        "odd==1.0 has another hash than the requirements lock says",
    ),
    "no hash": (wheel, "odd==1.0\n", "the requirements lock lacks odd==1.0, or its hash"),
    "not there": (
        lambda index: None,
        f"odd==1.0 --hash=sha256:{'0' * 64}\n",
        "odd is not in the package index",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_package_that_cannot_be_had_is_refused_by_name_before_anything_else(
    index: Path, store: Store, for_windows: Build, tree: Path, said: list[str], case: str
) -> None:
    prepare, lock, expected = REFUSED[case]
    prepare(index)  # type: ignore[no-untyped-call]
    with pytest.raises(CheckFailed) as caught:
        for_windows(lock)
    assert caught.value.what == expected
    assert caught.value.advice
    assert [line.partition(":")[0] for line in said] == ["archive"]
    assert list(store.releases.iterdir()) == []
    assert list((store.cache / "unpacked").iterdir()) == []


def test_what_a_package_needs_on_windows_must_be_in_the_lock(
    index: Path, for_windows: Build
) -> None:
    needs = "Requires-Dist: zones ; sys_platform == 'win32'\n"
    wheel(index, "zones", {"zones.py": ""})
    with pytest.raises(CheckFailed, match="the requirements lock lacks zones, or its hash"):
        for_windows(wheel(index, "needy", {"needy.py": ""}, metadata=needs))


COMPLAINTS = {
    "no network": (
        "error: Request failed after 3 retries in 6.9s\n  cause: Failed to fetch: http://x/\n",
        BuildFailed("the package index cannot be reached", advice="the whole log: log"),
    ),
    "something else": (
        "error: oh\nno space left\n",
        BuildFailed(
            "the packages for Windows did not come: no space left", advice="the whole log: log"
        ),
    ),
}


@pytest.mark.parametrize("case", COMPLAINTS)
def test_what_is_not_the_locks_fault_has_failed(case: str) -> None:
    said, expected = COMPLAINTS[case]
    found = refusal(Outcome(1, said), "3.11", Path("log"))
    assert (type(found), found.lines()) == (type(expected), expected.lines())


def test_paths_that_windows_cannot_have_are_refused_with_their_package(
    index: Path, store: Store, for_windows: Build, tree: Path, said: list[str]
) -> None:
    (tree / "app" / "trailing.").touch()
    lock = wheel(index, "clash", {"clash/A.py": "", "clash/a.py": "", "clash/aux.py": ""})
    with pytest.raises(CheckFailed) as caught:
        for_windows(lock)
    assert caught.value.lines() == (
        f"{FIRST}: Windows cannot have these paths:\n"
        "  the site: code/app/trailing.: 'trailing.' ends with '.'\n"
        "  clash 1.0: lib/clash/a.py: differs from lib/clash/A.py in capitals only\n"
        "  clash 1.0: lib/clash/aux.py: 'aux.py' is the name of a device",
        "  -> rename what is yours; of a package, take another version, or a shorter root",
    )
    assert [line.partition(":")[0] for line in said] == ["archive"]
    assert list(store.releases.iterdir()) == []


def test_of_many_bad_paths_five_are_named(store: Store, for_windows: Build, tree: Path) -> None:
    for number in range(9):
        (tree / f"what{number}?").touch()
    with pytest.raises(CheckFailed, match=r"what4\?' holds '\?'\n  and 4 more$"):
        for_windows("# nothing\n")


def test_a_path_may_be_too_long_below_one_root_and_not_below_another(
    store: Store, for_windows: Build, tree: Path
) -> None:
    (tree / ("x" * 180)).touch()
    release = for_windows("# nothing\n")
    assert len(WINDOWS.folder(release.id)) < 45
    far = replace(WINDOWS, root="D:\\a\\much\\longer\\root")
    with pytest.raises(CheckFailed, match="more than 240"):
        for_windows("# nothing\n", far)


def test_two_packages_may_bring_the_same_file(
    index: Path, store: Store, for_windows: Build
) -> None:
    one = wheel(index, "one", {"space/__init__.py": "", "space/one.py": "1"})
    two = wheel(index, "two", {"space/__init__.py": "", "space/two.py": "2"})
    assert "lib/space/__init__.py" in library(store, for_windows(one + two))


def test_two_packages_may_not_bring_files_of_one_name_that_differ(
    index: Path, for_windows: Build
) -> None:
    one = wheel(index, "one", {"tests.py": "1"})
    two = wheel(index, "two", {"tests.py": "2"})
    with pytest.raises(CheckFailed, match=r"^one 1\.0 and two 1\.0 both bring tests\.py, and"):
        for_windows(one + two)


def test_static_files_are_checked_too(store: Store, tree: Path, index: Path) -> None:
    collected = (tree / "manage.py").read_text(encoding="utf-8").replace("style{n}", "sty:le{n}")
    (tree / "manage.py").write_text(collected, encoding="utf-8")
    with pytest.raises(CheckFailed, match=r"static/sty:le0\.css: 'sty:le0\.css' holds ':'"):
        obtain(store, order(windows=WINDOWS, tests=False), lambda: tree, lambda _: None)


def test_unpacked_packages_go_with_the_last_release_that_needs_them(
    index: Path, store: Store, for_windows: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_windows(wheel(index))
    (kept,) = (store.cache / "unpacked").iterdir()
    monkeypatch.setattr("pipeline.build.store.IN_USE", -1.0)
    prune(store, 5, ())
    assert kept.is_dir()
    prune(store, 0, ())
    assert not kept.exists()


def test_the_manifest_lists_each_file_by_size_and_hash(
    index: Path, store: Store, for_windows: Build
) -> None:
    release = for_windows(wheel(index))
    text = ODD["odd/__init__.py"].encode()
    assert store.manifest(release.id).files["lib/odd/__init__.py"] == ManifestEntry(
        len(text), hashlib.sha256(text).hexdigest(), 0o644
    )
