"""Where a release comes from: its `release.json`. Pure."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace

from pipeline.build.interpreter import Interpreter
from pipeline.facts.changeset import Changeset, Release
from pipeline.farm.inventory import Build

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A release, what made it, when and where. `recipe` names how it was made."""

    release: Release
    recipe: str
    tested: bool
    interpreter: Interpreter
    farmhand: str
    host: str
    built: str  # ISO 8601

    def to_json(self) -> str:
        """The text of `release.json`."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Provenance":
        """Read back what `to_json` wrote; ValueError, TypeError or KeyError for anything else."""
        fields = json.loads(text)
        if fields.pop("format") != FORMAT:
            raise ValueError("release.json has another format")
        release = fields.pop("release")
        changeset = release.pop("changeset")
        for name in ("bookmarks", "tags"):
            changeset[name] = tuple(changeset[name])
        return cls(
            release=Release(changeset=Changeset(**changeset), **release),
            interpreter=Interpreter(**fields.pop("interpreter")),
            **fields,
        )


def lasting(changeset: Changeset) -> Changeset:
    """A changeset without the names that move: what a release remembers of it."""
    return replace(changeset, bookmarks=(), tags=())


def recipe(settings: Build, interpreter: Interpreter) -> str:
    """Names everything but the changeset that decides what a release holds."""
    parts = [
        settings.requirements,
        settings.system_site_packages,
        settings.collectstatic,
        dict(settings.environ),
        interpreter.tag,
        interpreter.platform,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
