"""What `hg ... -T json` says, as values. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from pipeline.facts.changeset import Changeset


def changesets(text: str) -> tuple[Changeset, ...]:
    """Read `hg log -T json`, in its order."""
    return tuple(map(_changeset, json.loads(text or "[]")))


def names(text: str, key: str) -> tuple[str, ...]:
    """Read the names in `hg bookmarks|tags|branches -T json`."""
    return tuple(str(item[key]) for item in json.loads(text or "[]"))


def _changeset(item: Mapping[str, Any]) -> Changeset:
    seconds, west = item["date"]
    clock = timezone(timedelta(seconds=-west))
    lines = str(item["desc"]).strip().splitlines()
    return Changeset(
        node=item["node"],
        branch=item["branch"],
        author=item["user"],
        date=datetime.fromtimestamp(seconds, clock).isoformat(timespec="seconds"),
        summary=lines[0] if lines else "",
        bookmarks=tuple(sorted(item["bookmarks"])),
        tags=tuple(sorted(tag for tag in item["tags"] if tag != "tip")),
    )
