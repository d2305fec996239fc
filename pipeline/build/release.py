"""A changeset becomes a release: built once, deployed many times.

Two builds of a changeset give equal manifests. A build that fails or is killed leaves nothing but
its log, for the folder is made beside its place and moved there at the end.
"""

import hashlib
import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from pipeline.build.interpreter import Interpreter
from pipeline.build.order import Order
from pipeline.build.provenance import Provenance, lasting, recipe
from pipeline.build.run import run, tool_environ
from pipeline.build.store import Store, find, next_id
from pipeline.build.unpacked import refuse_paths
from pipeline.build.work import Say, Work, stage
from pipeline.disk import exclusive, made_whole
from pipeline.errors import CheckFailed
from pipeline.facts.changeset import Changeset, Manifest, Release
from pipeline.farm.inventory import Build

Archive = Callable[[], Path]  # gives the clean tree of the changeset


def obtain(store: Store, order: Order, archive: Archive, say: Say) -> Release:
    """The release of a changeset: the one that is there, or a new one.

    While another process builds, this one waits, and takes what the other has built.
    """
    interpreter = _interpreter(order)
    ready = _ready(store, order, interpreter)
    if ready is not None:
        return ready
    with exclusive(store.lock, waiting=lambda: say("waiting for another build")):
        ready = _ready(store, order, interpreter)
        return ready or _build(store, order, interpreter, archive, say)


def build(store: Store, order: Order, archive: Archive, say: Say) -> Release:
    """A new release of a changeset, even when there is one."""
    interpreter = _interpreter(order)
    with exclusive(store.lock, waiting=lambda: say("waiting for another build")):
        return _build(store, order, interpreter, archive, say)


def unbuilt(store: Store, changeset: Changeset, lock: Path) -> Release:
    """What a release of a changeset would be called, and need. Its content has no name yet."""
    return Release(
        id=next_id(store, changeset),
        changeset=lasting(changeset),
        digest="",
        lock_hash=hashlib.sha256(lock.read_bytes()).hexdigest(),
    )


def ask_interpreter(python: str) -> Interpreter:
    """What the interpreter at this path is."""
    outcome = run(Interpreter.question(python), tool_environ({}))
    if outcome.exit_code:
        raise CheckFailed(f"{python} is no Python that works: {outcome.said}")
    return Interpreter.answer(outcome.out)


def _interpreter(order: Order) -> Interpreter:
    """The interpreter of the hosts."""
    if order.windows:
        return Interpreter.of_windows(order.windows.python_version)
    return ask_interpreter(order.python)


def _ready(store: Store, order: Order, interpreter: Interpreter) -> Release | None:
    wanted = recipe(order.settings, interpreter)
    release = find(store, order.changeset.node, recipe=wanted, tested=order.tests)
    if release is not None and order.windows:  # it may have been built for a shorter root
        paths = store.manifest(release.id).files
        refuse_paths(dict.fromkeys(paths, "the release"), order.windows, release.id)
    return release


def _build(
    store: Store, order: Order, interpreter: Interpreter, archive: Archive, say: Say
) -> Release:
    with stage("archive", say):
        tree = archive()
    lock = lock_of(tree, order.changeset, order.settings)
    name = next_id(store, order.changeset)
    with made_whole(store.folder(name)) as making:
        making.mkdir()
        work = Work(
            order=order,
            release=name,
            interpreter=ask_interpreter(order.python) if order.windows else interpreter,
            lock=lock,
            folder=making,
            cache=store.cache,
            say=say,
        )
        work.fill(tree)
        release = _release(name, order, work.lock_hash, work.list_files())
        work.write("release.json", _provenance(release, order, interpreter).to_json())
    return release


def lock_of(tree: Path, changeset: Changeset, settings: Build) -> Path:
    """The requirements lock in the tree of a changeset. Raises CheckFailed when there is none."""
    lock = tree / settings.requirements
    if not lock.is_file() or not lock.resolve().is_relative_to(tree.resolve()):
        raise CheckFailed(
            f"the changeset has no {settings.requirements}",
            where=changeset.short,
            advice="make one with `uv pip compile --universal --generate-hashes requirements.in`",
        )
    return lock


def _release(name: str, order: Order, lock_hash: str, manifest: Manifest) -> Release:
    return Release(
        id=name,
        changeset=lasting(order.changeset),
        digest=manifest.digest,
        lock_hash=lock_hash,
        files=len(manifest.files),
        size=sum(entry.size for entry in manifest.files.values()),
    )


def _provenance(release: Release, order: Order, interpreter: Interpreter) -> Provenance:
    return Provenance(
        release=release,
        recipe=recipe(order.settings, interpreter),
        tested=order.tests,
        interpreter=interpreter,
        farmhand=_farmhand(),
        host=platform.node(),
        built=order.now,
    )


def _farmhand() -> str:
    try:
        return metadata.version("farmhand")
    except metadata.PackageNotFoundError:
        return "checkout"
