"""Live tests need real programs. Without them they are skipped, and say so; as root they must run.

A suite dies by silent skips: where `live` is required, a live test that skips itself has failed.
"""

import os
import shutil
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("farmhand", deadline=None)  # a busy machine is no mistake
settings.load_profile("farmhand")

MOD_WSGI = (
    "/usr/lib/apache2/modules/mod_wsgi*",
    "/usr/lib64/httpd/modules/mod_wsgi*",
    "/usr/lib/httpd/modules/mod_wsgi*",
)
ADVICE = (
    "apt-get install -y --no-install-recommends apache2-bin apache2-utils libapache2-mod-wsgi-py3 "
    "libapache2-mod-xsendfile"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require", default="", help="markers that may not be skipped: live")


def pytest_report_header(config: pytest.Config) -> str:
    absent = missing_programs()
    if not absent:
        return "live tests: run" + (", and may not be skipped" if _required(config) else "")
    what = "FAIL" if _required(config) else "SKIPPED"
    return f"live tests: {what}, for {' and '.join(absent)} is missing; paste: {ADVICE}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("live") and (absent := missing_programs()):
        pytest.skip(f"{' and '.join(absent)} is missing; paste: {ADVICE}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.get_closest_marker("live") and _required(item.config):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"live tests must run here, but this one did not: {why}"
    return report


def missing_programs() -> tuple[str, ...]:
    """What live tests need and this machine has not."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    apache = any(shutil.which(name, path=path) for name in ("apache2", "httpd"))
    module = any(any(Path("/").glob(pattern[1:])) for pattern in MOD_WSGI)
    return tuple(name for name, found in (("Apache", apache), ("mod_wsgi", module)) if not found)


def _required(config: pytest.Config) -> bool:
    """Asked for, or root: nothing stands in root's way to install what is missing."""
    root = sys.platform != "win32" and os.geteuid() == 0
    return root or "live" in str(config.getoption("--require")).split(",")
