"""The finish stage: each host records what it runs, and lets go of what nobody needs."""

from collections.abc import Iterable, Iterator

from pipeline.facts.answer import sha256
from pipeline.facts.changeset import Release
from pipeline.facts.host import HostFacts
from pipeline.facts.record import Record
from pipeline.farm.layout import Layout
from pipeline.plan.action import Remove, WriteFiles
from pipeline.plan.draft import Draft
from pipeline.plan.resources import MARKS, PRESENT, of, of_file
from pipeline.plan.step import Stage, Step
from pipeline.plan.wanted import WantedHost


def next_record(wanted: WantedHost, found: HostFacts, release: Release) -> Record:
    """The record of this deploy."""
    return Record(
        number=max(found.records, default=0) + 1,
        release=release.id,
        digest=release.digest,
        changeset=release.changeset,
        venv=wanted.venv,
        previous=wanted.previous,
        files=dict(sorted(wanted.files.items())),
    )


def is_recorded(wanted: WantedHost, found: HostFacts, release: Release) -> bool:
    """Whether the newest record already says just this."""
    newest = found.record
    return (
        newest is not None
        and (newest.release, newest.digest, newest.venv)
        == (release.id, release.digest, wanted.venv)
        and newest.files == wanted.files
    )


def record(draft: Draft, layout: Layout, host: str, value: Record) -> Step:
    """The step that writes a record."""
    text = value.to_json()
    path = f"records/{value.number}.json"
    return Step(
        id=f"finish:{host}:record",
        stage=Stage.FINISH,
        host=host,
        action=WriteFiles(files={layout.path(path): draft.blob(text)}),
        undo=(Remove(paths=(layout.path(path),)),),
        why="so that this host knows its release without any journal",
        resources={of_file(host, path): ("", sha256(text.encode()))},
    )


def prune(
    found: HostFacts, layout: Layout, *, keep: int, newest: Record, running: Iterable[str]
) -> Iterator[Step]:
    """Steps that remove records, releases and virtualenvs that no rollback can ask for."""
    kept = sorted({*found.records, newest.number})[-keep:]
    lineage = _lineage({**found.records, newest.number: newest}, newest, keep)
    records = found.records
    gone = [number for number in records if number not in kept and number not in lineage]
    left = [newest, *(value for number, value in records.items() if number not in gone)]
    releases = {value.release for value in left} | set(running)
    venvs = {value.venv for value in left}
    resources: dict[str, tuple[str, str]] = {}
    paths: list[str] = []
    for number in gone:
        path = f"records/{number}.json"
        resources[of_file(found.name, path)] = (found.texts[path].sha256, "")
        paths.append(layout.path(path))
    for release in sorted(found.releases.keys() - releases):
        resources |= _release_resources(found, release)
        paths.append(layout.release(release))
    for key in sorted(found.venvs - venvs):
        resources[of(found.name, "venv", key)] = (PRESENT, "")
        paths.append(layout.venv(key))
    if paths:
        yield Step(
            id=f"finish:{found.name}:prune",
            stage=Stage.FINISH,
            host=found.name,
            action=Remove(paths=tuple(paths)),
            why=f"neither running nor among the last {keep} deploys",
            resources=resources,
        )


def _lineage(records: dict[int, Record], newest: Record, keep: int) -> set[int]:
    """The records that rollbacks in a row would return to, at most `keep`."""
    numbers: set[int] = set()
    current: Record | None = newest
    while current is not None and len(numbers) < keep:
        numbers.add(current.number)
        current = records.get(current.previous) if current.previous is not None else None
    return numbers


def _release_resources(found: HostFacts, release: str) -> dict[str, tuple[str, str]]:
    marks = {
        of(found.name, kind, release): (PRESENT, "")
        for kind, mark in MARKS.items()
        if found.marked(release, mark)
    }
    return {of(found.name, "release", release): (found.releases[release], ""), **marks}
