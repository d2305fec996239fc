"""The packages of a release for Windows: wheels, unpacked on any system.

uv takes the wheels that fit the hosts' Python and checks their hashes. What it notes for itself,
and the programs that it makes, are left out: they differ from one machine to the next.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.build.content import copy_files, files_below
from pipeline.build.order import WindowsHosts
from pipeline.build.run import run, tool_environ
from pipeline.command import Command, Outcome
from pipeline.disk import made_whole
from pipeline.errors import BuildFailed, CheckFailed
from pipeline.farm.windows_names import refused

NOTES = frozenset(
    ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json")
)
PROGRAMS = frozenset(("bin", "Scripts"))
NAMED = 5  # paths that an error names
LONG = 900.0  # seconds

_NO_WHEEL = re.compile(r"Because (\S+) has no (?:usable )?wheels")
_NOT_THERE = re.compile(r"Because (\S+) was not found in|Because there is no version of (\S+)")
_NO_HASH = re.compile(r"Hash-checking is required.*?`(\S+)`|none were provided for: (\S+)")
_OTHER_HASH = re.compile(r"Hash mismatch for `(\S+)`")
_NO_NETWORK = re.compile(r"Request failed after|Failed to fetch|error sending request")


def unpack(
    lock: Path, windows: WindowsHosts, python: str, uv: str, cache: Path, key: str, *, whole: bool
) -> Path:
    """The folder `cache`/unpacked/`key` with the packages of `lock`: made when it is not there.

    `whole`: the lock names all that its packages need. Raises CheckFailed that names a package
    without a wheel for Windows.
    """
    unpacked = cache / "unpacked" / key
    if unpacked.is_dir():
        return unpacked
    with made_whole(unpacked) as making:
        making.mkdir()
        argv = (
            *(uv, "pip", "install", "--no-progress", "--python", python, "--target", str(making)),
            *("--python-platform", "windows", "--python-version", windows.python_version),
            *("--only-binary", ":all:", "--require-hashes", *(() if whole else ("--no-deps",))),
            *("--link-mode", "copy", "--no-compile-bytecode", "-r", str(lock)),
        )
        log = cache / "logs" / f"unpacked-{key}.log"
        outcome = run(Command(argv=argv, timeout=LONG), tool_environ({}), log=log)
        if outcome.exit_code:
            raise refusal(outcome, windows.python_version, log)
    return unpacked


def refusal(outcome: Outcome, version: str, log: Path) -> BuildFailed | CheckFailed:
    """What uv's complaint means."""
    said, all_of_it = outcome.out, f"the whole log: {log}"
    if _NO_NETWORK.search(said):
        return BuildFailed("the package index cannot be reached", advice=all_of_it)
    if lacking := _NO_WHEEL.search(said):
        return CheckFailed(
            f"{lacking[1]} has no wheel for Windows and Python {version}",
            advice="pin a version that has one; or make one on Windows (pip wheel), put it into "
            "your index, and lock again",
        )
    if missing := _NOT_THERE.search(said):
        return CheckFailed(
            f"{_first(missing)} is not in the package index",
            advice=f"uv knows yours by UV_DEFAULT_INDEX or uv.toml; {all_of_it}",
        )
    if unhashed := _NO_HASH.search(said):
        return CheckFailed(
            f"the requirements lock lacks {_first(unhashed)}, or its hash",
            advice="lock for all platforms: uv pip compile --universal --generate-hashes",
        )
    if other := _OTHER_HASH.search(said):
        return CheckFailed(
            f"{other[1]} has another hash than the requirements lock says",
            advice=f"lock again, if the index is to be trusted; {all_of_it}",
        )
    return BuildFailed(f"the packages for Windows did not come: {outcome.said}", advice=all_of_it)


def packages(unpacked: Path) -> dict[str, str]:
    """What belongs into a release: path -> the package that brings it.

    Raises CheckFailed when two packages bring files of one name that differ.
    """
    owners: dict[str, tuple[str, str]] = {}
    for record in sorted(unpacked.glob("*.dist-info/RECORD")):
        package = " ".join(record.parent.name.removesuffix(".dist-info").split("-"))
        for path, sha256, _ in csv.reader(record.read_text(encoding="utf-8").splitlines()):
            other, there = owners.setdefault(path, (package, sha256))
            if there != sha256 and _belongs(path):
                raise CheckFailed(
                    f"{other} and {package} both bring {path}, and differ",
                    advice="only one of them can be in a release",
                )
    found = (path.relative_to(unpacked).as_posix() for path in files_below(unpacked))
    owned = {path: owner for path, (owner, _) in owners.items()}
    brought = {**owned, **{path: owned.get(path, path.partition("/")[0]) for path in found}}
    return {path: owner for path, owner in sorted(brought.items()) if _belongs(path)}


def copy_packages(unpacked: Path, paths: Mapping[str, str], target: Path) -> None:
    """Copy what `packages` found. A wheel may list what it does not hold."""
    copy_files(unpacked, (path for path in paths if (unpacked / path).is_file()), target)


def refuse_paths(owners: Mapping[str, str], windows: WindowsHosts, release: str) -> None:
    """Refuse paths of a release that no Windows host could have. `owners`: path -> whose it is."""
    wrong = [
        f"{owners[path]}: {path}: {why}" for path, why in refused(owners, windows.folder(release))
    ]
    if wrong:
        more = [f"and {len(wrong) - NAMED} more"] if len(wrong) > NAMED else []
        raise CheckFailed(
            "\n  ".join(["Windows cannot have these paths:", *wrong[:NAMED], *more]),
            where=release,
            advice="rename what is yours; of a package, take another version, or a shorter root",
        )


def _first(found: re.Match[str]) -> str:
    return next(name for name in found.groups() if name)


def _belongs(path: str) -> bool:
    parts = path.split("/")
    noted = len(parts) == 2 and parts[0].endswith(".dist-info") and parts[1] in NOTES
    inside = ".." not in parts and parts[0] not in {"", ".lock", *PROGRAMS}
    return inside and not noted and "__pycache__" not in parts
