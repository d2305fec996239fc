"""Actions on a host's users, folders and small files."""

import secrets
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from pipeline.command import command
from pipeline.errors import Failed
from pipeline.farm.layout import Layout
from pipeline.observe.hosts import resolved, secret_text
from pipeline.plan.action import (
    CreateUser,
    MakeFolders,
    Remove,
    RemoveUser,
    WriteFiles,
    WriteSecrets,
)
from pipeline.secret import Secret, SecretRef
from pipeline.transport.base import Transport
from pipeline.wording import count

KEY_SIZE: Final = 32  # bytes


def create_user(action: CreateUser, way: Transport) -> str:
    """Make a system user without a home or a shell, unless there is one of this name."""
    if _knows(way, action.name):
        return f"{action.name} is there"
    shell = ("--no-create-home", "--shell", "/usr/sbin/nologin")
    outcome = way.run(command("useradd", "--system", *shell, action.name))
    if outcome.exit_code != 0 and not _knows(way, action.name):
        raise Failed(outcome.said, where=f"useradd {action.name}", advice="run as root")
    return f"{action.name} made"


def remove_user(action: RemoveUser, way: Transport) -> str:
    """Remove a user, if there is one of this name."""
    if not _knows(way, action.name):
        return f"{action.name} is not there"
    outcome = way.run(command("userdel", action.name))
    if outcome.exit_code != 0 and _knows(way, action.name):
        raise Failed(outcome.said, where=f"userdel {action.name}", advice="run as root")
    return f"{action.name} removed"


def make_folders(action: MakeFolders, way: Transport) -> str:
    """Make folders, each with its bits and owner."""
    for path in action.paths:
        way.make_folder(path, mode=action.mode, owner=action.owner)
    return count(len(action.paths), "folder")


def write_files(action: WriteFiles, way: Transport, blobs: Mapping[str, str]) -> str:
    """Write texts of the plan, then remove what is no longer wanted.

    What is there already is left: to put back a file that was never replaced takes no room.
    """
    texts = {path: blob(blobs, digest) for path, digest in action.files.items()}
    for path, text in texts.items():
        if way.read(path) != text.encode():
            way.write(path, text.encode(), mode=action.mode, owner=action.owner)
    for path in action.remove:
        way.remove(path)
    removed = f", {len(action.remove)} removed" if action.remove else ""
    return f"{count(len(texts), 'file')}{removed}"


def write_secrets(
    action: WriteSecrets,
    way: Transport,
    layout: Layout,
    *,
    resolve: Callable[[SecretRef], Secret],
    lock: Lock,
) -> str:
    """Resolve secrets and write them where one user alone may read them.

    The host gets a key, by which they are compared later on, if it has none.
    """
    content = secret_text(resolved(action.secrets, resolve), action.form)
    with lock:
        if way.read(layout.secret_key) is None:
            way.write(layout.secret_key, secrets.token_bytes(KEY_SIZE), mode=0o600)
    way.write(action.path, content, mode=0o400, owner=action.owner)
    return count(len(action.secrets), "secret")


def remove(action: Remove, way: Transport) -> str:
    """Remove files and folders."""
    for path in action.paths:
        way.remove(path)
    return f"{len(action.paths)} removed"


def blob(blobs: Mapping[str, str], digest: str) -> str:
    """A text of the plan, by the name that an action has for it."""
    try:
        return blobs[digest]
    except KeyError:
        raise Failed(f"the plan lacks its text {digest[:12]}", advice="plan again") from None


def _knows(way: Transport, user: str) -> bool:
    return way.run(command("id", "-u", user)).exit_code == 0
