"""The push stage: a release and what it needs to run, beside those that are there."""

from collections.abc import Iterator, Mapping

from pipeline.facts.changeset import Release
from pipeline.facts.host import CURRENT, HostFacts
from pipeline.farm.inventory import Build
from pipeline.farm.layout import BALANCER, Layout
from pipeline.plan.action import (
    CompileBytecode,
    MakeVenv,
    PublishStatic,
    PushRelease,
    Remove,
    WriteSecrets,
)
from pipeline.plan.draft import Draft
from pipeline.plan.resources import MARKS, PRESENT, of
from pipeline.plan.step import Stage, Step
from pipeline.plan.wanted import WantedHost
from pipeline.secret import SecretRef


def push(
    draft: Draft,
    wanted: WantedHost,
    found: HostFacts,
    *,
    layout: Layout,
    release: Release,
    build: Build,
    secrets: Mapping[str, SecretRef],
    after: tuple[str, ...],
) -> None:
    """Add the steps that bring a release to one host; what is there already needs none."""
    pushed = draft.add(*_release(wanted, found, layout, release), after=after)
    venv = draft.add(*_venv(wanted, found, layout, release, build), after=pushed)
    draft.add(*_bytecode(wanted, found, layout, release), after=venv)
    draft.add_apart(*_static(wanted, found, layout, release), after=pushed)
    draft.add_apart(*_secrets(wanted, found, layout, secrets), after=after)


def _release(
    wanted: WantedHost, found: HostFacts, layout: Layout, release: Release
) -> Iterator[Step]:
    if release.id in found.releases:
        return
    path = layout.release(release.id)
    yield Step(
        id=f"push:{wanted.name}:release",
        stage=Stage.PUSH,
        host=wanted.name,
        action=PushRelease(release=release.id, digest=release.digest, path=path),
        undo=(Remove(paths=(path,)),),
        why="not there",
        resources={of(wanted.name, "release", release.id): ("", release.digest)},
    )


def _venv(
    wanted: WantedHost, found: HostFacts, layout: Layout, release: Release, build: Build
) -> Iterator[Step]:
    if wanted.venv in found.venvs:
        return
    path = layout.venv(wanted.venv)
    release_path = layout.release(release.id)
    yield Step(
        id=f"push:{wanted.name}:venv",
        stage=Stage.PUSH,
        host=wanted.name,
        action=MakeVenv(
            path=path,
            marker=layout.path("venvs", wanted.venv, "complete"),
            python=wanted.python,
            release_path=release_path,
            requirements=build.requirements,
            system_site_packages=build.system_site_packages,
        ),
        undo=(Remove(paths=(path,)),),
        why="no virtualenv for this lock and this interpreter",
        resources={of(wanted.name, "venv", wanted.venv): ("", PRESENT)},
    )


def _bytecode(
    wanted: WantedHost, found: HostFacts, layout: Layout, release: Release
) -> Iterator[Step]:
    if found.marked(release.id, MARKS["bytecode"]):
        return
    marker = layout.path("releases", release.id, MARKS["bytecode"])
    yield Step(
        id=f"push:{wanted.name}:bytecode",
        stage=Stage.PUSH,
        host=wanted.name,
        action=CompileBytecode(
            path=layout.path("releases", release.id, "code"), python=wanted.python, marker=marker
        ),
        undo=(Remove(paths=(marker,)),),
        why="compiled once here, not by each worker while people wait",
        resources={of(wanted.name, "bytecode", release.id): ("", PRESENT)},
    )


def _static(
    wanted: WantedHost, found: HostFacts, layout: Layout, release: Release
) -> Iterator[Step]:
    if found.marked(release.id, MARKS["static"]):
        return
    yield Step(
        id=f"push:{wanted.name}:static",
        stage=Stage.PUSH,
        host=wanted.name,
        action=PublishStatic(
            source=layout.path("releases", release.id, "static"),
            path=layout.static,
            marker=layout.path("releases", release.id, MARKS["static"]),
        ),
        why="added to what is served; pages of the old release still find theirs",
        resources={of(wanted.name, "static", release.id): ("", PRESENT)},
    )


def _secrets(
    wanted: WantedHost, found: HostFacts, layout: Layout, secrets: Mapping[str, SecretRef]
) -> Iterator[Step]:
    for instance in wanted.secrets:
        if instance == BALANCER:  # written just before it is read: see `front`
            continue
        there = found.secrets.get(instance, "")
        if there == CURRENT:
            continue
        yield Step(
            id=f"push:{instance}:secrets",
            stage=Stage.PUSH,
            host=wanted.name,
            action=writing_secrets(layout, instance, secrets, wanted.user),
            why=f"{', '.join(sorted(secrets))}: {'changed' if there else 'not there'}",
            resources={of(wanted.name, "secret", instance): (there, CURRENT)},
        )


def writing_secrets(
    layout: Layout, instance: str, secrets: Mapping[str, SecretRef], user: str
) -> WriteSecrets:
    """The action that puts the site's secrets where one instance reads them."""
    return WriteSecrets(path=layout.secret_file(instance), secrets=secrets, owner=user)
