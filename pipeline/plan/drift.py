"""What was done by hand to deployed files: each service's `current.json` knows how they were."""

from enum import StrEnum

from pipeline.facts.host import HostFacts


class Deed(StrEnum):
    """What somebody did to a file."""

    EDITED = "edited by hand"
    REMOVED = "removed by hand"
    ADDED = "put there by hand"


def deeds(host: HostFacts, folder: str) -> dict[str, Deed]:
    """What was done to the files of a service since it was deployed, by path.

    `folder` is the service's. Nothing is known where its `current.json` cannot be read.
    """
    current = host.current(folder)
    if current is None:
        return {}
    note = f"{folder}/current.json"
    here = {path: fact.sha256 for path, fact in host.below(folder).items() if path != note}
    edited = {
        path for path in here.keys() & current.files.keys() if here[path] != current.files[path]
    }
    return {
        **dict.fromkeys(edited, Deed.EDITED),
        **dict.fromkeys(current.files.keys() - here.keys(), Deed.REMOVED),
        **dict.fromkeys(here.keys() - current.files.keys(), Deed.ADDED),
    }


def done_by_hand(host: HostFacts) -> dict[str, str]:
    """The deeds of a whole host, by path: what was done, and since when."""
    found: dict[str, str] = {}
    for path in host.texts:
        folder, _, name = path.rpartition("/")
        current = host.current(folder) if name == "current.json" else None
        if current is not None:
            since = f"since {current.release or 'it'} was deployed"
            found |= {path: f"{deed} {since}" for path, deed in deeds(host, folder).items()}
    return found
