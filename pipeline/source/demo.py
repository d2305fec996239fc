"""The local environment's repository, made from the project's own example/ with real changesets.

    v1 --- v2                    branch default, a bookmark on each
             \\--- v3             branch broken

The author and the dates are fixed: equal content gives equal hashes on each machine. The working
copy stays empty, for the site is edited in example/. An edit there becomes a new changeset: of the
site itself on default, where v2 moves to it; of history/v3 on broken, where v3 does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.disk import exclusive, made_whole, remove
from pipeline.errors import Failed
from pipeline.source import example, parse
from pipeline.source.example import Tree
from pipeline.source.server import Server, complaint

AUTHOR = "Farmhand Demo <demo@example.com>"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)
EDITED = "example edited"
STATE = "farmhand-demo"  # in .hg: what each bookmark was last made from
SETTINGS = (f"ui.username={AUTHOR}", "phases.publish=True")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One of the three first changesets."""

    name: str
    branch: str
    tree: Tree
    summary: str


def ensure_demo(project: Path, repo: Path) -> bool:
    """Make the repository, or commit what was edited in example/ since; False if neither was due.

    A repository that somebody else put there is left alone.
    """
    site = example.now(project)
    broken = example.overlay(project, "v3")
    wanted = {"v2": example.digest(site), "v3": example.digest(broken)}
    if _state(repo) == wanted:
        return False
    with exclusive(repo.with_name(f"{repo.name}.lock")):
        found = _state(repo)
        if found == wanted or (repo.exists() and not found):
            return False
        if found:
            edited = {name for name in wanted if found.get(name) != wanted[name]}
            _edit(repo, site, broken, edited)
            _write_state(repo, wanted)
        else:
            _make(repo, _versions(project, site, broken), wanted)
    return True


def _versions(project: Path, site: Tree, broken: Tree) -> tuple[Version, ...]:
    first = example.laid_over(site, example.overlay(project, "v1"))
    last = example.laid_over(site, broken)
    return (
        Version(name="v1", branch="default", tree=first, summary="Recipes, and who brewed them"),
        Version(name="v2", branch="default", tree=site, summary="Tastings, stars and a ranking"),
        Version(
            name="v3", branch="broken", tree=last, summary="A model that the schema does not have"
        ),
    )


def _make(repo: Path, versions: tuple[Version, ...], wanted: Mapping[str, str]) -> None:
    with made_whole(repo) as making:
        making.mkdir()
        Server.initialise(making)
        server = Server.start(making, *SETTINGS, own_config=False)
        try:
            for number, version in enumerate(versions):
                _commit(server, making, version, START + number * A_DAY)
            server.tell("update", "--clean", "null")
        finally:
            server.stop()
        _write_state(making, wanted)


def _edit(repo: Path, site: Tree, broken: Tree, edited: set[str]) -> None:
    now = {"v2": ("default", site), "v3": ("broken", example.laid_over(site, broken))}
    server = Server.start(repo, *SETTINGS, own_config=False)
    try:
        server.ask("recover")  # from an edit that was killed half-way
        for name in sorted(edited):
            branch, tree = now[name]
            server.tell("update", "--clean", name)
            (parent,) = parse.changesets(server.tell("log", "-T", "json", "-r", "."))
            version = Version(name=name, branch=branch, tree=tree, summary=EDITED)
            _commit(server, repo, version, datetime.fromisoformat(parent.date) + A_MINUTE)
        server.tell("update", "--clean", "null")
    finally:
        server.stop()


def _commit(server: Server, folder: Path, version: Version, at: datetime) -> None:
    """Make the working copy equal to the version, commit it, and put its bookmark there."""
    for entry in folder.iterdir():
        if entry.name != ".hg":
            remove(entry) if entry.is_dir() else entry.unlink()
    for path, content in version.tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    server.tell("branch", "--force", version.branch)
    server.tell("addremove", "--similarity", "0")
    date = f"{int(at.timestamp())} 0"
    outcome = server.ask("commit", "-m", version.summary, "-u", AUTHOR, "-d", date)
    if outcome.exit_code > 1:  # 1: it is committed already
        raise Failed(f"hg commit: {complaint(outcome)}", where=str(folder))
    server.tell("bookmark", "--force", "-r", ".", version.name)


def _state(repo: Path) -> Mapping[str, str]:
    state = repo / ".hg" / STATE
    if not state.is_file():
        return {}
    found: dict[str, str] = json.loads(state.read_text(encoding="utf-8"))
    return found


def _write_state(repo: Path, wanted: Mapping[str, str]) -> None:
    text = json.dumps(wanted, indent=1, sort_keys=True)
    (repo / ".hg" / STATE).write_text(text, encoding="utf-8")
