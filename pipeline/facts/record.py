"""What a host remembers of itself: its numbered records, and what each instance runs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import CheckFailed
from pipeline.facts.changeset import Changeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One finished deploy of a host: the release and the rendered files, so that it can return.

    `previous` is the record that a rollback from here returns to; `files` maps paths to texts.
    """

    number: int
    release: str
    digest: str
    changeset: Changeset
    venv: str
    previous: int | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The text of `records/N.json`."""
        data = {
            "format": 1,
            "number": self.number,
            "release": self.release,
            "digest": self.digest,
            "changeset": changeset_to_dict(self.changeset),
            "venv": self.venv,
            "previous": self.previous,
            "files": dict(self.files),
        }
        return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, *, where: str) -> "Record":
        """Read a record. Raises CheckFailed, naming `where`, for a damaged one."""
        try:
            data = json.loads(text)
            return cls(
                number=data["number"],
                release=data["release"],
                digest=data["digest"],
                changeset=changeset_from_dict(data["changeset"]),
                venv=data["venv"],
                previous=data["previous"],
                files=data["files"],
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise CheckFailed(
                f"not a record: {problem}",
                where=where,
                advice="move it away: the host then counts as having one deploy less to return to",
            ) from problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What an instance, or the balancer, was last switched to: the text of its `current.json`.

    `files`: path -> SHA-256 as deployed, so that an edit by hand shows.
    """

    release: str
    changeset: str
    files: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The text of `current.json`."""
        data = {
            "format": 1,
            "release": self.release,
            "changeset": self.changeset,
            "files": dict(self.files),
        }
        return json.dumps(data, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Running | None":
        """Read `current.json`; None when it cannot be read."""
        try:
            data = json.loads(text)
            return cls(release=data["release"], changeset=data["changeset"], files=data["files"])
        except (ValueError, KeyError, TypeError):
            return None


def newest(records: Iterable[Record]) -> Record | None:
    """The record of the last finished deploy."""
    return max(records, key=lambda record: record.number, default=None)


def changeset_to_dict(changeset: Changeset) -> dict[str, Any]:
    """A changeset as JSON's values."""
    return {
        "node": changeset.node,
        "branch": changeset.branch,
        "author": changeset.author,
        "date": changeset.date,
        "summary": changeset.summary,
    }


def changeset_from_dict(data: Mapping[str, Any]) -> Changeset:
    """The way back. Bookmarks and tags move, and are not remembered."""
    return Changeset(**data)
