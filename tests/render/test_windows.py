"""What a Windows host gets: its paths, no directive that its Apache lacks, its own packages."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipeline.errors import BadInventory
from pipeline.farm.instances import Inventory
from pipeline.farm.inventory import Host
from pipeline.farm.software import Software, stated
from tests.render.conftest import SOFTWARE
from tests.render.made import render_balancer, render_instance

Farm = Callable[..., Inventory]
Templates = dict[str, str]
RELEASE = "default-0123456789ab-1"
LIBRARY = rf"D:\farm\releases\{RELEASE}\lib"
HOST = {
    "transport": "psexec",
    "platform": "windows",
    "python_version": "3.11.9",
    "python": r"C:\Python311\python.exe",
    "apache": r"C:\Apache24\bin\httpd.exe",
    "mod_wsgi": r"C:\Apache24\modules\mod_wsgi.so",
    "instances": {"count": 2},
}
# mpm_winnt has none of these, and mod_wsgi no daemons there: Apache would not start.
UNKNOWN = re.compile(
    r"^\s*(StartServers|ServerLimit|MaxRequestWorkers|M(in|ax)SpareThreads|User|Group"
    r"|AsyncRequestWorkerFactor|GracefulShutdownTimeout|WSGIDaemonProcess|WSGIProcessGroup"
    r"|WSGISocketPrefix|LoadModule mpm_\w+|LoadModule unixd_module)\b|process-group=",
    re.MULTILINE,
)


@pytest.fixture
def windows(farm: Farm) -> Inventory:
    return farm(root=r"D:\farm", hosts={"web1": HOST}, site={"environ": {"ROOT": "{root}"}})


@pytest.fixture
def software(windows: Inventory) -> Software:
    return stated(windows.host("web1"), "web1")


def instance_files(
    windows: Inventory, software: Software, templates: Templates
) -> Mapping[str, str]:
    made = render_instance(windows, windows.instances[0], RELEASE, "none", software, templates)
    return made.files


def lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def test_what_the_inventory_says_takes_the_place_of_asking(software: Software) -> None:
    assert software == Software(
        apache=r"C:\Apache24\bin\httpd.exe",
        apache_version="",
        server_root=r"C:\Apache24",
        modules=r"C:\Apache24\modules",
        mod_wsgi=r"C:\Apache24\modules\mod_wsgi.so",
        python=r"C:\Python311\python.exe",
        python_version="3.11",
        rotatelogs=r"C:\Apache24\bin\rotatelogs.exe",
    )


def test_what_the_inventory_does_not_say_is_asked_for_all_at_once() -> None:
    host = Host.model_validate({**HOST, "apache": None, "python": None})
    with pytest.raises(BadInventory) as caught:
        stated(host, "web1")
    assert caught.value.lines() == (
        "hosts.web1: apache, python must be said: this version cannot ask a Windows host",
        r"  -> for example: apache = 'C:\Apache24\bin\httpd.exe'",
    )


def test_an_instance_on_windows_has_its_paths_and_the_installed_python(
    windows: Inventory, software: Software, templates: Templates
) -> None:
    files = instance_files(windows, software, templates)
    assert [*files] == [
        r"D:\farm\instances\www_1\conf\www_1.conf",
        r"D:\farm\instances\www_1\wsgi\www_1.wsgi",
    ]
    conf, wsgi = files.values()
    for line in (
        'ServerRoot "D:/farm/instances/www_1"',
        'LoadModule wsgi_module "C:/Apache24/modules/mod_wsgi.so"',
        'LoadModule authz_core_module "C:/Apache24/modules/mod_authz_core.so"',
        "ThreadsPerChild 15",
        "MaxConnectionsPerChild 0",
        "AcceptFilter http none",
        'WSGIPythonHome "C:/Python311"',
        'WSGIImportScript "D:/farm/instances/www_1/wsgi/www_1.wsgi" application-group=%{GLOBAL}',
    ):
        assert line in lines(conf)
    assert f"add_packages({LIBRARY!r})" in wsgi
    assert f"sys.path.insert(0, {LIBRARY.replace('lib', 'code')!r})" in wsgi
    assert r"os.environ['ROOT'] = 'D:\\farm'" in wsgi


def test_no_directive_is_written_that_apache_on_windows_lacks(
    windows: Inventory, software: Software, templates: Templates, farm: Farm
) -> None:
    texts = {
        **instance_files(windows, software, templates),
        **render_balancer(windows, software, templates),
    }
    assert [path for path, text in texts.items() if UNKNOWN.search(text)] == []
    linux = render_balancer(farm(), SOFTWARE, templates)
    assert all(UNKNOWN.search(text) for text in linux.values())


def test_no_path_of_another_system_is_written(
    windows: Inventory, software: Software, templates: Templates
) -> None:
    confs = {
        **instance_files(windows, software, templates),
        **render_balancer(windows, software, templates),
    }
    for path, text in confs.items():
        if path.endswith(".conf"):
            paths = re.findall(r'"\|?(/\w[^"]*|[A-Z]:[^"]*)"', "\n".join(lines(text)))
            foreign = [each for each in paths if not re.match(r"[CD]:/[\w./-]+$", each)]
            assert set(foreign) <= {"/balancer-manager", "/server-status", "/static/"}


def test_on_linux_the_packages_are_in_the_virtualenv(farm: Farm, templates: Templates) -> None:
    inventory = farm()
    made = render_instance(inventory, inventory.instances[0], RELEASE, "/v/k", SOFTWARE, templates)
    conf, wsgi = made.files.values()
    assert 'WSGIPythonHome "/v/k"' in lines(conf)
    assert "add_packages" not in wsgi


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release's folder with packages, and the site that uses them."""
    texts = {
        "lib/plain.py": "where = 'release'\n",
        "lib/pip/__init__.py": "where = 'release'\n",
        "lib/nested/inside.py": "where = 'by .pth'\n",
        "lib/some.pth": "nested\nimport sys; sys.carried_out = True\n",
        "code/homebrew/__init__.py": "",
        "code/homebrew/wsgi.py": "import inside, pip, plain\napplication = pip.where\n",
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


SHOW = """
import importlib.util, json
json.dump({
    "application": application,
    "carried_out": sys.carried_out,
    "first": sys.path[0],
    "last": sys.path[-2:],
    "pytest": importlib.util.find_spec("pytest") is not None,
    "json": importlib.util.find_spec("json") is not None,
}, sys.stdout)
"""


@pytest.mark.parametrize("shared", [False, True])
def test_the_wsgi_file_adds_the_releases_packages_and_leaves_the_hosts_out(
    windows: Inventory,
    software: Software,
    templates: Templates,
    release: Path,
    shared: bool,
) -> None:
    build = windows.farm.build.model_copy(update={"system_site_packages": shared})
    changed = windows.farm.model_copy(update={"build": build})
    wanted = type(windows)(
        name="local",
        farm=changed,
        environment=windows.environment,
        instances=windows.instances,
        privileged=False,
    )
    _, wsgi = instance_files(wanted, software, templates).values()
    for part in ("lib", "code"):
        wsgi = wsgi.replace(repr(LIBRARY.replace("lib", part)), repr(str(release / part)))
    file = release / "www_1.wsgi"
    file.write_text(wsgi + SHOW, encoding="utf-8")
    said = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True)
    found = json.loads(said.stdout)
    library = [str(release / "lib"), str(release / "lib" / "nested")]
    assert found["last"] != library if shared else found["last"] == library
    assert (found["application"], found["carried_out"]) == ("release", True)
    assert found["first"] == str(release / "code")
    assert (found["pytest"], found["json"]) == (shared, True)
