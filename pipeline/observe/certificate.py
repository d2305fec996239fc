"""What a certificate says: whose it is, and how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

SOON = timedelta(days=14)  # before its end a deploy begins to say so
RENEWED = timedelta(days=30)  # before its end one that was made here is made anew


@dataclass(frozen=True, slots=True)
class Certificate:
    """The first certificate of a PEM, which is the server's own. Times are in UTC."""

    names: tuple[str, ...]
    since: datetime
    until: datetime

    def covers(self, name: str) -> bool:
        """Whether it is good for a host of this name; `*.` stands for one part."""
        name = name.lower()
        return any(
            fnmatchcase(name, each) and name.count(".") == each.count(".")
            for each in map(str.lower, self.names)
        )

    def refusal(self, now: datetime) -> str:
        """Why no browser takes it now; empty when it is in force."""
        if now >= self.until:
            return f"expired on {_day(self.until)}"
        if now < self.since:
            return f"is not valid before {_day(self.since)}"
        return ""

    def warnings(self, name: str, now: datetime) -> tuple[str, ...]:
        """What people should know before a browser tells them."""
        found = []
        if self.until - now < SOON:
            found.append(f"the certificate expires on {_day(self.until)}")
        if not self.covers(name):
            called = ", ".join(self.names) or "nobody"
            found.append(f"the certificate is for {called}, not for {name}")
        return tuple(found)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
