"""The file that says who deploys, and the tombstones that decide who may replace it.

`lock.json` names the holder, by a token. Who takes over from token N must make `lock-N.broken`,
which only one can: from then on the holder is whom the tombstone names, with token N + 1, whatever
`lock.json` says. So a late write of an old holder, or the death of a new one, misleads nobody.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.execute.owner import Owner
from pipeline.transport.base import Transport

FORMAT = 1
KEPT = 8  # tombstones: an old holder wakes up long before as many takeovers


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who deploys, since when and why. Without an owner, its file could not be read."""

    token: int
    owner: Owner | None = None
    reason: str = ""
    since: datetime | None = None
    beat: int = 0

    def __str__(self) -> str:
        since = f" since {self.since:%Y-%m-%d %H:%M:%S %Z}" if self.since else ""
        return f"{self.owner or 'somebody unknown'}{since}" + (self.reason and f": {self.reason}")

    def same_holder(self, other: "Lease | None") -> bool:
        """Whether both are of one holder, at whatever beat."""
        return other is not None and (self.token, self.owner) == (other.token, other.owner)

    def with_beat(self, beat: int) -> "Lease":
        """The same, at another beat."""
        return replace(self, beat=beat)

    def to_json(self) -> bytes:
        """The text of the file."""
        data = {
            "format": FORMAT,
            "token": self.token,
            "owner": self.owner.to_data() if self.owner else None,
            "reason": self.reason,
            "since": self.since.isoformat() if self.since else None,
            "beat": self.beat,
        }
        return (json.dumps(data, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes, *, torn: int) -> "Lease":
        """Read the file. What a crash left of it is a lease of token `torn`, of nobody known."""
        try:
            data = json.loads(content)
            return cls(
                token=int(data["token"]),
                owner=Owner.from_data(data["owner"]) if data["owner"] else None,
                reason=str(data["reason"]),
                since=datetime.fromisoformat(data["since"]) if data["since"] else None,
                beat=int(data["beat"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(token=torn)


@dataclass(frozen=True, slots=True)
class LeaseFile:
    """`lock.json` on its host, and the tombstones beside it."""

    transport: Transport
    path: str

    def named(self) -> Lease | None:
        """Whom `lock.json` names; None when there is none."""
        content = self.transport.read(self.path)
        return None if content is None else Lease.from_json(content, torn=0)

    def holder(self) -> Lease | None:
        """Who holds the lease; None when nobody does."""
        lease = self.named()
        if lease is None:
            return None
        if not lease.token:
            lease = Lease(token=self.next_token())
        while (heir := self.transport.read(self._tombstone(lease.token))) is not None:
            token = lease.token + 1
            found = Lease.from_json(heir, torn=token)
            lease = found if found.token == token else Lease(token=token)
        return lease

    def create(self, lease: Lease) -> bool:
        """Take a lease that nobody holds; False when somebody does."""
        return self.transport.create(self.path, lease.to_json()) and not self.is_broken(lease)

    def replace(self, broken: Lease, heir: Lease) -> bool:
        """Take over; False when somebody else did."""
        if not self.end(broken, heir):
            return False
        self.transport.write(self.path, heir.to_json())
        return not self.is_broken(heir)

    def end(self, broken: Lease, heir: Lease) -> bool:
        """Make the tombstone of `broken`, which names `heir`; False when it has one already."""
        return self.transport.create(self._tombstone(broken.token), heir.to_json())

    def write(self, lease: Lease) -> None:
        """Replace the file."""
        self.transport.write(self.path, lease.to_json())

    def remove(self) -> None:
        """Remove the file; tombstones stay."""
        self.transport.remove(self.path)

    def is_broken(self, lease: Lease) -> bool:
        """Whether somebody ended this lease, other than its holder."""
        return self.transport.exists(self._tombstone(lease.token))

    def next_token(self) -> int:
        """A token that is higher than all that were ended."""
        return max(self._ended(), default=0) + 1

    def tidy(self) -> None:
        """Remove the tombstones of long ago."""
        for token in sorted(self._ended())[:-KEPT]:
            self.transport.remove(self._tombstone(token))

    def make_folder(self) -> None:
        """Make the folder that the file is to be in, on a host that sees its first deploy."""
        if not self.transport.exists(self._folder):
            self.transport.make_folder(self._folder)

    @property
    def _folder(self) -> str:
        return re.split(r"[/\\][^/\\]*$", self.path)[0]

    @property
    def _stem(self) -> str:
        return self.path.removesuffix(".json")

    def _tombstone(self, token: int) -> str:
        return f"{self._stem}-{token}.broken"

    def _ended(self) -> list[int]:
        stem = re.split(r"[/\\]", self._stem)[-1]
        names = self.transport.tree(self._folder, (f"{stem}-*.broken",)).files
        found = (re.fullmatch(rf"{re.escape(stem)}-(\d+)\.broken", name) for name in names)
        return [int(match[1]) for match in found if match]
