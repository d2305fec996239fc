"""A disk that is full is an error that says so; what ran goes on, and resume finishes the rest."""

import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.settings import is_privileged
from tests.live.farm import Farm, farm_of

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not is_privileged(), reason="only root mounts a small disk"),
]
V1 = ("deploy", "--env", "local", "--rev", "v1")
FULL = "no space left on device"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A disk of its own at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def grow(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def fill(file: Path) -> None:
    """Leave no room beside a file."""
    with file.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            pass


def release(farm: Farm) -> str:
    with urllib.request.urlopen(f"{farm.url}/whoami", timeout=10) as answer:
        return bytes(answer.read()).decode()


def test_while_a_release_is_pushed_nothing_is_left_half_done(built: Farm) -> None:
    with farm_of(like=built, instances=1) as farm, small_disk(farm.root, "2m"):
        failed = farm.invoke(*V1)
        assert failed.code == 1
        assert FULL in failed.err.lower()
        assert "invoke resume --env local" in failed.err
        releases = farm.root / "releases"
        assert [path for path in releases.iterdir() if (path / "manifest.json").exists()] == []
        assert farm.processes() == []

        grow(farm.root, "400m")
        farm.must("resume", "--env", "local")
        assert '"instance": "www_1"' in release(farm)
        farm.end()


def test_while_instances_are_switched_the_old_ones_serve(built: Farm) -> None:
    with farm_of(like=built, instances=2) as farm:
        conf = farm.root / "instances" / "www_2" / "conf"
        with small_disk(conf, "64k"):
            farm.must(*V1)
            before = (conf / "www_2.conf").read_text()
            filler = conf / ".filler"
            fill(filler)

            failed = farm.invoke(*V1, "--set", "site.threads=7")
            assert failed.code == 1
            assert FULL in failed.err.lower()
            assert f"{conf}/www_2.conf: {FULL}" in failed.err
            assert (conf / "www_2.conf").read_text() == before
            status = farm.status()
            assert [status[name]["rotation"] for name in farm.names] == ["ready", "ready"]

            filler.unlink()
            farm.must("resume", "--env", "local")
            assert "\nThreadLimit 7\n" in (conf / "www_2.conf").read_text()
            farm.end()
