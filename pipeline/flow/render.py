"""The files that an environment should have for a release, checked by the Apache they are for."""

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.build.venv import venv_key
from pipeline.facts.answer import sha256
from pipeline.facts.changeset import Release
from pipeline.facts.host import BALANCER
from pipeline.facts.record import Running
from pipeline.farm.instances import Instance
from pipeline.farm.software import Software
from pipeline.flow.world import World
from pipeline.plan.wanted import service_for
from pipeline.render.apache import (
    Traces,
    balancer_paths,
    blame,
    instance_paths,
    render_balancer,
    render_instance,
    trace_balancer,
    trace_instance,
)
from pipeline.services import httpd

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Renders the files of a release for every host of an environment."""

    world: World
    release: Release
    software: Mapping[str, Software]
    templates: Texts

    def venv(self, host: str) -> str:
        """The key of the virtualenv that the release needs on a host."""
        build = self.world.inventory.farm.build
        return venv_key(
            self.release.lock_hash,
            self.software[host].python_version,
            system_site_packages=build.system_site_packages,
        )

    def files(self, host: str) -> dict[str, str]:
        """What a host should hold: path relative to its root -> text. Raises BadTemplate."""
        found: dict[str, str] = {}
        for instance in self.world.inventory.on(host):
            running = Running(release=self.release.id, changeset=self.release.changeset.node)
            files = self._relative(host, self._instance(instance))
            found |= _with_current(f"instances/{instance.name}", files, running)
        if files := self._relative(host, self._balancer(host)):
            # The balancer is the same for every release: its record names none.
            found |= _with_current(BALANCER, files, Running(release="", changeset=""))
        return found

    def check(self, host: str, changed: Iterable[str], *, user_exists: bool) -> None:
        """Let the host's own Apache read the files of these services, below a scratch root.

        Raises BadTemplate that names the template's line. Nothing of the host is touched.
        """
        with (
            tempfile.TemporaryDirectory(prefix="farmhand-check-") as root,
            ThreadPoolExecutor(max_workers=4) as pool,
        ):
            adapted = str if user_exists else _as_anybody
            list(pool.map(lambda name: self._check(host, name, root, adapted), sorted(changed)))

    def _check(self, host: str, name: str, root: str, adapted: Callable[[str], str]) -> None:
        layout = self.world.layout(host)
        scratch = type(layout)(root=root, windows=layout.windows)
        files, traces = self._scratch(host, name, root)
        paths = balancer_paths(scratch) if name == BALANCER else instance_paths(scratch, name)
        for folder in paths.folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            Path(path).write_text(adapted(text), encoding="utf-8")
        service = service_for(scratch, self.software[host].apache, name, 0)
        outcome = httpd.check(service, self.world.ways[host])
        if outcome.exit_code != 0:
            raise blame(outcome.err or outcome.out, traces)

    def _scratch(self, host: str, name: str, root: str) -> tuple[Texts, Traces]:
        inventory, software = self.world.inventory, self.software[host]
        if name == BALANCER:
            files = render_balancer(inventory, software, self.templates, root=root)
            return files, trace_balancer(inventory, software, self.templates, root=root)
        instance = next(each for each in inventory.on(host) if each.name == name)
        traces = trace_instance(
            inventory,
            instance,
            self.release.id,
            self._venv_folder(host),
            software,
            self.templates,
            root=root,
        )
        return self._instance(instance, root=root), traces

    def _instance(self, instance: Instance, *, root: str | None = None) -> Texts:
        return render_instance(
            self.world.inventory,
            instance,
            self.release.id,
            self._venv_folder(instance.host),
            self.software[instance.host],
            self.templates,
            root=root,
        ).files

    def _balancer(self, host: str) -> Texts:
        if host != self.world.inventory.balancer_host:
            return {}
        return render_balancer(self.world.inventory, self.software[host], self.templates)

    def _venv_folder(self, host: str) -> str:
        return self.world.layout(host).venv(self.venv(host))

    def _relative(self, host: str, files: Texts) -> dict[str, str]:
        layout = self.world.layout(host)
        return {layout.relative(path): text for path, text in files.items()}


def _with_current(folder: str, files: Texts, running: Running) -> dict[str, str]:
    """The files, and beside them the note of what they are and what their hashes were."""
    hashes = {path: sha256(text.encode()) for path, text in sorted(files.items())}
    current = Running(release=running.release, changeset=running.changeset, files=hashes)
    return {**files, f"{folder}/current.json": current.to_json()}


def _as_anybody(text: str) -> str:
    """The same for a user by number: the deploy has yet to make the one that it names."""
    return re.sub(r"^(\s*(?:User|Group))\s.*$", r"\1 #65534", text, flags=re.MULTILINE)
