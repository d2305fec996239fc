"""Where a journal may be kept: in a file on a disk of this machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import psutil

from pipeline.errors import BadInventory, CheckFailed

# SQLite's locks and its shared memory do not work through these.
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "fuse.sshfs"}
)


@dataclass(frozen=True, slots=True)
class Mount:
    """What is mounted where. On Windows `remote` marks a drive letter of a share."""

    point: str
    kind: str
    remote: bool = False


def journal_path(setting: str) -> Path:
    """The file that a `journal` setting names: a path, or `sqlite:///PATH`."""
    scheme, found, rest = setting.partition("://")
    if not found:
        return Path(setting)
    if scheme.partition("+")[0] != "sqlite" or not rest.startswith("/"):
        raise BadInventory(
            f"a journal in {scheme}: only SQLite files are supported",
            where="journal",
            advice="write a path, or sqlite:///PATH; the lease on the first host works without it",
        )
    return Path(rest.removeprefix("/"))


def refuse_network(path: Path, mounts: Iterable[Mount]) -> None:
    """Raise CheckFailed for a path that is on another machine."""
    if kind := network_kind(str(path), mounts):
        raise CheckFailed(
            f"the journal would be on another machine ({kind}): a SQLite file breaks there",
            where=str(path),
            advice="keep .farm on a local disk",
        )


def network_kind(path: str, mounts: Iterable[Mount]) -> str:
    """What kind of network path this is; "" for a local one."""
    windows = PureWindowsPath(path)
    if windows.drive.startswith("\\\\"):
        return "UNC"
    pure = windows if windows.drive else PurePosixPath(path)
    holding = [mount for mount in reversed(tuple(mounts)) if pure.is_relative_to(mount.point)]
    nearest = max(holding, key=lambda mount: len(mount.point), default=Mount("", ""))
    if nearest.remote or nearest.kind.lower() in NETWORK:
        return nearest.kind or "network drive"
    return ""


def mounts() -> tuple[Mount, ...]:
    """What is mounted on this machine."""
    return tuple(
        Mount(part.mountpoint, part.fstype, "remote" in part.opts.split(","))
        for part in psutil.disk_partitions(all=True)
    )
