"""What is deployed: a changeset of the site, and the release that was built from it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeset:
    """One changeset of the site's repository. `node` is the whole hash, 40 hex characters."""

    node: str
    branch: str
    author: str = ""
    date: str = ""  # ISO 8601, as the author's clock had it
    summary: str = ""
    bookmarks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The twelve characters by which people name it."""
        return self.node[:12]


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file of a release: size in bytes, SHA-256, permission bits."""

    size: int
    sha256: str
    mode: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a release by relative path. Equal trees give equal manifests and digests."""

    files: Mapping[str, ManifestEntry]

    def to_json(self) -> str:
        """`{format, files}`, sorted: the text whose hash is the digest."""
        files = {
            path: {"size": entry.size, "sha256": entry.sha256, "mode": entry.mode}
            for path, entry in sorted(self.files.items())
        }
        return json.dumps({"format": 1, "files": files}, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read back what `to_json` wrote."""
        return cls(
            {path: ManifestEntry(**entry) for path, entry in json.loads(text)["files"].items()}
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the JSON: names the content of a whole release."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A build of a changeset: its label, its content by digest, and what it needs to run.

    `lock_hash` is the SHA-256 of the requirements lock: it keys the virtualenv.
    """

    id: str
    changeset: Changeset
    digest: str
    lock_hash: str
    files: int = 0
    size: int = 0  # bytes


def release_id(branch: str, node: str, number: int) -> str:
    """CruiseControl.NET's way of labelling: `BRANCH-SHORTHASH-N`."""
    return f"{re.sub(r'[^A-Za-z0-9.]', '_', branch)}-{node[:12]}-{number}"
