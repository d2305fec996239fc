"""The releases on this machine: which there are, whether they are whole, which may go."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.build.content import PARTS, files_below, manifest_of
from pipeline.build.provenance import Provenance
from pipeline.build.venv import venv_key
from pipeline.disk import exclusive, remove, sweep
from pipeline.facts.changeset import Changeset, Manifest, Release, release_id

NUMBER = re.compile(r"-([0-9]+)$")
IN_USE = 3600.0  # seconds: a cached tree this young may be somebody's right now


@dataclass(frozen=True, slots=True)
class Store:
    """The folder `.farm` of the project: `releases/ID` and `cache`."""

    root: Path

    @property
    def releases(self) -> Path:
        """One folder per release."""
        return self.root / "releases"

    @property
    def cache(self) -> Path:
        """What can be made anew: trees, packages, virtualenvs, logs."""
        return self.root / "cache"

    @property
    def trees(self) -> Path:
        """Trees of changesets, by node."""
        return self.cache / "trees"

    @property
    def lock(self) -> Path:
        """Held by whoever builds or prunes."""
        return self.cache / "build.lock"

    def folder(self, release: str) -> Path:
        """Where a release is."""
        return self.releases / release

    def manifest(self, release: str) -> Manifest:
        """The files of a release, as its manifest lists them."""
        text = (self.folder(release) / "manifest.json").read_text(encoding="utf-8")
        return Manifest.from_json(text)


def stored(store: Store) -> tuple[Provenance, ...]:
    """Every release that has a readable `release.json`, newest first."""
    folders = (folder.parent for folder in store.releases.glob("*/release.json"))
    found = filter(None, map(read, folders))
    return tuple(sorted(found, key=lambda it: (it.built, number(it.release.id)), reverse=True))


def read(folder: Path) -> Provenance | None:
    """A release's provenance; None when it has none that can be read, or another release's."""
    try:
        text = (folder / "release.json").read_text(encoding="utf-8")
        provenance = Provenance.from_json(text)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return provenance if provenance.release.id == folder.name else None


def find(
    store: Store, node: str, *, recipe: str | None = None, tested: bool = False
) -> Release | None:
    """The newest whole release of a changeset; `recipe` and `tested` narrow it down.

    Sizes are compared, not hashes: `verify` compares those.
    """
    for folder in sorted(store.releases.glob(f"*-{node[:12]}-*"), key=_number, reverse=True):
        provenance = read(folder)
        if provenance is None or provenance.release.changeset.node != node:
            continue
        if recipe not in (None, provenance.recipe) or (tested and not provenance.tested):
            continue
        if _is_whole(folder, provenance.release):
            return provenance.release
    return None


def verify(store: Store, release: Release) -> tuple[str, ...]:
    """Hash every file again: the paths that are missing, that changed or that nobody listed."""
    folder = store.folder(release.id)
    text = (folder / "manifest.json").read_bytes()
    if hashlib.sha256(text).hexdigest() != release.digest:
        return ("manifest.json",)
    wanted, found = Manifest.from_json(text.decode()).files, manifest_of(folder).files
    return tuple(path for path in sorted({*wanted, *found}) if wanted.get(path) != found.get(path))


def next_id(store: Store, changeset: Changeset) -> str:
    """The label of the next build of a changeset."""
    first = release_id(changeset.branch, changeset.node, 1)
    built = store.releases.glob(f"{first.removesuffix('1')}*")
    latest = max(map(_number, built), default=0)
    return release_id(changeset.branch, changeset.node, latest + 1)


def to_prune(
    newest_first: Sequence[str], keep: int, protected: Collection[str]
) -> tuple[str, ...]:
    """Which releases may go: those after the newest `keep`, but never one that is protected."""
    return tuple(release for release in newest_first[keep:] if release not in protected)


def prune(
    store: Store,
    keep: int,
    running: Collection[str],
    *,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[str, ...]:
    """Remove old releases, and what the cache held for them only. None that runs anywhere goes."""
    with exclusive(store.lock):
        before = stored(store)
        gone = to_prune([it.release.id for it in before], keep, running)
        for release in gone:
            say(f"release {release} removed")
            remove(store.folder(release))
        kept = [it for it in before if it.release.id not in gone]
        for folder in _unneeded(store, kept):
            remove(folder)
        for parent in (
            store.releases,
            *(store.cache / each for each in ("trees", "unpacked", "wheels")),
        ):
            sweep(parent)
    return gone


def number(release: str) -> int:
    """The last part of a release's label."""
    found = NUMBER.search(release)
    return int(found[1]) if found else 0


def _number(folder: Path) -> int:
    return number(folder.name)


def _unneeded(store: Store, kept: Sequence[Provenance]) -> Iterator[Path]:
    """Cached trees, packages and virtualenvs that belong to no release that is left."""
    nodes = {it.release.changeset.node for it in kept}
    keys = [venv_key(it.release.lock_hash, it.interpreter.version) for it in kept]
    for parent in ("trees", "unpacked", "venvs", "wheels"):
        for folder in (store.cache / parent).glob("[!.]*"):
            needed = folder.name in nodes or folder.name.startswith(tuple(keys))
            if not needed and time.time() - folder.stat().st_mtime > IN_USE:
                yield folder


def _is_whole(folder: Path, release: Release) -> bool:
    try:
        text = (folder / "manifest.json").read_bytes()
        if hashlib.sha256(text).hexdigest() != release.digest:
            return False
        wanted = {
            path: entry.size for path, entry in Manifest.from_json(text.decode()).files.items()
        }
        found = {
            path.relative_to(folder).as_posix(): path.stat().st_size
            for part in PARTS
            for path in files_below(folder / part)
        }
    except (OSError, json.JSONDecodeError):
        return False
    return wanted == found
