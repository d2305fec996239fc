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
from pipeline.facts.record import Running
from pipeline.farm.instances import Placed
from pipeline.farm.layout import BALANCER, CACHE, NO_INSTANCES, STATIC, service_folder
from pipeline.farm.software import Software
from pipeline.flow.tls import any_pem
from pipeline.flow.world import World
from pipeline.plan.wanted import service_for
from pipeline.render.files import (
    Piece,
    balancer_pieces,
    blame,
    cache_pieces,
    instance_pieces,
    render,
    static_pieces,
    trace,
)
from pipeline.render.idle import idle
from pipeline.render.values import Values
from pipeline.services.control import control

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
        layout = self.world.layout(host)
        found: dict[str, str] = {}
        for placed in self.world.inventory.services(host):
            files = render(self._pieces(host, placed.name), self.templates)
            relative = {layout.relative(path): text for path, text in files.items()}
            found |= _with_current(service_folder(placed.name), relative, self._running(placed))
        return found

    def _running(self, placed: Placed) -> Running:
        """What a service runs; what is no instance is the same for every release."""
        if placed.name in NO_INSTANCES:
            return Running(release="", changeset="")
        return Running(release=self.release.id, changeset=self.release.changeset.node)

    @property
    def values(self) -> dict[str, Values]:
        """What templates may say of each service, by its name; of instances, of the first."""
        found: dict[str, tuple[str, Values]] = {}
        for host in self.world.inventory.environment.hosts:
            for placed in self.world.inventory.services(host):
                kind = placed.name if placed.name in NO_INSTANCES else ""
                if kind not in found:
                    found[kind] = placed.name, self._pieces(host, placed.name)[0].values
        return dict(found.values())

    @property
    def idle(self) -> tuple[str, ...]:
        """What the environment's file sets to no effect, in words."""
        inventory, provenance = self.world.inventory, self.world.settings.provenance
        return idle(inventory, provenance, self.values.values(), self.templates)

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
        placed = next(each for each in self.world.inventory.services(host) if each.name == name)
        pieces = self._pieces(host, name, root=root)
        for folder in scratch.service_paths(name, placed.kind).folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
        if name == BALANCER and self.world.inventory.tls:
            Path(scratch.secret_file(name)).write_bytes(any_pem(self.world))
        for path, text in render(pieces, self.templates).items():
            Path(path).write_text(adapted(text), encoding="utf-8")
        service = service_for(scratch, self.software[host].programs, placed)
        outcome = control(service).check(service, self.world.ways[host])
        if outcome.exit_code != 0:
            raise blame(outcome.err or outcome.out, trace(pieces, self.templates))

    def _pieces(self, host: str, name: str, *, root: str | None = None) -> tuple[Piece, ...]:
        """The files of one service of a host."""
        inventory, software = self.world.inventory, self.software[host]
        if name == BALANCER:
            return balancer_pieces(inventory, software, root=root)
        if name == STATIC:
            return static_pieces(inventory, software, root=root)
        if name == CACHE:
            return cache_pieces(inventory, host, software, root=root)
        instance = next(each for each in inventory.on(host) if each.name == name)
        venv = self._venv_folder(host)
        return instance_pieces(inventory, instance, self.release.id, venv, software, root=root)

    def _venv_folder(self, host: str) -> str:
        return self.world.layout(host).venv(self.venv(host))


def _with_current(folder: str, files: Texts, running: Running) -> dict[str, str]:
    """The files, and beside them the note of what they are and what their hashes were."""
    hashes = {path: sha256(text.encode()) for path, text in sorted(files.items())}
    current = Running(release=running.release, changeset=running.changeset, files=hashes)
    return {**files, f"{folder}/current.json": current.to_json()}


def _as_anybody(text: str) -> str:
    """The same for a user by number: the deploy has yet to make the one that it names."""
    text = re.sub(r"^(\s*)(u|g)(?:ser|roup)\s.*$", r"\1\2id 65534", text, flags=re.MULTILINE)
    return re.sub(r"^(\s*(?:User|Group))\s.*$", r"\1 #65534", text, flags=re.MULTILINE)
