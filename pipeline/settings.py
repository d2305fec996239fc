"""Files and the environment, read once at the edge into values."""

import getpass
import os
import socket
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pipeline.errors import BadCall, BadInventory, CheckFailed
from pipeline.farm.instances import Inventory, inventory
from pipeline.farm.inventory import Environment, Farm
from pipeline.farm.parse import checked, override, read_toml, split_setting
from pipeline.farm.provenance import FARM, Provenance, Written

P = TypeVar("P", Farm, Environment)

FARM_FILE = "farm.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """One project in one environment: the inventory, and where things are on this machine."""

    project: Path
    inventory: Inventory
    provenance: Provenance

    @property
    def farm_folder(self) -> Path:
        """Where this machine keeps repositories, releases and caches."""
        return self.project / ".farm"

    @property
    def repository(self) -> Path:
        """The cache of the site's repository."""
        return self.farm_folder / "hg"

    @property
    def releases(self) -> Path:
        """The release store: one folder per release."""
        return self.farm_folder / "releases"

    @property
    def cache(self) -> Path:
        """What can be made again: trees, wheels, build virtualenvs."""
        return self.farm_folder / "cache"

    @property
    def state(self) -> Path:
        """What this machine knows of the environment: the journal and what was last observed."""
        return self.farm_folder / self.inventory.name

    @property
    def journal(self) -> Path:
        """The journal of this environment."""
        return self.state / "journal.db"

    @property
    def observed(self) -> Path:
        """What the last deploy from this machine observed of the environment."""
        return self.state / "observed.json"

    @property
    def published(self) -> Path | None:
        """Where deploys publish what they observed. Raises CheckFailed for no path of ours."""
        if self.inventory.environment.publish is None:
            return None
        text = self.inventory.environment.publish.replace("{project}", str(self.project))
        if sys.platform != "win32" and (text.startswith("\\\\") or text[1:2] == ":"):
            raise CheckFailed(
                f"{text} is a path of Windows",
                where=f"environments/{self.inventory.name}.toml: publish",
                advice="mount it here, and say where: --set publish=/mnt/...",
            )
        return self.project / text

    @property
    def repo_url(self) -> str:
        """The site's repository; a relative path is meant from the project's folder."""
        repo = self.inventory.farm.source.repo
        if "://" in repo:
            return repo
        return str(self.project / repo)


def find_project(start: Path) -> Path:
    """The nearest folder with a `farm.toml`, from `start` upwards. Raises BadCall for none."""
    for folder in (start, *start.parents):
        if (folder / FARM_FILE).is_file():
            return folder
    raise BadCall(
        f"no {FARM_FILE} in {start} or above it",
        advice="change to the project's folder; docs/how-to/deploy-your-own-site.md begins one",
    )


def environments(project: Path) -> list[str]:
    """The names of the environments of a project, sorted."""
    return sorted(path.stem for path in (project / "environments").glob("*.toml"))


def load(project: Path, name: str, settings: Iterable[str] = ()) -> Settings:
    """Read the farm and one environment. Raises BadCall and BadInventory."""
    pairs = [split_setting(setting) for setting in settings]
    farm_pairs = [(key.removeprefix(FARM), value) for key, value in pairs if _is_farm(key)]
    pairs = [(key, value) for key, value in pairs if not _is_farm(key)]
    farm, farm_file = _read(Farm, project / FARM_FILE, FARM_FILE, farm_pairs, prefix=FARM)
    environment, file = _read(
        Environment, _environment_file(project, name), f"environments/{name}.toml", pairs
    )
    environment = _absolute(environment, project)
    return Settings(
        project=project,
        inventory=inventory(name, farm, environment, privileged=is_privileged()),
        provenance=Provenance(farm=farm_file, environment=file),
    )


def is_privileged() -> bool:
    """Whether the deployer may change users and owners on this machine: root, on POSIX."""
    return sys.platform != "win32" and os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class Workon:
    """Where virtualenvwrapper looks for virtualenvs, if it is set up, and for a project's name."""

    home: Path | None
    project_note: str = ".project"


def workon(environ: Mapping[str, str] = os.environ) -> Workon:
    """What the user's environment says to virtualenvwrapper."""
    home = os.path.expandvars(environ.get("WORKON_HOME", ""))
    return Workon(
        home=Path.home() / Path(home).expanduser() if home else None,
        project_note=environ.get("VIRTUALENVWRAPPER_PROJECT_FILENAME") or ".project",
    )


def who() -> str:
    """Who deploys, for locks and the journal: `user@machine`."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def _is_farm(key: str) -> bool:
    return key.startswith(FARM)


def _environment_file(project: Path, name: str) -> Path:
    known = environments(project)
    if name not in known:
        near = get_close_matches(name, known, n=1)
        raise BadCall(
            f"no environment {name!r}",
            where="environments/",
            advice=f"did you mean {near[0]}?"
            if near
            else f"there are: {', '.join(known) or 'none'}",
        )
    return project / "environments" / f"{name}.toml"


def _read(
    model: type[P],
    path: Path,
    where: str,
    pairs: Sequence[tuple[str, str]],
    *,
    prefix: str = "",
) -> tuple[P, Written]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' editors begin files with a mark
    except UnicodeDecodeError as problem:
        raise BadInventory(f"not UTF-8 at byte {problem.start}", where=where) from problem
    tables = override(read_toml(text, where), pairs)
    given = {key: prefix + key for key, _ in pairs}
    written = Written(where=where, text=text, tables=tables, settings=tuple(pairs), prefix=prefix)
    return checked(model, tables, where=where, text=text, overridden=given), written


def _absolute(environment: Environment, project: Path) -> Environment:
    """Roots on this machine that are written relative to the project, made absolute."""

    def absolute(root: str | None) -> str | None:
        if not root or root.startswith(("/", "\\")) or ":" in root:
            return root
        return str(project / root)

    hosts = {
        name: host.model_copy(update={"root": absolute(host.root)})
        for name, host in environment.hosts.items()
    }
    roots = {key: absolute(getattr(environment, key)) for key in ("root", "root_as_user")}
    return environment.model_copy(update={**roots, "hosts": hosts})
