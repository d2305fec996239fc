"""The real virtualenvwrapper, from the package index, finds a virtualenv that we made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from pipeline.build.workon import Wish, keep

SCRIPT = """
source virtualenvwrapper.sh
lsvirtualenv -b
workon homebrew
pwd
python -c 'import odd, sys; print(sys.prefix)'
cd /
cdproject
pwd
deactivate
echo "${VIRTUAL_ENV:-none}"
"""


@pytest.fixture(scope="module")
def wrapper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtualenv with virtualenvwrapper in it."""
    path = tmp_path_factory.mktemp("wrapper") / "venv"
    uv = find_uv_bin()
    make = (uv, "venv", "-q", "--seed", "--no-project", "--python", sys.executable, str(path))
    subprocess.run(make, check=True, timeout=300)
    pip = (path / "bin" / "python", "-m", "pip", "install", "-q", "virtualenvwrapper==6.1.1")
    subprocess.run(pip, check=True, timeout=300)
    return path


@pytest.mark.live
@pytest.mark.skipif(shutil.which("bash") is None, reason="virtualenvwrapper is for a POSIX shell")
def test_workon_activates_it_in_the_projects_folder(
    wrapper: Path, tmp_path: Path, index: str
) -> None:
    home, project = tmp_path / "my envs", tmp_path / "my site"
    project.mkdir()
    (tmp_path / "r.lock").write_text(index, "utf-8")
    wish = Wish(
        path=home / "homebrew",
        lock=tmp_path / "r.lock",
        python="",
        system_site_packages=False,
        project=project,
    )
    keep(wish, tmp_path / "cache")
    bin = wrapper / "bin"
    environ = {
        "HOME": str(tmp_path),
        "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
        "VIRTUALENVWRAPPER_PYTHON": str(bin / "python"),
        "WORKON_HOME": str(home),
    }
    shell = subprocess.run(
        ["bash", "--norc", "-c", SCRIPT], env=environ, capture_output=True, text=True, timeout=120
    )
    lines = [line for line in shell.stdout.splitlines() if "user_scripts creating" not in line]
    assert (lines, shell.returncode) == (
        ["homebrew", str(project), str(wish.path), str(project), "none"],
        0,
    ), shell.stderr
