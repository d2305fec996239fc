"""What this machine lacks for working with farmhand, and what the hosts of an environment lack.

Nothing is written or made anywhere.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from uv import find_uv_bin

from pipeline.errors import CheckFailed, FarmhandError
from pipeline.facts.finding import Finding, State, of_software
from pipeline.facts.packages import Family, family_of, install
from pipeline.facts.software import software_question
from pipeline.farm.instances import Inventory
from pipeline.flow.demo import made_on_first_use
from pipeline.flow.doctor_ports import ports
from pipeline.flow.world import World
from pipeline.secret import SecretRef
from pipeline.settings import Workon
from pipeline.source.program import find_hg

HERE = "this machine"
OS_RELEASE = "/etc/os-release"
ENOUGH = 1 << 30
"""Bytes. A release with its virtualenv takes some 100 MB, and several are kept."""


def examine_machine(folder: Path, workon: Workon) -> Iterator[Finding]:
    """What whoever works here needs. `folder` is the project's, or where one would be."""
    family = _family()
    yield _finding("Python", f"{platform.python_version()} ({sys.executable})")
    yield _uv()
    yield _hg(family)
    tls = importlib.util.find_spec("_ssl") is not None
    yield _finding("TLS in Python", "there" if tls else "", cure=install("python", family))
    yield _optional("openssl", "certificates of your own")
    yield _space(HERE, folder)
    yield _rights(HERE, folder)
    if workon.home is None:
        said = "not set: virtualenvs are made in the project's .farm/venvs"
        yield _finding("WORKON_HOME", said, state="unused")
    else:
        made = "" if workon.home.is_dir() else "; it is made when it is needed"
        yield _finding("WORKON_HOME", f"{workon.home}{made}")


def examine_programs() -> Iterator[Finding]:
    """What this machine has of the programs of a farm, none of which it needs by itself."""
    shell = shutil.which("sh")
    if shell is None:
        yield _optional("httpd", "a farm on this machine")
        return
    argv = [str(word) for word in software_question("").argv]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    yield from of_software(done.stdout, None, HERE, (), _family())


def examine_environment(world: World) -> Iterator[Finding]:
    """What an environment needs: of each host, all hosts side by side, and of this machine."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        for findings in pool.map(lambda name: list(_host(world, name)), world.ways):
            yield from findings
    for name in sorted(world.inventory.environment.hosts.keys() - world.ways.keys()):
        said = "runs Windows, and this version has no way to it"
        yield _finding("host", said, f"host {name}", state="unused")
    place = f"environment {world.inventory.name}"
    yield from ports(world.inventory, place)
    for name, reference in _references(world.inventory):
        yield _secret(world, place, name, reference)


def _references(inventory: Inventory) -> Iterator[tuple[str, SecretRef]]:
    """The secrets that a deploy resolves. A self-signed certificate is not one: it is made."""
    site, tls = inventory.environment.site, inventory.tls
    yield from site.secrets.items()
    for hook in (*inventory.farm.hooks, *inventory.environment.hooks):
        yield from hook.secrets.items()
    for name in ("certificate", "key"):
        if tls and isinstance(reference := getattr(tls, name), SecretRef):
            yield f"balancer.tls.{name}", reference


def _host(world: World, name: str) -> Iterator[Finding]:
    way, host = world.ways[name], world.inventory.host(name)
    place = f"host {name}"
    try:
        family = family_of((way.read(OS_RELEASE) or b"").decode(errors="replace"))
        answer = way.run(software_question(world.inventory.user(name), host)).out
        yield from of_software(answer, host, place, world.inventory.needs(name), family)
        if host.transport == "local":
            root = Path(world.layout(name).root)
            yield _space(place, root)
            yield _rights(place, root)
    except FarmhandError as problem:
        yield _finding("host", "", place=place, cure=problem.advice, lacks=problem.what)


def _uv() -> Finding:
    try:
        path = find_uv_bin()
    except FileNotFoundError:
        return _finding("uv", "", cure=f"{sys.executable} -m pip install uv")
    return _finding("uv", f"{_said(path, '--version').removeprefix('uv ').split(' ')[0]} ({path})")


def _hg(family: Family | None) -> Finding:
    try:
        path = find_hg()
    except CheckFailed:
        return _finding("hg", "", cure=install("hg", family))
    return _finding("hg", f"{_said(path, 'version', '-q', '-T', '{ver}')} ({path})")


def _optional(program: str, what_for: str) -> Finding:
    path = shutil.which(program)
    if path is None:
        return _finding(program, f"not found; only for {what_for}", state="unused")
    return _finding(program, path)


def _space(place: str, folder: Path) -> Finding:
    here = _nearest(folder)
    free = psutil.disk_usage(str(here)).free
    said = f"{free / 1e9:.1f} GB free at {here}"
    cure = f"make room: {ENOUGH / 1e9:.0f} GB should be free"
    return _finding("disk space", said if free >= ENOUGH else "", place, cure=cure, lacks=said)


def _rights(place: str, folder: Path) -> Finding:
    here = _nearest(folder)
    said = f"{folder} can be written"
    cure = "let yourself write there, or choose another place"
    fine = os.access(here, os.W_OK | os.X_OK)
    lacks = f"{here} cannot be written by you"
    return _finding("rights", said if fine else "", place, cure=cure, lacks=lacks)


def _secret(world: World, place: str, name: str, reference: SecretRef) -> Finding:
    """Whether a secret can be had. A keyring is not opened: it might ask."""
    there = f"{name}: {reference}"
    if made_on_first_use(world.settings, reference):
        return _finding("secret", f"{there}, made on first use", place)
    if reference.kind == "keyring":
        fine = importlib.util.find_spec("keyring") is not None
        cure, lacks = f"{sys.executable} -m pip install keyring", f"{there}, and no keyring"
        return _finding("secret", there if fine else "", place, cure=cure, lacks=lacks)
    try:
        world.resolve(reference)
    except CheckFailed as problem:
        lacks = f"{there}: {problem.what}"
        return _finding("secret", "", place, cure=problem.advice, lacks=lacks)
    return _finding("secret", there, place)


def _finding(
    what: str,
    said: str,
    place: str = HERE,
    *,
    state: State = "ok",
    cure: str = "",
    lacks: str = "not found",
) -> Finding:
    """What is there, in words; without words it is missing, and `lacks` says how."""
    if said:
        return Finding(place=place, what=what, state=state, said=said)
    return Finding(place=place, what=what, state="missing", said=lacks, cure=cure)


def _family() -> Family | None:
    path = Path(OS_RELEASE)
    if path.is_file():
        return family_of(path.read_text(encoding="utf-8"))
    return "windows" if os.name == "nt" else None


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((path for path in (folder, *folder.parents) if path.is_dir()), folder)


def _said(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.strip()
