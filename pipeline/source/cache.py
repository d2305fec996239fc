"""The local clone that everything is read from: made once, pulled into afterwards."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.command import Outcome
from pipeline.disk import exclusive, made_whole
from pipeline.errors import BadInventory, Failed, Unreachable
from pipeline.source.repository import Repository
from pipeline.source.server import Server

ALIAS = "farm"  # what the source is called in the command server's configuration
MARKER = "farmhand-source"  # in the clone's .hg: a hash of the address that it was made from
FAR = ("no suitable response", "not found", "authorization failed", "could not lock", "timed out")
REMOTE, SECURITY = 100, 150  # Mercurial's detailed exit codes


def location(address: str, project: Path) -> str:
    """An address as `hg` takes it: a path that is not absolute begins at the project."""
    parts = urlsplit(address)
    if parts.password:
        raise BadInventory(
            "source.repo holds a password",
            advice="keep it in the [auth] section of your own hgrc (hg help config.auth)",
        )
    return address if "://" in address else str(project / address)


def pull(url: str, cache: Path) -> Repository:
    """Everything that the source has, bookmarks as they stand there, in a clone at `cache`.

    A clone that is damaged, unrelated or of another source is made anew. A source that cannot be
    reached is an error, and the clone stays as it is.
    """
    with exclusive(cache.with_name(f"{cache.name}.lock")):
        return _pulled(url, cache) or _cloned(url, cache)


def _pulled(url: str, cache: Path) -> Repository | None:
    """Pull into the clone that is there; None when it had better be made anew."""
    if _marked(cache) != _mark(url):
        return None
    try:
        server = _start(url, cache)
    except Failed:
        return None
    try:
        outcome = server.ask("pull", ALIAS)
        if outcome.exit_code in (REMOTE, SECURITY) or any(word in outcome.err for word in FAR):
            raise _unreachable(url, outcome)
        if outcome.exit_code == 0 and not _has_strays(server, url):
            return Repository(server, ALIAS)
    except BaseException:
        server.stop()
        raise
    server.stop()
    return None


def _cloned(url: str, cache: Path) -> Repository:
    """Clone without a working copy, mark it, and put it in the place of what is there."""
    with made_whole(cache, replace=True) as making:
        making.mkdir()
        Server.initialise(making)
        server = _start(url, making)
        try:
            outcome = server.ask("pull", ALIAS)
        finally:
            server.stop()
        if outcome.exit_code:
            raise _unreachable(url, outcome)
        (making / ".hg" / MARKER).write_text(_mark(url), encoding="ascii")
    return Repository(_start(url, cache), ALIAS)


def _start(url: str, cache: Path) -> Server:
    mirror = f"paths.{ALIAS}:bookmarks.mode=mirror"
    return Server.start(cache, f"paths.{ALIAS}={url}", mirror)


def _has_strays(server: Server, url: str) -> bool:
    """Whether we hold what the source no longer has; asked only where it is cheap."""
    return "://" not in url and server.ask("outgoing", "-T", "{node}\n", ALIAS).exit_code == 0


def _unreachable(url: str, outcome: Outcome) -> Unreachable:
    said = "; ".join(line.removeprefix("abort: ") for line in outcome.err.splitlines() if line)
    advice = f"see whether it answers to: hg identify {url}"
    return Unreachable(said or outcome.said, where=url, advice=advice)


def _mark(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _marked(cache: Path) -> str:
    marker = cache / ".hg" / MARKER
    return marker.read_text(encoding="ascii") if marker.is_file() else ""
