"""The files of a release: copied in, normalised, and listed by hash."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.facts.changeset import Manifest, ManifestEntry

PARTS = ("code", "lib", "static", "wheels")
STATIC_NAMES = "staticfiles.json"  # Django's own manifest: its order follows the clock


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder, with plain files in the place of links: hosts may not know links."""
    shutil.copytree(
        source, target, symlinks=False, copy_function=shutil.copyfile, dirs_exist_ok=True
    )
    for path in files_below(source):
        if _executable(path):
            (target / path.relative_to(source)).chmod(0o755)


def copy_files(source: Path, paths: Iterable[str], target: Path) -> None:
    """Copy some files of a folder, by their paths in it."""
    for path in paths:
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, place)


def sort_static_names(static: Path) -> None:
    """Write Django's list of hashed names in one order, so that equal builds are equal."""
    file = static / STATIC_NAMES
    if file.is_file():
        content = json.loads(file.read_text(encoding="utf-8"))
        text = json.dumps(content, sort_keys=True)
        file.write_bytes(text.encode())


def manifest_of(release: Path) -> Manifest:
    """Hash every file of a release's parts."""
    return Manifest(
        {
            path.relative_to(release).as_posix(): _entry(path)
            for part in PARTS
            for path in files_below(release / part)
        }
    )


def normalise_modes(release: Path, *, programs: bool = True) -> None:
    """0644 and 0755, whatever umask the builder has; without `programs`, 0644 alone."""
    for folder, _, files in os.walk(release):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if programs and _executable(path) else 0o644)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, in the order of its path."""
    for here, folders, files in os.walk(folder, followlinks=True):
        folders.sort()
        for name in sorted(files):
            yield Path(here, name)


def _executable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100) and os.name == "posix"


def _entry(path: Path) -> ManifestEntry:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ManifestEntry(path.stat().st_size, sha256, 0o755 if _executable(path) else 0o644)
