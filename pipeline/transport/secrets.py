"""The word behind a reference, at the edge: the only place that reads one."""

import importlib
import os
import stat
import sys
from pathlib import Path

from pipeline.errors import CheckFailed
from pipeline.secret import Secret, SecretRef


def resolve(reference: SecretRef, *, folder: Path) -> Secret:
    """The secret itself. `file:` paths are relative to `folder`, the project's.

    Raises `CheckFailed`, which names the reference and never a value.
    """
    match reference.kind:
        case "env":
            return _from_environment(reference)
        case "file":
            return _from_file(reference, folder / reference.rest)
        case _:
            return _from_keyring(reference)


def _from_environment(reference: SecretRef) -> Secret:
    value = os.environ.get(reference.rest)
    if value is None:
        raise CheckFailed(
            "the variable is not set",
            where=str(reference),
            advice=f"set {reference.rest} in the environment of this command",
        )
    return Secret(value)


def _from_file(reference: SecretRef, path: Path) -> Secret:
    """The file's text without the end of its last line. Anybody may read a certificate."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except OSError as error:
        raise CheckFailed(
            (error.strerror or "cannot be read").lower(),
            where=str(reference),
            advice=f"put the secret into {path}, readable by you alone",
        ) from error
    public = b"-----BEGIN CERTIFICATE-----" in content and b"PRIVATE KEY" not in content
    if sys.platform != "win32" and stat.S_IMODE(mode) & 0o077 and not public:
        raise CheckFailed(
            f"others may read it: mode {stat.S_IMODE(mode):04o}",
            where=str(reference),
            advice=f"chmod 600 {path}",
        )
    return Secret(_text(reference, content))


def _text(reference: SecretRef, content: bytes) -> str:
    try:
        return content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise CheckFailed("it is not UTF-8 text", where=str(reference)) from None


def _from_keyring(reference: SecretRef) -> Secret:
    service, slash, user = reference.rest.rpartition("/")
    if not slash:
        raise CheckFailed("expected keyring:SERVICE/USER", where=str(reference))
    value = _ask_keyring(reference, service, user)
    if value is None:
        raise CheckFailed(
            "the keyring has no such entry",
            where=str(reference),
            advice=f"keyring set {service} {user}",
        )
    return Secret(value)


def _ask_keyring(reference: SecretRef, service: str, user: str) -> str | None:
    """What the keyring package answers; its back ends raise errors of every kind."""
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        raise CheckFailed(
            "the package keyring is not installed",
            where=str(reference),
            advice="pip install keyring, or use env: or file:",
        ) from None
    try:
        answer: str | None = keyring.get_password(service, user)
    except Exception as error:
        raise CheckFailed(
            f"the keyring does not answer ({type(error).__name__})",
            where=str(reference),
            advice="unlock it, or use env: or file:",
        ) from None
    return answer
