"""The example for Windows hosts, as far as this version goes: built and rendered, not deployed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.farm import Farm, farm_of

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the example's hosts have 3.11"),
]
# Ask the site for a page, with no server but this.
ASK = """
from django import __file__
from django.test import RequestFactory

environ = RequestFactory().get("/about/", headers={"host": "www.example.com"}).environ
page = b"".join(application(environ, lambda status, headers: print(status.split()[0])))
print(__file__, b"</html>" in page)
"""


@pytest.fixture(scope="module")
def prod(built: Farm) -> Iterator[Farm]:
    """A project with the example's environment of two Windows hosts."""
    with farm_of(like=built) as farm:
        folder = farm.project / "environments"
        text = (folder / "prod.toml.example").read_text(encoding="utf-8")
        text = text.replace('branch = "stable"', 'branch = "default"')
        (folder / "prod.toml").write_text(text, encoding="utf-8")
        yield farm


def test_a_release_for_windows_is_built_beside_the_one_for_linux(prod: Farm) -> None:
    linux = prod.must("build", "--env", "local").out.strip()
    windows = prod.must("build", "--env", "prod").out.strip()
    assert linux.rpartition("-")[0] == windows.rpartition("-")[0]
    assert (linux[-2:], windows[-2:]) == ("-1", "-2")
    for environment, release in (("local", linux), ("prod", windows)):
        assert prod.must("build", "--env", environment).out.strip() == release
    store = prod.project / ".farm" / "releases"
    assert not (store / windows / "wheels").exists()
    assert (store / windows / "lib" / "django" / "__init__.py").is_file()

    refused = prod.invoke("deploy", "--env", "prod", "--yes")
    assert (refused.code, refused.out) == (3, "")
    assert "its hosts run Windows, and this version has no way to them" in refused.err


def test_the_rendered_wsgi_file_finds_the_site_and_its_packages_in_the_release(
    prod: Farm, tmp_path: Path
) -> None:
    prod.must("config.render", "--env", "prod", "--out", str(tmp_path / "out"))
    host = tmp_path / "out" / "web2"
    wsgi = (host / "instances/web2_4/wsgi/web2_4.wsgi").read_text(encoding="utf-8")
    release = json.loads((host / "instances/web2_4/current.json").read_text())["release"]
    # The example's packages are Python alone: its release for Windows works here as well.
    store = prod.project / ".farm" / "releases" / release
    secret = tmp_path / "site.json"
    secret.write_text('{"DJANGO_SECRET_KEY": "for this test only, and long enough for Django"}')
    here = {
        rf"D:\farm\releases\{release}\lib": store / "lib",
        rf"D:\farm\releases\{release}\code": store / "code",
        r"D:\farm\instances\web2_4\secret\site.json": secret,
        rf"D:\farm/releases/{release}/static": store / "static",
    }
    for there, path in here.items():
        assert repr(there) in wsgi
        wsgi = wsgi.replace(repr(there), repr(str(path)))
    assert "D:" not in wsgi
    (tmp_path / "web2_4.wsgi").write_text(wsgi + ASK, encoding="utf-8")
    words = [sys.executable, str(tmp_path / "web2_4.wsgi")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["200", str(store / "lib/django/__init__.py"), "True"]
