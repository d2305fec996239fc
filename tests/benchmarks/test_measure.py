"""Two commands are compared as whole processes."""

import subprocess
import sys

import pytest

from benchmarks.measure import Comparison, Sample, alternate, middle, once

QUICK = [sys.executable, "-S", "-c", ""]


def test_a_table_and_json() -> None:
    found = Comparison(
        a=Sample(wall=0.3, cpu=0.2, peak=20_000_000),
        b=Sample(wall=0.1, cpu=0.1, peak=10_000_000),
        runs=7,
    )
    assert found.lines("./invoke --list", "python") == (
        "medians of 7          wall        cpu       peak",
        "./invoke --list    0.300 s    0.200 s    20.0 MB",
        "python             0.100 s    0.100 s    10.0 MB",
        "ratio                3.00x      2.00x      2.00x",
    )
    assert found.as_json() == {
        "format": 1,
        "a": {"wall": 0.3, "cpu": 0.2, "peak": 20_000_000},
        "b": {"wall": 0.1, "cpu": 0.1, "peak": 10_000_000},
        "runs": 7,
        "ratios": {"wall": pytest.approx(3), "cpu": 2.0, "peak": 2.0},
    }


def test_what_a_platform_cannot_tell_is_left_out() -> None:
    found = Comparison(a=middle([Sample(wall=3.0), Sample(wall=1.0)]), b=Sample(wall=1.0), runs=2)
    assert found.ratios == {"wall": 2.0}
    assert found.lines("a", "b")[1:] == (
        "a               2.000 s          -          -",
        "b               1.000 s          -          -",
        "ratio             2.00x          -          -",
    )


def test_a_sleeping_process_takes_time_but_no_work() -> None:
    sleeper = [sys.executable, "-S", "-c", "import time; time.sleep(0.3)"]
    found = alternate(sleeper, QUICK, runs=2)
    assert found.runs == 2
    assert found.a.wall - found.b.wall > 0.2
    if sys.platform != "win32":
        assert found.a.cpu is not None
        assert found.a.cpu < 0.3
        assert found.a.peak is not None
        assert 1e6 < found.a.peak < 1e9


def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        once([sys.executable, "-c", "raise SystemExit('no such farm')"])
    assert (caught.value.returncode, caught.value.stderr.strip()) == (1, b"no such farm")
