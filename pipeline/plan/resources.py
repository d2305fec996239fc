"""The names and digests of what a plan depends on, taken from what was observed."""

from pipeline.facts.host import HostFacts
from pipeline.plan.wanted import Observed

PRESENT = "present"


def resources(observed: Observed) -> dict[str, str]:
    """Resource -> digest, of all that is there. What is not there has no entry.

    Left out is what moves by itself: processes, health, requests in flight, drained members.
    """
    found: dict[str, str] = {}
    for host in observed.hosts.values():
        if isinstance(host, HostFacts):
            found |= _of_host(host)
    found |= {database(name): digest for name, digest in observed.schemas.items()}
    return found


def of_file(host: str, path: str) -> str:
    """A small file; `path` is relative to the host's root."""
    return f"{host}:{path}"


def of(host: str, kind: str, name: str) -> str:
    """A release, a venv, a folder, a user, or a mark of a release."""
    return f"{host}:{kind}:{name}"


def database(name: str) -> str:
    """The schema of a database."""
    return f"database:{name}"


def _of_host(host: HostFacts) -> dict[str, str]:
    name = host.name
    found = {of_file(name, path): fact.sha256 for path, fact in host.texts.items()}
    found |= {of(name, "folder", folder): PRESENT for folder in host.folders}
    found |= {of(name, "venv", key): PRESENT for key in host.venvs}
    found |= {of(name, "secret", key): digest for key, digest in host.secrets.items() if digest}
    for release, digest in host.releases.items():
        found[of(name, "release", release)] = digest
        for kind, mark in MARKS.items():
            if host.marked(release, mark):
                found[of(name, kind, release)] = PRESENT
    if host.user_exists:
        found[of(name, "user", "site")] = PRESENT
    return found


MARKS = {"static": "static.published", "bytecode": "bytecode.compiled"}
