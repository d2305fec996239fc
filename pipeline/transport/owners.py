"""Who owns a file, and with which permission bits. On Windows, access lists decide, not these."""

import os
import stat
import sys
from pathlib import Path

from pipeline.errors import Failed

if sys.platform == "win32":

    def set_access(path: Path, *, mode: int, owner: str) -> None:
        """Nothing: a file takes the access list of its folder."""

    def mode_of(status: os.stat_result) -> int:
        """The bits that a manifest holds for an ordinary file."""
        return 0o644

    def owner_name(uid: int) -> str:
        """Windows has no user numbers."""
        return ""

else:
    import pwd

    def set_access(path: Path, *, mode: int, owner: str) -> None:
        """Give a file or folder its bits and its owner, with their group; empty: as it is."""
        if owner:
            _give(path, owner)
        path.chmod(mode)

    def _give(path: Path, owner: str) -> None:
        try:
            user = pwd.getpwnam(owner)
        except KeyError:
            raise Failed(f"no user {owner}", where=str(path), advice="make that user") from None
        found = path.stat()
        if (found.st_uid, found.st_gid) != (user.pw_uid, user.pw_gid):
            os.chown(path, user.pw_uid, user.pw_gid)

    def mode_of(status: os.stat_result) -> int:
        """The permission bits."""
        return stat.S_IMODE(status.st_mode)

    def owner_name(uid: int) -> str:
        """A user's name; the number itself when there is no such user."""
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return str(uid)
