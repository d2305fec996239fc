"""One build under way, in a folder that is not yet a release."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from pipeline.build.content import (
    copy_tree,
    files_below,
    manifest_of,
    normalise_modes,
    sort_static_names,
)
from pipeline.build.interpreter import Interpreter
from pipeline.build.order import Order, WindowsHosts
from pipeline.build.run import run, site_environ, tool_environ
from pipeline.build.unpacked import copy_packages, packages, refuse_paths, unpack
from pipeline.build.venv import MARKER, venv_commands, venv_key
from pipeline.build.wheels import fetch
from pipeline.command import Command, Outcome
from pipeline.disk import remove
from pipeline.errors import BuildFailed
from pipeline.facts.changeset import Manifest

LAST_LINES = 15
TESTS_TIMEOUT = 1800.0  # seconds
STATIC_TIMEOUT = 600.0  # seconds

Say = Callable[[str], None]


@contextmanager
def stage(name: str, say: Say) -> Iterator[None]:
    """Say how long a part of the build took, once it has succeeded."""
    started = time.perf_counter()
    yield
    say(f"{name}: {time.perf_counter() - started:.2f} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one build knows while it goes on. `interpreter` is that of `order.python`."""

    order: Order
    release: str
    interpreter: Interpreter
    lock: Path
    folder: Path
    cache: Path
    say: Say

    @property
    def lock_hash(self) -> str:
        """SHA-256 of the requirements lock."""
        return hashlib.sha256(self.lock.read_bytes()).hexdigest()

    @property
    def key(self) -> str:
        """Names wheels and virtualenv in the cache; the latter points to one interpreter."""
        here = f"{self.order.python} {self.interpreter.platform}"
        place = hashlib.sha256(here.encode()).hexdigest()[:6]
        system = self.order.settings.system_site_packages
        key = venv_key(self.lock_hash, self.interpreter.version, system_site_packages=system)
        return f"{key}-{place}"

    def fill(self, tree: Path) -> None:
        """Code, packages and static files; then the site's own tests."""
        uv = find_uv_bin()
        copy_tree(tree, self.folder / "code")
        if self.order.windows:
            with stage("packages for Windows", self.say):
                self._unpack(uv, self.order.windows)
        else:
            with stage("wheels", self.say):
                copy_tree(self._wheels(uv), self.folder / "wheels")
        static = self.folder / "static"
        static.mkdir()
        if self.order.settings.collectstatic or self.order.tests:
            with stage("virtualenv", self.say):
                python = self._virtualenv(uv, self._wheels(uv))
            scratch = self.folder / "scratch"
            copy_tree(tree, scratch / "code")
            self._run_site(python, static, scratch)
            remove(scratch)

    def list_files(self) -> Manifest:
        """Hash what is there, and write `manifest.json`."""
        with stage("manifest", self.say):
            normalise_modes(self.folder, programs=not self.order.windows)
            manifest = manifest_of(self.folder)
            if self.order.windows:
                owners = {path: path.partition("/")[0] for path in manifest.files}
                refuse_paths(owners, self.order.windows, self.release)
            self.write("manifest.json", manifest.to_json())
        return manifest

    def write(self, name: str, text: str) -> None:
        """A file that describes the release, beside its parts."""
        file = self.folder / name
        file.write_bytes(text.encode())
        file.chmod(0o644)

    def _unpack(self, uv: str, windows: WindowsHosts) -> None:
        """The packages for Windows. Nothing else is done when they or the code cannot be there."""
        system = self.order.settings.system_site_packages
        key = venv_key(self.lock_hash, windows.python_version, system_site_packages=system)
        unpacked = unpack(
            self.lock,
            windows,
            self.order.python,
            uv,
            self.cache,
            f"{key}-windows-{windows.python_version}",
            whole=not system,
        )
        paths = packages(unpacked)
        code = (path.relative_to(self.folder).as_posix() for path in files_below(self.folder))
        owners = dict.fromkeys(code, "the site")
        owners |= {f"lib/{path}": package for path, package in paths.items()}
        refuse_paths(owners, windows, self.release)
        copy_packages(unpacked, paths, self.folder / "lib")

    def _wheels(self, uv: str) -> Path:
        return fetch(self.lock, self.order.python, uv, self.cache, self.key)

    def _run_site(self, python: str, static: Path, scratch: Path) -> None:
        """The site runs in a copy, its tests beside copied static files: neither is kept."""
        if self.order.settings.collectstatic:
            with stage("collectstatic", self.say):
                self._manage(python, scratch, static, STATIC_TIMEOUT, "collectstatic")
                sort_static_names(static)
        if self.order.tests:
            with stage("tests", self.say):
                copy_tree(static, scratch / "static")
                self._manage(python, scratch, scratch / "static", TESTS_TIMEOUT, "test")

    def _manage(self, python: str, scratch: Path, static: Path, limit: float, word: str) -> None:
        places = {"{static}": str(static), "{scratch}": str(scratch)}
        environ = {
            name: _placed(value, places) for name, value in self.order.settings.environ.items()
        }
        argv = (python, "manage.py", word, "--noinput")
        command = Command(argv=argv, folder=str(scratch / "code"), timeout=limit)
        self._must(command, site_environ(environ), word, f"manage.py {word} failed")

    def _virtualenv(self, uv: str, wheels: Path) -> str:
        path = self.cache / "venvs" / self.key
        if not (path / MARKER).is_file():
            for command in venv_commands(
                str(path),
                self.order.python,
                str(wheels),
                str(self.lock),
                system_site_packages=self.order.settings.system_site_packages,
                uv=uv,
            ):
                added = {name: str(value) for name, value in command.environ.items()}
                environ = tool_environ(added)
                self._must(command, environ, "virtualenv", "the virtualenv was not made")
        posix, windows = path / "bin" / "python", path / "Scripts" / "python.exe"
        return str(windows if windows.is_file() else posix)

    def _must(self, command: Command, environ: dict[str, str], stage: str, what: str) -> None:
        """Run what must succeed; else show the end of what it said, and where all of it is."""
        log = self.cache / "logs" / f"{self.order.changeset.short}-{stage}.log"
        outcome = run(command, environ, log=log)
        if outcome.exit_code:
            raise BuildFailed(
                f"{what} (exit code {outcome.exit_code}){_end_of(outcome)}",
                where=self.order.changeset.short,
                advice=f"the whole log: {log}",
            )


def _end_of(outcome: Outcome) -> str:
    lines = [line for line in outcome.out.splitlines() if line.strip()]
    return "".join(f"\n  {line}" for line in lines[-LAST_LINES:])


def _placed(value: str, places: dict[str, str]) -> str:
    for token, place in places.items():
        value = value.replace(token, place)
    return value
